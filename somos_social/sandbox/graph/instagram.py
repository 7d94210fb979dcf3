"""Publishing on Instagram: a finished container becomes a public media exactly once."""

from datetime import timedelta
from typing import Any

from somos_social.sandbox import links
from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, no_field
from somos_social.sandbox.graph.fields import parse
from somos_social.sandbox.graph.objects import Container, IgMedia
from somos_social.sandbox.world import Account, PublicPost, World

POSTS_A_DAY = 100
"""API-published posts per account in 24 hours; a carousel counts as one (Content Publishing)."""
DAY = timedelta(hours=24)


async def publish(call: Call) -> dict[str, Any]:
    """POST /{ig-user}/media_publish.

    Meta does not say what a second publish of one container answers. Here it is refused with
    24/2207006 and posts nothing: a client that takes this for "make a new container" is found out.
    """
    call.only("creation_id")
    container = call.world.objects.get(str(call.number("creation_id")))
    if not isinstance(container, Container) or container.owner != call.node:
        raise GraphError(24, "(#24) The requested resource does not exist", subcode=2207006)
    code = container.status_code(call.world.now())
    if code == "PUBLISHED":
        owner = container.owner
        call.world.note_repetition(owner.platform, owner.handle, container.caption)
    if code == "PUBLISHED" or container.is_child:
        raise GraphError(24, "(#24) The requested resource does not exist", subcode=2207006)
    if code == "EXPIRED":
        raise GraphError(
            24, "(#24) The media builder does not exist or has expired", subcode=2207008
        )
    if code != "FINISHED":
        raise GraphError(
            9007,
            "(#9007) Media ID is not available",
            subcode=2207027,
            title="The media is not ready to be published",
        )
    if quota_used(call.world, container.owner) >= POSTS_A_DAY:
        raise GraphError(9, "(#9) Application request limit reached", subcode=2207042)
    return {"id": _appear(call.world, container).id}


def _appear(world: World, container: Container) -> IgMedia:
    container.published = True
    media = _media(world, container)
    for child in container.children:
        part = _media(world, child)
        part.part_of = media.id
        media.children.append(part)
    world.publish(media.post)
    world.published_at.setdefault(media.owner.id, []).append(world.now())
    return media


def _media(world: World, container: Container) -> IgMedia:
    owner = container.owner
    media_id = world.number(18_100_000_000_000_000)
    public = PublicPost(
        platform="instagram",
        handle=owner.handle,
        id=media_id,
        url=links.instagram(media_id, container.kind, owner.handle),
        text=container.caption,
        link=None,
        media=container.media,
        created_at=world.now(),
        format={"REELS": "reel", "STORIES": "story"}.get(container.kind, "feed"),
    )
    media = IgMedia(id=media_id, owner=owner, container=container, post=public)
    world.objects[media_id] = media
    return media


def quota_used(world: World, owner: Account) -> int:
    """Posts within the last 24 hours; taking one down gives nothing back."""
    since = world.now() - DAY
    return sum(at > since for at in world.published_at.get(owner.id, []))


async def publishing_limit(call: Call) -> dict[str, Any]:
    """GET /{ig-user}/content_publishing_limit."""
    call.only("since")
    known = {
        "quota_usage": quota_used(call.world, call.account),
        "config": {"quota_total": POSTS_A_DAY, "quota_duration": 86400},
    }
    wanted = parse(call.text("fields") or "quota_usage")
    for name in wanted:
        if name not in known:
            raise no_field(name, "node type (ContentPublishingLimitResponse)")
    return {"data": [{name: known[name] for name in wanted}]}
