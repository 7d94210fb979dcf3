"""What Meta counts of posts, as its insights edges tell it: the metrics that live in v26.0."""

from collections.abc import Mapping
from typing import Any

from somos_social.sandbox import audience
from somos_social.sandbox.audience import Audience
from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.graph.objects import STORY_LIFE, IgMedia, PagePost, Video, owner_of
from somos_social.sandbox.world import World

OF_POSTS: Mapping[str, str] = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_reactions_like_total": "reactions",
}
"""What was called post_impressions ended in June 2026, and is an error like any other name."""

OF_VIDEOS: Mapping[str, str] = {
    "total_video_views": "views",
    "total_video_impressions_unique": "reach",
}
OF_REELS: Mapping[str, str] = {"blue_reels_play_count": "views", "post_impressions_unique": "reach"}
"""Video Insights has names of its own, and all of them unasked."""

_ALWAYS = {"reach": "reach", "views": "views", "shares": "shares"}
_POSTS = {**_ALWAYS, "likes": "reactions", "comments": "comments", "saved": "saved"}
OF_MEDIA: Mapping[str, Mapping[str, str]] = {
    "FEED": _POSTS,
    "REELS": _POSTS,
    "STORY": {**_ALWAYS, "replies": "comments"},
}
"""By media product type (Instagram Media Insights)."""

LEAST_VIEWERS = 5
"""Of a story with fewer, nothing is told."""


async def of_post(call: Call) -> dict[str, Any]:
    """GET /{post}/insights; a name that is none fails the whole call."""
    call.only("metric", "period")
    require(call, "read_insights", "pages_read_engagement")
    names = call.strings("metric")
    if not names:
        words = "No metric was specified to be fetched. Please specify one or more metrics."
        raise GraphError(3001, f"(#3001) {words}", subcode=1504028)
    if not set(names) <= OF_POSTS.keys():
        raise invalid("The value must be a valid insights metric")
    return _data(call, OF_POSTS, names)


async def of_video(call: Call) -> dict[str, Any]:
    """GET /{video}/video_insights; without a metric, all of its kind."""
    call.only("metric", "period")
    require(call, "read_insights", "pages_read_engagement")
    is_reel = isinstance(call.node, Video) and call.node.format == "reel"
    known = OF_REELS if is_reel else OF_VIDEOS
    names = call.strings("metric") or list(known)
    if not set(names) <= known.keys():
        raise invalid("The value must be a valid insights metric")
    return _data(call, known, names)


async def of_media(call: Call) -> dict[str, Any]:
    """GET /{ig-media}/insights; which metrics there are depends on what it is."""
    call.only("metric", "period", "breakdown")
    require(call, "instagram_basic", "instagram_manage_insights", code=10)
    media = call.node
    if not isinstance(media, IgMedia) or media.part_of is not None:
        raise invalid("Insights are not available for the media of an album")
    product = {"REELS": "REELS", "STORIES": "STORY"}.get(media.container.kind, "FEED")
    names = call.strings("metric")
    if not names:
        raise invalid("The parameter metric is required")
    if wrong := [name for name in names if name not in OF_MEDIA[product]]:
        raise invalid(
            f"The Media Insights API does not support the {', '.join(wrong)} metric for this "
            "media product type."
        )
    if product == "STORY":
        if call.world.now() >= media.post.created_at + STORY_LIFE:
            return {"data": []}
        if received(call.world, media).reach < LEAST_VIEWERS:
            raise GraphError(10, "(#10) Not enough viewers for the media to show insights")
    return _data(call, OF_MEDIA[product], names)


def received(world: World, node: PagePost | Video | IgMedia) -> Audience:
    """How a node was received by now."""
    if isinstance(node, Video):
        return audience.of(node.id, node.finished_at or node.created_at, world.now())
    return audience.of(node.post.id, node.post.created_at, world.now())


def require(call: Call, *scopes: str, code: int = 200) -> None:
    """Refuse a token that was not given all of these permissions."""
    missing = [it for it in scopes if it not in owner_of(call.node).grant.scopes]
    if missing:
        raise GraphError(code, f"(#{code}) Requires the permission {', '.join(missing)}")


def _data(call: Call, known: Mapping[str, str], names: list[str]) -> dict[str, Any]:
    assert isinstance(call.node, PagePost | Video | IgMedia)  # noqa: S101 - by the table of edges
    found = received(call.world, call.node)
    node_id = call.node.id if isinstance(call.node, Video) else call.node.post.id
    return {
        "data": [
            {
                "name": name,
                "period": "lifetime",
                "values": [{"value": getattr(found, known[name])}],
                "title": name,
                "description": name,
                "id": f"{node_id}/{call.edge}/{name}/lifetime",
            }
            for name in names
        ]
    }
