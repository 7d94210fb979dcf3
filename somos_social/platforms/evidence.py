"""How a look tells our own post from every other one: its time and its text."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from somos_social.core.delivery import Refused, Unanswered, Unread
from somos_social.core.marks import composed
from somos_social.core.model import Delivery, Receipt
from somos_social.platforms import Failure, Unfulfilled

Look = Callable[[], Receipt | None]

SKEW = timedelta(hours=1, minutes=5)
"""How far a network's clock may stand from ours: ours may jump by an hour and be set back."""

STORY_LIFE = timedelta(hours=24)
"""How long Facebook and Instagram show and list a story."""

_ONE_CALL = timedelta(minutes=1)
"""Longer than from writing down that we ask to asking; shorter than to any repeat of it."""


def since(delivery: Delivery) -> datetime:
    """The earliest moment at which the network can have dated this delivery."""
    return (delivery.asked_at or delivery.due_at) - SKEW


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


def after_a_no(event: Failure, delivery: Delivery, now: datetime, look: Look) -> Receipt:
    """The receipt when a look finds what was refused; else raises Unfulfilled with what to believe.

    Networks have answered 400 to what they did. So a refusal is believed at the first asking only,
    and only when a look agrees: what was asked for before may be refused because it was done.
    """
    if not isinstance(event, Refused):
        raise Unfulfilled(event)
    unclear = asked_before(delivery, now)
    found = None
    try:
        found = look()
    except Unfulfilled:
        unclear = True
    if found is not None:
        return found
    raise Unfulfilled(Unanswered(event.reason) if unclear else event)
