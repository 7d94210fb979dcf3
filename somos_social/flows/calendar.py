"""What goes out on which day: what is scheduled or went out, and what only a file asks for yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from somos_social.core.campaign import Change, changes, deliveries
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Policy, Status

UNSCHEDULED = "unscheduled"
"""Stands beside the states of deliveries for what only a file asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post at one time, on the clocks of its campaign; `states` are by channel."""

    campaign: str
    post: str
    at: datetime
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A day, or a part of it, in which a campaign is silent."""

    campaign: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All of a day, in the order of the times."""

    day: date
    entries: Sequence[Entry]
    silences: Sequence[Silence]


def wanted_only(
    campaign: Campaign, known: Mapping[str, Delivery], policy: Policy
) -> list[Delivery]:
    """What the file asks for and the schedule does not have, or has at another time."""
    plan = changes(deliveries(campaign, policy), known)
    return [
        line.wanted
        for line in plan
        if line.wanted is not None
        and (line.change is Change.ADD or _is_moved(line.wanted, line.change, known))
    ]


def _is_moved(wanted: Delivery, change: Change, known: Mapping[str, Delivery]) -> bool:
    return change is Change.AMEND and wanted.due_at != known[wanted.key].due_at


def days(
    first: date,
    number: int,
    *,
    known: Iterable[Delivery],
    wanted: Iterable[Delivery],
    campaigns: Sequence[Campaign],
    zones: Mapping[str, ZoneInfo],
) -> list[Day]:
    """So many days from the first, each with what belongs to it where its campaign is.

    What follows a post, such as a comment, is not listed beside it.
    """
    states: dict[tuple[date, datetime, str, str], dict[str, str]] = {}
    named = [(each, each.status.value) for each in known]
    for each, state in [*named, *((each, UNSCHEDULED) for each in wanted)]:
        if each.after is None:
            at = each.due_at.astimezone(zones.get(each.campaign, ZoneInfo("UTC")))
            sign = (at.date(), at, each.campaign, each.post)
            states.setdefault(sign, {})[each.channel] = state
    entries: dict[date, list[Entry]] = {}
    for (day, at, campaign, post), by_channel in sorted(states.items()):
        entry = Entry(campaign=campaign, post=post, at=at, states=by_channel)
        entries.setdefault(day, []).append(entry)
    return [
        Day(day=day, entries=entries.get(day, []), silences=_silences(day, campaigns))
        for day in (first + timedelta(days=place) for place in range(number))
    ]


def _silences(day: date, campaigns: Sequence[Campaign]) -> list[Silence]:
    found = []
    for campaign in campaigns:
        zone = ZoneInfo(campaign.timezone)
        begin = datetime(day.year, day.month, day.day, tzinfo=zone)
        end = begin + timedelta(days=1)
        found += [
            Silence(campaign=campaign.slug, reason=it.reason)
            for it in campaign.blackouts
            if it.since < end and it.until > begin
        ]
    return found


ORDER = (
    *(Status.FAILED, Status.MISSED, Status.UNCONFIRMED, Status.PUBLISHING, Status.CLAIMED),
    *(UNSCHEDULED, Status.SCHEDULED, Status.PUBLISHED, Status.REMOVED, Status.CANCELLED),
)
"""What a person must know first of a post whose channels do not stand alike."""


def first_state(entry: Entry) -> str:
    """The state by which a post is shown."""
    return next(str(it) for it in ORDER if str(it) in entry.states.values())
