"""Makes a picture fit: sRGB, upright, cropped or padded, and a JPEG no larger than allowed."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import IO, Any

from somos_social.core.model.asset import Fit
from somos_social.document import Unfit
from somos_social.media.pictures import formats
from somos_social.media.stripping import stripped

BEST, WORST = 92, 60
"""JPEG qualities: what is above looks the same, what is below shows."""

_SMALLER = 0.85

_one_at_a_time = threading.Lock()
"""For what Pillow knows only for all pictures at once."""


def make_picture(source: BufferedReader, fit: Fit, target: IO[bytes]) -> None:
    """Writes the rendition of a picture; raises Unfit where it cannot be made as was asked."""
    if fit.keeps_picture:
        target.write(stripped(source.read(), fit.mime))
        return
    from PIL import Image

    with Image.open(source, formats=formats(source)) as opened:
        picture = _flat(upright(opened), fit.background)
    write_jpeg(picture, fit, target)


def write_jpeg(picture: Any, fit: Fit, target: IO[bytes]) -> None:
    """Writes a picture in RGB, framed as was asked and no larger; raises Unfit where it cannot."""
    from PIL import Image

    picture = _framed(picture, fit)
    while True:
        made = _as_jpeg(picture, fit.max_bytes)
        if made is not None:
            target.write(made)
            return
        size = (int(picture.width * _SMALLER), int(picture.height * _SMALLER))
        if min(size) < 1:
            raise Unfit("cannot be made small enough.", "Export it smaller.")
        picture = picture.resize(size, Image.Resampling.LANCZOS)


def upright(picture: Any) -> Any:
    """The picture as it is meant to be seen, in RGB, RGBA or L of sRGB."""
    from PIL import ImageOps

    return _in_srgb(ImageOps.exif_transpose(picture))


def _in_srgb(picture: Any) -> Any:
    """In RGB, RGBA or L, with the colours as sRGB has them."""
    from PIL import Image, ImageCms

    if picture.mode.startswith("I") or picture.mode == "F":
        return _of_8_bits(picture)
    transparent = picture.has_transparency_data
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L", "RGBA", "LAB"):
        output = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            colours = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode=output,
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, OSError):
            pass  # A profile that does not fit its picture says nothing about its colours.
        else:
            if isinstance(colours, Image.Image):
                return colours
    return picture.convert("RGBA" if transparent else "RGB")


def _of_8_bits(picture: Any) -> Any:
    """Greys of 16 bits, or of numbers whose range is what the picture holds."""
    if picture.mode.startswith("I;16"):
        shades = [value // 256 for value in range(65536)]
        return picture.convert("I").point(shades, "L").convert("RGB")
    low, high = picture.getextrema()
    top = next((most for most in (1, 255, 65535) if low >= 0 and high <= most), high or 1)
    return picture.convert("F").point(lambda value: value * (255 / top) + 0).convert("RGB")


def _flat(picture: Any, background: str) -> Any:
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGBA", picture.size, background or "#ffffff")
    return Image.alpha_composite(ground, picture).convert("RGB")


def _framed(picture: Any, fit: Fit) -> Any:
    """The window of the picture at its place on a new ground, which knows nothing of the old."""
    from PIL import Image

    left, top, width, height = fit.window or (0, 0, *picture.size)
    across, down, inner_width, inner_height = fit.place or (0, 0, fit.width, fit.height)
    if (width, height) != (inner_width, inner_height):
        box = (left, top, left + width, top + height)
        picture = picture.resize((inner_width, inner_height), Image.Resampling.LANCZOS, box=box)
    elif fit.window:
        picture = picture.crop((left, top, left + width, top + height))
    ground = Image.new("RGB", (fit.width, fit.height), fit.background or "#ffffff")
    ground.paste(picture, (across, down))
    return ground


def _as_jpeg(picture: Any, max_bytes: int | None) -> bytes | None:
    """At the best quality that is small enough, or None where no bearable one is."""
    most = float("inf") if max_bytes is None else max_bytes
    made = _saved(picture, BEST, "4:4:4")
    if made is not None and len(made) <= most:
        return made
    best = _saved(picture, WORST, "4:2:0")
    if best is None or len(best) > most:
        return None
    low, high = WORST + 1, BEST
    while low <= high:
        quality = (low + high) // 2
        made = _saved(picture, quality, "4:2:0")
        if made is not None and len(made) <= most:
            low, best = quality + 1, made
        else:
            high = quality - 1
    return best


def _saved(picture: Any, quality: int, subsampling: str) -> bytes | None:
    """As a JPEG; None where the encoder has no room for one as large."""
    content = io.BytesIO()
    options = {"quality": quality, "subsampling": subsampling, "optimize": True}
    try:
        with _room_for(picture):
            picture.save(content, "JPEG", progressive=True, **options)
    except OSError as error:
        if error.errno is not None:
            raise
        return None
    return content.getvalue()


@contextmanager
def _room_for(picture: Any) -> Iterator[None]:
    """Within, the encoder may write as many bytes as the picture has without being compressed.

    libjpeg wants a progressive JPEG in one piece, for which Pillow gives it a byte for each pixel:
    one that is full of detail takes more, and libjpeg then complains on the terminal.
    """
    from PIL import ImageFile

    with _one_at_a_time:
        usual = ImageFile.MAXBLOCK
        ImageFile.MAXBLOCK = max(usual, 3 * picture.width * picture.height)
        try:
            yield
        finally:
            ImageFile.MAXBLOCK = usual
