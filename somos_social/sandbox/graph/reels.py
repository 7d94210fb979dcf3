"""Reels of a page: started here, sent through rupload, finished here."""

from datetime import timedelta
from typing import Any

from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.graph.objects import Video
from somos_social.sandbox.graph.videos import new_video, process, read_film
from somos_social.sandbox.probe import Film

REELS_A_DAY = 30
"""Reels that the API publishes per page in 24 hours (Reels Publishing)."""
SHORTEST, LONGEST = 3.0, 90.0
MIN_WIDTH, MIN_HEIGHT = 540, 960
SLOWEST, FASTEST = 23.5, 60.5
"""24 to 60 frames a second, with room for 23.976 and 60.0x."""


async def create_reel(call: Call) -> dict[str, Any]:
    """POST /{page}/video_reels, phases start and finish."""
    match call.params.get("upload_phase"):
        case "start":
            call.only("upload_phase")
            _check_limit(call)
            video = new_video(call, format="reel")
            url = f"https://rupload.facebook.com/video-upload/{call.version}/{video.id}"
            return {"video_id": video.id, "upload_url": url}
        case "finish":
            return await _finish(call)
    raise invalid("Param upload_phase must be one of {start, finish}")


async def _finish(call: Call) -> dict[str, Any]:
    call.only(
        "upload_phase",
        "video_id",
        "video_state",
        "title",
        "description",
        "place",
        "is_ai_generated",
    )
    state = call.text("video_state")
    if state not in {"DRAFT", "PUBLISHED"}:
        raise invalid("Param video_state must be one of {DRAFT, PUBLISHED}; no schedules here")
    video = uploaded(call, "reel")
    _check_limit(call)
    video.title, video.description = call.text("title"), call.text("description")
    video.place, video.is_ai_generated = call.page_id("place"), call.flag("is_ai_generated", False)
    check_film(await read_film(video), LONGEST)
    process(call, video, public=state == "PUBLISHED")
    return {"success": True}


def uploaded(call: Call, format: str) -> Video:
    """The reel or story that `video_id` names, all of whose bytes are here."""
    video = call.world.objects.get(call.text("video_id"))
    if not isinstance(video, Video) or video.format != format or video.page != call.node:
        raise invalid(f"Param video_id is not a {format} of this page")
    if video.finished_at is not None:
        call.world.note_repetition("facebook", video.page.handle, video.description)
        raise invalid(f"The upload of this {format} was finished already")
    if not video.upload.complete:
        raise GraphError(
            6000,
            "(#6000) The video has not been uploaded completely",
            subcode=1363130,
        )
    return video


def _check_limit(call: Call) -> None:
    """30 in 24 hours; Meta documents no code for it, 613 is our choice."""
    since = call.world.now() - timedelta(hours=24)
    done = [
        node
        for node in call.world.objects.values()
        if isinstance(node, Video)
        and node.format == "reel"
        and node.page == call.node
        and node.wants_public
        and node.finished_at is not None
        and node.finished_at > since
    ]
    if len(done) >= REELS_A_DAY:
        raise GraphError(613, "(#613) This page has published 30 reels within 24 hours")


CODECS = {"h264", "hevc", "vp9", "av1"}


def check_film(film: Film, longest: float) -> None:
    """What a reel and a video story must be; `longest` is in seconds."""
    if film.codec not in CODECS or film.sound not in {"", "aac"} or not film.is_plain:
        raise GraphError(352, "(#352) The video format is not supported")
    if abs(film.ratio - 9 / 16) > 0.01:
        raise invalid("The video's aspect ratio must be 9:16", subcode=1363040)
    if film.width < MIN_WIDTH or film.height < MIN_HEIGHT:
        raise invalid("The video's resolution must be at least 540x960", subcode=1363127)
    if not SHORTEST <= film.seconds <= longest + 0.05:
        range = f"from {SHORTEST:g} to {longest:g} seconds"
        raise invalid(f"The video's duration must be {range}", subcode=1363128)
    if not SLOWEST <= film.fps <= FASTEST:
        raise invalid("The video's frame rate must be from 24 to 60", subcode=1363129)
