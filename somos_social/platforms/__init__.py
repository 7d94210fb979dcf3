"""The contract every network is held to: four verbs, of which one is irrevocable."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from somos_social.core.events import (
    Accepted,
    Blocked,
    Duplicate,
    Kept,
    NotReady,
    Refused,
    Removed,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.core.metrics import Measured
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Upload

Failure = (
    Accepted
    | Blocked
    | Duplicate
    | NotReady
    | Refused
    | Suspected
    | Throttled
    | Unanswered
    | Unknowable
    | Unreachable
    | Unread
)
"""The events that a platform may answer with instead of a result."""

Progress = Callable[[str, int, int], None]
"""Called while a file goes up: its name, bytes sent so far, bytes in all."""


class Unfulfilled(Exception):
    """A verb could not be fulfilled; `event` says what that means for the delivery.

    The event's texts never hold a secret, and are safe to store and to show.
    """

    def __init__(self, event: Failure) -> None:
        super().__init__(getattr(event, "reason", type(event).__name__))
        self.event = event


Claimed = Callable[[Delivery, str], bool]
"""Whether this platform id is known to be another delivery's, and so cannot be this one's."""


def unclaimed(_delivery: Delivery, _remote_id: str) -> bool:
    """The answer where no other delivery is known."""
    return False


Saved = Callable[[Delivery, Upload], None]
"""Called while a delivery is prepared, with all that lies at the platform so far."""


def unsaved(_delivery: Delivery, _upload: Upload) -> None:
    """Where nothing outlasts the program."""


class HandBack(BaseException):
    """Raised through a progress call to end an upload when the program is told to stop.

    Not an Exception, so that no adapter takes it for a failure of the network.
    """


class Platform(Protocol):
    """One channel of one network. Every call has a timeout; nothing is retried inside."""

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        """Do all that nobody can see: upload media, build containers.

        Resumes from `upload` when given. Raises Unfulfilled with NotReady while the platform is
        processing; with Refused for content it will never take; with Unanswered, Unreachable or
        Throttled carrying the partial upload for what may go better next time; with Suspected when
        the platform shows that an earlier attempt may be public (a container already used).
        """

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        """Make it public: the ONE irrevocable call, last and alone.

        Raises Unfulfilled with Refused, Throttled, Blocked or Unreachable only where nothing can
        have become public, and with Accepted where the platform said yes and still works on it;
        every other failure is Unanswered. A failure after the platform's yes
        (reading the permalink) is no failure: the receipt then has no url.
        """

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        """Look whether it is public, by evidence and never by "the newest"; None is "not there".

        Raises Unfulfilled with Unread when the look failed or was not complete back to
        `delivery.asked_at`, with Unknowable where this channel may not look at all or only a person
        can tell it from others, with Throttled or Blocked where the platform says so.
        """

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:
        """The post that a browser shows at the address `seen`; None where the channel has none.

        Raises Unfulfilled where nobody can tell.
        """

    def remove(self, delivery: Delivery) -> Removed | Kept:
        """Take a published delivery down, then look whether it is gone.

        Kept says why a person must see to it: it is still public, or nobody can tell. Never raises
        for what the network does.
        """

    def whoami(self) -> Identity:
        """Whom the secret speaks for. Raises Unfulfilled with Blocked when it no longer works."""


@runtime_checkable
class Measures(Protocol):
    """What a platform may do besides: tell how what it published was received."""

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        """The figures of these published posts, as far as the network tells them. Only reads.

        Never raises for what the network does: what it does not tell is said in the answer.
        """
