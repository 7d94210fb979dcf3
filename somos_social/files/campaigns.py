"""Reads campaign files whole: their heads, posts and hand-offs, and the media they name."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from somos_social.core.links import Utm
from somos_social.core.model.campaign import Blackout, Campaign
from somos_social.core.occurrences import parts_of
from somos_social.core.people import Consent
from somos_social.document import (
    Report,
    Unfit,
    channel,
    fitted,
    near,
    read_toml,
    reasons,
    toml_of,
    zone,
)
from somos_social.errors import Finding, InvalidFiles, Problem
from somos_social.files import clock
from somos_social.files.desk import Desk, Pictured
from somos_social.files.handoffs import HandoffReader
from somos_social.files.posts import PostReader
from somos_social.files.shapes import (
    BlackoutShape,
    CampaignShape,
    checked_key,
)
from somos_social.files.surroundings import Surroundings
from somos_social.files.weekly import read_slots
from somos_social.media import MediaFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Campaigns without problems, and what the desk found in them that keeps nothing back."""

    campaigns: list[Campaign]
    warnings: list[Finding]
    accepted: list[Finding]


def read(
    paths: Iterable[Path],
    *,
    media_root: Path,
    channels: Collection[str] | None = None,
    now: datetime | None = None,
    known: Collection[str] = (),
    consents: Mapping[str, Consent] | None = None,
    pictured: Pictured = lambda _: frozenset(),
    instead: Mapping[Path, str] | None = None,
) -> Reading:
    """The campaigns of several files; raises InvalidFiles with all problems of all of them.

    `channels` are those of the config, None when there is none to hold the files against. With
    `now`, a post whose due time is past is a problem, unless all its deliveries are `known` by
    key. `consents` are those of the database, None where there is none, and `pictured` says whom
    the bytes of a file show according to it. `instead` is what some of the files are to hold,
    where that is not what they hold now. Each asset is measured once.
    """
    media = MediaFolder(media_root)
    desk = Desk(media, consents, pictured)
    around = Surroundings(
        media=media, channels=channels, now=now, known=known, desk=desk, instead=instead or {}
    )
    campaigns: dict[str, Campaign] = {}
    problems: list[Problem] = []
    for path in paths:
        report = Report(str(path))
        campaign = _campaign(path, around, report)
        if campaign and campaign.slug in campaigns:
            hint = "The file's name without its ending names the campaign: choose another."
            report.add("", f"is a second campaign named `{campaign.slug}`.", hint)
        elif campaign:
            campaigns[campaign.slug] = campaign
        problems += report.problems
    problems = list(dict.fromkeys([*problems, *around.of_media, *desk.of_media]))
    # Where a file could not be read, nobody can say that an acceptance was not needed.
    complete = all(isinstance(problem, Finding) for problem in problems)
    warnings = desk.warnings(complete=complete)
    if problems:
        raise InvalidFiles(problems, warnings=warnings, accepted=desk.accepted)
    return Reading(campaigns=list(campaigns.values()), warnings=warnings, accepted=desk.accepted)


def read_campaigns(
    paths: Iterable[Path],
    *,
    media_root: Path,
    channels: Collection[str] | None = None,
    now: datetime | None = None,
    known: Collection[str] = (),
) -> list[Campaign]:
    """The campaigns alone; arguments and errors are those of `read`."""
    found = read(paths, media_root=media_root, channels=channels, now=now, known=known)
    return found.campaigns


def read_campaign(
    path: Path,
    *,
    media_root: Path,
    channels: Collection[str] | None = None,
    now: datetime | None = None,
    known: Collection[str] = (),
) -> Campaign:
    """The campaign of one file; arguments and errors are those of `read_campaigns`."""
    [campaign] = read_campaigns(
        [path],
        media_root=media_root,
        channels=channels,
        now=now,
        known=known,
    )
    return campaign


