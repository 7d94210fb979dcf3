"""The life of a delivery: which moves are legal, what may happen to one, and what follows.

The law: we write down that a call may make something public before making it. Hence whatever follows
that call and is not a documented "no" leads to `unconfirmed`, never back to a retry.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from somos_social.core.model import Delivery, Policy, Receipt, Status, Upload, Variant
from somos_social.errors import NotAllowed

MOVES: dict[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset(
        {Status.SCHEDULED, Status.CLAIMED, Status.CANCELLED, Status.MISSED}
    ),
    Status.CLAIMED: frozenset({Status.SCHEDULED, Status.PUBLISHING, Status.FAILED, Status.MISSED}),
    Status.PUBLISHING: frozenset(
        {Status.PUBLISHED, Status.SCHEDULED, Status.UNCONFIRMED, Status.FAILED, Status.MISSED}
    ),
    Status.UNCONFIRMED: frozenset(
        {Status.UNCONFIRMED, Status.PUBLISHED, Status.SCHEDULED, Status.FAILED}
    ),
    Status.PUBLISHED: frozenset({Status.REMOVED}),
    Status.FAILED: frozenset({Status.SCHEDULED, Status.CANCELLED}),
    Status.MISSED: frozenset({Status.SCHEDULED, Status.CANCELLED}),
    Status.CANCELLED: frozenset({Status.SCHEDULED}),
    Status.REMOVED: frozenset(),
}

LOOKS_FOR_ABSENT = 2
"""How many late looks must find nothing before "not there" is believed."""


# What a worker meets. Names are stored in the log, so they are part of the format.


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that can be done ahead is done; only the visible call is left."""

    upload: Upload


@dataclass(frozen=True, slots=True)
class NotReady:
    """The platform is still working on what it was given."""

    until: datetime
    upload: Upload | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Another delivery of the channel is making its visible call, or goes first."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Surely not public, and only a person can clear the way: a secret, a permission, a changed file."""

    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """The platform says it is public, or we saw it there."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform documents this answer as a no that will not change."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """A documented no, for now: the platform says (or implies) when to ask again."""

    until: datetime
    reason: str
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The request never left, or the platform documents that nothing was done and a retry is right."""

    reason: str
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The request left and we do not know what became of it; also every answer we do not recognise."""

    reason: str
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The lease ran out: its worker died or froze."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A complete look found nothing."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A look that failed or was incomplete: it says nothing either way."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknowable:
    """This platform or plan cannot tell; a person must look."""

    reason: str


# What the clock and people do.


@dataclass(frozen=True, slots=True)
class Overdue:
    """Its hour passed unseen for longer than its grace."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The campaign file now wants other content or another time."""

    variant: Variant
    due_at: datetime
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Withdrawn by a person, or no longer in the campaign file."""

    reason: str


@dataclass(frozen=True, slots=True)
class Retried:
    """A person asks for another try, at `due_at` (now, or a new time)."""

    due_at: datetime
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Settled:
    """A person looked: it is public at the receipt, or, with None, it is not there."""

    receipt: Receipt | None


Event = (
    Prepared
    | NotReady
    | Busy
    | Blocked
    | Published
    | Refused
    | Throttled
    | Unreachable
    | Unanswered
    | Abandoned
    | Absent
    | Unread
    | Unknowable
    | Overdue
    | Amended
    | Cancelled
    | Retried
    | Settled
)
