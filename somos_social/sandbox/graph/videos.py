"""Videos of a page: sent whole or in a transfer session, public once they are processed."""

from datetime import datetime
from typing import Any, Literal

from starlette.concurrency import run_in_threadpool

from somos_social.sandbox import probe
from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.graph.objects import VIDEO_PROCESSING, Upload, Video
from somos_social.sandbox.graph.photos import bad_image
from somos_social.sandbox.graph.posts import make_post, make_story
from somos_social.sandbox.intake import TooLarge

CHUNK = 1024 * 1024
"""Our choice of the bytes that one transfer asks for."""
PLAIN_BYTES = 1024**3
SESSION_BYTES = 10 * 1024**3
"""Older Video API pages: 1 GB in one request, 10 GB in a session."""
OF_A_VIDEO = ("title", "description", "published", "embeddable", "is_ai_generated")
TALLEST, WIDEST = 9 / 16 - 0.01, 16 / 9 + 0.01


async def create_video(call: Call) -> dict[str, Any]:
    """POST /{page}/videos: one file, or one phase of a transfer session."""
    match call.params.get("upload_phase"):
        case None:
            return await _whole(call)
        case "start":
            return _start(call)
        case "transfer":
            return await _transfer(call)
        case "finish":
            return await _finish(call)
        case "cancel":
            call.only("upload_phase", "upload_session_id")
            del call.world.objects[_session(call).id]
            return {"success": True}
    raise invalid("Param upload_phase must be one of {start, transfer, finish, cancel}")


def new_video(
    call: Call, *, format: Literal["feed", "reel", "story"], expected: int | None = None
) -> Video:
    """A video of which nothing has arrived yet."""
    video = Video(
        id=call.world.number(1_400_000_000_000_000),
        page=call.account,
        format=format,
        created_at=call.world.now(),
        upload=Upload(path=call.world.intake.new_path(), expected=expected),
    )
    call.world.objects[video.id] = video
    return video


async def read_film(video: Video) -> probe.Film:
    """What has arrived; a file without a video in it is refused."""
    film = await run_in_threadpool(probe.film, video.upload.path)
    if film is None:
        raise GraphError(6000, "(#6000) There was a problem with your video file.")
    video.seconds = film.seconds
    return film


def process(call: Call, video: Video, *, public: bool, story_id: str = "") -> None:
    """Start the work on a complete video; it becomes public by itself when that is over.

    With a `story_id`, it becomes the story of this id.
    """
    world = call.world
    video.fails = call.fault == "video-error"
    video.finished_at = world.now()
    video.sha256 = world.intake.stored(video.upload.path).sha256
    video.wants_public = public

    def appear(at: datetime) -> None:
        if video.id not in world.objects or video.post_id is not None or video.fails:
            return
        if story_id:
            make_story(world, video.page, video, story_id, at=at)
        else:
            text, place = video.description, video.place
            make_post(world, video.page, text, None, [video], at=at, place=place)

    if public:
        world.later(video.finished_at + VIDEO_PROCESSING, appear)


async def _whole(call: Call) -> dict[str, Any]:
    call.only(*OF_A_VIDEO, "source", "no_story")
    public = call.flag("published", True)
    if set(call.files) != {"source"}:
        raise invalid("Give the video as one file named source")
    if (call.files["source"].size or 0) > PLAIN_BYTES:
        raise invalid("The video is too large for one request")
    video = new_video(call, format="feed")
    try:
        file = await call.world.intake.keep_upload(call.files["source"])
        video.upload = Upload(path=file.path, expected=file.size)
        await _accept(call, video, public)
    except GraphError:
        del call.world.objects[video.id]
        raise
    return {"id": video.id}


async def _accept(call: Call, video: Video, public: bool) -> None:
    video.title, video.description = call.text("title"), call.text("description")
    video.is_ai_generated = call.flag("is_ai_generated", False)
    if not TALLEST <= (await read_film(video)).ratio <= WIDEST:
        raise invalid("The video's aspect ratio must be between 9:16 and 16:9", subcode=1363040)
    process(call, video, public=public)


async def create_thumbnail(call: Call) -> dict[str, Any]:
    """POST /{video}/thumbnails: a picture that may stand for it, from its first byte on."""
    call.only("source", "is_preferred")
    if not isinstance(call.node, Video) or set(call.files) != {"source"}:
        raise invalid("Give the picture as one file named source")
    file = await call.world.intake.keep_upload(call.files["source"])
    if await run_in_threadpool(probe.picture, file.path) is None:
        raise bad_image("the format is not supported")
    if call.flag("is_preferred", False):
        call.node.thumbnail = file
    return {"success": True}


def _start(call: Call) -> dict[str, Any]:
    call.only("upload_phase", "file_size")
    size = call.number("file_size")
    if not 0 < size <= SESSION_BYTES:
        raise invalid("Param file_size must be between 1 byte and 10 GB")
    video = new_video(call, format="feed", expected=size)
    video.session_id = call.world.number(1_500_000_000_000_000)
    return {"upload_session_id": video.session_id, "video_id": video.id, **_offsets(video)}


def _offsets(video: Video) -> dict[str, str]:
    total = video.upload.expected or 0
    start = video.upload.received
    return {"start_offset": str(start), "end_offset": str(min(start + CHUNK, total))}


def _session(call: Call) -> Video:
    wanted = call.text("upload_session_id")
    for node in call.world.objects.values():
        if isinstance(node, Video) and node.session_id == wanted and node.page == call.node:
            if node.finished_at is None:
                return node
            if call.text("upload_phase") == "finish":
                call.world.note_repetition("facebook", node.page.handle, node.description)
    raise GraphError(
        6000, "(#6000) The upload session does not exist or has ended", subcode=1363030
    )


async def _transfer(call: Call) -> dict[str, Any]:
    call.only("upload_phase", "upload_session_id", "start_offset", "video_file_chunk")
    video = _session(call)
    offsets = _offsets(video)
    expected = int(offsets["end_offset"]) - int(offsets["start_offset"])
    chunk = call.files.get("video_file_chunk")
    if chunk is None:
        raise invalid("Param video_file_chunk must be a file")
    if call.number("start_offset") != int(offsets["start_offset"]) or chunk.size != expected:
        raise GraphError(
            6001,
            "(#6001) There was a problem uploading your video file. Continue at start_offset.",
            subcode=1363037,
            transient=True,
            data={key: int(value) for key, value in offsets.items()},
        )
    try:
        await call.world.intake.append(video.upload.path, _pieces(chunk), expected)
    except TooLarge:
        raise invalid("The chunk is longer than asked for") from None
    return dict(_offsets(video))


async def _pieces(chunk: Any) -> Any:
    while piece := await chunk.read(CHUNK):
        yield piece


async def _finish(call: Call) -> dict[str, Any]:
    call.only(*OF_A_VIDEO, "upload_phase", "upload_session_id")
    video = _session(call)
    public = call.flag("published", True)
    if not video.upload.complete:
        raise GraphError(
            6000,
            "(#6000) The video file is not complete",
            subcode=1363033,
            data={key: int(value) for key, value in _offsets(video).items()},
        )
    await _accept(call, video, public)
    return {"success": True}
