"""A small picture of what goes out: upright, of the frame that stands for it, and mere pixels."""

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from somos_social import media
from somos_social.core.fitting import fitted
from somos_social.core.model.asset import Asset
from somos_social.core.model.post import Format, Variant
from somos_social.errors import InvalidFiles
from somos_social.media import MediaFolder, Still
from tests.files.test_media_films import shoot
from tests.files.test_media_renditions import exif_of


def drawn(root: Path, asset: Asset, **how: int) -> tuple[Still, Any]:
    made = media.still(root, asset, **{"most": 300, "quality": 80, **how})
    picture = Image.open(io.BytesIO(made.content))
    assert picture.format == "JPEG"
    assert picture.size == (made.width, made.height)
    return made, picture


def is_near(found: Any, wanted: tuple[int, int, int], by: int = 30) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def test_a_picture_is_made_smaller_never_larger_and_keeps_its_ratio(tmp_path: Path) -> None:
    Image.new("RGB", (1200, 600), "teal").save(tmp_path / "a.jpg")
    asset = MediaFolder(tmp_path).asset("a.jpg")
    made, _ = drawn(tmp_path, asset)
    assert (made.width, made.height) == (300, 150)
    made, _ = drawn(tmp_path, asset, most=5000)
    assert (made.width, made.height) == (1200, 600)


def test_a_turned_picture_stands_upright_and_tells_nothing(tmp_path: Path) -> None:
    picture = Image.new("RGB", (200, 100), "red")
    picture.paste("blue", (100, 0, 200, 100))
    picture.save(tmp_path / "a.jpg", exif=exif_of(6), comment=b"geheim")
    made, upright = drawn(tmp_path, MediaFolder(tmp_path).asset("a.jpg"))
    assert (made.width, made.height) == (100, 200)
    assert is_near(upright.getpixel((50, 20)), (255, 0, 0))
    assert is_near(upright.getpixel((50, 180)), (0, 0, 255))
    assert not upright.getexif()
    assert b"geheim" not in made.content


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
def test_what_is_seen_through_is_white(tmp_path: Path, name: str) -> None:
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(tmp_path / name)
    _, picture = drawn(tmp_path, MediaFolder(tmp_path).asset(name))
    assert is_near(picture.getpixel((25, 25)), (255, 255, 255))


def test_of_a_gif_the_first_picture_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=100)
    _, picture = drawn(tmp_path, MediaFolder(tmp_path).asset("a.gif"))
    assert is_near(picture.getpixel((20, 20)), (255, 0, 0))


def _red_then_blue(file: Path) -> None:
    """A second of each, with one key frame at the beginning."""
    with av.open(str(file), "w") as container:
        video = container.add_stream("libx264", rate=10, options={"g": "250"})
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for number in range(20):
            picture = Image.new("RGB", (64, 64), "red" if number < 10 else "blue")
            drawing: Any = av.VideoFrame.from_image
            frame = drawing(picture)
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(video.encode(frame))
        container.mux(video.encode())


@pytest.mark.parametrize(
    ("cover", "colour"),
    [(None, (255, 0, 0)), (0.9, (255, 0, 0)), (1.0, (0, 0, 255)), (1.9, (0, 0, 255))],
)
def test_of_a_film_the_frame_is_shown_that_stands_for_it(
    tmp_path: Path, cover: float | None, colour: tuple[int, int, int]
) -> None:
    _red_then_blue(tmp_path / "a.mp4")
    asset = replace(MediaFolder(tmp_path).asset("a.mp4"), cover=cover)
    _, picture = drawn(tmp_path, asset)
    assert is_near(picture.getpixel((32, 32)), colour)


def test_a_turned_film_of_oblong_pixels_is_shown_as_players_show_it(tmp_path: Path) -> None:
    shoot(tmp_path / "a.mp4", turned=90, aspect=Fraction(4, 3), seconds=1)
    asset = MediaFolder(tmp_path).asset("a.mp4")
    made, picture = drawn(tmp_path, asset)
    assert made.width / made.height == pytest.approx(asset.width / asset.height, abs=0.02)
    halves = picture.getpixel((45, 20)), picture.getpixel((45, made.height - 20))
    assert is_near(halves[0], (0, 0, 255)) != is_near(halves[1], (0, 0, 255))


def test_what_was_made_for_a_network_is_what_is_shown(tmp_path: Path) -> None:
    Image.new("RGB", (2100, 900), "teal").save(tmp_path / "a.jpg")
    source = MediaFolder(tmp_path).source("a.jpg")
    variant = Variant(format=Format.FEED, assets=(source.asset,))
    [asset] = fitted(variant, [source], "instagram").assets
    with pytest.raises(InvalidFiles, match="is not in the media folder"):
        media.still(tmp_path, asset, most=300, quality=80)
    media.rendition(tmp_path, asset)
    made, picture = drawn(tmp_path, asset)
    assert made.width / made.height == pytest.approx(1.91, abs=0.01)
    assert is_near(picture.getpixel((150, 2)), (255, 255, 255))


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0" + bytes(40)])
def test_a_file_that_cannot_be_shown_is_told(tmp_path: Path, content: bytes) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "a.jpg")
    asset = MediaFolder(tmp_path).asset("a.jpg")
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(InvalidFiles, match=r"a\.jpg.*cannot be shown"):
        media.still(tmp_path, asset, most=300, quality=80)


def test_a_path_out_of_the_folder_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    Image.new("RGB", (20, 20)).save(tmp_path / "a.jpg")
    asset = replace(MediaFolder(tmp_path).asset("a.jpg"), path="../a.jpg")
    with pytest.raises(InvalidFiles, match="leads out"):
        media.still(tmp_path / "media", asset, most=300, quality=80)
