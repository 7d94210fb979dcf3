"""What of a campaign is sound but hardly meant: told beside the answer, and never in the way."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from somos_social.core.campaign import WITHDRAWN, Change, Planned
from somos_social.core.limits import LIMITS
from somos_social.core.links import without_tags
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.channel import Introduction
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.post import Format
from somos_social.core.occurrences import parts_of

CLOSE = timedelta(hours=1)
"""Two posts of one channel within less compete with one another."""

FEW = 3
"""So many are named of those that a warning is about."""

_WEEK = timedelta(days=7)


class Rule(StrEnum):
    """What a warning is about."""

    SAME_TEXT = "same-text"
    SAME_PICTURE = "same-picture"
    CLOSE = "within-an-hour"
    BLACKOUT = "blackout"
    APPROVALS = "approvals"
    TOKEN_END = "token-end"  # noqa: S105 - the name of a rule
    GOAL_GAP = "goal-gap"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A warning: of which campaign, where in its file, what is hardly meant, and what to do."""

    campaign: str
    key: str
    rule: Rule
    problem: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the campaigns are held against besides themselves.

    `others` are known deliveries, `cancelled` the times of those that a person called off, by key;
    `introductions` is what the networks said of the secrets, by channel.
    """

    others: Sequence[Delivery] = ()
    cancelled: Mapping[str, datetime] = field(default_factory=dict)
    introductions: Mapping[str, Introduction] = field(default_factory=dict)


def clashes(
    campaigns: Sequence[Campaign],
    wanted: Sequence[Delivery],
    beside: Beside,
    *,
    now: datetime,
) -> list[Clash]:
    """Every warning of these campaigns, of which `wanted` is all that is still to go out, or did.

    Nothing is said of what lies wholly in the past.
    """
    zones = {campaign.slug: ZoneInfo(campaign.timezone) for campaign in campaigns}
    desk = _Desk(zones=zones, now=now)
    shown = sorted((*wanted, *beside.others), key=lambda it: (it.due_at, it.key))
    found = [
        *_same(desk, shown, Rule.SAME_TEXT, _words),
        *_same(desk, shown, Rule.SAME_PICTURE, _pictures),
        *_close(desk, shown),
        *_ends(desk, wanted, beside.introductions),
    ]
    for campaign in campaigns:
        found += _in_blackouts(desk, campaign, wanted)
        found += _gaps(desk, campaign)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Whose files are looked at, and when."""

    zones: Mapping[str, ZoneInfo]
    now: datetime

    def is_theirs(self, delivery: Delivery) -> bool:
        return delivery.campaign in self.zones

    def when(self, delivery: Delivery, of: Delivery) -> str:
        return f"{delivery.due_at.astimezone(self.zones[of.campaign]):%Y-%m-%d %H:%M}"


def place(post: str) -> str:
    """Where it stands in its file."""
    return f"post[{post}]"


def _name(delivery: Delivery, of: Delivery) -> str:
    """How the one is called where the other is spoken of."""
    if delivery.campaign == of.campaign:
        return f"`{delivery.post}`"
    return f"`{delivery.campaign}/{delivery.post}`"


def _same(
    desk: _Desk,
    shown: Sequence[Delivery],
    rule: Rule,
    marks: Callable[[Delivery], Iterable[tuple[str, str]]],
) -> Iterator[Clash]:
    """Two that share a mark on one channel: the later is told, or the one that stands in a file."""
    first: dict[tuple[str, str], Delivery] = {}
    pairs: dict[tuple[str, str, str, str, str], list[tuple[Delivery, Delivery]]] = defaultdict(list)
    for delivery in shown:
        for mark, name in marks(delivery):
            before = first.setdefault((delivery.channel, mark), delivery)
            if (before.campaign, before.post) == (delivery.campaign, delivery.post):
                continue
            told, other = (delivery, before) if desk.is_theirs(delivery) else (before, delivery)
            if desk.is_theirs(told) and delivery.due_at >= desk.now:
                key = (told.campaign, told.post, other.campaign, other.post, name)
                pairs[key].append((told, other))
    for (*_, name), found in pairs.items():
        told, other = found[0]
        where = _listed([each.channel for each, _ in found])
        what = "says the very words of" if rule is Rule.SAME_TEXT else f"shows `{name}`, as does"
        refusing = [LIMITS[it.platform] for it, _ in found if LIMITS[it.platform].refuses_repeats]
        because = f" {refusing[0].name} refuses a text twice." if refusing else ""
        is_text = rule is Rule.SAME_TEXT
        yield Clash(
            campaign=told.campaign,
            key=place(told.post),
            rule=rule,
            problem=f"{what} {_name(other, told)} ({desk.when(other, told)}), on {where}.",
            hint=f"Write other words.{because}" if is_text else "Choose another picture.",
        )


