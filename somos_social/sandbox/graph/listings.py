"""Edges that list: posts, videos, media and comments, newest first."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import invalid
from somos_social.sandbox.graph.fields import node_id, parse, read_node
from somos_social.sandbox.graph.objects import (
    STORY_LIFE,
    IgMedia,
    Node,
    PagePost,
    Story,
    Video,
)
from somos_social.sandbox.graph.views import comments_on
from somos_social.sandbox.world import PublicPost

LIMIT, LARGEST_LIMIT = 25, 100
Dated = tuple[datetime, Node]


async def list_posts(call: Call) -> dict[str, Any]:
    """GET /{page}/published_posts, /feed and /posts: what anybody can see."""
    return page_of(
        call,
        [
            (node.post.created_at, node)
            for node in call.world.objects.values()
            if isinstance(node, PagePost)
            and node.page == call.node
            and call.world.is_listed(node.post.id)
        ],
    )


async def list_videos(call: Call) -> dict[str, Any]:
    """GET /{page}/videos."""
    return page_of(call, _videos(call, "feed"))


async def list_reels(call: Call) -> dict[str, Any]:
    """GET /{page}/video_reels."""
    return page_of(call, _videos(call, "reel"))


def _videos(call: Call, format: str) -> list[Dated]:
    return [
        (node.created_at, node)
        for node in call.world.objects.values()
        if isinstance(node, Video)
        and node.page == call.node
        and node.format == format
        and node.post_id is not None
        and call.world.is_listed(node.post_id)
    ]


async def list_page_stories(call: Call) -> dict[str, Any]:
    """GET /{page}/stories of the last day; older ones are for pages that keep an archive."""
    known = {"ARCHIVED", "PUBLISHED"}
    if not set(wanted := call.strings("status")) <= known:
        raise invalid(f"Param status must be of {sorted(known)}")
    stories = [
        (node.post.created_at, node)
        for node in call.world.objects.values()
        if isinstance(node, Story) and node.page == call.node and _is_current(call, node.post)
    ]
    return page_of(call, [] if wanted == ["ARCHIVED"] else stories, "status")


def _is_current(call: Call, story: PublicPost) -> bool:
    is_over = call.world.now() >= story.created_at + STORY_LIFE
    return call.world.is_listed(story.id) and not is_over


async def list_media(call: Call) -> dict[str, Any]:
    """GET /{ig-user}/media: everything but stories."""
    return page_of(call, _ig_media(call, stories=False))


async def list_stories(call: Call) -> dict[str, Any]:
    """GET /{ig-user}/stories of the last day."""
    stories = _ig_media(call, stories=True)
    return page_of(call, [it for it in stories if _is_current(call, it[1].post)])


def _ig_media(call: Call, *, stories: bool) -> list[tuple[datetime, IgMedia]]:
    return [
        (node.post.created_at, node)
        for node in call.world.objects.values()
        if isinstance(node, IgMedia)
        and node.owner == call.node
        and node.part_of is None
        and (node.container.kind == "STORIES") is stories
        and call.world.is_listed(node.id)
    ]


async def list_children(call: Call) -> dict[str, Any]:
    """GET /{ig-media}/children, in the carousel's order."""
    call.only()
    spec = parse(call.text("fields")) if call.text("fields") else None
    children = call.node.children if isinstance(call.node, IgMedia) else []
    return {"data": [read_node(call.world, child, spec) for child in children]}


async def list_comments(call: Call) -> dict[str, Any]:
    """GET /{object}/comments."""
    comments = comments_on(call.world, node_id(call.node))
    listed = [comment for comment in comments if call.world.is_listed(comment.post.id)]
    return page_of(call, [(comment.post.created_at, comment) for comment in listed])


def page_of(call: Call, items: Sequence[Dated], *allowed: str) -> dict[str, Any]:
    """One page of `items` with its cursors, by `limit`, `after`, `before`, `since` and `until`."""
    call.only("limit", "after", "before", "since", "until", *allowed)
    limit = call.number("limit", LIMIT)
    if not 1 <= limit <= LARGEST_LIMIT:
        raise invalid("Param limit must be from 1 to 100")
    since, until = _moment(call, "since"), _moment(call, "until")
    nodes = [
        node
        for at, node in _newest_first(items)
        if (since is None or at >= since) and (until is None or at <= until)
    ]
    start = _place(call, nodes, "after") + 1
    stop = _place(call, nodes, "before") if "before" in call.params else start + limit
    shown = nodes[max(start, stop - limit) : stop]
    if not shown:
        return {"data": []}
    spec = parse(call.text("fields")) if call.text("fields") else None
    cursors = {"before": _cursor(shown[0]), "after": _cursor(shown[-1])}
    paging: dict[str, Any] = {"cursors": cursors}
    if shown[-1] is not nodes[-1]:
        edge = f"{call.version}/{node_id(call.node)}/{call.edge}"
        paging["next"] = f"https://graph.facebook.com/{edge}?limit={limit}&after={cursors['after']}"
    return {"data": [read_node(call.world, node, spec) for node in shown], "paging": paging}


def _newest_first(items: Sequence[Dated]) -> list[Dated]:
    """Of equal times the later made comes first."""
    places = sorted(range(len(items)), key=lambda place: (items[place][0], place), reverse=True)
    return [items[place] for place in places]


def _cursor(node: Node) -> str:
    return base64.urlsafe_b64encode(node_id(node).encode()).decode()


def _place(call: Call, nodes: list[Node], name: str) -> int:
    """Where the node of a cursor stands; -1 where no cursor was given."""
    if name not in call.params:
        return -1
    try:
        wanted = base64.urlsafe_b64decode(call.params[name]).decode()
    except (binascii.Error, ValueError):
        raise invalid(f"Invalid cursor in {name}") from None
    for place, node in enumerate(nodes):
        if node_id(node) == wanted:
            return place
    raise invalid(f"Invalid cursor in {name}")


def _moment(call: Call, name: str) -> datetime | None:
    value = call.params.get(name)
    if value is None:
        return None
    try:
        if value.isdigit():
            return datetime.fromtimestamp(int(value), UTC)
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise invalid(f"Param {name} must be a unix time or an ISO 8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
