"""How posts of an Instagram account were received: counts by the kind of each (Media Insights)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from somos_social.core.handoff import STORY_LIFE
from somos_social.core.metrics import Figure, Measured
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Format
from somos_social.platforms.gathering import Gathering, Told, count, counts
from somos_social.platforms.graph import Graph

_ALWAYS = {"reach": Figure.REACH, "views": Figure.VIEWS, "shares": Figure.SHARES}
_OF_POSTS = {
    **_ALWAYS,
    "likes": Figure.REACTIONS,
    "comments": Figure.COMMENTS,
    "saved": Figure.SAVED,
}
_OF_STORIES = {**_ALWAYS, "replies": Figure.COMMENTS}
"""What a kind does not know makes the whole call fail."""

_LACKING = {
    "insights": (
        "Instagram does not tell this token the reach: that needs instagram_manage_insights, "
        "instagram_basic and pages_read_engagement."
    ),
    "acts": "Instagram does not tell this token likes and comments: that needs instagram_basic.",
}


class InstagramFigures:
    """`measure` of one account."""

    def __init__(self, graph: Graph, now: Callable[[], datetime]) -> None:
        self._graph = graph
        self._now = now

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        gathering = Gathering(self._graph.network, self._now, _LACKING)
        for delivery in deliveries:
            if delivery.receipt is None:
                continue
            if self._is_over(delivery):
                gathering.say("Instagram tells the figures of a story for 24 hours only.")
                continue
            self._ask(gathering, delivery.receipt.remote_id, delivery.variant.format)
        return gathering.measured()

    def _is_over(self, delivery: Delivery) -> bool:
        began = delivery.asked_at or delivery.due_at
        return delivery.variant.format is Format.STORY and self._now() >= began + STORY_LIFE

    def _ask(self, gathering: Gathering, media: str, format: Format) -> None:
        is_story = format is Format.STORY
        if not is_story:
            # Told even where insights are not; where they are, those count the same.
            gathering.ask("acts", media, lambda: self._acts(media))
        known = _OF_STORIES if is_story else _OF_POSTS
        gathering.ask("insights", media, lambda: self._insights(media, known))

    def _acts(self, media: str) -> Told:
        answer = self._graph.get(media, fields="like_count,comments_count")
        return {
            **count(answer, "like_count", Figure.REACTIONS),
            **count(answer, "comments_count", Figure.COMMENTS),
        }

    def _insights(self, media: str, known: dict[str, Figure]) -> Told:
        answer = self._graph.get(f"{media}/insights", metric=",".join(known))
        return counts(answer, known)
