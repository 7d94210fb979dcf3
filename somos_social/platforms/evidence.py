"""How a look tells our own post from every other one: its time and its text."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from somos_social.core.delivery import Refused, Unanswered
from somos_social.core.model import Delivery
from somos_social.platforms import Failure

SKEW = timedelta(minutes=5)
"""How far a network's clock may stand from ours."""

_ONE_CALL = timedelta(minutes=1)
"""Longer than from writing down that we ask to asking; shorter than to any repeat of it."""


def since(delivery: Delivery) -> datetime:
    """The earliest moment at which the network can have dated this delivery."""
    return (delivery.asked_at or delivery.due_at) - SKEW


def plain(text: str) -> str:
    """The text as networks compare it: NFC, every run of white space as one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def moment(value: Any) -> datetime | None:
    """A network's ISO 8601 time in UTC, or None where there is none to read."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def asked_before(delivery: Delivery, now: datetime) -> bool:
    """Whether an earlier attempt may have made the visible call, too."""
    return delivery.asked_at is not None and now - delivery.asked_at >= _ONE_CALL


def doubted(event: Failure, delivery: Delivery, now: datetime) -> Failure:
    """A refusal, where it answers the first asking; an unclear answer where it answers a repeat.

    What was asked for before may be refused because it was done: photos already used, an upload
    already finished, a text already there.
    """
    if isinstance(event, Refused) and asked_before(delivery, now):
        return Unanswered(event.reason)
    return event
