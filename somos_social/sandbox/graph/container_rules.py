"""What Instagram takes and refuses as content, with the documented code of each refusal."""

import re
from typing import Any

from somos_social.sandbox.graph.call import Call
from somos_social.sandbox.graph.errors import GraphError, invalid
from somos_social.sandbox.probe import Film, Picture

IMAGE_BYTES = 8 * 1024 * 1024
VIDEO_BYTES = 300 * 1000 * 1000
STORY_VIDEO_BYTES = 100 * 1000 * 1000
NARROWEST, WIDEST = 4 / 5 - 0.005, 1.91 + 0.005
CAPTION, HASHTAGS, MENTIONS, ALT_TEXT, COLLABORATORS, TAGS = 2200, 30, 20, 1000, 3, 20
KINDS = {"", "VIDEO", "REELS", "STORIES", "CAROUSEL"}
FOR_REELS = ("share_to_feed", "cover_url", "thumb_offset")
NOT_FOR_ITEMS = ("caption", "location_id", "is_ai_generated", "collaborators")
NOT_FOR = {
    "": FOR_REELS,
    "VIDEO": (*FOR_REELS, "alt_text"),
    "REELS": ("alt_text",),
    "STORIES": (*FOR_REELS, "alt_text", "caption", "location_id", "collaborators"),
    "CAROUSEL": ("alt_text", "user_tags"),
}
CODECS = {"h264", "hevc"}
BITS_A_SECOND = 25_128_000
"""25 Mbps of picture and 128 kbps of sound."""
UNREADABLE = 2207026
"""Subcode of a video whose format is not supported."""

KNOWN = (
    "image_url", "video_url", "media_type", "is_carousel_item", "children",
    "caption", "alt_text", "collaborators", "user_tags", "location_id",
    "share_to_feed", "cover_url", "thumb_offset", "upload_type", "is_ai_generated",
    "is_paid_partnership",
)  # fmt: skip


def check_parameters(call: Call) -> None:
    """The rules between parameters (IG User Media reference)."""
    call.only(*KNOWN)
    kind = call.text("media_type")
    child = call.flag("is_carousel_item", False)
    if kind not in KINDS:
        raise invalid("Param media_type must be one of {VIDEO, REELS, STORIES, CAROUSEL}")
    _check_sources(call, kind)
    if kind == "VIDEO" and not child:
        raise invalid("media_type VIDEO is for carousel items only; use REELS")
    if child and kind not in {"", "VIDEO"}:
        raise invalid(f"{kind} cannot appear in a carousel")
    _check_company(call, kind, child=child)
    if len(call.text("alt_text")) > ALT_TEXT:
        raise invalid("Param alt_text takes up to 1000 characters")
    if "thumb_offset" in call.params:
        call.number("thumb_offset")
    for name in ("is_ai_generated", "is_paid_partnership"):
        call.flag(name, False)
    _check_people(call, kind)


def _check_company(call: Call, kind: str, *, child: bool) -> None:
    """Which parameters do not go with this kind of container."""
    refused = set(NOT_FOR[kind]) | (set(NOT_FOR_ITEMS) if child else set())
    for name in call.params:
        if name in refused:
            what = "carousel items" if child else kind.lower() or "images"
            raise invalid(f"The param {name} is not allowed for {what}")


def _check_sources(call: Call, kind: str) -> None:
    given: list[str] = [
        name for name in ("image_url", "video_url", "children") if name in call.params
    ]
    if "upload_type" in call.params:
        if call.text("upload_type") != "resumable" or kind not in {"REELS", "STORIES", "VIDEO"}:
            raise invalid("upload_type=resumable is for videos only")
        given.append("upload_type")
    allowed = {
        "": {"image_url"},
        "VIDEO": {"video_url", "upload_type"},
        "REELS": {"video_url", "upload_type"},
        "STORIES": {"image_url", "video_url", "upload_type"},
        "CAROUSEL": {"children"},
    }[kind]
    if len(given) != 1 or given[0] not in allowed:
        raise invalid(f"media_type {kind or 'IMAGE'} needs exactly one of {sorted(allowed)}")


def _check_people(call: Call, kind: str) -> None:
    if len(call.strings("collaborators")) > COLLABORATORS:
        raise invalid("At most 3 collaborators can be invited")
    tags = call.objects("user_tags")
    if len(tags) > TAGS:
        raise invalid("More than 20 users are tagged", subcode=2207040)
    for tag in tags:
        _check_tag(tag, needs_place=kind == "")
    if "location_id" in call.params:
        call.number("location_id")


def _check_tag(tag: dict[str, Any], *, needs_place: bool) -> None:
    if not isinstance(tag.get("username"), str) or not tag.keys() <= {"username", "x", "y"}:
        raise invalid("Each of user_tags needs a username", subcode=2207035)
    placed = all(
        isinstance(tag.get(axis), int | float) and 0 <= tag[axis] <= 1 for axis in ("x", "y")
    )
    if not placed and (needs_place or tag.keys() != {"username"}):
        raise invalid("Each of user_tags needs x and y from 0 to 1", subcode=2207036)


def check_caption(caption: str) -> None:
    """2200 characters, 30 hashtags, 20 mentions."""
    if len(caption) > CAPTION:
        raise GraphError(36004, "(#36004) The caption is too long", subcode=2207010)
    if len(re.findall(r"(?<!\w)#\w+", caption)) > HASHTAGS:
        raise invalid("The caption has more than 30 hashtags")
    if len(re.findall(r"(?<!\w)@\w+", caption)) > MENTIONS:
        raise invalid("The caption has more than 20 mentions", subcode=2207040)


def check_image(facts: Picture | None, size: int, *, any_ratio: bool) -> None:
    """JPEG, 8 MiB, and 4:5 to 1.91:1 unless any ratio goes (stories, covers)."""
    if facts is None or facts.format != "JPEG":
        raise GraphError(36001, "(#36001) The image format is not supported", subcode=2207005)
    if size > IMAGE_BYTES:
        raise GraphError(36000, "(#36000) The image is larger than 8 MiB", subcode=2207004)
    if not any_ratio and not NARROWEST <= facts.ratio <= WIDEST:
        raise GraphError(36003, "(#36003) The aspect ratio is not supported", subcode=2207009)


def video_failure(film: Film | None, size: int, kind: str) -> int | None:
    """The subcode with which a video's processing ends in ERROR, or None where it is good."""
    if film is None or not (_is_built_well(film) and _sounds_well(film)):
        return UNREADABLE
    story = kind == "STORIES"
    longest = 60 if story else 15 * 60
    fits = 3 <= film.seconds <= longest + 0.05
    fits = fits and size <= (STORY_VIDEO_BYTES if story else VIDEO_BYTES)
    fits = fits and size * 8 / film.seconds <= BITS_A_SECOND
    tallest = 0.1 if story else 0.01
    shape = film.width <= 1920 and tallest - 0.005 <= film.ratio <= 10.005
    return None if fits and shape and 22.5 <= film.fps <= 60.5 else UNREADABLE


def _is_built_well(film: Film) -> bool:
    """MP4 or MOV, moov in front, no edit lists, H.264 or HEVC, progressive and 4:2:0."""
    known = "mp4" in film.container and film.codec in CODECS
    return known and film.is_plain and not (film.index_last or film.edited)


def _sounds_well(film: Film) -> bool:
    """None, or AAC of one or two channels up to 48 kHz."""
    return not film.sound or (film.sound == "aac" and film.channels <= 2 and film.rate <= 48_000)
