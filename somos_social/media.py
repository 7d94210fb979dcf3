"""What a file of the media folder is: measured from its bytes, never guessed from its name."""

import hashlib
import os
import stat
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from itertools import count
from os.path import lexists
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pydantic import Field

from somos_social.core.model import Asset, Kind
from somos_social.document import Line, Prose, Report, Shape, Unfit, fitted, near, read_toml
from somos_social.errors import InvalidFiles, Problem

if TYPE_CHECKING:  # Pillow and PyAV load only when something is measured.
    from av.container import InputContainer
    from av.video.stream import VideoStream

_PASS = b"\xff\xda"
"""JPEG's marker of another pass over the picture (ITU-T T.81, B.1.1.3)."""

_BLOCK = 1024 * 1024
_DAMAGED = "Export it again; this copy is damaged or cut off."
_VIDEO_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg"
"""The only demuxers FFmpeg may try: others, such as playlists, would open further files."""

_PICTURE_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
"""The only decoders Pillow may try: others start further programs, or are taken by no network."""

MOST_PIXELS = 2_000_000_000
"""A picture may take this many in all its frames, or all the passes that it is drawn in; a file of
a few kilobytes can ask for far more, which would take hours."""

MOST_MEMORY = 2 * 1024**3
"""Bytes; no honest file needs as many to be measured, a forged index asks for all there are."""

_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
"""Pictures that are built like an MP4."""


class MediaFolder:
    """The assets under `root`, each measured once in the life of this object."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: dict[str, Asset | Unfit | InvalidFiles] = {}

    def asset(self, path: str) -> Asset:
        """The asset at a path relative to the root.

        Raises Unfit where the path names no file of this folder, and InvalidFiles where the file
        or its sidecar is not as it should be.
        """
        if path not in self._seen:
            try:
                self._seen[path] = _measured(self.root, path)
            except (Unfit, InvalidFiles) as reason:
                self._seen[path] = reason
        seen = self._seen[path]
        if isinstance(seen, Asset):
            return seen
        raise seen.with_traceback(None)


def locate(root: Path, path: str) -> Path:
    """The regular file that an asset's path names; raises Unfit where it is not one of the root's.

    Neither `..` nor a link leads out of the root.
    """
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path:
        raise Unfit("is not the name of a file.")
    if "\\" in path:
        raise Unfit(f"`{path}` is written with backslashes.", "Use /, on every system.")
    if parts[0] == "/" or ".." in parts:
        raise Unfit(f"`{path}` leads out of the media folder.", f"Name a file below {root}.")
    file = root.joinpath(*parts)
    try:
        if not root.is_dir():
            raise Unfit(f"the media folder {root} does not exist.", "Set [media] root.")
        if _leads_out(root, file):
            raise Unfit(f"`{path}` is a link that leads out of the media folder.", "Copy the file.")
        if not file.exists():
            beside = file.parent.iterdir() if file.parent.is_dir() else ()
            names = [other.relative_to(root).as_posix() for other in beside]
            hint = near(path, names) or f"Put it into {root}, or correct the path."
            raise Unfit(f"`{path}` is not in the media folder.", hint)
        if not stat.S_ISREG(file.stat().st_mode):
            raise Unfit(f"`{path}` is not a regular file.", "Name a picture or a video.")
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        raise Unfit(f"`{path}` cannot be opened: {reason}.") from None
    return file


def _leads_out(root: Path, file: Path) -> bool:
    return not file.resolve().is_relative_to(root.resolve())


def fingerprint(root: Path, path: str) -> str:
    """The SHA-256 of an asset's bytes now, in hexadecimal; raises InvalidFiles when it is gone."""
    report = Report(str(root / path))
    try:
        with locate(root, path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except OSError as error:
        report.add("", f"cannot be read: {error.strerror}.")
    raise InvalidFiles(report.problems)


def _measured(root: Path, path: str) -> Asset:
    """The facts of a file with the words of its sidecar; raises InvalidFiles with all problems."""
    file = locate(root, path)
    report = Report(str(file))
    facts: Facts = {}
    try:
        with file.open("rb") as opened, _bounded_memory():
            facts = _facts(opened)
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except OSError as error:
        report.add("", f"cannot be read: {error.strerror}.")
    words, complaints = _sidecar(root, file)
    if problems := [*report.problems, *complaints]:
        raise InvalidFiles(problems)
    return Asset(path=str(PurePosixPath(path)), **facts, **words)


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """Within, asking for more than `MOST_MEMORY` fails; Windows does not know such a bound."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = MOST_MEMORY if soft == resource.RLIM_INFINITY else min(soft, MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


Facts = dict[str, Any]
"""What of an Asset its bytes tell, by field."""


def _facts(file: BufferedReader) -> Facts:
    """What the bytes of a file tell; raises Unfit where they are no whole picture or video."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise Unfit("is empty.", "Export it again.")
    file.seek(0)
    facts = _still(file) or _moving(file)
    file.seek(0)
    return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "size": size, **facts}


def _still(file: BufferedReader) -> Facts | None:
    """The facts of a picture, wholly decoded, or None where it is none of a kind we know."""
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=_PICTURE_FORMATS) as picture:
                _must_be_bearable(picture, file)
                picture.load()
                return _facts_of_picture(picture)
        except Unfit:
            raise
        except UnidentifiedImageError:
            return None
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            most = f"{Image.MAX_IMAGE_PIXELS or 0:,} pixels"
            raise Unfit(f"is a picture of more than {most}.", "Export it smaller.") from None
        except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, the file is at fault
            raise Unfit("is a picture that cannot be read.", _DAMAGED) from None


