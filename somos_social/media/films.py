"""What a video is, walked through to its end, and what it carries that nobody sees."""

import re
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from somos_social.core.model.asset import Kind, Trait
from somos_social.document import Unfit
from somos_social.media.boxes import boxes, holds
from somos_social.media.pictures import DAMAGED, is_built_like_a_video

if TYPE_CHECKING:  # PyAV loads only when something is measured.
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg"
"""The only demuxers FFmpeg may try: others, such as playlists, would open further files."""

_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The name of the box that holds XMP (ISO 16684-3, table 9)."""

_HARMLESS = re.compile(
    "major_brand|minor_version|compatible_brands|encoder|language|handler_name|vendor_id|duration"
    "|timecode|rotate|variant_bitrate|service_.*|_statistics.*|bps|number_of_.*",
    re.IGNORECASE,
)
"""What programs write about the file, and nothing of who made it, where, when and with what."""

_WHERE = re.compile("location|gps|xyz", re.IGNORECASE)
_EDITED = frozenset({Trait.EDIT_LIST})
HDR = (16, 18)
"""The transfers PQ and HLG (ITU-T H.273, table 3)."""


def measured(file: BufferedReader) -> tuple[dict[str, Any], frozenset[Trait]]:
    """The facts and traits of a video; raises Unfit for all else, and for one that is cut off."""
    import av

    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if is_built_like_a_video(head):
        raise Unfit("is a HEIC or AVIF picture that cannot be read.", DAMAGED)
    of_boxes = frozenset(_of_boxes(file))
    try:
        # An edit list lets packets be passed over: whether all are there shows only without it.
        with _opened(file, **({"ignore_editlist": "1"} if of_boxes & _EDITED else {})) as container:
            seconds, shot = _walked(container, _moving(container))
        with _opened(file) as container:
            if of_boxes & _EDITED and container.duration:
                seconds = container.duration / av.time_base
            return _measured(container, head, of_boxes, seconds, shot)
    except Unfit:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, the file is at fault
        raise Unfit("is neither a picture nor a video that can be read.", DAMAGED) from None


def _opened(file: BufferedReader, **more: str) -> "InputContainer":
    import av

    file.seek(0)
    return av.open(file, "r", options={"format_whitelist": FORMATS, **more})


def _moving(container: "InputContainer") -> "VideoStream":
    stream = moving(container)
    if stream is None and container.streams.audio:
        raise Unfit("holds sound but no moving picture.", "Name a video.")
    if stream is None:
        raise Unfit("holds nothing that can be shown.", DAMAGED)
    return stream


def _measured(
    container: "InputContainer",
    head: bytes,
    of_boxes: frozenset[Trait],
    seconds: float,
    shot: float,
) -> tuple[dict[str, Any], frozenset[Trait]]:
    """`seconds` are those that are shown, `shot` those of the picture that are in the file."""
    stream = _moving(container)
    frame = next(container.decode(stream))
    aspect = stream.sample_aspect_ratio or 1
    width, height = round(frame.width * aspect), frame.height
    if frame.rotation % 180:
        width, height = height, width
    sound = container.streams.audio[0] if container.streams.audio else None
    fps = float(stream.average_rate or stream.guessed_rate or 0)
    facts = {
        "kind": Kind.VIDEO,
        "mime": _mime(container.format.name, container.metadata, head),
        "width": width,
        "height": height,
        "seconds": seconds,
        "fps": fps,
        "video_codec": stream.codec_context.codec.canonical_name,
        "audio_codec": sound.codec_context.codec.canonical_name if sound else "",
    }
    traits = {*_of_frame(stream, frame), *_of_sound(sound), *_private(container)}
    if "mp4" in container.format.name:
        traits |= of_boxes
        if of_boxes & _EDITED and shot > _length(stream) + 0.5 / (fps or 30):
            traits.add(Trait.HIDDEN)
    return facts, frozenset(traits)


def _length(stream: "VideoStream") -> float:
    """The seconds of a stream, as far as its file tells."""
    return float((stream.duration or 0) * (stream.time_base or 0))


def moving(container: "InputContainer") -> "VideoStream | None":
    """The stream of a container that is its moving picture."""
    return next((each for each in container.streams.video if not _is_cover(each)), None)


def _of_frame(stream: "VideoStream", frame: "VideoFrame") -> Iterator[Trait]:
    name = frame.format.name
    if frame.rotation:
        yield Trait.TURNED
    if (stream.sample_aspect_ratio or 1) != 1:
        yield Trait.OBLONG
    if frame.interlaced_frame:
        yield Trait.INTERLACED
    if any(part.bits > 8 for part in frame.format.components):
        yield Trait.DEEP
    if not name.startswith(("yuv420", "yuvj420", "nv12", "nv21", "p010", "gray")):
        yield Trait.CHROMA
    if frame.color_trc in HDR:
        yield Trait.HDR


def _of_sound(sound: Any) -> Iterator[Trait]:
    if sound and sound.codec_context.layout.nb_channels > 2:
        yield Trait.SURROUND
    if sound and sound.codec_context.sample_rate > 48_000:
        yield Trait.FAST_SOUND


def _private(container: "InputContainer") -> Iterator[Trait]:
    tags = {**container.metadata}
    for stream in container.streams:
        tags |= stream.metadata
    for name, value in tags.items():
        if _WHERE.search(name):
            yield Trait.GPS
        elif value and not _HARMLESS.fullmatch(name):
            yield Trait.NOTES
    others = container.streams.data, container.streams.subtitles, container.streams.attachments
    if any(others) or len(container.streams.audio) > 1 or len(container.streams.video) > 1:
        yield Trait.TRACKS


def _of_boxes(file: BufferedReader) -> Iterator[Trait]:
    top = list(boxes(file))
    names = [box.name for box in top]
    if b"moov" in names and b"mdat" in names and names.index(b"mdat") < names.index(b"moov"):
        yield Trait.INDEX_LAST
    for box in top:
        file.seek(box.begin)
        if box.name == b"uuid" and file.read(len(_XMP)) == _XMP:
            yield Trait.XMP
    if holds(file, b"moov", b"udta", b"XMP_"):
        yield Trait.XMP
    if holds(file, b"moov", b"trak", b"edts", b"elst"):
        yield Trait.EDIT_LIST


def _is_cover(stream: "VideoStream") -> bool:
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _walked(container: "InputContainer", stream: "VideoStream") -> tuple[float, float]:
    """How long a video lasts, and its picture alone; raises Unfit where it breaks off before that.

    A file that was cut off still opens when its index stands in front: only walking through shows.
    """
    import av

    frames, end = 0, 0.0
    for packet in container.demux():
        if packet.is_corrupt:
            raise Unfit("is a video that breaks off.", DAMAGED)
        if packet.size and packet.stream is stream:
            frames += 1
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    seconds = container.duration / av.time_base if container.duration else end
    # Not every format counts its frames; those that do not still say how long they are.
    whole = frames >= stream.frames if stream.frames else end > 0.9 * seconds
    if not frames or not whole:
        raise Unfit("is a video that breaks off.", DAMAGED)
    return seconds, _length(stream)


def _mime(demuxer: str, metadata: Mapping[str, str], head: bytes) -> str:
    if "mp4" in demuxer:
        brand = metadata.get("major_brand", "").strip()
        return "video/quicktime" if brand in ("", "qt") else "video/mp4"
    if "matroska" in demuxer:
        return "video/webm" if b"webm" in head else "video/x-matroska"
    known = {"avi": "video/x-msvideo", "mpegts": "video/mp2t", "asf": "video/x-ms-wmv"}
    return known.get(demuxer, f"video/{demuxer}")
