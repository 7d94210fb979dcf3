"""No spreadsheet breaks the program, runs anything, or writes a word that does not stand in it."""

import csv
import io
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from somos_social.cli.sheet_rows import Around, posts
from somos_social.cli.sheet_times import moment
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles
from somos_social.files.columns import guessed
from somos_social.files.new_post import Said, block
from somos_social.files.sheets import read
from somos_social.flows.importing import Incoming
from tests.fuzz.cases import fuzzed, mutated, texts

ZONE = ZoneInfo("America/Panama")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADERS = ["fecha", "hora", "texto", "redes", "archivo", "clave", "texto x", "primer comentario"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets")


def imported(folder: Path, name: str, data: bytes) -> list[Incoming]:
    """The posts of a sheet; none where it is refused in words."""
    file = folder / name
    file.write_bytes(data)
    around = Around(
        names=("prueba",), zone=ZONE, channels=("x:a", "facebook:b"), media_root=folder, now=NOW
    )
    try:
        sheet = read(file)
    except InvalidFiles:
        return []
    rows = posts(sheet, guessed(sheet.headers, {}, around.channels), around)
    for problem in rows.problems:
        assert str(problem).isprintable() or "\u200d" in str(problem)
    return list(rows.sound)


@given(st.lists(st.lists(texts(), min_size=8, max_size=8), max_size=4), st.sampled_from(",;\t"))
@fuzzed(share=2)
def test_whatever_cells_hold_each_post_is_read_back_as_it_stands(
    folder: Path, rows: list[list[str]], separator: str
) -> None:
    written = io.StringIO(newline="")
    lines = csv.writer(written, delimiter=separator)
    lines.writerow(HEADERS)
    lines.writerows([["2061-01-05", f"{at}:00", *row[2:]] for at, row in enumerate(rows, 8)])
    for each in imported(folder, "plan.csv", written.getvalue().encode()):
        [post] = tomllib.loads(block(Said(**each.values, variants=each.variants)))["post"]
        assert {name: post[name] for name in each.values} == each.values
        assert post.get("variant", {}) == each.variants


@given(st.binary(max_size=200) | mutated("fecha;hora;texto\n1/2/2061;9:00;¿Sí?\n".encode("cp1252")))
@fuzzed(share=4)
def test_any_bytes_are_read_or_refused_in_words(folder: Path, data: bytes) -> None:
    imported(folder, "plan.csv", data)


def a_workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADERS)
    sheet.append(["2061-01-05", "18:00", "Hola.", "x", "", "uno", "=1+1", None])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@given(mutated(a_workbook()))
@fuzzed(share=4)
def test_a_damaged_workbook_is_read_or_refused_in_words(folder: Path, data: bytes) -> None:
    imported(folder, "plan.xlsx", data)


@given(texts(), texts())
@fuzzed(share=2)
def test_no_day_and_no_time_ends_in_anything_but_a_moment_to_come(day: str, at: str) -> None:
    try:
        found = moment(day, at, ZONE, NOW, None)
    except Unfit:
        return
    assert found.replace(tzinfo=ZONE) > NOW


def test_a_cell_without_end_is_refused(folder: Path) -> None:
    row = f'2061-01-05,9:00,"{"a" * 200_000}"\n'
    assert imported(folder, "plan.csv", f"fecha,hora,texto\n{row}".encode()) == []


def test_ten_thousand_rows_are_read(folder: Path) -> None:
    rows = "".join(f"2061-01-05,9:00,Historia {at}.\n" for at in range(10_000))
    assert len(imported(folder, "plan.csv", f"fecha,hora,texto\n{rows}".encode())) == 10_000
    rows = "x\n" * 20_001
    assert imported(folder, "plan.csv", f"texto\n{rows}".encode()) == []
