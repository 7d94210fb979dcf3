"""What a received file really is, read from its bytes and never from its name."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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
    """A video; sizes in pixels as shown, length in seconds, codecs in FFmpeg's words.

    `sound` is empty where there is none, `rate` its samples a second. `is_plain` says that frames
    are whole and their chroma 4:2:0; `index_last` and `edited` tell of an MP4 how it is built.
    """

    container: str
    codec: str
    width: int
    height: int
    seconds: float
    fps: float
    sound: str
    channels: int
    rate: int
    is_plain: bool
    index_last: bool
    edited: bool

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
            frame = next(container.decode(stream))
            width, height = round(frame.width * (stream.sample_aspect_ratio or 1)), frame.height
            if frame.rotation % 180:
                width, height = height, width
            sound = container.streams.audio[0].codec_context if container.streams.audio else None
            names, index = _layout(path)
            return Film(
                container=container.format.name,
                codec=stream.codec_context.name,
                width=width,
                height=height,
                seconds=container.duration / av.time_base,
                fps=float(stream.average_rate or 0),
                sound=sound.codec.canonical_name if sound else "",
                channels=sound.layout.nb_channels if sound else 0,
                rate=sound.sample_rate if sound else 0,
                is_plain=not frame.interlaced_frame and frame.format.name in PLAIN,
                index_last=names.index(b"mdat") < names.index(b"moov") if index else False,
                edited=EDIT_LIST.search(index) is not None,
            )
    except (av.error.FFmpegError, OSError, ValueError, StopIteration):
        return None


PLAIN = {"yuv420p", "yuvj420p", "nv12", "nv21", "yuv420p10le", "p010le", "gray"}
EDIT_LIST = re.compile(rb"edts.{4}elst", re.DOTALL)


def _layout(path: Path) -> tuple[list[bytes], bytes]:
    """The names of the boxes of an MP4 in their order, and its index; neither for all else."""
    names, index = [], b""
    with path.open("rb") as file:
        for name, begin, end in _boxes(file):
            names.append(name)
            if name == b"moov":
                file.seek(begin)
                index = file.read(end - begin)
    return (names, index) if {b"moov", b"mdat"} <= set(names) else ([], b"")


def _boxes(file: IO[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """The outermost boxes: the name of each, and where it begins and ends (ISO/IEC 14496-12)."""
    at, whole = 0, file.seek(0, 2)
    while at + 8 <= whole:
        file.seek(at)
        head = file.read(16)
        size, name = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            size = int.from_bytes(head[8:], "big")
        end = min(at + size, whole) if size else whole
        yield name, at, end
        if end < at + 8:
            return
        at = end


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
