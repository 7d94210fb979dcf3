"""Small pictures of what goes out, for people to look at; never what goes out itself."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from somos_social.core.model.asset import Asset, Kind
from somos_social.document import Report, Unfit
from somos_social.errors import InvalidFiles
from somos_social.media.films import FORMATS, moving
from somos_social.media.locating import locate
from somos_social.media.picture_making import upright
from somos_social.media.pictures import formats
from somos_social.media.renditions import path_of


@dataclass(frozen=True, slots=True)
class Still:
    """A JPEG, and its size in pixels."""

    content: bytes
    width: int
    height: int


def still(root: Path, asset: Asset, *, most: int, quality: int) -> Still:
    """What of an asset goes out, drawn anew with at most this many pixels a side.

    Of what moves it is the frame that stands for it: that of its `cover`, else the first. Nothing
    of the file but its pixels is in it. Raises InvalidFiles where the file, or its rendition, is
    not there or cannot be read.
    """
    report = Report(str(root / asset.path))
    try:
        file = locate(root, path_of(asset))
        is_film = asset.kind is Kind.VIDEO
        picture = _frame(file, asset.cover or 0.0) if is_film else _picture(file)
        return _small(picture, most, quality)
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except Exception as error:  # noqa: BLE001 - whatever a decoder stumbles over, the file is at fault
        report.add("", f"cannot be shown ({type(error).__name__}).")
    raise InvalidFiles(report.problems)


def _picture(file: Path) -> Any:
    from PIL import Image

    with file.open("rb") as opened, Image.open(opened, formats=formats(opened)) as picture:
        return upright(picture).convert("RGBA")


def _frame(file: Path, second: float) -> Any:
    import av

    with av.open(str(file), "r", options={"format_whitelist": FORMATS}) as film:
        stream = moving(film)
        if stream is None:
            raise Unfit("holds nothing that can be shown.")
        film.seek(int(second * av.time_base))
        frame = next(film.decode(stream))
        for later in film.decode(stream):
            if frame.time is None or frame.time >= second:
                break
            frame = later
        aspect = stream.sample_aspect_ratio or 1
        picture: Any = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV tells no types here
        picture = picture.resize((round(frame.width * aspect), frame.height))
        return picture.rotate(frame.rotation, expand=True)


def _small(picture: Any, most: int, quality: int) -> Still:
    from PIL import Image

    picture.thumbnail((most, most), Image.Resampling.LANCZOS)
    # On new ground, which knows nothing of the old.
    ground = Image.new("RGB", picture.size, "#ffffff")
    ground.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    content = io.BytesIO()
    ground.save(content, "JPEG", quality=quality, optimize=True, progressive=True)
    return Still(content.getvalue(), *ground.size)
