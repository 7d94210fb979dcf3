"""What went out, when, how late and how it was received: the facts of a report, and no person.

What is in them may be shown to anybody: no consent, no contact and no name of the desk's for a
person; where somebody has taken their consent back, nothing of the post but that it was there.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from math import ceil
from statistics import median
from typing import NamedTuple, assert_never

from somos_social.core.clearance import unconsenting
from somos_social.core.delivery import is_late_by_itself
from somos_social.core.handoff import is_late
from somos_social.core.metrics import Figures, Group, Reading, groups
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.handoff import Handoff
from somos_social.core.model.post import Format
from somos_social.core.occurrences import parts_of
from somos_social.core.people import Said
from somos_social.core.rules import shown_as

NO_GOAL = ""
"""Stands for posts whose goal their file does not name."""


class PostKind(StrEnum):
    """What a post is to who sees it."""

    TEXT = "text"
    LINK = "link"
    PICTURE = "picture"
    CAROUSEL = "carousel"
    GIF = "gif"
    VIDEO = "video"
    REEL = "reel"
    STORY = "story"


class Cause(StrEnum):
    """Why something did not go out as promised, or is there no more, told to who is no engineer."""

    REFUSED = "refused"
    TOKEN = "token"  # noqa: S105 - no secret
    UNREACHED = "unreached"
    NOT_THERE = "not-there"
    UNATTENDED = "unattended"
    HELD_BACK = "held-back"
    CALLED_OFF = "called-off"
    TAKEN_DOWN = "taken-down"
    UNCLEAR = "unclear"


class Step(NamedTuple):
    """A line of the log that moved a delivery from one status to another."""

    at: datetime
    delivery: str
    event: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One post on one network. `late` is None for what did not go out.

    `picture`, `text` and `url` are only of what is public, and whose people consent to it still.
    `key` and `post` are empty where even the name of the post might say of whom it was.
    `follows` says that it is a comment or the next part of a thread below a post.
    """

    key: str
    campaign: str
    post: str
    channel: str
    platform: str
    kind: PostKind
    goal: str
    due_at: datetime
    status: Status
    follows: bool
    out_at: datetime | None = None
    late: timedelta | None = None
    cause: Cause | None = None
    url: str | None = None
    text: str = ""
    picture: Asset | None = None
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How late posts went out: the median, the 95th percentile by nearest rank, and the worst."""

    posts: int
    median: timedelta
    most: timedelta
    worst: timedelta
    in_a_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an influencer was asked for, and its proof; `url` only where it may be shown still."""

    key: str
    campaign: str
    influencer: str
    status: str
    live_due: datetime
    live_at: datetime | None
    late: bool
    url: str | None = None
    proved_at: datetime | None = None
    seen: tuple[str, ...] = ()
    screenshot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One chain of the log: its name, how many entries it has, and the hash of the last."""

    name: str
    length: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether the log is what was written: how many breaks there are, all entries, each head."""

    breaks: int
    entries: int
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How often people held something back, and took a consent back; nobody's name."""

    pauses: int = 0
    blackouts: int = 0
    withdrawals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A campaign that a report is about, with the clock that it lives by."""

    slug: str
    name: str
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All the facts. `goals_known` is false where a campaign file could not be read."""

    subjects: tuple[Subject, ...]
    made_at: datetime
    since: datetime | None
    until: datetime | None
    lines: tuple[Line, ...]
    asked: tuple[Asked, ...]
    held: Held
    proof: Proof
    goals_known: bool = True
    measured_on: date | None = None

    @property
    def posts(self) -> tuple[Line, ...]:
        """Without the comments and the threads below them."""
        return tuple(it for it in self.lines if not it.follows)

    @property
    def zone(self) -> tzinfo:
        """That of the first campaign."""
        return self.subjects[0].zone

    @property
    def statuses(self) -> dict[Status, int]:
        """How many posts stand how; what has none is left out."""
        counted = Counter(it.status for it in self.posts)
        return {status: counted[status] for status in Status if counted[status]}

    @property
    def went_out(self) -> tuple[Line, ...]:
        """The posts that were public, whether they are there still or were taken down."""
        return tuple(it for it in self.posts if it.out_at is not None)

    @property
    def amiss(self) -> tuple[Line, ...]:
        """All that did not go out as promised, or is there no more, with why."""
        return tuple(it for it in self.lines if it.cause is not None)

    def by_goal(self) -> list[Group]:
        """How posts of each goal were received, on each network by itself."""
        return groups([(it.platform, it.goal, it.figures) for it in self._received()])

    def by_kind(self) -> list[Group]:
        """How posts of each kind were received, on each network by itself."""
        return groups([(it.platform, it.kind.value, it.figures) for it in self._received()])

    def _received(self) -> list[Line]:
        return [it for it in self.went_out if it.figures]


