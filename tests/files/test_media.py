"""What is measured of pictures and clips, and what is said of files that are neither."""

import hashlib
import os
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from somos_social.core.model.asset import Asset, Kind
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles
from somos_social.media import MediaFolder, fingerprint
from tests.files.desk import draw, film, problems_of, record


def _measured(file: Path) -> Asset:
    return MediaFolder(file.parent).asset(file.name)


def _words(file: Path) -> str:
    """What is said of a bad file, without the file's own name."""
    [problem] = problems_of(lambda: _measured(file))
    assert (problem.file, problem.key) == (str(file), "")
    return f"{problem.problem} {problem.hint}"


@pytest.mark.parametrize(
    ("ending", "mime"),
    [
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
        ("bmp", "image/bmp"),
        ("tiff", "image/tiff"),
        ("gif", "image/gif"),
    ],
)
def test_a_picture_is_known_by_its_bytes(tmp_path: Path, ending: str, mime: str) -> None:
    file = draw(tmp_path / f"a.{ending}").rename(tmp_path / "a.jpg")
    asset = _measured(file)
    assert (asset.kind, asset.mime) == (Kind.IMAGE, mime)
    assert (asset.width, asset.height, asset.seconds, asset.fps) == (108, 135, 0, 0)


def test_size_and_digest_are_those_of_the_file(tmp_path: Path) -> None:
    file = draw(tmp_path / "a.jpg")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    asset = _measured(file)
    assert (asset.size, asset.sha256) == (len(file.read_bytes()), digest)
    assert fingerprint(tmp_path, "a.jpg") == digest


