"""What people say about what goes out: their approvals, their consents, their pauses."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from somos_social.core.model.asset import Asset
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Variant

EVERYWHERE = "all"
"""Among the channels of a consent: wherever the campaign is seen."""

INFLUENCERS = "influencers"
"""Among the channels of a consent: the channels of those who carry the campaign."""

ANYONE = "*"
"""As the person of a pause: whoever can be recognised."""

FACE = "face"
"""What a file shows of those who can be recognised in it, where it does not say."""

_NAMES = " name"
_CHANGED_NAME = "changed name"


def one_name(name: str) -> str:
    """The same for all ways to write a person's name, whatever keys and systems make of it."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(plain.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """A person who may say yes for one organisation."""

    organisation: str
    person: str
    added_at: datetime
    added_by: str

    def __str__(self) -> str:
        return f"{self.organisation}:{self.person}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's yes, for an organisation, to exactly this content on exactly this channel.

    `delivery` is the key, `variant` what was seen, `due_at` the time at which it was to go out.
    """

    delivery: str
    organisation: str
    person: str
    variant: Variant
    due_at: datetime
    at: datetime

    def covers(self, delivery: Delivery, *, binds_time: bool) -> bool:
        """Whether it is a yes to the delivery as it stands; any edit since then makes it none."""
        same_time = not binds_time or self.due_at == delivery.due_at
        return (
            self.delivery == delivery.key
            and self.variant.digest == delivery.variant.digest
            and same_time
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """A person's wish, for an organisation, that this content on this channel be another.

    It takes back the organisation's yes; the next yes of the same organisation ends it.
    """

    delivery: str
    organisation: str
    person: str
    variant: Variant
    due_at: datetime
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A depicted person's yes: to what is shown of them, where, and until when.

    `form` is the SHA-256 of the signed form, which is kept elsewhere. `scope` holds words such as
    "face", "voice" and "name"; `channels` holds channels, platforms, "influencers" or "all".
    `guardian` says that a parent or guardian has signed, too.
    """

    person: str
    form: str
    scope: tuple[str, ...]
    channels: tuple[str, ...]
    until: datetime | None
    guardian: bool
    granted_at: datetime
    granted_by: str
    withdrawn_at: datetime | None = None
    reason: str | None = None

    def state(self, now: datetime) -> str:
        """ "granted", "withdrawn", or "ended" where its time is over."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "ended" if self.until is not None and self.until <= now else "granted"

    def covers(self, shown: str) -> bool:
        """Whether the scope holds what is shown; a "name" is any name, a changed one needs none."""
        any_name = shown.endswith(_NAMES) and "name" in self.scope
        return shown in self.scope or any_name or shown == _CHANGED_NAME

    def reaches(self, channel: str) -> bool:
        """Whether it holds on the channel."""
        where = {EVERYWHERE, channel, channel.partition(":")[0]}
        return not where.isdisjoint(self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Bytes in which someone who has withdrawn can be recognised, as was said of the file there."""

    person: str
    path: str
    sha256: str

    def is_in(self, asset: Asset) -> bool:
        """What was said of another file counts only where nobody says whom this one shows."""
        return self.sha256 == asset.sha256 and (self.path == asset.path or not asset.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Nothing goes out of what it covers until it is over; each part that is None is any.

    `until` is the end of a blackout, None for what a person must end. `number` is the store's.
    """

    reason: str
    since: datetime
    until: datetime | None = None
    campaign: str | None = None
    channel: str | None = None
    person: str | None = None
    by: str = ""
    number: int = 0

    def covers(self, delivery: Delivery) -> bool:
        return (
            self.campaign in (None, delivery.campaign)
            and self.channel in (None, delivery.channel)
            and self._covers_someone_of(delivery.variant)
        )

    def meets(self, other: "Pause") -> bool:
        """Whether there may be a delivery that both cover."""
        return (
            (self.campaign is None or other.campaign in (None, self.campaign))
            and (self.channel is None or other.channel in (None, self.channel))
            and (self.person in (None, ANYONE) or other.person in (None, ANYONE, self.person))
        )

    def _covers_someone_of(self, variant: Variant) -> bool:
        if self.person in (None, ANYONE):
            return self.person is None or bool(variant.people)
        return self.person in variant.people

    @property
    def of(self) -> str:
        """What it covers, in words."""
        parts = [
            self.campaign and f"the campaign {self.campaign}",
            self.channel,
            self.person and f"what shows {'anyone' if self.person == ANYONE else self.person}",
        ]
        return ", ".join(part for part in parts if part) or "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that people have said so far about some deliveries.

    `required` are the organisations whose yes each campaign needs. `likenesses` are those of people
    who have withdrawn. `binds_time` says that an approval is one of the time, too.
    """

    required: Mapping[str, Sequence[str]] = field(default_factory=dict)
    approvals: Sequence[Approval] = ()
    consents: Mapping[str, Consent] = field(default_factory=dict)
    likenesses: Sequence[Likeness] = ()
    pauses: Sequence[Pause] = ()
    binds_time: bool = False
