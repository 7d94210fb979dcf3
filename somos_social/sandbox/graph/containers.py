"""Instagram containers: made from a URL that is really fetched, a resumable upload, or children."""

from datetime import timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool

from somos_social.sandbox import probe
from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.container_rules import (
    VIDEO_BYTES,
    check_caption,
    check_image,
    check_parameters,
    video_failure,
)
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.graph.objects import (
    IMAGE_CONTAINER,
    VIDEO_CONTAINER,
    Container,
    Upload,
)
from somos_social.sandbox.intake import NotFetched, StoredFile, TooLarge
from somos_social.sandbox.world import World

NO_SUCH_FRAME = 2207057
CONTAINERS_A_DAY = 400
FETCHED_IMAGE_BYTES = 64 * 1024 * 1024
"""How much of a picture is fetched before it is refused as too large."""
DAY = timedelta(hours=24)


async def create_container(call: Call) -> dict[str, Any]:
    """POST /{ig-user}/media; a bad picture is refused at once, a bad video ends in ERROR later."""
    if call.fault == "not-fetched":
        raise not_fetched()
    check_parameters(call)
    check_caption(call.text("caption"))
    _check_daily(call)
    container = _empty(call)
    if "cover_url" in call.params:
        cover = await _fetched(call, "cover_url", FETCHED_IMAGE_BYTES)
        await _check_image_file(None, cover)
    if container.kind == "CAROUSEL":
        container.children = _children(call)
        container.ready_at = call.world.now() + IMAGE_CONTAINER
    elif call.text("upload_type") == "resumable":
        container.is_video = True
        container.upload = Upload(path=call.world.intake.new_path())
    elif "image_url" in call.params:
        container.file = await _fetched(call, "image_url", FETCHED_IMAGE_BYTES)
        await _check_image_file(container, container.file)
        container.ready_at = call.world.now() + IMAGE_CONTAINER
    else:
        container.is_video = True
        file = await _fetched(call, "video_url", VIDEO_BYTES)
        if await _is_outside(container.thumb_offset, file):
            raise GraphError(
                1, "The thumbnail offset is outside of the video", subcode=NO_SUCH_FRAME
            )
        await _work_on_video(call.world, container, file)
    _script(call, container)
    call.world.objects[container.id] = container
    if container.upload is not None:
        uri = f"https://rupload.facebook.com/ig-api-upload/{call.version}/{container.id}"
        return {"id": container.id, "uri": uri}
    return {"id": container.id}


def _empty(call: Call) -> Container:
    return Container(
        id=call.world.number(17_889_000_000_000_000),
        owner=call.account,
        kind=call.text("media_type") or "IMAGE",
        created_at=call.world.now(),
        caption=call.text("caption"),
        alt=call.text("alt_text"),
        is_child=call.flag("is_carousel_item", False),
        share_to_feed=call.flag("share_to_feed", True),
        is_ai_generated=call.flag("is_ai_generated", False),
        thumb_offset=call.number("thumb_offset", 0),
    )


def _script(call: Call, container: Container) -> None:
    """Let a scripted fault befall the new container."""
    if call.fault == "container-error":
        container.failure = call.fault_subcode or 2207082
    elif call.fault == "container-expired":
        container.expired = True
    elif call.fault == "container-slow":
        container.slow_polls = call.fault_polls


def _check_daily(call: Call) -> None:
    since = call.world.now() - DAY
    made = [
        node
        for node in call.world.objects.values()
        if isinstance(node, Container) and node.owner == call.node and node.created_at > since
    ]
    if len(made) >= CONTAINERS_A_DAY:
        raise GraphError(
            9, "(#9) This account has made 400 containers in 24 hours", subcode=2207042
        )


def not_fetched() -> GraphError:
    """What is said where the media are not at their address, or there is no address."""
    return GraphError(
        9004,
        "(#9004) Only photo or video can be accepted as media type.",
        subcode=2207052,
        title="The media could not be fetched from this URI",
    )


async def _fetched(call: Call, name: str, limit: int) -> StoredFile:
    try:
        return await call.world.intake.fetch(call.text(name), limit)
    except NotFetched:
        raise not_fetched() from None
    except TooLarge:
        raise GraphError(36000, "(#36000) The file is too large", subcode=2207004) from None


async def _check_image_file(container: Container | None, file: StoredFile) -> None:
    facts = await run_in_threadpool(probe.picture, file.path)
    any_ratio = container is None or container.kind == "STORIES"
    check_image(facts, file.size, any_ratio=any_ratio)


async def _is_outside(milliseconds: int, file: StoredFile) -> bool:
    film = await run_in_threadpool(probe.film, file.path) if milliseconds else None
    return film is not None and milliseconds > film.seconds * 1000


async def _work_on_video(world: World, container: Container, file: StoredFile) -> None:
    container.file = file
    film = await run_in_threadpool(probe.film, file.path)
    container.failure = video_failure(film, file.size, container.kind)
    container.ready_at = world.now() + VIDEO_CONTAINER


async def upload_arrived(world: World, container: Container) -> None:
    """Start the work on a container whose bytes have come through rupload."""
    if container.file is not None or container.upload is None:
        return
    file = world.intake.stored(container.upload.path)
    await _work_on_video(world, container, file)
    if await _is_outside(container.thumb_offset, file):
        container.failure = NO_SUCH_FRAME


def _children(call: Call) -> list[Container]:
    ids = call.strings("children")
    if not 2 <= len(ids) <= 10:
        raise invalid("A carousel needs 2 to 10 children", subcode=2207028)
    children: list[Container] = []
    for child_id in ids:
        child = call.world.objects.get(child_id)
        if not isinstance(child, Container) or child.owner != call.node or not child.is_child:
            raise invalid(f"{child_id} is not a carousel item of this account", subcode=2207028)
        code = child.status_code(call.world.now())
        if code != "FINISHED":
            raise GraphError(
                9007, f"(#9007) The carousel item {child_id} is {code}", subcode=2207027
            )
        children.append(child)
    return children
