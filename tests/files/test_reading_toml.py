"""Files that are no campaign at all: each is told of in words, none ends in a traceback."""

import os
from pathlib import Path

import pytest

from somos_social.document import MAX_BYTES
from somos_social.files import read_campaign
from tests.files.desk import HEAD, Desk, problems_of

CONTENTS = {
    "an empty file": (b"", "is empty"),
    "only comments": (b"# nada\n", "is empty"),
    "text in a Windows encoding": ('name = "Panamá"'.encode("cp1252"), "`á` in a Windows encoding"),
    "a byte of no encoding": (b'\nname = "\x81"', "byte 0x81 in line 2"),
    "text in UTF-16": ('name = "a"'.encode("utf-16"), "saved as UTF-16"),
    "a NUL byte": (b'name = "a"\nb = "\0"', "NUL byte in line 2"),
    "no TOML": (b'name = "a"\nesto no es', "at line 2"),
    "a key twice": (b'name = "a"\nname = "b"', "not valid TOML"),
    "a day that does not exist": (b"due = 2027-02-30T09:00:00", "not valid TOML"),
    "lists too deep": (b"a = " + 100_000 * b"[", "too deeply"),
    "a number too long": (b"a = " + 5_000 * b"1", "number that is too long"),
}


@pytest.mark.parametrize(("content", "words"), CONTENTS.values(), ids=CONTENTS)
def test_what_cannot_be_read_is_told(desk: Desk, content: bytes, words: str) -> None:
    problem = desk.only_problem(content)
    assert (problem.file, problem.key) == (str(desk.path), "")
    assert words in f"{problem.problem} {problem.hint}"


def _words(path: Path, desk: Desk) -> str:
    [problem] = problems_of(lambda: read_campaign(path, media_root=desk.media))
    assert (problem.file, problem.key) == (str(path), "")
    return f"{problem.problem} {problem.hint}"


def test_a_file_that_is_not_there_is_told_with_the_nearest(desk: Desk) -> None:
    desk.write(HEAD)
    assert "Did you mean `panama.toml`?" in _words(desk.folder / "panma.toml", desk)


def test_a_folder_is_told(desk: Desk) -> None:
    assert "is a folder" in _words(desk.folder, desk)


def test_a_pipe_is_not_waited_for(desk: Desk) -> None:
    pipe = desk.folder / "pipe.toml"
    os.mkfifo(pipe)
    assert "not a regular file" in _words(pipe, desk)


def test_a_file_of_enormous_size_is_not_read(desk: Desk) -> None:
    path = desk.folder / "grande.toml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "larger than 16 MiB" in _words(path, desk)


def test_a_refusal_of_the_system_is_told(desk: Desk) -> None:
    assert "File name too long" in _words(desk.folder / f"{300 * 'a'}.toml", desk)