def line(
    delivery: Delivery,
    steps: Sequence[Step],
    *,
    goal: str,
    said: Said,
    now: datetime,
    reading: Reading | None,
) -> Line:
    """What a report may say of a delivery, by its `steps` in the log."""
    out_at = _out_at(delivery, steps)
    may_be_shown = _may_be_shown(delivery, said, now)
    may_be_named = _may_be_named(delivery, said)
    variant = delivery.variant
    return Line(
        key=delivery.key if may_be_named else "",
        campaign=delivery.campaign,
        post=delivery.post if may_be_named else "",
        channel=delivery.channel,
        platform=delivery.platform,
        kind=kind_of(delivery),
        goal=goal,
        due_at=delivery.due_at,
        status=delivery.status,
        follows=delivery.after is not None,
        out_at=out_at,
        late=None if out_at is None else max(out_at - delivery.due_at, timedelta(0)),
        cause=cause_of(delivery, steps),
        url=delivery.receipt.url if may_be_shown and delivery.receipt else None,
        text=variant.text if may_be_shown else "",
        picture=_first_picture(variant.assets) if may_be_shown else None,
        figures=reading.figures if reading else {},
    )


def _may_be_shown(delivery: Delivery, said: Said, now: datetime) -> bool:
    is_public = delivery.status is Status.PUBLISHED
    return is_public and delivery.is_intact and not unconsenting(delivery, said, now)


def _may_be_named(delivery: Delivery, said: Said) -> bool:
    """Names of posts speak of people; so what was taken back of anybody is told without one.

    Whatever shows people and is withdrawn is told so, lest the missing name says whose consent is.
    """
    is_withdrawn = delivery.status in (Status.CANCELLED, Status.REMOVED)
    if is_withdrawn and delivery.variant.people:
        return False
    return not any(
        consent.withdrawn_at is not None
        for person in delivery.variant.people
        if (consent := said.consents.get(person)) is not None
    )


def _first_picture(assets: Sequence[Asset]) -> Asset | None:
    return assets[0] if assets else None


def _out_at(delivery: Delivery, steps: Sequence[Step]) -> datetime | None:
    """When it became public: by the network's answer, else, where none came, by our call."""
    for step in steps:
        if step.after == Status.PUBLISHED:
            is_answer = step.before == Status.PUBLISHING
            return step.at if is_answer else (delivery.asked_at or step.at)
    return None


def kind_of(delivery: Delivery) -> PostKind:
    """What the delivery is to who sees it on its channel."""
    variant = delivery.variant
    shown = shown_as(variant.format, variant.assets, delivery.platform)
    match shown, variant.assets:
        case Format.STORY, _:
            return PostKind.STORY
        case Format.REEL, _:
            return PostKind.REEL
        case _, ():
            return PostKind.LINK if variant.link else PostKind.TEXT
        case _, (asset,):
            return _of_one(asset)
        case _:
            return PostKind.CAROUSEL


def _of_one(asset: Asset) -> PostKind:
    match asset.rendition.kind:
        case Kind.IMAGE:
            return PostKind.PICTURE
        case Kind.GIF:
            return PostKind.GIF
        case Kind.VIDEO:
            return PostKind.VIDEO
        case unknown:  # pragma: no cover
            assert_never(unknown)


