"""What is made of pictures: taken by the network, true in colour, silent about who and where."""

import io
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from somos_social import media
from somos_social.core.fitting import PRIVATE, Source, fit_for
from somos_social.core.limits import LIMITS, MIB, FileLimits
from somos_social.core.model.asset import Asset, Fit, Trait
from somos_social.core.rules import findings
from somos_social.errors import InvalidFiles
from somos_social.media import MediaFolder
from tests.files.desk import draw

ROOT = Path(__file__).resolve().parents[2]
JPEG = LIMITS["instagram"].image
SECRET = "Calle 50"


def exif_of(turned: int = 1) -> Image.Exif:
    """With a position and a street, as a camera writes them."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (8.0, 59.0, 1.0), 3: "W", 4: (79.0, 31.0, 2.0)})
    return exif


def quarters(size: tuple[int, int] = (200, 240)) -> Image.Image:
    """Red, green, blue and white, one in each corner."""
    picture = Image.new("RGB", size, "white")
    width, height = size[0] // 2, size[1] // 2
    draw = ImageDraw.Draw(picture)
    for color, at in (("red", (0, 0)), ("lime", (width, 0)), ("blue", (0, height))):
        draw.rectangle((*at, at[0] + width - 1, at[1] + height - 1), fill=color)
    return picture


def made_for(file: Path, limits: FileLimits = JPEG) -> Asset:
    """The file as it goes out under these limits, held against them once more."""
    source = MediaFolder(file.parent).source(file.name)
    asset = replace(source.asset, fit=fit_for(source, limits))
    made = media.rendition(file.parent, asset)
    again = MediaFolder(file.parent).source(made.path)
    assert again.asset.sha256 == made.sha256
    assert list(findings(again.asset, limits)) == []
    assert not again.traits & PRIVATE
    assert fit_for(again, limits) is None
    return made


def opened(file: Path, made: Asset) -> Image.Image:
    return Image.open(file.parent / made.path)


def is_near(found: Any, wanted: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def test_a_picture_that_is_taken_is_sent_byte_for_byte(tmp_path: Path) -> None:
    made = made_for(draw(tmp_path / "a.jpg"))
    assert made.path == "a.jpg"
    assert not (tmp_path / media.RENDITIONS).exists()


def test_a_turned_picture_stands_upright_and_does_not_say_where_it_was_taken(
    tmp_path: Path,
) -> None:
    quarters((240, 200)).rotate(90, expand=True).save(tmp_path / "a.jpg", exif=exif_of(6))
    made = made_for(tmp_path / "a.jpg")
    shown = opened(tmp_path / "a.jpg", made)
    assert (made.width, made.height) == shown.size == (240, 200)
    assert is_near(shown.getpixel((10, 10)), (255, 0, 0))
    assert is_near(shown.getpixel((230, 10)), (0, 255, 0))
    content = (tmp_path / made.path).read_bytes()
    assert SECRET.encode() not in content
    assert not shown.getexif()


def test_a_picture_for_print_is_shown_in_its_colours(tmp_path: Path) -> None:
    Image.new("CMYK", (200, 200), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    shown = opened(tmp_path / "a.jpg", made_for(tmp_path / "a.jpg"))
    assert shown.mode == "RGB"
    assert is_near(shown.getpixel((100, 100)), (255, 0, 0))


def test_the_colours_of_a_profile_are_those_of_srgb(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    swapped = bytearray(lab.tobytes())
    # A profile whose red and green are one another's.
    swapped = swapped.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    picture = Image.new("RGB", (200, 200), "red")
    picture.save(tmp_path / "a.png", icc_profile=bytes(swapped))
    shown = opened(tmp_path / "a.png", made_for(tmp_path / "a.png"))
    assert is_near(shown.getpixel((100, 100)), (0, 255, 0), 30)
    assert "icc_profile" not in shown.info


def test_what_is_seen_through_shows_the_background(tmp_path: Path) -> None:
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(tmp_path / "a.png")
    (tmp_path / "a.png.toml").write_text('background = "#10A020"')
    shown = opened(tmp_path / "a.png", made_for(tmp_path / "a.png"))
    assert is_near(shown.getpixel((100, 100)), (0x10, 0xA0, 0x20))


def test_greys_of_16_bits_keep_their_shades(tmp_path: Path) -> None:
    picture = Image.new("I;16", (200, 200), 32768)
    picture.save(tmp_path / "a.png")
    shown = opened(tmp_path / "a.png", made_for(tmp_path / "a.png"))
    assert is_near(shown.getpixel((100, 100)), (128, 128, 128), 3)


def test_greys_without_bound_keep_their_shades(tmp_path: Path) -> None:
    for mode, grey in (("F", 0.5), ("I", 32768)):
        picture = Image.new(mode, (200, 200), grey)
        picture.putpixel((0, 0), 2 * grey if mode == "F" else 65535)
        picture.save(tmp_path / "a.tiff")
        shown = opened(tmp_path / "a.tiff", made_for(tmp_path / "a.tiff"))
        assert is_near(shown.getpixel((100, 100)), (128, 128, 128), 3)


def test_colours_of_16_bits_with_transparency_are_made_a_jpeg(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(a_deep_png(200, 200, (65535, 0, 0, 65535)))
    shown = opened(tmp_path / "a.png", made_for(tmp_path / "a.png"))
    assert is_near(shown.getpixel((100, 100)), (255, 0, 0))


def a_deep_png(width: int, height: int, color: tuple[int, ...]) -> bytes:
    """RGBA with 16 bits each, which Pillow reads but does not write."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    line = b"\0" + struct.pack(">4H", *color) * width
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(line * height)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_picture_of_a_telephone_is_read_and_made_a_jpeg(tmp_path: Path) -> None:
    picture = pillow_heif.from_pillow(quarters())
    picture.save(tmp_path / "a.heic", exif=exif_of().tobytes(), quality=90)
    source = MediaFolder(tmp_path).source("a.heic")
    assert (source.asset.mime, source.asset.width) == ("image/heif", 200)
    assert source.traits >= {Trait.GPS, Trait.EXIF}
    shown = opened(tmp_path / "a.heic", made_for(tmp_path / "a.heic"))
    assert shown.format == "JPEG"
    assert is_near(shown.getpixel((10, 10)), (255, 0, 0), 20)


