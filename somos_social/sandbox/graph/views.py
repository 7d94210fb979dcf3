"""What each kind of node on a Facebook page shows of itself; None stands for "not set"."""

from typing import Any

from somos_social.sandbox import links
from somos_social.sandbox.graph.attachments import attachments, image
from somos_social.sandbox.graph.fields import Nodes, Shape
from somos_social.sandbox.graph.insights import received
from somos_social.sandbox.graph.objects import Comment, PagePost, Photo, Story, Video
from somos_social.sandbox.graph.video_status import status_of
from somos_social.sandbox.wire import graph_time
from somos_social.sandbox.world import Account, World


def comments_on(world: World, node_id: str) -> list[Comment]:
    """The comments on a node, oldest first."""
    return [
        node for node in world.objects.values() if isinstance(node, Comment) and node.on == node_id
    ]


def author(account: Account) -> dict[str, str]:
    """The `from` of things."""
    return {"name": account.name, "id": account.id}


def _page(_: World, page: Account) -> dict[str, Any]:
    return {
        "id": page.id,
        "name": page.name,
        "username": page.handle,
        "link": f"https://www.facebook.com/{page.handle}",
        "category": "Nonprofit Organization",
        "is_published": True,
        "can_post": True,
    }


def _photo(world: World, photo: Photo) -> dict[str, Any]:
    size = image(world, photo)
    return {
        "id": photo.id,
        "name": photo.caption or None,
        "alt_text": photo.alt or None,
        "alt_text_custom": photo.alt or None,
        "created_time": graph_time(photo.created_at),
        "updated_time": graph_time(photo.created_at),
        "from": author(photo.page),
        "height": size["height"],
        "width": size["width"],
        "images": [size],
        "source": size["source"],
        "picture": size["source"],
        "link": links.photo(photo.id),
        "page_story_id": photo.post_id,
    }


def _video(world: World, video: Video) -> dict[str, Any]:
    ready = video.ready(world.now())
    return {
        "id": video.id,
        "title": video.title or None,
        "description": video.description or None,
        "created_time": graph_time(video.created_at),
        "updated_time": graph_time(video.created_at),
        "from": author(video.page),
        "length": video.seconds,
        "permalink_url": links.video_path(video.page.id, video.id, video.format == "reel"),
        "post_id": video.post_id,
        "published": video.post_id is not None,
        "source": links.received(world.url, video.upload.path) if ready else None,
        "place": _place(video.place),
        "is_ai_generated": video.is_ai_generated,
        "status": status_of(video, world.now()),
        "comments": _comments(world, video, video.id),
        "likes": Nodes(total=received(world, video).reactions),
    }


def _comments(world: World, node: PagePost | Video, node_id: str) -> Nodes:
    return Nodes(comments_on(world, node_id), total=received(world, node).comments)


def _shares(world: World, post: PagePost) -> dict[str, int] | None:
    """Left out where nobody shared it, as on Facebook."""
    number = received(world, post).shares
    return {"count": number} if number else None


def _place(page_id: str) -> dict[str, str] | None:
    return {"id": page_id} if page_id else None


def _story(_: World, story: Story) -> dict[str, Any]:
    return {
        "post_id": story.id,
        "status": "published",
        "creation_time": str(int(story.post.created_at.timestamp())),
        "media_type": "photo" if isinstance(story.shown, Photo) else "video",
        "media_id": story.shown.id,
        "url": story.post.url,
    }


def _status_type(post: PagePost) -> str:
    if not post.attached:
        return "shared_story" if post.post.link else "mobile_status_update"
    return "added_photos" if isinstance(post.attached[0], Photo) else "added_video"


def _post(world: World, post: PagePost) -> dict[str, Any]:
    pictures = [image(world, it)["source"] for it in post.attached if isinstance(it, Photo)]
    return {
        "id": post.post.id,
        "message": post.post.text or None,
        "created_time": graph_time(post.post.created_at),
        "updated_time": graph_time(post.post.created_at),
        "permalink_url": post.post.url,
        "from": author(post.page),
        "is_published": post.is_published,
        "is_hidden": False,
        "status_type": _status_type(post),
        "full_picture": pictures[0] if pictures else None,
        "attachments": attachments(world, post),
        "place": _place(post.place),
        "comments": _comments(world, post, post.post.id),
        "reactions": Nodes(total=received(world, post).reactions),
        "shares": _shares(world, post),
    }


def _comment(_: World, comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.post.id,
        "message": comment.post.text,
        "created_time": graph_time(comment.post.created_at),
        "permalink_url": comment.post.url,
        "from": author(comment.author),
        "is_hidden": False,
        "object": {"id": comment.on},
    }


PAGE_SHAPES = {
    "page": Shape("Page", _page, "name"),
    "photo": Shape("Photo", _photo, "created_time,name"),
    "video": Shape("Video", _video, "description,updated_time"),
    "post": Shape("Post", _post, "created_time,message"),
    "story": Shape("Stories", _story, "post_id,status,creation_time,media_type,media_id,url"),
    "comment": Shape("Comment", _comment, "created_time,from,message"),
}
