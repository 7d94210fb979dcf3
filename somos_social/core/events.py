"""All that can happen to a delivery, each as a value that says what is known of it.

Their names are stored in the log, so they are part of the format.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from somos_social.core.model.delivery import Receipt, Upload
from somos_social.core.model.post import Variant


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that can be done ahead is done; only the visible call is left.

    `tick` is this moment on a clock that nobody sets, where there is one.
    """

    upload: Upload
    tick: str | None = None


@dataclass(frozen=True, slots=True)
class NotReady:
    """The platform is still working on what it was given."""

    until: datetime
    upload: Upload | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Another delivery of the channel is making its visible call."""

    upload: Upload


@dataclass(frozen=True, slots=True)
class Withheld:
    """People do not let it go out now: a yes is missing, or there is a pause."""

    reason: str
    upload: Upload


@dataclass(frozen=True, slots=True)
class Returned:
    """The worker is told to end and gives the delivery back before anything became public."""

    upload: Upload | None


@dataclass(frozen=True, slots=True)
class Suspected:
    """While preparing, the platform let us know that an earlier attempt may be public."""

    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """Surely not public, and only a person can clear the way: a secret, a changed file.

    `whole_channel` says that nothing else of the channel can go out before that either.
    """

    reason: str
    whole_channel: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """The platform says it is public, or we saw it there."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform said yes, and shows it only once it has processed it: it must be seen there."""

    receipt: Receipt
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform documents this answer as a no that will not change."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """A documented no, for now: the platform says (or implies) when to ask again.

    `whole_channel` says that the platform counts what the channel does, not this delivery alone.
    """

    until: datetime
    reason: str
    upload: Upload | None = None
    whole_channel: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The request never left, or the platform documents that nothing was done: retry."""

    reason: str
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The request left and its fate is unknown; also every answer we do not recognise.

    `rest_until` says that the platform is wary of the account, which is left alone until then.
    """

    reason: str
    upload: Upload | None = None
    rest_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The platform refuses it as one that is there already: perhaps by an earlier try of ours."""

    reason: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The lease ran out: its worker died or froze."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A complete look found nothing.

    `since_asked` is how long ago the call left, by a clock that nobody sets; None without one.
    """

    since_asked: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A look that failed or was incomplete: it says nothing either way."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknowable:
    """This platform or plan cannot tell; a person must look."""

    reason: str


@dataclass(frozen=True, slots=True)
class Removed:
    """It was to be taken down, and a look afterwards did not find it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """It was to be taken down, and still is public, or nobody can tell: a person must see to it."""

    reason: str


# What the clock and people do.


@dataclass(frozen=True, slots=True)
class Overdue:
    """Its hour passed unseen for longer than its grace; `held` says in a sentence what held it."""

    held: str | None = None


@dataclass(frozen=True, slots=True)
class PassedBy:
    """It fell due in a pause that has ended now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Restored:
    """The database is a copy taken at `taken_at`: what was done since, it does not know."""

    taken_at: datetime


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
    """A person asks for another try, now; its grace begins anew."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A person looked: it is public at the receipt, or, with None, it is not there (any more)."""

    receipt: Receipt | None


Event = (
    Prepared
    | NotReady
    | Busy
    | Withheld
    | Returned
    | Suspected
    | Blocked
    | Published
    | Accepted
    | Refused
    | Throttled
    | Unreachable
    | Unanswered
    | Duplicate
    | Abandoned
    | Absent
    | Unread
    | Unknowable
    | Removed
    | Kept
    | Overdue
    | PassedBy
    | Restored
    | Amended
    | Cancelled
    | Retried
    | Settled
)