def _facts_of_picture(picture: Any) -> Facts:
    from PIL import ExifTags, Image

    # Cameras add small copies to a JPEG, which Pillow then calls by another name.
    format = "JPEG" if picture.format == "MPO" else picture.format
    mime = Image.MIME.get(format, f"image/{format.lower()}")
    width, height = picture.size
    if picture.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8):
        width, height = height, width
    facts: Facts = {"kind": Kind.IMAGE, "mime": mime, "width": width, "height": height}
    if format == "GIF":
        durations = list(_durations(picture))
        seconds = sum(durations) / 1000
        if len(durations) > 1:
            facts |= {"kind": Kind.GIF, "seconds": seconds, "fps": len(durations) / seconds}
    return facts


def _durations(picture: Any) -> Iterator[float]:
    """Of each frame, in milliseconds; one without any counts as browsers show it, 0.1 s."""
    most = MOST_PIXELS // (picture.width * picture.height)
    for frame in count():
        try:
            picture.seek(frame)
        except EOFError:
            return
        if frame == most:
            raise Unfit(f"has more than {most:,} frames of this size.", "Export a shorter one.")
        picture.load()
        yield picture.info.get("duration") or 100


def _must_be_bearable(picture: Any, file: BufferedReader) -> None:
    """Raises Unfit for a JPEG that is drawn in more passes than any program writes."""
    if picture.format not in ("JPEG", "MPO"):
        return
    at = file.tell()
    file.seek(0)
    passes = sum(block.count(_PASS) for block in iter(lambda: file.read(_BLOCK), b""))
    file.seek(at)
    if passes * picture.width * picture.height > MOST_PIXELS:
        raise Unfit(f"is drawn in {passes:,} passes.", "Export it again, as a plain JPEG.")


def _moving(file: BufferedReader) -> Facts:
    """The facts of a video; raises Unfit for all else, and for one that is cut off."""
    import av

    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        raise Unfit("is a HEIC or AVIF picture, which no network takes.", "Save it as JPEG.")
    try:
        with av.open(file, "r", options={"format_whitelist": _VIDEO_FORMATS}) as container:
            return _facts_of_video(container, head)
    except Unfit:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, the file is at fault
        raise Unfit("is neither a picture nor a video that can be read.", _DAMAGED) from None


def _facts_of_video(container: "InputContainer", head: bytes) -> Facts:
    stream = next((each for each in container.streams.video if not _is_cover(each)), None)
    if stream is None and container.streams.audio:
        raise Unfit("holds sound but no moving picture.", "Name a video.")
    if stream is None:
        raise Unfit("holds nothing that can be shown.", _DAMAGED)
    seconds = _seconds(container, stream)
    container.seek(0)
    frame = next(container.decode(stream))
    aspect = stream.sample_aspect_ratio or 1
    width, height = round(frame.width * aspect), frame.height
    if frame.rotation % 180:
        width, height = height, width
    sound = container.streams.audio[0] if container.streams.audio else None
    return {
        "kind": Kind.VIDEO,
        "mime": _mime(container.format.name, container.metadata, head),
        "width": width,
        "height": height,
        "seconds": seconds,
        "fps": float(stream.average_rate or stream.guessed_rate or 0),
        "video_codec": stream.codec_context.codec.canonical_name,
        "audio_codec": sound.codec_context.codec.canonical_name if sound else "",
    }


def _is_cover(stream: "VideoStream") -> bool:
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _seconds(container: "InputContainer", stream: "VideoStream") -> float:
    """How long a video lasts; raises Unfit where it breaks off before that.

    A file that was cut off still opens when its index stands in front: only walking through shows.
    """
    import av

    frames, end = 0, 0.0
    for packet in container.demux():
        if packet.is_corrupt:
            raise Unfit("is a video that breaks off.", _DAMAGED)
        if packet.size and packet.stream is stream:
            frames += 1
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    seconds = container.duration / av.time_base if container.duration else end
    # Not every format counts its frames; those that do not still say how long they are.
    whole = frames >= stream.frames if stream.frames else end > 0.9 * seconds
    if not frames or not whole:
        raise Unfit("is a video that breaks off.", _DAMAGED)
    return seconds


def _mime(demuxer: str, metadata: Mapping[str, str], head: bytes) -> str:
    if "mp4" in demuxer:
        brand = metadata.get("major_brand", "").strip()
        return "video/quicktime" if brand in ("", "qt") else "video/mp4"
    if "matroska" in demuxer:
        return "video/webm" if b"webm" in head else "video/x-matroska"
    known = {"avi": "video/x-msvideo", "mpegts": "video/mp2t", "asf": "video/x-ms-wmv"}
    return known.get(demuxer, f"video/{demuxer}")


class _Sidecar(Shape):
    alt: Prose = ""
    credit: Prose = ""
    people: list[Line] = Field(default_factory=list)
    shows: list[Line] = Field(default_factory=list)


def _sidecar(root: Path, file: Path) -> tuple[Facts, list[Problem]]:
    """The words beside an asset, none where there is no such file, and what is wrong with them."""
    beside = file.with_name(f"{file.name}.toml")
    if not lexists(beside):
        return {}, []
    report = Report(str(beside))
    try:
        leads_out = _leads_out(root, beside)
    except (OSError, RuntimeError):
        leads_out = False  # Its links lead in a circle, as reading it will tell.
    if leads_out:
        report.add("", "is a link that leads out of the media folder.", "Copy the file.")
        return {}, report.problems
    words = fitted(_Sidecar, read_toml(beside, report) or {}, report)
    people, shows = tuple(words.people), tuple(words.shows)
    facts = {"alt": words.alt, "credit": words.credit, "people": people, "shows": shows}
    return facts, report.problems
