"""Small files that ask for hours or for all memory are told of instead of being obeyed."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from somos_social.document import Unfit
from somos_social.errors import InvalidFiles
from somos_social.media import MediaFolder, pictures
from somos_social.settings import load
from tests.files.desk import draw, film, problems_of


def _words(file: Path) -> str:
    return " ".join(map(str, problems_of(lambda: MediaFolder(file.parent).asset(file.name))))


def _saved(picture: Image.Image, format: str, **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, format, **options)
    return content.getvalue()


def test_an_animation_of_endless_frames_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 2_000_000)
    waves = [Image.new("RGB", (500, 500), (20 * n, 9, 9)) for n in range(12)]
    whole = _saved(waves[0], "GIF", save_all=True, append_images=waves[1:])
    (tmp_path / "a.gif").write_bytes(whole)
    assert "has more than 8 frames of this size" in _words(tmp_path / "a.gif")


def test_a_picture_drawn_in_endless_passes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 20_000_000)
    whole = _saved(Image.new("L", (500, 500), 128), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    (tmp_path / "a.jpg").write_bytes(whole[:-2] + last * 100 + whole[-2:])
    assert "passes" in _words(tmp_path / "a.jpg")


def test_a_jpeg_with_a_small_copy_in_it_is_a_jpeg(tmp_path: Path) -> None:
    picture = Image.new("RGB", (300, 300))
    (tmp_path / "a.jpg").write_bytes(_saved(picture, "MPO", save_all=True, append_images=[picture]))
    assert MediaFolder(tmp_path).asset("a.jpg").mime == "image/jpeg"


def test_a_forged_index_takes_no_more_memory_than_is_bearable(tmp_path: Path) -> None:
    import resource

    file = film(tmp_path / "a.mp4", size=(160, 90), seconds=1, sound=False)
    content, samples = bytearray(file.read_bytes()), 0x05000000
    sizes, times, chunks = (content.index(name) for name in (b"stsz", b"stts", b"stsc"))
    struct.pack_into(">II", content, sizes + 8, 1, samples)
    struct.pack_into(">I", content, times + 12, samples)
    struct.pack_into(">I", content, chunks + 8, 1)
    struct.pack_into(">I", content, chunks + 16, samples)
    file.write_bytes(content)
    assert _words(file)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3.5 * 1024**2  # kilobytes


def test_the_words_beside_a_picture_lie_in_the_media_folder_too(tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('alt = "outside"\n')
    file = draw(tmp_path / "media" / "a.jpg")
    (tmp_path / "media" / "a.jpg.toml").symlink_to(tmp_path / "outside.toml")
    assert "leads out of the media folder" in _words(file)


def test_a_folder_outside_is_not_listed_in_a_hint(tmp_path: Path) -> None:
    draw(tmp_path / "secreto.jpg")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "fuera").symlink_to(tmp_path)
    with pytest.raises(Unfit, match="leads out") as told:
        MediaFolder(tmp_path / "media").asset("fuera/secret.jpg")
    assert "secreto" not in told.value.hint


def test_a_name_that_leaves_no_room_for_its_words_is_measured(tmp_path: Path) -> None:
    file = draw(tmp_path / ("a" * 251 + ".jpg"))
    assert MediaFolder(tmp_path).asset(file.name).alt == ""


def test_a_config_whose_name_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFiles):
        load(tmp_path / ("a" * 300), {})


def test_a_secret_that_no_header_can_carry_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[channel]]\nname = "facebook:a"\npage_id = "1"\ntoken = "env:T"\n'
    )
    settings = load(tmp_path / "config.toml", {"T": "EAA“quoted”"})
    with pytest.raises(InvalidFiles, match="holds a character that no token has") as told:
        settings.channels["facebook:a"].secret("token")
    assert "EAA" not in str(told.value)