@pytest.mark.parametrize(("turned", "size"), [(1, (108, 135)), (3, (108, 135)), (6, (135, 108))])
def test_a_picture_is_as_wide_as_it_is_shown(
    tmp_path: Path, turned: int, size: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    asset = _measured(draw(tmp_path / "a.jpg", exif=exif))
    assert (asset.width, asset.height) == size


def test_a_moving_gif_has_a_length_and_a_rate(tmp_path: Path) -> None:
    others = [Image.new("RGB", (20, 10), color) for color in ("red", "white")]
    options: dict[str, Any] = {"save_all": True, "append_images": others, "duration": 500}
    draw(tmp_path / "a.gif", (20, 10), **options)
    asset = _measured(tmp_path / "a.gif")
    assert (asset.kind, asset.seconds, asset.fps) == (Kind.GIF, 1.5, 2.0)


def test_a_frame_without_a_length_counts_as_browsers_show_it(tmp_path: Path) -> None:
    options: dict[str, Any] = {"save_all": True, "append_images": [Image.new("RGB", (20, 10))]}
    asset = _measured(draw(tmp_path / "a.gif", (20, 10), **options))
    assert asset.seconds == 0.2


def test_a_clip_is_measured_with_its_codecs(clip: Path) -> None:
    asset = _measured(clip)
    assert (asset.kind, asset.mime) == (Kind.VIDEO, "video/mp4")
    assert (asset.width, asset.height) == (540, 960)
    assert (asset.video_codec, asset.audio_codec) == ("h264", "aac")
    assert asset.seconds == pytest.approx(4, abs=0.05)
    assert asset.fps == pytest.approx(24, abs=0.5)


@pytest.mark.parametrize(
    ("name", "codec", "mime", "known_as"),
    [
        ("a.mov", "libx264", "video/quicktime", "h264"),
        ("a.mkv", "libx264", "video/x-matroska", "h264"),
        ("a.avi", "mpeg4", "video/x-msvideo", "mpeg4"),
        ("a.ts", "libx264", "video/mp2t", "h264"),
    ],
)
def test_a_clip_is_known_by_its_bytes(
    tmp_path: Path, name: str, codec: str, mime: str, known_as: str
) -> None:
    file = film(tmp_path / name, size=(160, 90), seconds=1, codec=codec, sound=False)
    asset = _measured(file.rename(tmp_path / "a.mp4"))
    assert (asset.mime, asset.video_codec, asset.audio_codec) == (mime, known_as, "")
    assert asset.seconds == pytest.approx(1, abs=0.1)


def test_a_list_of_clips_does_not_open_them(tmp_path: Path) -> None:
    film(tmp_path / "otro.mp4", size=(160, 90), seconds=1)
    (tmp_path / "a.mp4").write_text("ffconcat version 1.0\nfile otro.mp4\n")
    assert "neither a picture nor a video" in _words(tmp_path / "a.mp4")


def test_a_clip_that_was_cut_off_is_told(tmp_path: Path, clip: Path) -> None:
    whole = clip.read_bytes()
    (tmp_path / "a.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    assert "breaks off" in _words(tmp_path / "a.mp4")


def test_a_clip_that_lacks_its_last_bytes_is_told(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", size=(160, 90), sound=False, movflags="+faststart")
    file.write_bytes(file.read_bytes()[:-3])
    assert "breaks off" in _words(file)


def test_a_clip_that_was_cut_off_between_two_frames_is_told(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", size=(160, 90), sound=False, movflags="+faststart")
    with av.open(str(file)) as container:
        ends = [packet.pos + packet.size for packet in container.demux() if packet.pos]
    file.write_bytes(file.read_bytes()[: sorted(ends)[-2]])
    assert "breaks off" in _words(file)


def test_a_clip_of_a_format_that_counts_no_frames_is_told_when_cut_off(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mkv", size=(160, 90), sound=False)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    assert "breaks off" in _words(file)


def test_a_clip_that_does_not_say_its_length_is_walked_through(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mkv", size=(160, 90), seconds=1, sound=False, live="1")
    assert _measured(file).seconds == pytest.approx(1, abs=0.05)


def test_a_clip_is_as_wide_as_it_is_shown_when_it_was_filmed_upright(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", size=(160, 90), seconds=1, sound=False)
    content = file.read_bytes()
    matrix = content.index(b"tkhd") + 44  # ISO/IEC 14496-12, 8.3.2, version 0
    turned = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    file.write_bytes(content[:matrix] + turned + content[matrix + len(turned) :])
    asset = _measured(file)
    assert (asset.width, asset.height) == (90, 160)


def test_a_clip_of_oblong_pixels_is_as_wide_as_it_is_shown(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", size=(160, 90), seconds=1, aspect=Fraction(3, 2))
    asset = _measured(file)
    assert (asset.width, asset.height) == (240, 90)


def test_a_clip_without_its_index_is_told(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", size=(160, 90), seconds=1)
    file.write_bytes(file.read_bytes()[:-200])
    assert "damaged or cut off" in _words(file)


@pytest.mark.parametrize("ending", ["jpg", "png", "gif"])
def test_a_picture_that_was_cut_off_is_told(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"a.{ending}"
    Image.effect_noise((300, 300), 90).convert("RGB").save(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "cannot be read" in _words(file)


@pytest.mark.parametrize("pixels", [10_000, 20_000])
def test_a_picture_of_too_many_pixels_is_not_unpacked(tmp_path: Path, pixels: int) -> None:
    Image.new("1", (pixels, pixels)).save(tmp_path / "a.png")
    assert "more than 89,478,485 pixels" in _words(tmp_path / "a.png")


CONTENTS = {
    "nothing": (b"", "is empty"),
    "prose": (b"Esto no es una foto.", "neither a picture nor a video"),
    "a PostScript program": (
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
        "neither a picture nor a video",
    ),
    "a HEIC picture": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "cannot be read"),
    "an AVIF picture": (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "cannot be read"),
    "the beginning of a PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
    "an MP4 that ends at once": (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", "damaged or cut off"),
}


@pytest.mark.parametrize(("content", "words"), CONTENTS.values(), ids=CONTENTS)
def test_what_is_no_picture_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert words in _words(tmp_path / "a.jpg")


def test_sound_alone_is_told(tmp_path: Path) -> None:
    assert "no moving picture" in _words(record(tmp_path / "a.mp4"))


OUTSIDE = ["../secreto.jpg", "a/../../secreto.jpg", "/etc/passwd", "", "."]


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    draw(tmp_path / "secreto.jpg")
    (tmp_path / "media" / "a").mkdir(parents=True)
    with pytest.raises(Unfit):
        MediaFolder(tmp_path / "media").asset(path)
    with pytest.raises(InvalidFiles):
        fingerprint(tmp_path / "media", path)


def test_a_path_goes_straight_down_from_the_folder(tmp_path: Path) -> None:
    draw(tmp_path / "a" / "b.jpg")
    for path in ("a/../a/b.jpg", str(tmp_path / "a" / "b.jpg")):
        with pytest.raises(Unfit, match="out of the media folder"):
            MediaFolder(tmp_path).asset(path)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    draw(tmp_path / "secreto.jpg")
    draw(tmp_path / "media" / "a.jpg")
    (tmp_path / "media" / "link.jpg").symlink_to(tmp_path / "secreto.jpg")
    (tmp_path / "media" / "folder").symlink_to(tmp_path)
    for path in ("link.jpg", "folder/secreto.jpg"):
        with pytest.raises(Unfit, match="out of the media folder"):
            MediaFolder(tmp_path / "media").asset(path)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    draw(tmp_path / "a.jpg")
    (tmp_path / "link.jpg").symlink_to("a.jpg")
    assert _measured(tmp_path / "link.jpg").path == "link.jpg"


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to("a.jpg")
    with pytest.raises(Unfit):
        MediaFolder(tmp_path).asset("a.jpg")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(Unfit, match="not a regular file"):
        MediaFolder(tmp_path).asset("a.jpg")


def test_a_path_of_an_asset_is_written_one_way(tmp_path: Path) -> None:
    draw(tmp_path / "a" / "b.jpg")
    assert MediaFolder(tmp_path).asset("./a//b.jpg").path == "a/b.jpg"


def test_a_file_is_measured_once(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path)
    draw(tmp_path / "a.jpg")
    before = folder.asset("a.jpg")
    (tmp_path / "a.jpg").unlink()
    assert folder.asset("a.jpg") is before


def test_a_changed_file_has_another_fingerprint(tmp_path: Path) -> None:
    draw(tmp_path / "a.jpg")
    before = fingerprint(tmp_path, "a.jpg")
    draw(tmp_path / "a.jpg", (109, 135))
    assert fingerprint(tmp_path, "a.jpg") != before


SIDECARS = {
    "an unknown key": ('alt = "a"\ncredits = "b"', "credits", "Did you mean `credit`?"),
    "people as text": ('people = "P-014"', "people", "must be a list"),
    "a person by number": ("people = [14]", "people[0]", "must be text"),
    "a nameless person": ('people = [""]', "people[0]", "is empty"),
    "no TOML": ("alt = ", "", "not valid TOML"),
}


@pytest.mark.parametrize(("content", "key", "words"), SIDECARS.values(), ids=SIDECARS)
def test_a_mistake_in_a_sidecar_is_told(tmp_path: Path, content: str, key: str, words: str) -> None:
    file = draw(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.toml").write_text(content)
    [problem] = problems_of(lambda: _measured(file))
    assert (problem.file, problem.key) == (f"{file}.toml", key)
    assert words in f"{problem.problem} {problem.hint}"


def test_a_broken_picture_and_its_sidecar_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"nada")
    (tmp_path / "a.jpg.toml").write_text("alt = 3")
    problems = problems_of(lambda: _measured(tmp_path / "a.jpg"))
    assert [problem.key for problem in problems] == ["", "alt"]


def test_the_decoders_load_only_when_something_is_measured() -> None:
    code = "import sys, somos_social.files; print({'PIL', 'av'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