def _words(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """What is compared of a text; a hashtag alone says nothing."""
    follows = delivery.after is not None
    if follows and not LIMITS[delivery.platform].refuses_repeats:
        return
    text = delivery.variant.text
    words = (without_tags(text) if "utm_" in text else text).casefold().split()
    if any(not word.startswith("#") for word in words):
        yield " ".join(words), ""


def _pictures(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """A story may show what the feed shows. A repeated post shows its pictures each time."""
    _, day = parts_of(delivery.post)
    if delivery.after is not None or day:
        return
    kind = "story" if delivery.variant.format is Format.STORY else "feed"
    for asset in delivery.variant.assets:
        yield f"{kind} {asset.sha256}", asset.path


def _close(desk: _Desk, shown: Sequence[Delivery]) -> Iterator[Clash]:
    channels: dict[tuple[str, bool], list[Delivery]] = defaultdict(list)
    for delivery in shown:
        if delivery.after is None:
            is_story = delivery.variant.format is Format.STORY
            channels[delivery.channel, is_story].append(delivery)
    pairs: dict[tuple[str, str, str, str], list[tuple[Delivery, Delivery]]] = defaultdict(list)
    for theirs in channels.values():
        for before, after in pairwise(theirs):
            if after.due_at - before.due_at >= CLOSE or after.due_at < desk.now:
                continue
            told, other = (after, before) if desk.is_theirs(after) else (before, after)
            if desk.is_theirs(told):
                key = (told.campaign, told.post, other.campaign, other.post)
                pairs[key].append((told, other))
    for found in pairs.values():
        told, other = found[0]
        where = _listed([each.channel for each, _ in found])
        yield Clash(
            campaign=told.campaign,
            key=place(told.post),
            rule=Rule.CLOSE,
            problem=f"is due within an hour of {_name(other, told)} ({desk.when(other, told)}), "
            f"on {where}.",
            hint="Give one of them another time.",
        )


def _in_blackouts(desk: _Desk, campaign: Campaign, wanted: Sequence[Delivery]) -> Iterator[Clash]:
    theirs = [it for it in wanted if it.campaign == campaign.slug and it.after is None]
    for blackout in campaign.blackouts:
        posts: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in theirs:
            inside = blackout.since <= delivery.due_at < blackout.until
            if inside and delivery.due_at >= desk.now:
                posts[delivery.post].append(delivery)
        for post, found in posts.items():
            where = _listed([it.channel for it in found])
            yield Clash(
                campaign=campaign.slug,
                key=place(post),
                rule=Rule.BLACKOUT,
                problem=f"falls into the blackout `{blackout.reason}`, on {where}: "
                "it will be missed.",
                hint="Give it a time before or after it.",
            )


def _ends(
    desk: _Desk, wanted: Sequence[Delivery], introductions: Mapping[str, Introduction]
) -> Iterator[Clash]:
    for channel, introduction in introductions.items():
        who = introduction.identity
        ends = (
            ("its token", who.expires_at),
            ("the login behind its token", who.data_access_ends_at),
        )
        for what, end in ends:
            late = [
                it for it in wanted if end and it.channel == channel and _is_late(desk, it, end)
            ]
            if end is None or not late:
                continue
            first = min(late, key=lambda it: (it.due_at, it.key))
            later = len({it.post for it in late}) - 1
            more = (
                ("", ", as is a later one")[later] if later < 2 else f", as are {later} later ones"
            )
            yield Clash(
                campaign=first.campaign,
                key=place(first.post),
                rule=Rule.TOKEN_END,
                problem=f"is due on {channel} on the last day of {what} ({end:%Y-%m-%d %H:%M} UTC) "
                f"or later{more}.",
                hint=f"Make a new one before then: somos channel login {channel}",
            )


def _is_late(desk: _Desk, delivery: Delivery, end: datetime) -> bool:
    zone = desk.zones[delivery.campaign]
    is_to_come = delivery.due_at >= desk.now
    return is_to_come and delivery.due_at.astimezone(zone).date() >= end.astimezone(zone).date()


def _gaps(desk: _Desk, campaign: Campaign) -> Iterator[Clash]:
    """The weeks from the first post to the last in which a goal has none; those past are over."""
    zone = desk.zones[campaign.slug]
    weeks: dict[str, set[date]] = defaultdict(set)
    every: set[date] = set()
    for post in campaign.posts:
        week = _monday(post.due.astimezone(zone).date())
        every.add(week)
        if post.goal:
            weeks[post.goal].add(week)
    if not every:
        return
    number = (max(every) - min(every)) // _WEEK + 1
    span = [min(every) + _WEEK * step for step in range(number)]
    current = _monday(desk.now.astimezone(zone).date())
    for goal, theirs in weeks.items():
        missing = [week for week in span if week not in theirs and week >= current]
        if missing:
            named = _listed([f"{week:%Y-%m-%d}" for week in missing[:FEW]])
            more = f" and {len(missing) - FEW} more" if len(missing) > FEW else ""
            begin = "the week that begins" if len(missing) == 1 else "the weeks that begin"
            yield Clash(
                campaign=campaign.slug,
                key="post",
                rule=Rule.GOAL_GAP,
                problem=f"The goal `{goal}` has no post in {begin} on {named}{more}.",
                hint="Add one, or leave it as it is meant.",
            )


def still_asked_for(
    lines: Iterable[Planned], wanted: Collection[str], known: Mapping[str, Delivery]
) -> Iterator[Clash]:
    """What a person cancelled and its file still holds: whether it stays so, or comes back.

    `wanted` are the keys of all that the files hold.
    """
    told: set[str] = set()
    posts: dict[tuple[str, str, str | None, bool], list[str]] = defaultdict(list)
    for line in lines:
        before = known.get(line.key)
        if before is None or line.key not in wanted:
            continue
        if before.status is not Status.CANCELLED or before.reason == WITHDRAWN:
            continue
        told.add(line.key)
        if before.after not in told:
            comes_back = line.change is Change.AMEND
            post = (before.campaign, before.post, before.reason, comes_back)
            posts[post].append(before.channel)
    for (campaign, post_key, reason, comes_back), channels in posts.items():
        why = f"was cancelled on {_listed(channels)} ({reason})"
        yield Clash(
            campaign=campaign,
            key=place(post_key),
            rule=Rule.CANCELLED,
            problem=f"{why}, and has a new time now: it goes out again."
            if comes_back
            else f"{why}, and its file still asks for it: it does not go out.",
            hint="Take it out of the file, unless that is meant."
            if comes_back
            else "Take it out of the file. A new time brings it back.",
        )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _listed(words: Sequence[str]) -> str:
    *first, last = dict.fromkeys(words)
    return f"{', '.join(first)} and {last}" if first else last
