"""How a post is received on the stand-in networks: made up, by its age, and never otherwise."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

DAY = timedelta(hours=18)
"""Our choice: after so long, about two thirds of all who will see a post have seen it."""


@dataclass(frozen=True, slots=True)
class Audience:
    """The counts of one post at one time; they never fall."""

    reach: int
    views: int
    reactions: int
    comments: int
    shares: int
    saved: int


def audience(post_id: str, age: timedelta) -> Audience:
    """What anybody made of the post `age` after it appeared."""
    dice = hashlib.sha256(post_id.encode()).digest()
    grown = 1 - exp(-max(age, timedelta(0)) / DAY)
    reach = int((200 + int.from_bytes(dice[:2]) % 4800) * grown)
    # Of 1,000 who saw it, from and to how many did each of these.
    spans = ((20, 90), (2, 20), (2, 20), (1, 30))
    acted = [
        reach * (low + die % (high - low)) // 1000
        for (low, high), die in zip(spans, dice[2:], strict=False)
    ]
    views = reach * (110 + dice[6] % 60) // 100
    return Audience(reach, views, *acted)


def of(post_id: str, created_at: datetime, now: datetime) -> Audience:
    """What anybody made of a post that appeared then."""
    return audience(post_id, now - created_at)