def test_a_ratio_is_padded_or_cropped_as_the_sidecar_says(tmp_path: Path) -> None:
    for name in ("a", "b"):
        quarters((420, 180)).save(tmp_path / f"{name}.jpg")
    (tmp_path / "a.jpg.toml").write_text('background = "#ffff00"')
    (tmp_path / "b.jpg.toml").write_text('fit = "crop"')
    padded = opened(tmp_path / "a.jpg", made_for(tmp_path / "a.jpg"))
    assert padded.size == (420, 220)
    assert is_near(padded.getpixel((200, 2)), (255, 255, 0))
    assert is_near(padded.getpixel((10, 30)), (255, 0, 0))
    cropped = opened(tmp_path / "b.jpg", made_for(tmp_path / "b.jpg"))
    assert cropped.size == (344, 180)
    assert is_near(cropped.getpixel((2, 2)), (255, 0, 0))


def test_the_quality_goes_down_only_as_far_as_the_size_needs(tmp_path: Path) -> None:
    Image.effect_noise((600, 600), 90).convert("RGB").save(tmp_path / "a.png")
    sizes = []
    for most in (10 * MIB, 260_000, 190_000, 20_000):
        made = made_for(tmp_path / "a.png", replace(JPEG, max_bytes=most))
        assert made.size <= most
        assert (made.width == 600) == (most > 20_000)
        sizes.append(made.size)
    assert sizes[1] > 0.96 * 260_000
    assert sizes[2] > 0.96 * 190_000
    assert sizes == sorted(sizes, reverse=True)


def grain(size: tuple[int, int]) -> Image.Image:
    """As full of detail as a picture can be: more than a byte for each pixel, as a JPEG."""
    dice = random.Random(7)  # noqa: S311  # noise that is the same each time
    return Image.frombytes("RGB", size, dice.randbytes(size[0] * size[1] * 3))


def test_a_picture_that_is_full_of_detail_is_made_fit_without_a_word_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    grain((400, 400)).save(tmp_path / "a.png")
    made = made_for(tmp_path / "a.png")
    assert (made.width, made.height) == (400, 400)
    assert made.size > 400 * 400
    small = made_for(tmp_path / "a.png", replace(JPEG, max_bytes=70_000))
    assert small.size <= 70_000
    assert capfd.readouterr() == ("", "")


def test_a_picture_that_is_wider_than_any_jpeg_is_made_smaller(tmp_path: Path) -> None:
    Image.new("CMYK", (70_000, 40)).save(tmp_path / "a.tiff")
    made = made_for(tmp_path / "a.tiff", LIMITS["facebook"].image)
    assert made.width < 65_536


