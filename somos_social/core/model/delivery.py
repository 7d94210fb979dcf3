"""One post on one channel, with all that its life leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from somos_social.core.model.post import Variant


class Status(StrEnum):
    """Where a delivery stands in its life; `core.delivery.MOVES` holds the legal steps between."""

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REMOVED = "removed"


_COUNTED = (".bytes", ".chunks", ".offsets")
"""How the parts of an upload are named that say how much of a file is there."""


TOLD = "told:"
"""Begins the names of parts that hold words for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What `prepare` left at the platform and nobody can see yet.

    `parts` maps an adapter's own names to platform ids, such as {"photo:0": "1234"}. It is kept in
    the database between attempts, so that work already done there is not done again. Parts expire
    at the platforms about 24 hours after `begun_at`. `told` is what did not go as it was wanted.
    """

    begun_at: datetime
    parts: Mapping[str, str]

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(self.parts[name] for name in self.parts if name.startswith(TOLD))

    @property
    def reach(self) -> tuple[int, int]:
        """How far it has come: how many parts there are, and what they count of bytes or chunks."""
        counted = [
            int(value.partition("-")[0])
            for name, value in self.parts.items()
            if name.endswith(_COUNTED) and value.partition("-")[0].isdecimal()
        ]
        return len(self.parts), sum(counted)

    def having(self, name: str, value: str) -> "Upload":
        return Upload(begun_at=self.begun_at, parts={**self.parts, name: value})

    def without(self, *names: str) -> "Upload":
        kept = {name: value for name, value in self.parts.items() if name not in names}
        return Upload(begun_at=self.begun_at, parts=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a published delivery can be seen. `url` is None when the platform did not say."""

    remote_id: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """As much of a delivery that is to go out as foresight needs; `follows` another one or not."""

    key: str
    channel: str
    due_at: datetime
    follows: bool


def delivery_key(campaign: str, post: str, channel: str) -> str:
    """The name of a delivery, the same whenever it is made: scheduling twice changes nothing."""
    return f"{campaign}/{post}@{channel}"


def is_key_of(key: str, campaign: str, post: str, channel: str) -> bool:
    """Whether it names this delivery, or what follows it under the same post."""
    return key.partition("#")[0] == delivery_key(campaign, post, channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post on one channel: the unit of scheduling, publishing and failing. Times are UTC.

    `due_at` is the promised time, `run_at` when a worker looks next (None: not before something
    else happens), `expires_at` when its `grace` ends, counted from the promise or the last retry.
    `lease` names the one claim that may act on it, `lease_until` when that claim runs out.
    `asked_at` is when the irrevocable call was about to leave; a look may say "not there" only from
    `absent_after` on, and `looks` counts those that did. `prepared` says that `upload` is complete.
    `asked_tick` is that moment on a clock that nobody sets, where there is one. `blocked` says that
    only a person can clear the way. `suspect` says that it may be public without our knowing, since
    the database was restored or a refused try is asked for again, and `outdated` that it may be so
    in other words. `resting` is the state it comes to rest in when it is looked for and not found;
    UNCONFIRMED stands for none. `after` is the key of the delivery that
    must be public first, `parent_id` its platform id. `version` counts the writes, so that a move
    made from an older sight of it is refused. `digest` is that of the variant as it was recorded,
    empty for what is not recorded yet.
    """

    key: str
    campaign: str
    post: str
    channel: str
    variant: Variant
    due_at: datetime
    grace: timedelta
    run_at: datetime | None
    expires_at: datetime
    after: str | None = None
    parent_id: str | None = None
    status: Status = Status.SCHEDULED
    attempts: int = 0
    lease: str | None = None
    lease_until: datetime | None = None
    asked_at: datetime | None = None
    absent_after: datetime | None = None
    asked_tick: str | None = None
    looks: int = 0
    upload: Upload | None = None
    prepared: bool = False
    blocked: bool = False
    suspect: bool = False
    outdated: bool = False
    resting: Status | None = None
    receipt: Receipt | None = None
    reason: str | None = None
    version: int = 0
    digest: str = field(default="", compare=False)

    @property
    def is_intact(self) -> bool:
        """Whether content, campaign and channel are those with which it was scheduled."""
        is_its_own = is_key_of(self.key, self.campaign, self.post, self.channel)
        return is_its_own and self.digest in ("", self.variant.digest)

    @property
    def platform(self) -> str:
        return self.channel.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient we are. `timeout` bounds each call; `ahead` is how early a delivery prepares.

    Only a look later than `look_after` past the irrevocable call may say "not there": it must
    exceed the longest time a request can live at a network plus the longest lag of its listings.
    """

    attempts: int = 4
    backoff: timedelta = timedelta(minutes=1)
    lease: timedelta = timedelta(minutes=5)
    grace: timedelta = timedelta(hours=2)
    timeout: timedelta = timedelta(seconds=30)
    look_after: timedelta = timedelta(minutes=3)
    ahead: timedelta = timedelta(minutes=10)
