"""What each kind of Graph node shows of itself."""

from typing import Any

from somos_social.sandbox import links
from somos_social.sandbox.graph.fields import SHAPES, Nodes, Parts, Shape
from somos_social.sandbox.graph.objects import (
    Comment,
    Container,
    IgMedia,
    PagePost,
    Photo,
    Video,
)
from somos_social.sandbox.graph.video_status import status_of
from somos_social.sandbox.wire import graph_time
from somos_social.sandbox.world import Account, World


def author(account: Account) -> dict[str, str]:
    """The `from` and `owner` of things."""
    return {"name": account.name, "id": account.id}


def comments_on(world: World, node_id: str) -> list[Comment]:
    """The comments on a node, oldest first."""
    return [
        node for node in world.objects.values() if isinstance(node, Comment) and node.on == node_id
    ]


def image(world: World, photo: Photo) -> dict[str, Any]:
    """One size of a photo; this stand-in keeps the size it was given."""
    return {
        "height": photo.facts.height,
        "width": photo.facts.width,
        "source": links.received(world.url, photo.file.path),
    }


ATTACHMENT_DEFAULT = "description,media,target,title,type,url,subattachments"


def _attachment(world: World, thing: Photo | Video, post: PagePost) -> dict[str, Any]:
    if isinstance(thing, Photo):
        url = links.photo(thing.id)
        shown = image(world, thing)
        picture = {"image": {**{k: shown[k] for k in ("height", "width")}, "src": shown["source"]}}
        return {
            "description": post.post.text or None,
            "media": picture,
            "media_type": "photo",
            "target": {"id": thing.id, "url": url},
            "type": "photo",
            "url": url,
        }
    url = links.video(thing.page.id, thing.id, thing.is_reel)
    return {
        "description": thing.description or None,
        "media": {"source": links.received(world.url, thing.media.bytes_path)},
        "media_type": "video",
        "target": {"id": thing.id, "url": url},
        "title": thing.title or None,
        "type": "video_inline",
        "url": url,
    }


def _plain(name: str) -> Any:
    return lambda world, found: found.get(name)


SUBATTACHMENT = Shape(
    "StoryAttachment",
    {
        name: _plain(name)
        for name in ("description", "media", "media_type", "target", "title", "type", "url")
    },
    "description,media,target,title,type,url",
)


def _subattachments(world: World, found: dict[str, Any]) -> Parts | None:
    return Parts(SUBATTACHMENT, found["parts"]) if found.get("parts") else None


ATTACHMENT = Shape(
    "StoryAttachment",
    {**SUBATTACHMENT.readers, "unshimmed_url": _plain("url"), "subattachments": _subattachments},
    ATTACHMENT_DEFAULT,
)


def attachments(world: World, post: PagePost) -> Parts | None:
    """The photos, the album, the video or the link of a page post."""
    shown = [_attachment(world, thing, post) for thing in post.attached]
    if len(shown) > 1:
        album = {
            "media": shown[0]["media"],
            "media_type": "album",
            "target": {"id": post.post.id, "url": post.post.url},
            "title": f"Photos from {post.page.name}'s post",
            "type": "album",
            "url": post.post.url,
            "parts": shown,
        }
        return Parts(ATTACHMENT, [album])
    if not shown and post.post.link:
        target = {"url": post.post.link}
        shown = [{"media_type": "link", "type": "share", "url": post.post.link, "target": target}]
    return Parts(ATTACHMENT, shown) if shown else None


def _status_type(post: PagePost) -> str:
    if not post.attached:
        return "shared_story" if post.post.link else "mobile_status_update"
    return "added_photos" if isinstance(post.attached[0], Photo) else "added_video"


