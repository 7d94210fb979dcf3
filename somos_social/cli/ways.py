"""What a delivery went through, as a person tells it: the moves that were not plain sailing."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

STRAIGHT = ["published"]
"""The way of a delivery that met nothing."""

_PREPARING = {
    "unanswered": "no clear answer while preparing",
    "unreachable": "not reached while preparing",
    "throttled": "told to wait while preparing",
    "blocked": "kept from preparing",
    "suspected": "perhaps public already",
    "abandoned": "worker ended while preparing",
}
_CALLING = {
    "unanswered": "no clear answer to the call",
    "unreachable": "call never left",
    "throttled": "told to wait by the call",
    "blocked": "call kept back",
    "abandoned": "worker ended during the call",
    "published": "published",
}
_LOOKING = {
    "absent": "looked and not there",
    "unread": "looked in vain",
    "throttled": "told to wait by the look",
    "unknowable": "could not look",
    "blocked": "could not look",
    "published": "looked and found: published",
}
_ANYWHERE = {
    "refused": "refused",
    "overdue": "missed",
    "cancelled": "cancelled",
    "retried": "retried",
    "settled": "settled by a person",
}
_BY_STATE = {"claimed": _PREPARING, "publishing": _CALLING, "unconfirmed": _LOOKING}


def way(log: Sequence[Mapping[str, Any]]) -> list[str]:
    """The moves of one delivery in words, repeated ones counted; those that are plain left out."""
    told = [_BY_STATE.get(row["from"], {}).get(row["event"]) for row in log]
    either = [words or _ANYWHERE.get(row["event"]) for words, row in zip(told, log, strict=True)]
    runs = [(words, len(list(run))) for words, run in groupby(filter(None, either))]
    return [words if times == 1 else f"{words} ({times} times)" for words, times in runs]
