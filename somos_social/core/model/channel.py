"""What is known of a channel as such: whom its secret speaks for, and what holds it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many posts an account may publish in 24 hours, and how many of them are used."""

    total: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a channel's secret speaks for, and for how long and how much.

    `expires_at` is None when no end is known; `data_access_ends_at` is when the login behind a
    token must be renewed. `granted` are permissions as the network names them, None where it told
    none. `untold` says in sentences what could not be learnt.
    """

    remote_id: str
    name: str
    expires_at: datetime | None = None
    data_access_ends_at: datetime | None = None
    granted: tuple[str, ...] | None = None
    quota: Quota | None = None
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What a network said of a channel's secret when it was last asked."""

    channel: str
    checked_at: datetime
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a channel as such publishes nothing now.

    A network that asked for patience is left alone until `until`. A `stopped` channel waits for a
    person: its secret no longer works, and `until` is when the network is next asked whether it
    does again.
    """

    channel: str
    reason: str
    since: datetime
    until: datetime
    stopped: bool
