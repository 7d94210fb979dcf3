"""What a desk must hear of, who hears it, and what makes each of it something that is said once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from somos_social.core.clearance import unapproved
from somos_social.core.model.channel import Hold, Introduction
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause, Said

DAY = timedelta(days=1)

NEWS = 3 * DAY
"""What happened is told for so long; after that it is known, or `somos status` has it."""

BEFORE_AN_END = (7 * DAY, DAY)
"""How long before a token ends it is told, each of these times once."""

MORNING = 7
"""The hour before which nobody is reminded: what is told each day would else come at midnight."""

DIGEST_FOR = timedelta(hours=6)
"""A morning's digest is no use in the evening, where nothing ran meanwhile."""


class Kind(StrEnum):
    """What is told. The words are stored and written in configs: they are part of the format."""

    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    MISSED = "missed"
    CHANNEL_STOPPED = "channel-stopped"
    TOKEN_ENDS = "token-ends"  # noqa: S105 - a word for what is told
    QUOTA = "quota"
    HANDOFF = "handoff"
    CONSENT_ENDS = "consent-ends"
    APPROVAL_WANTED = "approval-wanted"
    PAUSE = "pause"
    WITHDRAWAL = "withdrawal"
    DIGEST = "digest"


class Language(StrEnum):
    """In which a message is written."""

    ES = "es"
    EN = "en"


