"""Posts of a page: made from words, a link and photos that nobody has seen yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from somos_social.sandbox import links
from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.graph.objects import PagePost, Photo, Story, Video
from somos_social.sandbox.world import Account, PublicPost, World

LONGEST_MESSAGE = 63_206
"""Characters in a post, by common practice; no official page states it."""


def make_post(
    world: World,
    page: Account,
    text: str,
    link: str | None,
    attached: Sequence[Photo | Video],
    *,
    published: bool = True,
    at: datetime | None = None,
    place: str = "",
) -> PagePost:
    """Write a page post, and show it to the world unless it stays unpublished."""
    post_id = f"{page.id}_{world.number(122_200_000_000_000)}"
    video = next((thing for thing in attached if isinstance(thing, Video)), None)
    url = links.page_post(post_id)
    if video:
        url = links.video(page.id, video.id, video.format == "reel")
    public = PublicPost(
        platform="facebook",
        handle=page.handle,
        id=post_id,
        url=url,
        text=text,
        link=link,
        media=tuple(thing.media for thing in attached),
        created_at=at or world.now(),
        format=video.format if video else "feed",
    )
    post = PagePost(
        post=public, page=page, attached=list(attached), is_published=published, place=place
    )
    for thing in attached:
        thing.post_id = post_id
    world.objects[post_id] = post
    if published:
        world.publish(public)
    return post


def make_story(
    world: World, page: Account, shown: Photo | Video, story_id: str, *, at: datetime
) -> None:
    """Write a story, and show it to the world."""
    public = PublicPost(
        platform="facebook",
        handle=page.handle,
        id=shown.id,
        url=links.page_story(page.id, story_id),
        text="",
        link=None,
        media=(shown.media,),
        created_at=at,
        format="story",
    )
    shown.post_id = story_id
    world.objects[story_id] = Story(id=story_id, post=public, page=page, shown=shown)
    world.publish(public)


async def create_post(call: Call) -> dict[str, Any]:
    """POST /{page}/feed; a photo serves one post only."""
    call.only("message", "link", "attached_media", "published", "place")
    page = call.account
    message, link = call.text("message"), call.text("link") or None
    photos = _unused_photos(call, page)
    published = call.flag("published", True)
    if not message.strip() and link is None and not photos:
        raise invalid("The post is empty. Give a message, a link or attached media")
    if len(message) > LONGEST_MESSAGE:
        raise invalid("The message is too long")
    if link is not None:
        _check_link(link)
    if not photos and published:
        _refuse_repetition(call.world, page, message, link)
    post = make_post(
        call.world, page, message, link, photos, published=published, place=call.page_id("place")
    )
    return {"id": post.post.id}


def _unused_photos(call: Call, page: Account) -> list[Photo]:
    photos: list[Photo] = []
    for item in call.objects("attached_media"):
        photo_id = item.get("media_fbid")
        if not isinstance(photo_id, str) or set(item) != {"media_fbid"}:
            raise invalid('Param attached_media takes objects like {"media_fbid":"1"}')
        photos.append(unused_photo(call, page, photo_id))
    if len({photo.id for photo in photos}) < len(photos):
        raise _posted_already()
    return photos


def unused_photo(call: Call, page: Account, photo_id: str) -> Photo:
    """The page's photo of this id, which no post shows."""
    photo = call.world.objects.get(photo_id)
    if not isinstance(photo, Photo) or photo.page != page or photo.gone(call.world.now()):
        raise invalid(f"The photo {photo_id} does not exist on this page")
    if photo.post_id is not None:
        call.world.note_repetition(page.platform, page.handle, call.text("message"))
        raise _posted_already()
    return photo


def _posted_already() -> GraphError:
    return GraphError(
        368,
        "(#368) These photos were already posted.",
        subcode=1366051,
        title="Photos Already Posted",
    )


def _check_link(link: str) -> None:
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in link:
        raise invalid("The link is not a valid URL", subcode=2061006)
    if parts.hostname == "facebook.com" or parts.hostname.endswith(".facebook.com"):
        raise invalid("Links to facebook.com cannot be shared this way", subcode=1609008)


def _refuse_repetition(world: World, page: Account, message: str, link: str | None) -> None:
    """Code 506, for two equal posts of words in a row; what was taken down does not count."""
    own = [
        post
        for post in world.feed.values()
        if post.platform == "facebook" and post.handle == page.handle and post.parent_id is None
    ]
    if own and (own[-1].text, own[-1].link, own[-1].media) == (message, link, ()):
        world.note_repetition(page.platform, page.handle, message)
        raise GraphError(
            506,
            "(#506) Duplicate status message",
            title="Duplicate Status Update",
        )
