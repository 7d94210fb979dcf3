"""Comments under what a page or an Instagram account has published."""

from typing import Any

from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import invalid
from somos_social.sandbox.graph.fields import node_id
from somos_social.sandbox.graph.objects import Comment, owner_of
from somos_social.sandbox.world import PublicPost


async def create_comment(call: Call) -> dict[str, Any]:
    """POST /{object}/comments, written by the object's own account."""
    call.only("message")
    message = call.text("message")
    if not message.strip():
        raise invalid("Param message must not be empty")
    author = owner_of(call.node)
    number = call.world.number(17_900_000_000_000_000)
    on = node_id(call.node)
    under = _post_shown(call, on)
    comment_id = number if author.platform == "instagram" else f"{on.split('_')[-1]}_{number}"
    url = under.url + (
        f"c/{number}/" if author.platform == "instagram" else f"?comment_id={number}"
    )
    public = PublicPost(
        platform=author.platform,
        handle=author.handle,
        id=comment_id,
        url=url,
        text=message,
        link=None,
        media=(),
        created_at=call.world.now(),
        parent_id=under.id,
        format="comment",
    )
    call.world.objects[comment_id] = Comment(post=public, author=author, on=on)
    call.world.publish(public)
    return {"id": comment_id}


def _post_shown(call: Call, on: str) -> PublicPost:
    """The public post under which a comment on `on` appears."""
    shown = getattr(call.node, "post_id", None) or on
    if shown not in call.world.feed:
        raise invalid("This object is not public, so it takes no comments")
    return call.world.feed[shown]
