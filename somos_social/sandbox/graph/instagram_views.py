"""What each kind of node on Instagram shows of itself; None stands for "not set"."""

from typing import Any

from somos_social.sandbox import links
from somos_social.sandbox.graph.fields import Nodes, Shape
from somos_social.sandbox.graph.insights import received
from somos_social.sandbox.graph.objects import Comment, Container, IgMedia
from somos_social.sandbox.graph.views import comments_on
from somos_social.sandbox.wire import graph_time
from somos_social.sandbox.world import Account, World

STATUS_TEXT = {
    "EXPIRED": "Expired: The container was not published within 24 hours and has expired.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "PUBLISHED": "Published: Media has been successfully published.",
}


def _user(world: World, user: Account) -> dict[str, Any]:
    media = [it for it in world.objects.values() if isinstance(it, IgMedia) and it.owner == user]
    return {
        "id": user.id,
        "name": user.name,
        "username": user.handle,
        "media_count": sum(it.part_of is None for it in media),
    }


def _container(world: World, container: Container) -> dict[str, Any]:
    code = container.status_code(world.now())
    container.slow_polls = max(container.slow_polls - 1, 0)
    failed = f"Error: Media upload has failed with error code {container.failure}"
    return {
        "id": container.id,
        "status": failed if code == "ERROR" else STATUS_TEXT[code],
        "status_code": code,
        "video_status": _video_status(container, code),
        "copyright_check_status": {"status": "completed", "matches_found": False},
    }


def _video_status(container: Container, code: str) -> dict[str, Any] | None:
    """The phases of a resumable upload, its bytes spelled as Meta's SDK spells them."""
    upload = container.upload
    if upload is None:
        return None
    processing = {"FINISHED": "completed", "PUBLISHED": "completed", "ERROR": "error"}
    waits = "in_progress" if upload.complete else "not_started"
    return {
        "uploading_phase": {
            "status": "completed" if upload.complete else "in_progress",
            "bytes_transferred": upload.received,
            "source_file_size": upload.expected,
        },
        "processing_phase": {"status": processing.get(code, waits)},
    }


def _media(world: World, media: IgMedia) -> dict[str, Any]:
    container = media.container
    single = "VIDEO" if container.is_video else "IMAGE"
    file = container.file
    comments = comments_on(world, media.id)
    return {
        "id": media.id,
        "caption": media.post.text or None,
        "alt_text": container.alt or None,
        "timestamp": graph_time(media.post.created_at),
        "permalink": media.post.url,
        "shortcode": links.shortcode(media.id),
        "media_type": "CAROUSEL_ALBUM" if container.kind == "CAROUSEL" else single,
        "media_product_type": {"REELS": "REELS", "STORIES": "STORY"}.get(container.kind, "FEED"),
        "media_url": links.received(world.url, file.path) if file else None,
        "is_shared_to_feed": container.share_to_feed,
        "is_ai_generated": container.is_ai_generated,
        "username": media.owner.handle,
        "owner": {"id": media.owner.id},
        "children": Nodes(media.children) or None,
        "comments": Nodes(comments) or None,
        "comments_count": len(comments) + received(world, media).comments,
        "like_count": received(world, media).reactions,
    }


def _comment(_: World, comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.post.id,
        "text": comment.post.text,
        "timestamp": graph_time(comment.post.created_at),
        "username": comment.author.handle,
        "from": {"id": comment.author.id, "username": comment.author.handle},
        "hidden": False,
        "media": {"id": comment.on},
    }


INSTAGRAM_SHAPES = {
    "ig_user": Shape("IGUser", _user, "id"),
    "container": Shape("IGContainer", _container, "id"),
    "ig_media": Shape("IGMedia", _media, "id"),
    "ig_comment": Shape("IGComment", _comment, "timestamp,text"),
}
