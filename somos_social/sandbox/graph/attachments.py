"""The `attachments` of a page post: a photo, an album, a video or a link."""

from typing import Any

from somos_social.sandbox import links
from somos_social.sandbox.graph.fields import Parts, Shape
from somos_social.sandbox.graph.objects import PagePost, Photo, Video
from somos_social.sandbox.world import World

NAMES = ("description", "media", "media_type", "target", "title", "type", "url")


def _subattachment(_: World, found: dict[str, Any]) -> dict[str, Any]:
    return {name: found.get(name) for name in NAMES}


def _attachment(world: World, found: dict[str, Any]) -> dict[str, Any]:
    parts = found.get("parts")
    return {
        **_subattachment(world, found),
        "unshimmed_url": found["url"],
        "subattachments": Parts(SUBATTACHMENT, parts) if parts else None,
    }


SUBATTACHMENT = Shape("StoryAttachment", _subattachment, ",".join(NAMES))
ATTACHMENT = Shape("StoryAttachment", _attachment, ",".join([*NAMES, "subattachments"]))


def image(world: World, photo: Photo) -> dict[str, Any]:
    """One size of a photo; this stand-in keeps the size it was given."""
    return {
        "height": photo.facts.height,
        "width": photo.facts.width,
        "source": links.received(world.url, photo.file.path),
    }


def attachments(world: World, post: PagePost) -> Parts | None:
    """What a post shows beside its words; None for words alone."""
    shown = [_of(world, thing, post) for thing in post.attached]
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


def _of(world: World, thing: Photo | Video, post: PagePost) -> dict[str, Any]:
    if isinstance(thing, Photo):
        url = links.photo(thing.id)
        found = image(world, thing)
        size = {"height": found["height"], "src": found["source"], "width": found["width"]}
        return {
            "description": post.post.text or None,
            "media": {"image": size},
            "media_type": "photo",
            "target": {"id": thing.id, "url": url},
            "type": "photo",
            "url": url,
        }
    url = links.video(thing.page.id, thing.id, thing.format == "reel")
    return {
        "description": thing.description or None,
        "media": {"source": links.received(world.url, thing.upload.path)},
        "media_type": "video",
        "target": {"id": thing.id, "url": url},
        "title": thing.title or None,
        "type": "video_inline",
        "url": url,
    }