def _campaign(path: Path, around: Surroundings, report: Report) -> Campaign | None:
    """What stands in a file; where the report holds a problem, not all of it is to be used."""
    text = around.instead.get(path)
    raw = read_toml(path, report) if text is None else toml_of(text.encode(), report)
    if raw is None:
        return None
    if not raw:
        report.add("", "is empty.", "Begin with the name of the campaign.")
        return None
    head, slug = fitted(CampaignShape, raw, report), path.stem
    _check_head(head, slug, report)
    zone, channels = _zone(head, report), _channels(head, around, report)
    accepted = around.desk.table(report.file, "accept", reasons(head.accept, report, "accept"))
    wanted = head.links.utm
    reader = PostReader(
        utm=Utm(**wanted.model_dump()) if wanted else None,
        slug=slug,
        hashtag=head.hashtag,
        channels=channels,
        zone=zone,
        around=around,
        report=report,
        accepted=accepted,
    )
    read = [reader.read(place, post) for place, post in enumerate(head.post)]
    posts = [post for turns in read for post in turns]
    asking = HandoffReader(slug=slug, head=head, zone=zone, around=around, report=report)
    handoffs = [asking.read(place, each) for place, each in enumerate(head.handoff)]
    _check_keys("post", [parts_of(turns[0].key)[0] for turns in read if turns], report)
    _check_keys("handoff", [handoff.key for handoff in handoffs], report)
    return Campaign(
        slug=slug,
        name=head.name,
        hashtag=head.hashtag,
        timezone=head.timezone,
        channels=channels,
        approvals=tuple(head.approvals),
        posts=tuple(posts),
        handoffs=tuple(handoffs),
        blackouts=tuple(_blackouts(head.blackout, zone, report)),
        contact=head.contact,
        slots=read_slots(head.slots, channels, report),
    )


def _check_head(head: CampaignShape, slug: str, report: Report) -> None:
    try:
        checked_key(slug)
    except Unfit as unfit:
        report.add("", f"has a name that {unfit.problem}", unfit.hint)
    if not head.name:
        report.missing("name", 'Write it as in name = "Somos Lo Mismo Panamá".')
    _check_repeats("approvals", head.approvals, report)


def _zone(head: CampaignShape, report: Report) -> ZoneInfo | None:
    if not head.timezone:
        report.missing("timezone", 'Write it as in timezone = "America/Panama".')
        return None
    try:
        return zone(head.timezone)
    except Unfit as unfit:
        report.add("timezone", unfit.problem, unfit.hint)
        return None


def _channels(head: CampaignShape, around: Surroundings, report: Report) -> tuple[str, ...]:
    """The channels that posts can be composed for; the report tells of the others."""
    if not head.channels:
        report.missing("channels", 'Write it as in channels = ["facebook:somoslomismo"].')
    _check_repeats("channels", head.channels, report)
    usable = []
    for place, name in enumerate(head.channels):
        try:
            usable.append(channel(name))
        except Unfit as unfit:
            report.add(f"channels[{place}]", unfit.problem, unfit.hint)
            continue
        if around.channels is not None and name not in around.channels:
            hint = near(name, around.channels) or "Add a [[channel]] of that name to it."
            report.add(f"channels[{place}]", f"`{name}` is not in the config.", hint)
    return tuple(dict.fromkeys(usable))


def _check_repeats(at: str, values: Sequence[str], report: Report) -> None:
    folded = [value.casefold() for value in values]
    for place, value in enumerate(folded):
        if value in folded[:place]:
            report.add(f"{at}[{place}]", f"`{values[place]}` stands twice.", "Delete one.")


def _check_keys(kind: str, keys: Iterable[str], report: Report) -> None:
    seen: set[str] = set()
    for key in filter(None, keys):
        if key in seen:
            report.add(f"{kind}[{key}].key", "stands twice.", f"Give each {kind} its own key.")
        seen.add(key)


def _blackouts(
    tables: Sequence[object], zone: ZoneInfo | None, report: Report
) -> Iterator[Blackout]:
    for place, raw in enumerate(tables):
        at = f"blackout[#{place + 1}]"
        shape = fitted(BlackoutShape, raw, report, at)
        if not shape.reason:
            report.missing(f"{at}.reason", 'Write it as in reason = "Election day".')
        if shape.begin is None:
            report.missing(f"{at}.from", "Write it as in from = 2027-05-02.")
        since = _beginning(f"{at}.from", shape.begin, zone, report)
        until = _end(f"{at}.to", shape.to or shape.begin, zone, report)
        if since is None or until is None:
            continue
        if until <= since:
            report.add(f"{at}.to", "is not later than from.", "Write a later time.")
        yield Blackout(since=since, until=until, reason=shape.reason)


def _beginning(
    at: str, when: date | None, zone: ZoneInfo | None, report: Report
) -> datetime | None:
    """A moment, or the beginning of a day, in UTC."""
    if when is None or isinstance(when, datetime):
        return clock.deadline(at, when, zone, report)
    return _end(at, when - timedelta(days=1), zone, report)


def _end(at: str, when: date | None, zone: ZoneInfo | None, report: Report) -> datetime | None:
    """A moment, or that at which a day is over, in UTC."""
    end = clock.deadline(at, when, zone, report)
    return end if end is None or isinstance(when, datetime) else end + timedelta(seconds=1)