OF_STATUS: Mapping[Status, Kind] = {
    Status.FAILED: Kind.FAILED,
    Status.UNCONFIRMED: Kind.UNCONFIRMED,
    Status.MISSED: Kind.MISSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Some who hear the same, in one language, under the name by which a config knows them.

    One of an `organisation` hears of what is wanted of that one alone.
    """

    name: str = "desk"
    language: Language = Language.ES
    kinds: frozenset[Kind] = frozenset(Kind)
    organisation: str | None = None

    def hears(self, kind: Kind, organisation: str | None = None) -> bool:
        """`organisation` is of whom something is wanted, where it is of one."""
        theirs = self.organisation is None or organisation in (None, self.organisation)
        return kind in self.kinds and theirs


DESK = Audience()
"""The addresses that hear everything, where a config says no more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a config says of when something is told: no digest without a time of day for it."""

    approval_before: timedelta = timedelta(hours=48)
    digest: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to be told. `once` names it among all that are ever told of its kind and subject.

    `facts` stand in the places of its words: names, numbers, and times in the zone of the readers.
    No text that anybody wrote is among them, nor who is seen in a post. With `variety`, the words
    are those of another case of the kind.
    """

    kind: Kind
    subject: str
    once: str
    facts: Mapping[str, str | int | datetime] = field(default_factory=dict)
    organisation: str | None = None
    variety: str = ""

    def told_as(self, audience: Audience) -> str:
        """How it is known that this audience was told; fits into the column for it."""
        whose = f":{_short(self.organisation, 60)}" if self.organisation else ""
        return f"{self.kind}>{_short(audience.name, 60)}{whose}@{self.once}"


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"#{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def of_entered(delivery: Delivery, entry: int, at: datetime, zone: ZoneInfo) -> Alert:
    """It stands still by itself since this entry of the log, which a restore may number anew."""
    return Alert(
        kind=OF_STATUS[delivery.status],
        subject=delivery.key,
        once=f"{entry}@{at.isoformat()}",
        facts={"key": delivery.key, "due": delivery.due_at.astimezone(zone)},
    )


def of_stopped(hold: Hold, zone: ZoneInfo) -> Alert:
    """Nothing goes out of a channel until a person has mended its secret."""
    return Alert(
        kind=Kind.CHANNEL_STOPPED,
        subject=hold.channel,
        once=hold.since.isoformat(),
        facts={"channel": hold.channel, "since": hold.since.astimezone(zone)},
    )


def of_ends(known: Introduction, now: datetime, zone: ZoneInfo) -> Iterator[Alert]:
    """A token, or the login behind it, ends within a week; once more within a day."""
    who = known.identity
    ends = (("token", who.expires_at), ("login", who.data_access_ends_at))
    for variety, end in ends:
        before = [it for it in BEFORE_AN_END if end is not None and end - it <= now < end]
        if end is None or not before:
            continue
        yield Alert(
            kind=Kind.TOKEN_ENDS,
            subject=known.channel,
            once=f"{variety}-{min(before).days}d@{end.isoformat()}",
            facts={"channel": known.channel, "end": end.astimezone(zone)},
            variety=variety,
        )


def of_quota(channel: str, now: datetime, zone: ZoneInfo) -> Iterator[Alert]:
    """More is due there within a day than the network takes; told once a day, and not at night."""
    there = now.astimezone(zone)
    if there.hour >= MORNING:
        once = there.date().isoformat()
        yield Alert(kind=Kind.QUOTA, subject=channel, once=once, facts={"channel": channel})


def of_pause(pause: Pause, zone: ZoneInfo) -> Alert:
    """It began, whoever asked for it."""
    return Alert(
        kind=Kind.PAUSE,
        subject=f"pause/{pause.number}",
        once=f"begun@{pause.since.isoformat()}",
        facts={**covered(pause), "by": pause.by, "at": pause.since.astimezone(zone)},
        variety="begun",
    )


def of_resumed(pause: Pause, ended_at: datetime, zone: ZoneInfo) -> Alert:
    """It is over."""
    return Alert(
        kind=Kind.PAUSE,
        subject=f"pause/{pause.number}",
        once=f"over@{ended_at.isoformat()}",
        facts={**covered(pause), "at": ended_at.astimezone(zone)},
        variety="over",
    )


def covered(pause: Pause) -> dict[str, str]:
    """What a pause keeps back; of whom who is seen, not even what stands for them."""
    return {
        "campaign": pause.campaign or "",
        "channel": pause.channel or "",
        "person": "someone" if pause.person else "",
    }


def of_withdrawal(person: str, withdrawn_at: datetime, left: int) -> Alert:
    """All that a program can do about it is done; `left` things wait for a hand."""
    return Alert(
        kind=Kind.WITHDRAWAL,
        subject=f"consent/{person}",
        once=withdrawn_at.isoformat(),
        facts={"left": left},
        variety="left" if left else "",
    )


def wanted_approvals(
    soon: Iterable[Delivery], said: Said, now: datetime, zones: Mapping[str, ZoneInfo]
) -> list[Alert]:
    """For each organisation, the posts whose yes from it is missing; each at most once a day.

    What is due later than the coming morning is not told before it.
    """
    posts: dict[tuple[str, str, str], list[Delivery]] = {}
    for delivery in soon:
        for organisation in unapproved(delivery, said):
            posts.setdefault((organisation, delivery.campaign, delivery.post), []).append(delivery)
    found = []
    for (organisation, campaign, post), lacking in sorted(posts.items()):
        zone = zones.get(campaign, ZoneInfo("UTC"))
        due = min(it.due_at for it in lacking).astimezone(zone)
        there = now.astimezone(zone)
        if there.hour < MORNING and due >= there.replace(hour=MORNING, minute=0):
            continue
        facts: dict[str, str | int | datetime] = {
            "organisation": organisation,
            "post": f"{campaign}/{post}",
            "campaign": campaign,
            "due": due,
            "channels": ", ".join(sorted({it.channel for it in lacking})),
        }
        alert = Alert(
            kind=Kind.APPROVAL_WANTED,
            subject=f"{campaign}/{post}",
            once=there.date().isoformat(),
            facts=facts,
            organisation=organisation,
        )
        found.append(alert)
    return found


def digest_day(wanted: Wanted, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The beginning of the day whose digest is to be told now; None where none is."""
    if wanted.digest is None:
        return None
    there = now.astimezone(zone)
    begins = there.replace(hour=0, minute=0, second=0, microsecond=0)
    told_at = datetime.combine(there.date(), wanted.digest, tzinfo=zone)
    return begins if told_at <= there < told_at + DIGEST_FOR else None


_STUCK = frozenset(OF_STATUS.values())


def grouped(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """What is told in one message: all that stands still, and else what is of one kind and case."""
    groups: dict[tuple[str, ...], list[Alert]] = {}
    for alert in alerts:
        alone = alert.subject if alert.kind is Kind.DIGEST else ""
        of = (alert.kind, alert.variety, alert.organisation or "", alone)
        groups.setdefault(("stuck",) if alert.kind in _STUCK else of, []).append(alert)
    return list(groups.values())
