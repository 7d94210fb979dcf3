"""DELETE: what is taken down is gone from every listing and cannot be read again."""

from typing import Any

from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, no_object
from somos_social.sandbox.graph.fields import node_id
from somos_social.sandbox.graph.objects import Comment, IgMedia, PagePost, Photo, Story, Video
from somos_social.sandbox.world import World


async def delete(call: Call) -> dict[str, Any]:
    """DELETE /{post|photo|video|ig-media|comment}; a post takes its photos or its video along.

    A story goes with its photo or its video: its own node can only be read (Meta's SDK 26).
    """
    call.only()
    world, node = call.world, call.node
    match node:
        case PagePost():
            _drop_post(world, node)
        case Photo() | Video():
            _drop_attachment(world, node)
        case IgMedia():
            if node.part_of is not None:
                raise GraphError(100, "(#100) A single child of a carousel cannot be deleted")
            for part in [node, *node.children]:
                world.objects.pop(part.id, None)
            world.withdraw(node.id)
            return {"success": True, "deleted_id": node.id}
        case Comment():
            world.objects.pop(node.post.id)
            world.withdraw(node.post.id)
        case _:
            raise no_object(node_id(node), "delete")
    return {"success": True}


def _drop_post(world: World, post: PagePost) -> None:
    world.objects.pop(post.post.id)
    for thing in post.attached:
        world.objects.pop(thing.id, None)
    world.withdraw(post.post.id)


def _drop_attachment(world: World, thing: Photo | Video) -> None:
    world.objects.pop(thing.id)
    post = world.objects.get(thing.post_id or "")
    if isinstance(post, Story):
        world.objects.pop(post.id)
        world.withdraw(post.post.id)
    if not isinstance(post, PagePost):
        return
    post.attached = [kept for kept in post.attached if kept.id != thing.id]
    if post.attached:
        world.amend(post.post.id, tuple(kept.media for kept in post.attached))
    else:
        _drop_post(world, post)
