"""Photos on a page: uploaded or fetched, public at once or kept for a post."""

from typing import Any

from starlette.concurrency import run_in_threadpool

from somos_social.sandbox import probe
from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.graph.objects import Photo
from somos_social.sandbox.graph.posts import make_post
from somos_social.sandbox.intake import NotFetched, StoredFile, TooLarge

PHOTO_BYTES = 10 * 1024 * 1024
FORMATS = {"JPEG", "PNG", "GIF", "BMP", "TIFF"}
"""What Pages take as a photo (Graph reference, Page Photos)."""


def bad_image(reason: str) -> GraphError:
    """Code 324 with the subcode seen in practice."""
    return GraphError(324, f"(#324) Missing or invalid image file: {reason}", subcode=1366046)


async def create_photo(call: Call) -> dict[str, Any]:
    """POST /{page}/photos; the answer names a post only where one was made."""
    call.only(
        "url",
        "source",
        "published",
        "caption",
        "message",
        "alt_text_custom",
        "temporary",
        "no_story",
    )
    published = call.flag("published", True)
    if call.flag("temporary", False) and published:
        raise invalid("A temporary photo must have published=false")
    page = call.account
    file = await _received_file(call)
    facts = await run_in_threadpool(probe.picture, file.path)
    if facts is None or facts.format not in FORMATS:
        raise bad_image("the format is not supported")
    if file.size > PHOTO_BYTES:
        raise bad_image("the file is larger than 10 MB")
    photo = Photo(
        id=call.world.number(122_100_000_000_000),
        page=page,
        file=file,
        facts=facts,
        alt=call.text("alt_text_custom"),
        caption=call.text("caption") or call.text("message"),
        created_at=call.world.now(),
    )
    call.world.objects[photo.id] = photo
    if not published:
        return {"id": photo.id}
    post = make_post(call.world, page, photo.caption, None, [photo])
    return {"id": photo.id, "post_id": post.post.id}


async def _received_file(call: Call) -> StoredFile:
    if len(call.files) + ("url" in call.params) != 1:
        raise bad_image("give one file or one url")
    if call.files:
        return await call.world.intake.keep_upload(next(iter(call.files.values())))
    try:
        return await call.world.intake.fetch(call.text("url"), PHOTO_BYTES)
    except NotFetched:
        raise bad_image("the url could not be fetched") from None
    except TooLarge:
        raise bad_image("the file is larger than 10 MB") from None
