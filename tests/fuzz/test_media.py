"""Whatever the bytes of a media file say, it is measured sensibly or its problem is told."""

import io
import math
import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from somos_social.core.limits import LIMITS
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Format, Variant
from somos_social.core.rules import problems_of
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles
from somos_social.media import MediaFolder
from tests.files.desk import film, record
from tests.fuzz.cases import fuzzed, mutated


def _picture(format: str, **options: Any) -> bytes:
    picture = Image.effect_noise((24, 17), 90).convert("P" if format == "GIF" else "RGB")
    if "append_images" in options:
        options["append_images"] = [picture.transpose(Image.Transpose.ROTATE_180)] * 3
    content = io.BytesIO()
    picture.save(content, format, **options)
    return content.getvalue()


def _pictures() -> dict[str, bytes]:
    turned = Image.Exif()
    turned[0x0112] = 6
    moving = {"save_all": True, "append_images": [], "duration": 40}
    return {
        "jpeg": _picture("JPEG", exif=turned, icc_profile=b"\0" * 200, dpi=(72, 72)),
        "progressive jpeg": _picture("JPEG", progressive=True),
        "mpo": _picture("MPO", save_all=True, append_images=[]),
        "png": _picture("PNG", exif=turned, icc_profile=b"\0" * 200),
        "apng": _picture("PNG", **moving),
        "gif": _picture("GIF"),
        "moving gif": _picture("GIF", **moving),
        "webp": _picture("WEBP", exif=turned),
        "moving webp": _picture("WEBP", **moving),
        "bmp": _picture("BMP"),
        "tiff": _picture("TIFF", compression="tiff_lzw"),
        "tiff of several pages": _picture("TIFF", save_all=True, append_images=[]),
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x0cmeta\0\0\0\0",
    }


CLIPS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "mp4": ("a.mp4", {"movflags": "+faststart"}),
    "fragmented mp4": ("a.mp4", {"movflags": "frag_keyframe+empty_moov"}),
    "mov": ("a.mov", {}),
    "mkv": ("a.mkv", {"sound": False}),
    "avi": ("a.avi", {"codec": "mpeg4", "sound": False}),
    "mpeg": ("a.ts", {"sound": False}),
    "flv": ("a.flv", {"codec": "flv", "sound": False}),
}

KINDS = (*_pictures(), *CLIPS, "sound alone")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A whole file of every kind."""
    folder = tmp_path_factory.mktemp("whole")
    found = _pictures()
    for name, (file, options) in CLIPS.items():
        found[name] = film(folder / file, size=(64, 48), seconds=1, **options).read_bytes()
    found["sound alone"] = record(folder / "b.mp4").read_bytes()
    return found


def measured(media: Path, content: bytes) -> Asset | None:
    (media / "a").write_bytes(content)
    try:
        return MediaFolder(media).asset("a")
    except Unfit as unfit:
        raise AssertionError("the file is there") from unfit
    except InvalidFiles as invalid:
        [problem] = invalid.problems
        assert problem.problem.isprintable()
        return None


def assert_sensible(asset: Asset) -> None:
    assert 0 < asset.width < 2**31
    assert 0 < asset.height < 2**31
    assert 0 <= asset.seconds < math.inf
    assert 0 <= asset.fps < math.inf
    assert (asset.seconds > 0) == (asset.kind is not Kind.IMAGE)
    assert asset.mime.partition("/")[0] in ("image", "video")
    assert asset.mime.isascii()
    for platform in LIMITS:
        for format in (Format.FEED, Format.REEL):
            problems_of(Variant(text="Hola.", format=format, assets=(asset,)), platform)


@pytest.mark.parametrize("kind", KINDS)
@fuzzed(share=len(KINDS))
@given(data=st.data())
def test_a_damaged_file_is_measured_sensibly_or_told_of(
    tmp_path_factory: pytest.TempPathFactory,
    sound: dict[str, bytes],
    kind: str,
    data: st.DataObject,
) -> None:
    media = tmp_path_factory.getbasetemp() / "damaged"
    media.mkdir(exist_ok=True)
    content = data.draw(mutated(sound[kind]))
    asset = measured(media, content)
    if asset is not None:
        assert_sensible(asset)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 * 1024**2


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_of_each_kind_is_what_its_damage_is_tried_on(
    tmp_path: Path, sound: dict[str, bytes], kind: str
) -> None:
    asset = measured(tmp_path, sound[kind])
    assert (asset is None) == (kind in ("heic", "sound alone"))
    if asset is not None:
        assert_sensible(asset)