def _jpeg(file: Path) -> None:
    xmp = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": exif_of(), "xmp": xmp, "icc_profile": profile}
    quarters().save(file, "JPEG", comment=SECRET.encode(), progressive=True, **options)
    content = file.read_bytes()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x5a\0\x08" + SECRET.encode()
    segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
    # Behind its end, telephones keep a film with the sound of the moment.
    file.write_bytes(content[:2] + segment + content[2:] + SECRET.encode())


def _png(file: Path) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET)
    words.add_itxt("XML:com.adobe.xmp", SECRET)
    picture = quarters().convert("RGBA")
    picture.putalpha(200)
    picture.save(file, "PNG", exif=exif_of(), pnginfo=words)


def _webp(file: Path) -> None:
    quarters().save(file, "WEBP", exif=exif_of(), xmp=SECRET.encode(), lossless=True)


def _gif(file: Path) -> None:
    others = [Image.new("P", (200, 240), 3)]
    options: dict[str, Any] = {"save_all": True, "append_images": others, "loop": 0}
    quarters().save(file, "GIF", comment=SECRET.encode(), duration=200, **options)


@pytest.mark.parametrize("write", [_jpeg, _png, _webp, _gif])
def test_what_nobody_should_get_is_taken_out_and_no_pixel_changes(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    file = tmp_path / "a.bin"
    write(file)
    before, content = Image.open(file), file.read_bytes()
    assert SECRET.encode() in content
    source = MediaFolder(tmp_path).source("a.bin")
    assert source.traits & PRIVATE
    made = made_for(file, (LIMITS["x"].gif if write is _gif else None) or LIMITS["x"].image)
    after = opened(file, made)
    assert SECRET.encode() not in (tmp_path / made.path).read_bytes()
    assert not after.getexif()
    if after.format == "WEBP":  # Its flags no longer promise EXIF and XMP.
        assert (tmp_path / made.path).read_bytes()[20] & 0x0C == 0
    assert (after.mode, after.format) == (before.mode, before.format)
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert after.info.get("loop") == before.info.get("loop")
    for frame in range(getattr(before, "n_frames", 1)):
        before.seek(frame)
        after.seek(frame)
        assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()


def test_a_picture_with_a_second_one_behind_it_is_sent_alone(tmp_path: Path) -> None:
    options: dict[str, Any] = {"save_all": True, "append_images": [Image.new("RGB", (50, 50))]}
    quarters().save(tmp_path / "a.jpg", "MPO", **options)
    made = made_for(tmp_path / "a.jpg")
    assert opened(tmp_path / "a.jpg", made).format == "JPEG"


def test_a_position_that_cannot_be_read_spoils_no_picture(tmp_path: Path) -> None:
    quarters().save(tmp_path / "a.jpg", exif=exif_of())
    whole = (tmp_path / "a.jpg").read_bytes()
    for at in range(30, 120):
        (tmp_path / "a.jpg").write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        made_for(tmp_path / "a.jpg")


def _drawn(file: Path) -> Asset:
    """The rendition of a picture that is too wide, before it is made."""
    quarters((420, 180)).save(file)
    source = MediaFolder(file.parent).source(file.name)
    return replace(source.asset, fit=fit_for(source, JPEG))


def test_what_was_made_is_not_made_again(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    assert not media.is_made(tmp_path, asset)
    first = media.rendition(tmp_path, asset)
    assert media.is_made(tmp_path, asset)
    before = (tmp_path / first.path).stat()
    (tmp_path / "a.png").rename(tmp_path / "b.png")
    again = media.rendition(tmp_path, replace(asset, path="b.png"))
    after = (tmp_path / again.path).stat()
    assert again == first
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_same_file_and_rule_give_the_same_bytes(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    first = media.rendition(tmp_path, asset)
    (tmp_path / first.path).unlink()
    assert media.rendition(tmp_path, asset) == first


def test_what_lies_there_and_is_not_what_was_made_is_made_again(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    first = media.rendition(tmp_path, asset)
    whole = (tmp_path / first.path).read_bytes()
    other = draw(tmp_path / "otra.jpg").read_bytes()
    told = draw(tmp_path / "dice.jpg", (420, 220), exif=exif_of()).read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"nada", other, told):
        (tmp_path / first.path).write_bytes(content)
        assert media.rendition(tmp_path, asset) == first


def test_a_file_that_changed_since_it_was_looked_at_is_not_sent(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    draw(tmp_path / "a.png", (421, 180))
    with pytest.raises(InvalidFiles, match="changed since"):
        media.rendition(tmp_path, asset)


def test_nothing_is_left_of_what_could_not_be_made(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    assert asset.fit is not None
    impossible = replace(asset, fit=replace(asset.fit, max_bytes=10))
    with pytest.raises(InvalidFiles, match="small enough"):
        media.rendition(tmp_path, impossible)
    assert list((tmp_path / media.RENDITIONS).iterdir()) == []


def test_a_folder_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    root = tmp_path / "media"
    root.mkdir()
    asset = _drawn(root / "a.png")
    (tmp_path / "elsewhere").mkdir()
    (root / media.RENDITIONS).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidFiles, match="leads out"):
        media.rendition(root, asset)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_media_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    (tmp_path / media.RENDITIONS).write_text("no folder")
    with pytest.raises(InvalidFiles, match="cannot be made fit"):
        media.rendition(tmp_path, asset)


def test_a_rendition_may_be_read_by_whoever_may_read_the_file(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0o644)
    made = media.rendition(tmp_path, asset)
    assert (tmp_path / made.path).stat().st_mode & 0o777 == 0o644


def test_renditions_can_be_reached_by_whoever_may_look_into_the_media_folder(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0o077)
    try:
        made = made_for(draw(tmp_path / "a.png"))
    finally:
        os.umask(before)
    assert (tmp_path / made.path).parent.stat().st_mode & 0o777 == 0o755


def test_what_a_killed_program_left_is_swept_away_after_a_day(tmp_path: Path) -> None:
    asset = _drawn(tmp_path / "a.png")
    made = media.rendition(tmp_path, asset)
    old, new = (tmp_path / media.RENDITIONS / f"{name}.part.jpg" for name in ("old", "new"))
    for file in (old, new):
        file.touch()
    for file in (old, tmp_path / made.path):
        os.utime(file, (0, 0))
    media.sweep(tmp_path)
    assert (old.exists(), new.exists(), (tmp_path / made.path).exists()) == (False, True, True)


MAKE = """
import sys
from dataclasses import replace
from pathlib import Path
from somos_social import media
from somos_social.core.fitting import fit_for
from somos_social.core.limits import LIMITS

root = Path(sys.argv[1])
source = media.MediaFolder(root).source("a.png")
asset = replace(source.asset, fit=fit_for(source, LIMITS["instagram"].image))
print("ready", flush=True)
sys.stdin.readline()
print(media.rendition(root, asset).sha256)
"""


def test_two_programs_that_make_the_same_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    _drawn(tmp_path / "a.png")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for each in running:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin
        each.stdin.write("\n")
        each.stdin.flush()
    made = {each.communicate(timeout=120)[0] for each in running}
    assert len(made) == 1
    assert len(list((tmp_path / media.RENDITIONS).iterdir())) == 1


MODES = ["RGB", "L", "1", "P", "RGBA", "LA", "CMYK", "I;16"]
KINDS = {"PNG": set(MODES) - {"CMYK"}, "TIFF": set(MODES) - {"LA"}, "JPEG": {"RGB", "L", "CMYK"}}


@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    kind_and_mode=st.sampled_from([(kind, mode) for kind in KINDS for mode in sorted(KINDS[kind])]),
    turned=st.integers(1, 8),
    mending=st.sampled_from(["pad", "crop"]),
    platform=st.sampled_from(list(LIMITS)),
)
def test_every_picture_is_taken_once_it_was_made_fit(
    tmp_path_factory: pytest.TempPathFactory,
    width: int,
    height: int,
    kind_and_mode: tuple[str, str],
    turned: int,
    mending: str,
    platform: str,
) -> None:
    kind, mode = kind_and_mode
    file = tmp_path_factory.mktemp("media") / "a.bin"
    content = io.BytesIO()
    Image.new(mode, (width, height)).save(content, kind, exif=exif_of(turned))
    file.write_bytes(content.getvalue())
    file.with_name("a.bin.toml").write_text(f'fit = "{mending}"')
    made = made_for(file, LIMITS[platform].image)
    assert made.fit is None


def test_a_source_tells_what_is_done_when_it_is_cropped(tmp_path: Path) -> None:
    (tmp_path / "a.jpg.toml").write_text('fit = "crop"\nbackground = "#ABCDEF"')
    source = MediaFolder(draw(tmp_path / "a.jpg", (400, 100)).parent).source("a.jpg")
    assert isinstance(source, Source)
    fit = fit_for(source, JPEG)
    assert isinstance(fit, Fit)
    assert fit.window == (104, 0, 191, 100)
