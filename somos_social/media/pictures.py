"""What a picture is, wholly decoded, and what it carries that nobody sees."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BufferedReader
from itertools import count
from typing import Any

from somos_social.core.fitting import PRIVATE, STRIPPED
from somos_social.core.model.asset import Kind, Trait
from somos_social.document import Unfit
from somos_social.media.stripping import stripped

_PASS = b"\xff\xda"
"""JPEG's marker of another pass over the picture (ITU-T T.81, B.1.1.3)."""

_BLOCK = 1024 * 1024
DAMAGED = "Export it again; this copy is damaged or cut off."

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
"""The only decoders Pillow may try: others start further programs, or are taken by no network."""

MOST_PIXELS = 2_000_000_000
"""A picture may take this many in all its frames, or all the passes that it is drawn in; a file of
a few kilobytes can ask for far more, which would take hours."""

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")

_USUAL_MODES = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX"})
_USUAL_MODES |= {"I", "I;16", "I;16B", "I;16L", "I;16N", "F"}
_SEEN_THROUGH = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa"})
_AUTHORSHIP = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
"""Of TIFF, which keeps its figures in EXIF too: description, camera, program, date and people."""


def measured(file: BufferedReader) -> tuple[dict[str, Any], frozenset[Trait]] | None:
    """The facts and traits of a picture, or None where it is none of a kind we know."""
    from PIL import Image, UnidentifiedImageError

    known = formats(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=known) as picture:
                _must_be_bearable(picture, file)
                picture.load()
                return _facts(picture), _traits(picture, file)
        except Unfit:
            raise
        except UnidentifiedImageError:
            return None
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            most = f"{Image.MAX_IMAGE_PIXELS or 0:,} pixels"
            raise Unfit(f"is a picture of more than {most}.", "Export it smaller.") from None
        except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, the file is at fault
            raise Unfit("is a picture that cannot be read.", DAMAGED) from None


def is_built_like_a_video(head: bytes) -> bool:
    """Whether a file begins as a HEIC or AVIF picture does."""
    return head[4:8] == b"ftyp" and head[8:12] in (*_HEIF_BRANDS, *_AVIF_BRANDS)


def formats(file: BufferedReader) -> tuple[str, ...]:
    """What Pillow may take a file for; it learns of HEIC only where the file begins like one."""
    head = file.read(12)
    file.seek(0)
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIF_BRANDS:
        return _FORMATS
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _format(picture: Any) -> str:
    # Cameras add small copies to a JPEG, which Pillow then calls by another name.
    return "JPEG" if picture.format == "MPO" else str(picture.format)


def _facts(picture: Any) -> dict[str, Any]:
    from PIL import Image

    format = _format(picture)
    mime = Image.MIME.get(format, f"image/{format.lower()}")
    width, height = picture.size
    if _orientation(picture) in (5, 6, 7, 8):
        width, height = height, width
    facts = {"kind": Kind.IMAGE, "mime": mime, "width": width, "height": height}
    if format == "GIF":
        durations = list(_durations(picture))
        seconds = sum(durations) / 1000
        if len(durations) > 1:
            facts |= {"kind": Kind.GIF, "seconds": seconds, "fps": len(durations) / seconds}
    return facts


def _orientation(picture: Any) -> int:
    from PIL import ExifTags

    return int(picture.getexif().get(ExifTags.Base.Orientation, 1))


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


def _traits(picture: Any, file: BufferedReader) -> frozenset[Trait]:
    traits = {*_private(picture), *_of_colours(picture)}
    if _orientation(picture) in range(2, 9):
        traits.add(Trait.TURNED)
    mime = f"image/{_format(picture).lower()}"
    if mime in STRIPPED and not traits & PRIVATE and _holds_more(file, mime):
        traits.add(Trait.NOTES)
    return frozenset(traits)


def _private(picture: Any) -> Iterator[Trait]:
    from PIL import ExifTags

    exif, info, tiff = picture.getexif(), picture.info, picture.format == "TIFF"
    if _ifd(exif, ExifTags.IFD.GPSInfo):
        yield Trait.GPS
    if tiff and (_ifd(exif, ExifTags.IFD.Exif) or any(tag in exif for tag in _AUTHORSHIP)):
        yield Trait.EXIF
    if not tiff and (exif or info.get("exif")):
        yield Trait.EXIF
    if info.get("xmp") or info.get("XML:com.adobe.xmp") or (tiff and 0x02BC in exif):
        yield Trait.XMP
    if info.get("photoshop") or (tiff and (0x83BB in exif or 0x8649 in exif)):
        yield Trait.IPTC
    if info.get("comment"):
        yield Trait.NOTES
    if picture.format == "MPO":
        yield Trait.TRACKS


def _ifd(exif: Any, tag: int) -> Mapping[int, Any]:
    """A table within the EXIF; none where it cannot be read, which spoils no picture."""
    with suppress(Exception):
        found: Mapping[int, Any] = exif.get_ifd(tag)
        return found
    return {}


def _of_colours(picture: Any) -> Iterator[Trait]:
    if picture.mode not in _USUAL_MODES:
        yield Trait.CMYK
    profile = picture.info.get("icc_profile")
    if profile and b"sRGB" not in profile and b"s\0R\0G\0B" not in profile:
        yield Trait.PROFILE
    if picture.has_transparency_data and picture.mode in _SEEN_THROUGH:
        alpha = picture.convert("RGBA").getchannel("A")
        if alpha.getextrema()[0] < 255:
            yield Trait.TRANSPARENT


def _holds_more(file: BufferedReader, mime: str) -> bool:
    """Whether there is something beside the picture that has no name here."""
    file.seek(0)
    content = file.read()
    return len(stripped(content, mime)) < len(content)
