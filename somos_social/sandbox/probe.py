"""What a received file really is, read from its bytes and never from its name."""

from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from PIL import Image, UnidentifiedImageError

STILLS = {"image2", "gif", "apng"}
"""What FFmpeg opens as a video although it is a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture; `format` is Pillow's word for it, sizes in pixels."""

    format: str
    width: int
    height: int
    frames: int

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A video; sizes in pixels, length in seconds, `container` and `codec` are FFmpeg's words."""

    container: str
    codec: str
    width: int
    height: int
    seconds: float
    fps: float

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height


def picture(path: Path) -> Picture | None:
    """The picture in `path`, or None where Pillow finds none."""
    try:
        with Image.open(path) as image:
            return Picture(
                format=image.format or "",
                width=image.width,
                height=image.height,
                frames=getattr(image, "n_frames", 1),
            )
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError):
        return None


def film(path: Path) -> Film | None:
    """The video in `path`, or None where FFmpeg finds none."""
    try:
        with av.open(str(path)) as container:
            still = container.format.name.endswith("_pipe") or container.format.name in STILLS
            if still or not container.streams.video or container.duration is None:
                return None
            stream = container.streams.video[0]
            if not stream.width or not stream.height:
                return None
            return Film(
                container=container.format.name,
                codec=stream.codec_context.name,
                width=stream.width,
                height=stream.height,
                seconds=container.duration / av.time_base,
                fps=float(stream.average_rate or 0),
            )
    except (av.error.FFmpegError, OSError, ValueError):
        return None


MAGIC = (
    (b"\xff\xd8\xff", ".jpg", "image/jpeg"),
    (b"\x89PNG", ".png", "image/png"),
    (b"GIF8", ".gif", "image/gif"),
    (b"RIFF", ".webp", "image/webp"),
    (b"BM", ".bmp", "image/bmp"),
)
VIDEO_TYPE = (".mp4", "video/mp4")
UNKNOWN_TYPE = (".bin", "application/octet-stream")


def media_type(path: Path) -> tuple[str, str]:
    """The file suffix and the media type that the first bytes of `path` tell."""
    with path.open("rb") as file:
        head = file.read(12)
    for magic, suffix, kind in MAGIC:
        if head.startswith(magic):
            return suffix, kind
    return VIDEO_TYPE if head[4:8] == b"ftyp" else UNKNOWN_TYPE
