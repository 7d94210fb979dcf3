"""How a look tells our own post from every other one: its time and its text."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from somos_social.core.events import Blocked, Refused, Unanswered, Unknowable, Unread
from somos_social.core.marks import composed
from somos_social.core.model.delivery import Delivery, Receipt, Upload
from somos_social.platforms import Failure, Unfulfilled

Look = Callable[[], Receipt | None]

SKEW = timedelta(hours=1, minutes=5)
"""How far a network's clock may stand from ours: ours may jump by an hour and be set back."""

STORY_LIFE = timedelta(hours=24)
"""How long Facebook and Instagram show and list a story."""

_CLOCKS = timedelta(minutes=2)
"""How far clocks that agree stand apart."""

_ONE_CALL = timedelta(minutes=1)
"""Longer than from writing down that we ask to asking; shorter than to any repeat of it."""


def since(delivery: Delivery) -> datetime:
    """The earliest moment at which the network can have dated this delivery."""
    return (delivery.asked_at or delivery.due_at) - SKEW


def is_as_young(made: datetime | None, delivery: Delivery) -> bool:
    """Whether it was made after we asked, by clocks that agree; for what only its time tells."""
    asked = delivery.asked_at or delivery.due_at
    return made is None or made >= asked - _CLOCKS


def has_passed(story: Delivery, now: datetime) -> bool:
    """Whether a story that was published in its time may be over, so that no listing shows it."""
    return now >= since(story) + STORY_LIFE


def plain(text: str) -> str:
    """The text as networks compare it: NFC, every run of white space as one blank."""
    return " ".join(composed(text).split())


def moment(value: Any) -> datetime | None:
    """A network's ISO 8601 time in UTC, or None where there is none to read."""
    try:
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def asked_before(delivery: Delivery, now: datetime) -> bool:
    """Whether an earlier attempt may have made the visible call, too."""
    return delivery.asked_at is not None and now - delivery.asked_at >= _ONE_CALL


def the_only(found: Sequence[Receipt]) -> Receipt | None:
    """The one post that fits. With several nobody can tell which is ours: raises Unfulfilled."""
    if len(found) > 1:
        raise Unfulfilled(Unread("There are several that look like it; none tells which it is."))
    return found[0] if found else None


def must_know_all(delivery: Delivery, strangers: Sequence[str]) -> None:
    """Nothing was found. That says little where the words may have been others: then every post
    since must be known to be another delivery's. Raises Unfulfilled."""
    if delivery.outdated and strangers:
        raise Unfulfilled(
            Unknowable(
                "The database was restored from a backup, and does not know what was posted since: "
                f"{', '.join(strangers[:3])}. It may be this one in other words."
            )
        )


def after_a_comment(event: Failure) -> Failure:
    """What to believe of a comment: Graph has answered 400 to comments that it made.

    (Users of BrightBean saw three retries leave four comments; Graph named no code of its own for
    it.) Only a request for patience and a token that is refused come before anything is done.
    """
    match event:
        case Refused(reason) | Blocked(reason, whole_channel=False):
            return Unanswered(reason)
    return event


def after_a_no(
    event: Failure, delivery: Delivery, now: datetime, look: Look, *, anew: Upload | None = None
) -> Receipt:
    """The receipt when a look finds what was refused; else raises Unfulfilled with what to believe.

    Networks have answered 400 to what they did. So a refusal is believed at the first asking only,
    and only when a look agrees: what was asked for before may be refused because it was done.
    Where the no was one to the media of the post, `anew` is the upload without them: once a look
    agrees, they are sent anew for the next try.
    """
    if not isinstance(event, Refused) and not (anew and isinstance(event, Blocked)):
        raise Unfulfilled(event)
    unclear = asked_before(delivery, now)
    found = None
    try:
        found = look()
    except Unfulfilled:
        # The media may be what tells the post.
        unclear, anew = True, None
    if found is not None:
        return found
    raise Unfulfilled(Unanswered(event.reason, anew) if unclear or anew else event)
