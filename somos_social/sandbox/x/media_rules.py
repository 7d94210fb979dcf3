"""Which media X takes (X docs, media best practices), as reasons for refusal."""

from pathlib import Path
from typing import Any

from somos_social.sandbox import probe
from somos_social.sandbox.x.objects import XMedia
from somos_social.sandbox.x.problems import invalid

MAX_BYTES = {
    "tweet_image": 5 * 1024 * 1024,
    "tweet_gif": 15 * 1024 * 1024,
    "tweet_video": 512 * 1024 * 1024,
}
MEDIA_TYPES = {
    "tweet_image": {"image/jpeg", "image/png", "image/webp", "image/gif"},
    "tweet_gif": {"image/gif"},
    "tweet_video": {"video/mp4", "video/quicktime"},
}
FORMATS = {"JPEG", "PNG", "WEBP", "GIF"}


def check_announced(media_type: Any, category: Any, size: Any) -> None:
    """Refuse what is already wrong before a byte has come."""
    if category not in MAX_BYTES:
        raise invalid(f"$.media_category: must be one of {sorted(MAX_BYTES)}")
    if media_type not in MEDIA_TYPES[category]:
        raise invalid(f"$.media_type: must be one of {sorted(MEDIA_TYPES[category])}")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise invalid("$.total_bytes: must be a positive integer")
    if size > MAX_BYTES[category]:
        raise invalid(f"File size exceeds {MAX_BYTES[category]} bytes.")


def type_of(path: Path) -> str:
    """The media type that the bytes themselves tell."""
    found = probe.picture(path)
    return f"image/{found.format.lower()}" if found else "video/mp4"


def inspect(media: XMedia) -> str | None:
    """What is wrong with the file, if anything; its size and length are noted on `media`."""
    if media.category == "tweet_video":
        return _video(media)
    found = probe.picture(media.path)
    if found is None or found.format not in FORMATS:
        return "The media is not an image that can be used."
    media.width, media.height = found.width, found.height
    if f"image/{found.format.lower()}" != media.media_type:
        return f"The media is {found.format}, not {media.media_type}."
    if media.category == "tweet_gif":
        large = found.width > 1280 or found.height > 1080 or found.frames > 350
        if large or found.width * found.height * found.frames > 300_000_000:
            return "The GIF is larger than 1280x1080, 350 frames or 300 million pixels."
    return None


def _video(media: XMedia) -> str | None:
    found = probe.film(media.path)
    if found is not None:
        media.width, media.height, media.seconds = found.width, found.height, found.seconds
    return refusal_of(found)


def refusal_of(found: probe.Film | None) -> str | None:
    """Why a video cannot be shown; the upload takes more types than the best practices do."""
    if found is None or "mp4" not in found.container or found.codec != "h264":
        return "The media is not an H.264 video in MP4 or MOV."
    if found.sound not in {"", "aac"} or found.channels > 2 or not found.is_plain:
        return "The video must be progressive and 4:2:0, with AAC in mono or stereo."
    if not 0.5 <= found.seconds <= 140.05:
        return "The video must last from 0.5 to 140 seconds."
    short, long = sorted((found.width, found.height))
    if short < 32 or long > 1280 or short > 1024 or found.fps > 60.5:
        return "The video must be from 32x32 to 1280x1024 at 60 frames a second or less."
    if not 1 / 3 - 0.01 <= found.ratio <= 3.01:
        return "The video's aspect ratio must be from 1:3 to 3:1."
    return None
