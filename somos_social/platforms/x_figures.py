"""How posts on X were received: the public counts, a hundred posts at a time.

X tells nobody's reach, only how often a post was shown. Each post that is read is billed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from somos_social.core.events import Throttled, Unknowable
from somos_social.core.metrics import Figure, Measured
from somos_social.core.model.delivery import Delivery
from somos_social.platforms.answers import Answer, counted, inner, items, text
from somos_social.platforms.transport import NoAnswer
from somos_social.platforms.x_client import XClient
from somos_social.platforms.x_errors import XError, on_look

_AT_ONCE = 100
"""So many ids GET /2/tweets takes."""

_COUNTS = {
    "impression_count": Figure.VIEWS,
    "like_count": Figure.REACTIONS,
    "reply_count": Figure.COMMENTS,
    "bookmark_count": Figure.SAVED,
}
_SHARES = ("retweet_count", "quote_count")


class XFigures:
    """`measure` of one account."""

    def __init__(self, client: XClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        figures: dict[str, dict[Figure, int]] = {}
        gone: set[str] = set()
        ids = [it.receipt.remote_id for it in deliveries if it.receipt]
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            try:
                answer = self._client.ask(partial(_read, some))
            except (XError, NoAnswer) as error:
                return self._stopped(error, figures, gone)
            for post in items(answer, "data"):
                figures[text(post, "id")] = _figures(post)
            gone |= set(_missing(answer)) & set(some)
        return Measured(figures=figures, gone=frozenset(gone))

    def _stopped(
        self, error: XError | NoAnswer, figures: dict[str, dict[Figure, int]], gone: set[str]
    ) -> Measured:
        wait: datetime | None = None
        match on_look(error, self._now()):
            case Throttled(until, reason):
                wait, why = until, reason
            case Unknowable():
                why = (
                    "X does not let this app read posts: its plan has no reads, or no credits are "
                    f"left. ({error})"
                )
            case other:
                why = other.reason
        return Measured(
            figures=figures, gone=frozenset(gone), untold=(why,), until=wait, stopped=True
        )


def _read(ids: list[str], client: Any) -> Any:
    return client.get_tweets(ids, user_auth=True, tweet_fields=["public_metrics"])


def _figures(post: Answer) -> dict[Figure, int]:
    told = inner(post, "public_metrics")
    known = {figure: counted(told.get(name)) for name, figure in _COUNTS.items()}
    shares = [number for name in _SHARES if (number := counted(told.get(name))) is not None]
    if shares:
        known[Figure.SHARES] = sum(shares)
    return {figure: value for figure, value in known.items() if value is not None}


def _missing(answer: Answer) -> list[str]:
    return [
        text(it, "resource_id") or text(it, "value")
        for it in items(answer, "errors")
        if text(it, "type").endswith("resource-not-found")
    ]