SHAPES["page"] = Shape(
    "Page",
    {
        "id": lambda w, page: page.id,
        "name": lambda w, page: page.name,
        "username": lambda w, page: page.handle,
        "link": lambda w, page: f"https://www.facebook.com/{page.handle}",
        "category": lambda w, page: "Nonprofit Organization",
        "about": lambda w, page: "",
        "is_published": lambda w, page: True,
        "can_post": lambda w, page: True,
    },
    "name",
)
SHAPES["ig_user"] = Shape(
    "IGUser",
    {
        "id": lambda w, user: user.id,
        "name": lambda w, user: user.name,
        "username": lambda w, user: user.handle,
        "biography": lambda w, user: "",
        "media_count": lambda w, user: sum(
            isinstance(node, IgMedia) and node.owner == user and node.part_of is None
            for node in w.objects.values()
        ),
    },
    "id",
)
SHAPES["photo"] = Shape(
    "Photo",
    {
        "id": lambda w, photo: photo.id,
        "name": lambda w, photo: photo.caption or None,
        "alt_text": lambda w, photo: photo.alt or None,
        "alt_text_custom": lambda w, photo: photo.alt or None,
        "created_time": lambda w, photo: graph_time(photo.created_at),
        "updated_time": lambda w, photo: graph_time(photo.created_at),
        "from": lambda w, photo: author(photo.page),
        "height": lambda w, photo: photo.facts.height,
        "width": lambda w, photo: photo.facts.width,
        "images": lambda w, photo: [image(w, photo)],
        "source": lambda w, photo: image(w, photo)["source"],
        "picture": lambda w, photo: image(w, photo)["source"],
        "link": lambda w, photo: links.photo(photo.id),
        "page_story_id": lambda w, photo: photo.post_id,
    },
    "created_time,name",
)
SHAPES["video"] = Shape(
    "Video",
    {
        "id": lambda w, video: video.id,
        "title": lambda w, video: video.title or None,
        "description": lambda w, video: video.description or None,
        "created_time": lambda w, video: graph_time(video.created_at),
        "updated_time": lambda w, video: graph_time(video.created_at),
        "from": lambda w, video: author(video.page),
        "length": lambda w, video: video.facts.seconds if video.facts else None,
        "permalink_url": lambda w, video: links.video_path(video.page.id, video.id, video.is_reel),
        "post_id": lambda w, video: video.post_id,
        "published": lambda w, video: video.post_id is not None,
        "source": lambda w, video: (
            links.received(w.url, video.file.path) if video.ready(w.now()) else None
        ),
        "status": status_of,
    },
    "description,updated_time",
)
SHAPES["post"] = Shape(
    "Post",
    {
        "id": lambda w, post: post.post.id,
        "message": lambda w, post: post.post.text or None,
        "created_time": lambda w, post: graph_time(post.post.created_at),
        "updated_time": lambda w, post: graph_time(post.post.created_at),
        "permalink_url": lambda w, post: post.post.url,
        "from": lambda w, post: author(post.page),
        "is_published": lambda w, post: post.is_published,
        "is_hidden": lambda w, post: False,
        "status_type": lambda w, post: _status_type(post),
        "full_picture": lambda w, post: next(
            (image(w, it)["source"] for it in post.attached if isinstance(it, Photo)), None
        ),
        "attachments": attachments,
        "comments": lambda w, post: Nodes(comments_on(w, post.post.id)) or None,
    },
    "created_time,message",
)
SHAPES["comment"] = Shape(
    "Comment",
    {
        "id": lambda w, comment: comment.post.id,
        "message": lambda w, comment: comment.post.text,
        "created_time": lambda w, comment: graph_time(comment.post.created_at),
        "permalink_url": lambda w, comment: comment.post.url,
        "from": lambda w, comment: author(comment.author),
        "is_hidden": lambda w, comment: False,
        "object": lambda w, comment: {"id": comment.on},
    },
    "created_time,from,message",
)
SHAPES["ig_comment"] = Shape(
    "IGComment",
    {
        "id": lambda w, comment: comment.post.id,
        "text": lambda w, comment: comment.post.text,
        "timestamp": lambda w, comment: graph_time(comment.post.created_at),
        "username": lambda w, comment: comment.author.handle,
        "from": lambda w, comment: {"id": comment.author.id, "username": comment.author.handle},
        "hidden": lambda w, comment: False,
        "media": lambda w, comment: {"id": comment.on},
    },
    "timestamp,text",
)


def _polled(world: World, container: Container) -> str:
    code = container.status_code(world.now())
    if container.slow_polls > 0:
        container.slow_polls -= 1
    return code


STATUS_TEXT = {
    "EXPIRED": "Expired: The container was not published within 24 hours and has expired.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "PUBLISHED": "Published: Media has been successfully published.",
}


def _status_text(world: World, container: Container) -> str:
    code = container.status_code(world.now())
    if code == "ERROR":
        return f"Error: Media upload has failed with error code {container.failure}"
    return STATUS_TEXT[code]


SHAPES["container"] = Shape(
    "IGContainer",
    {
        "id": lambda w, container: container.id,
        "status": _status_text,
        "status_code": _polled,
        "copyright_check_status": lambda w, container: {
            "status": "completed",
            "matches_found": False,
        },
    },
    "id",
)


def _media_type(media: IgMedia) -> str:
    if media.container.kind == "CAROUSEL":
        return "CAROUSEL_ALBUM"
    return "VIDEO" if media.container.is_video else "IMAGE"


def _product_type(media: IgMedia) -> str:
    return {"REELS": "REELS", "STORIES": "STORY"}.get(media.container.kind, "FEED")


def _media_url(world: World, media: IgMedia) -> str | None:
    file = media.container.file
    return links.received(world.url, file.path) if file else None


SHAPES["ig_media"] = Shape(
    "IGMedia",
    {
        "id": lambda w, media: media.id,
        "caption": lambda w, media: media.post.text or None if media.part_of is None else None,
        "alt_text": lambda w, media: media.container.alt or None,
        "timestamp": lambda w, media: graph_time(media.post.created_at),
        "permalink": lambda w, media: media.post.url,
        "shortcode": lambda w, media: links.shortcode(media.id),
        "media_type": lambda w, media: _media_type(media),
        "media_product_type": lambda w, media: _product_type(media),
        "media_url": _media_url,
        "is_shared_to_feed": lambda w, media: media.container.share_to_feed,
        "username": lambda w, media: media.owner.handle,
        "owner": lambda w, media: {"id": media.owner.id},
        "children": lambda w, media: Nodes(media.children) or None,
        "comments": lambda w, media: Nodes(comments_on(w, media.id)) or None,
        "comments_count": lambda w, media: len(comments_on(w, media.id)),
        "like_count": lambda w, media: 0,
    },
    "id",
)
