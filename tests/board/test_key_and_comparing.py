"""The key that signs links lies where only its owner reads it; what changed is told in words."""

import os
import stat
import threading
from pathlib import Path

import pytest

from somos_social.board.comparing import MOST_WORDS, Part, parts
from somos_social.board.key import key_beside
from somos_social.errors import InvalidFiles


def test_the_key_is_drawn_once_for_its_owner_only(tmp_path: Path) -> None:
    os.umask(0)
    key = key_beside(tmp_path / "somos.db")
    [file] = tmp_path.iterdir()
    assert file.name == "somos.db.board-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) >= 40
    assert key_beside(tmp_path / "somos.db") == key
    other = tmp_path / "other"
    other.mkdir()
    assert key_beside(other / "somos.db") != key


def test_all_who_begin_at_once_get_the_same_key(tmp_path: Path) -> None:
    found: list[str] = []
    begin = threading.Barrier(8)

    def begun() -> None:
        begin.wait()
        found.append(key_beside(tmp_path / "somos.db"))

    threads = [threading.Thread(target=begun) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [it.name for it in tmp_path.iterdir()] == ["somos.db.board-key"]


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [("x" * 43, 0o644, "chmod 600"), ("", 0o600, "damaged"), ("é" * 43, 0o600, "cannot be used")],
)
def test_a_key_that_is_of_no_use_is_told_and_never_shown(
    tmp_path: Path, content: str, mode: int, told: str
) -> None:
    file = tmp_path / "somos.db.board-key"
    file.write_text(content, encoding="utf-8")
    file.chmod(mode)
    with pytest.raises(InvalidFiles, match=told) as refused:
        key_beside(tmp_path / "somos.db")
    assert not content or content not in str(refused.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFiles, match="cannot be used"):
        key_beside(tmp_path / "nowhere" / "somos.db")


def test_the_words_that_went_stand_before_those_that_came() -> None:
    assert list(parts("Una receta y un miedo.", "Dos recetas y un miedo.")) == [
        Part("gone", "Una receta"),
        Part("new", "Dos recetas"),
        Part("same", " "),
        Part("same", "y un miedo."),
    ]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("", "Hola."),
        ("Hola.", ""),
        ("a\n\nb", "a\nb"),
        ("uno dos", "uno  dos"),
        ("a " * MOST_WORDS, "b " * MOST_WORDS),
        ("línea\n" * 9000, "línea\n" * 9001),
    ],
)
def test_both_texts_can_be_read_off_what_changed(before: str, now: str) -> None:
    found = list(parts(before, now))
    assert "".join(it.text for it in found if it.kind != "gone") == now
    assert "".join(it.text for it in found if it.kind == "gone") in before + " "
