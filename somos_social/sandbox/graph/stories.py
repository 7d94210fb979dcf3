"""Stories of a page: a photo that no post shows, or a video that came through rupload."""

from typing import Any

from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import invalid
from somos_social.sandbox.graph.posts import make_story, unused_photo
from somos_social.sandbox.graph.reels import check_film, uploaded
from somos_social.sandbox.graph.videos import new_video, process, read_film

LONGEST = 60.0
"""Seconds of a video story (Page Stories API, Limitations)."""


async def create_photo_story(call: Call) -> dict[str, Any]:
    """POST /{page}/photo_stories; the photo was uploaded for this, and unpublished."""
    call.only("photo_id")
    photo = unused_photo(call, call.account, str(call.number("photo_id")))
    story_id = _fresh_id(call)
    make_story(call.world, call.account, photo, story_id, at=call.world.now())
    return {"success": True, "post_id": story_id}


async def create_video_story(call: Call) -> dict[str, Any]:
    """POST /{page}/video_stories, phases start and finish; the SDK writes them in capitals."""
    match call.text("upload_phase").lower():
        case "start":
            call.only("upload_phase")
            video = new_video(call, format="story")
            url = f"https://rupload.facebook.com/video-upload/{call.version}/{video.id}"
            return {"video_id": video.id, "upload_url": url}
        case "finish":
            return await _finish(call)
    raise invalid("Param upload_phase must be one of {start, finish}")


async def _finish(call: Call) -> dict[str, Any]:
    call.only("upload_phase", "video_id", "is_ai_generated")
    video = uploaded(call, "story")
    video.is_ai_generated = call.flag("is_ai_generated", False)
    check_film(await read_film(video), LONGEST)
    story_id = _fresh_id(call)
    process(call, video, public=True, story_id=story_id)
    return {"success": True, "post_id": story_id}


def _fresh_id(call: Call) -> str:
    return call.world.number(122_300_000_000_000)