_OF_FAILURES: Mapping[str, Cause] = {
    "refused": Cause.REFUSED,
    "duplicate": Cause.REFUSED,
    "blocked": Cause.TOKEN,
    "absent": Cause.NOT_THERE,
    "settled": Cause.NOT_THERE,
}
"""By the event that ended it; of all others, the network could not be reached."""


def cause_of(delivery: Delivery, steps: Sequence[Step]) -> Cause | None:
    """Why it is not public as promised; None where it is, or its time is to come."""
    match delivery.status:
        case Status.FAILED:
            return _OF_FAILURES.get(_last_event(steps, Status.FAILED), Cause.UNREACHED)
        case Status.MISSED:
            return _of_missed(delivery, _last_event(steps, Status.MISSED))
        case Status.CANCELLED:
            return Cause.CALLED_OFF
        case Status.REMOVED:
            return Cause.TAKEN_DOWN
        case Status.UNCONFIRMED:
            return Cause.UNCLEAR
        case Status.SCHEDULED | Status.CLAIMED | Status.PUBLISHING | Status.PUBLISHED:
            return None
        case unknown:  # pragma: no cover
            assert_never(unknown)


def _last_event(steps: Sequence[Step], status: Status) -> str:
    return next((it.event for it in reversed(steps) if it.after == status), "")


def _of_missed(delivery: Delivery, event: str) -> Cause:
    if event == "blocked":
        return Cause.TOKEN
    by_itself = event == "overdue" and is_late_by_itself(delivery.reason)
    return Cause.UNATTENDED if by_itself or event == "prepared" else Cause.HELD_BACK


def punctuality(lines: Iterable[Line]) -> Punctuality | None:
    """How late these went out; None where none did."""
    late = sorted(it.late for it in lines if it.late is not None)
    if not late:
        return None
    return Punctuality(
        posts=len(late),
        median=timedelta(seconds=median(it.total_seconds() for it in late)),
        most=late[ceil(0.95 * len(late)) - 1],
        worst=late[-1],
        in_a_minute=sum(it <= timedelta(minutes=1) for it in late),
    )


def asked_of(handoff: Handoff, withdrawn: Collection[str], now: datetime) -> Asked:
    """What a report may say of a hand-off; `withdrawn` are those whose consent is taken back."""
    may_be_shown = handoff.ask.people.isdisjoint(withdrawn)
    proof = handoff.proof
    return Asked(
        key=handoff.key,
        campaign=handoff.campaign,
        influencer=handoff.influencer,
        status=handoff.status.value,
        live_due=handoff.live_due,
        live_at=handoff.live_at,
        late=is_late(handoff, now) or _was_late(handoff),
        url=handoff.url if may_be_shown else None,
        proved_at=proof.at if proof else None,
        seen=proof.seen if proof else (),
        screenshot=proof.screenshot if proof else None,
    )


def _was_late(handoff: Handoff) -> bool:
    return handoff.live_at is not None and handoff.live_at > handoff.live_due


def goal_of(delivery: Delivery, goals: Mapping[str, str]) -> str:
    """The goal of its post, also of one of the days on which a post repeats."""
    return goals.get(delivery.post) or goals.get(parts_of(delivery.post)[0], NO_GOAL)


def steps_by_delivery(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """In the order in which they happened."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.delivery, []).append(step)
    return found


def months(lines: Iterable[Line], zone: tzinfo) -> Iterator[tuple[date, int]]:
    """How many went out in each month from the first to the last, by its first day there."""
    counted = Counter(it.out_at.astimezone(zone).date().replace(day=1) for it in lines if it.out_at)
    if not counted:
        return
    first = min(counted)
    while first <= max(counted):
        yield first, counted[first]
        first = (first + timedelta(days=32)).replace(day=1)


def weeks(lines: Iterable[Line], zone: tzinfo) -> Iterator[tuple[date, int]]:
    """How many went out in each week from the first to the last, by its Monday there."""
    days = [it.out_at.astimezone(zone).date() for it in lines if it.out_at]
    counted = Counter(day - timedelta(days=day.weekday()) for day in days)
    if not counted:
        return
    monday = min(counted)
    while monday <= max(counted):
        yield monday, counted[monday]
        monday += timedelta(weeks=1)
