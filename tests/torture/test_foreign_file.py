"""The daemon as a process refuses a file that is not its own, in words, and does not touch it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from somos_social.store import Store
from tests.store.test_sqlite_file import overwrite_the_log
from tests.torture.networks import ROOT

CONFIG = """
[store]
url = "sqlite:///the.db"
[[channel]]
name = "facebook:torture"
page_id = "1"
token = "env:NOWHERE"
"""


def _of_another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE contacts (name TEXT)")
        other.execute("INSERT INTO contacts VALUES ('Ana')")
        other.commit()


def _a_text(file: Path) -> None:
    file.write_text("Querida Ana, aquí está la lista de publicaciones.\n" * 40)


def _cut_off(file: Path) -> None:
    Store(f"sqlite:///{file}").close()
    file.write_bytes(file.read_bytes()[:9000])


def _overwritten(file: Path) -> None:
    Store(f"sqlite:///{file}").close()
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xa5" * (len(whole) - 100))


def _with_one_bad_page(file: Path) -> None:
    Store(f"sqlite:///{file}").close()
    overwrite_the_log(file)


@pytest.mark.parametrize("words", [["run"], ["run", "--once"]])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_of_another_program, "belongs to another program"),
        (_a_text, "is not a database"),
        (_cut_off, "damaged"),
        (_overwritten, "damaged"),
        (_with_one_bad_page, "damaged"),
    ],
)
def test_a_corrupt_or_foreign_file_is_refused_and_stays_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], said: str, words: list[str]
) -> None:
    file = tmp_path / "the.db"
    (tmp_path / "config.toml").write_text(CONFIG)
    make(file)
    for leftover in tmp_path.glob("the.db-*"):
        leftover.unlink()
    before = {it.name: it.read_bytes() for it in tmp_path.iterdir()}
    done = subprocess.run(
        [sys.executable, "-m", "somos_social", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SOMOS_CONFIG": "config.toml"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 7
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert {it.name: it.read_bytes() for it in tmp_path.iterdir()} == before
