"""How posts of a Page were received: counts of its posts, its videos and its reels.

The metrics are those that Meta lets live since June 15, 2026, when post_impressions and its kin
ended for all versions of the API (Graph API reference, Page Insights and Video Insights). A name
that has ended makes the whole call fail.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from somos_social.core.metrics import Figure, Measured
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Format
from somos_social.platforms.answers import inner
from somos_social.platforms.gathering import Gathering, Told, count, counts, total
from somos_social.platforms.graph import Graph

_OF_POSTS = {"post_total_media_view_unique": Figure.REACH, "post_media_view": Figure.VIEWS}

_OF_VIDEOS = {
    "total_video_impressions_unique": Figure.REACH,
    "total_video_views": Figure.VIEWS,
    "post_impressions_unique": Figure.REACH,
    "blue_reels_play_count": Figure.VIEWS,
}
"""Reels and other videos have other names; asked for none, the edge tells all it knows."""

_COUNTED = "summary(total_count).limit(0)"

_LACKING = {
    "acts": (
        "Facebook does not tell this token how many reacted, commented and shared: that needs "
        "pages_read_engagement, and of some Pages pages_read_user_content."
    ),
    "insights": (
        "Facebook does not tell this token the reach: that needs read_insights and "
        "pages_read_engagement, and the task ANALYZE on the Page."
    ),
}
_STORIES = "Figures of stories on Facebook are not asked for: Meta documents no way to them."


class FacebookFigures:
    """`measure` of one Page."""

    def __init__(self, graph: Graph, now: Callable[[], datetime]) -> None:
        self._graph = graph
        self._now = now

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        gathering = Gathering(self._graph.network, self._now, _LACKING)
        for delivery in deliveries:
            if delivery.receipt is None:
                continue
            if delivery.variant.format is Format.STORY:
                gathering.say(_STORIES)
                continue
            self._ask(gathering, delivery.receipt.remote_id)
        return gathering.measured()

    def _ask(self, gathering: Gathering, node: str) -> None:
        # The id of a post names its Page, too; that of a video or a reel is a number alone.
        is_post = "_" in node
        acts = self._acts_on_post if is_post else self._acts_on_video
        insights = self._insights_of_post if is_post else self._insights_of_video
        gathering.ask("acts", node, lambda: acts(node))
        gathering.ask("insights", node, lambda: insights(node))

    def _acts_on_post(self, node: str) -> Told:
        fields = f"shares,reactions.{_COUNTED},comments.{_COUNTED}"
        answer = self._graph.get(node, fields=fields)
        return {
            **total(answer, "reactions", Figure.REACTIONS),
            **total(answer, "comments", Figure.COMMENTS),
            # Left out where nobody shared it.
            **({Figure.SHARES: 0} | count(inner(answer, "shares"), "count", Figure.SHARES)),
        }

    def _acts_on_video(self, node: str) -> Told:
        answer = self._graph.get(node, fields=f"likes.{_COUNTED},comments.{_COUNTED}")
        return {
            **total(answer, "likes", Figure.REACTIONS),
            **total(answer, "comments", Figure.COMMENTS),
        }

    def _insights_of_post(self, node: str) -> Told:
        answer = self._graph.get(f"{node}/insights", metric=",".join(_OF_POSTS))
        return counts(answer, _OF_POSTS)

    def _insights_of_video(self, node: str) -> Told:
        return counts(self._graph.get(f"{node}/video_insights"), _OF_VIDEOS)
