"""Reads a spreadsheet, .csv or .xlsx, as rows of text, dates and times; nothing in it is run."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from somos_social.document import MAX_BYTES, Report
from somos_social.errors import InvalidFiles
from somos_social.files.cells import as_it_was
from somos_social.files.columns import recognised

Cell = str | datetime | date | time
"""Text without space around it, empty where there is nothing; dates are local to nowhere yet."""

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes of a workbook once unpacked; years of a campaign take a hundredth of it."""

HEADERS_WITHIN = 20
"""The headers stand in one of these first rows; above them there may be a title."""

_OLD = b"\xd0\xcf\x11\xe0"
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SAVE = "Save it as .xlsx or as CSV UTF-8."
_ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row, with the number that it has in the spreadsheet."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The headers, and all rows below them that hold anything; `told` says how it was read."""

    file: Path
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    told: str


def read(file: Path, name: str | None = None) -> Sheet:
    """The sheet of the file, of a workbook the one of this name or the first that is seen.

    Raises InvalidFiles with every cell that cannot be read.
    """
    report = Report(str(file))
    data = _bytes(file, report)
    rows: list[Row] = []
    told = ""
    if data.startswith(_OLD):
        report.add("", "is an old .xls workbook, or one behind a password.", _SAVE)
    elif data.startswith(b"PK"):
        rows, told = _workbook(data, name, report)
    elif name is not None:
        report.add("", "has no sheets: it is no workbook.", "Leave --sheet out.")
    else:
        rows, told = _text(data, report)
    if not report.problems and not rows:
        report.add("", "holds no rows.")
    if report.problems:
        raise InvalidFiles(report.problems)
    sheet = _under_headers(file, rows, told)
    if not data.startswith(b"PK"):
        _refuse_parted(sheet, report)
    return sheet


def _bytes(file: Path, report: Report) -> bytes:
    try:
        if not file.exists():
            report.add("", "does not exist.")
        elif not file.is_file():
            report.add("", "is no file.")
        elif file.stat().st_size > MAX_BYTES:
            report.add("", f"is larger than {MAX_BYTES // 2**20} MiB.", "Split it in several.")
        else:
            return file.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not a file name"
        report.add("", f"cannot be read: {reason}.")
    raise InvalidFiles(report.problems)


def _under_headers(file: Path, rows: Sequence[Row], told: str) -> Sheet:
    first = rows[:HEADERS_WITHIN]
    # A title above the headers holds none of their words; of equals, the first it is.
    place = max(range(len(first)), key=lambda at: (_recognised(first[at].cells), -at))
    headers = tuple(str(cell) for cell in first[place].cells)
    return Sheet(file=file, headers=headers, rows=tuple(rows[place + 1 :]), told=told)


def _refuse_parted(sheet: Sheet, report: Report) -> None:
    """A text that was cut at a comma of its own goes on where no header stands."""
    width = max((at for at, header in enumerate(sheet.headers, 1) if header), default=0)
    for row in sheet.rows:
        if any(cell != "" for cell in row.cells[width:]):
            hint = "Put quotes round a text that holds what parts the cells."
            report.add(f"row {row.number}", "has more cells than there are headers.", hint)
    if report.problems:
        raise InvalidFiles(report.problems)


def _recognised(cells: Iterable[Cell]) -> int:
    return recognised(cell for cell in cells if isinstance(cell, str))


# Text


def _text(data: bytes, report: Report) -> tuple[list[Row], str]:
    found = _decoded(data, report)
    if found is None:
        return [], ""
    text, encoding = found
    named = text[:4].casefold() == "sep=" and text[4:5]
    separator = named or _separator(text)
    rows: list[Row] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(lines, 1):
            if number == 1 and named:
                continue
            if any(cell.strip() for cell in cells):
                _refuse_too_many(len(rows), report)
                rows.append(Row(number=number, cells=tuple(map(_plain, cells[:MOST_COLUMNS]))))
    except csv.Error as error:
        where = f"line {lines.line_num}"
        report.add(where, f"cannot be read: {error}.", "Quotes come in pairs; no cell is so long.")
    return rows, f"{encoding}, cells parted by {_SEPARATORS.get(separator, repr(separator))}"


def _decoded(data: bytes, report: Report) -> tuple[str, str] | None:
    """The characters, and how they were written. Excel writes three ways, and says so in two."""
    for mark in (b"\xff\xfe", b"\xfe\xff"):
        if data.startswith(mark):
            return data.decode("utf-16", errors="replace"), "UTF-16"
    if b"\0" in data:
        report.add("", "holds a NUL byte: it is no spreadsheet.", _SAVE)
        return None
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.add(f"line {line}", "is neither UTF-8 nor Windows-1252.", _SAVE)
        return None


def _separator(text: str) -> str:
    """The one that makes the most headers known; else the most columns of the first lines."""
    head = text[:20_000]

    def known(separator: str) -> tuple[int, int]:
        try:
            rows = [
                row
                for row, _ in zip(
                    csv.reader(io.StringIO(head, newline=""), delimiter=separator),
                    range(HEADERS_WITHIN),
                    strict=False,
                )
            ]
        except csv.Error:
            return 0, 0
        most = max((_recognised(row) for row in rows), default=0)
        return most, max((len(row) for row in rows), default=0)

    return max(_SEPARATORS, key=known)


def _plain(cell: str) -> str:
    return as_it_was(cell.replace("\r\n", "\n").replace("\r", "\n").strip())


def _refuse_too_many(number: int, report: Report) -> None:
    if number >= MOST_ROWS:
        report.add("", f"has more than {MOST_ROWS:,} rows.", "Split it in several.")
        raise InvalidFiles(report.problems)


# Workbooks


def _workbook(data: bytes, name: str | None, report: Report) -> tuple[list[Row], str]:
    try:
        seen = _looked_into(data, report)
        if report.problems:
            return [], ""
        return _rows_of(data, name, report, seen)
    except InvalidFiles:
        raise
    except Exception as error:  # noqa: BLE001 - a hostile workbook makes the library raise anything
        report.add("", f"is no workbook that can be read ({type(error).__name__}).", _SAVE)
        return [], ""


class _Seen(NamedTuple):
    """What only the bytes of a workbook say, before it is opened."""

    formulas: bool = False
    hidden: bool = False


_HIDDEN = re.compile(rb"<row [^>]*hidden=[\"'](?:1|true)")


def _looked_into(data: bytes, report: Report) -> _Seen:
    """What there is in a workbook, if it unpacks to no more than anybody needs."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 5_000:
            report.add("", "is too large once it is unpacked.", "Split it in several.")
            return _Seen()
        seen = _Seen()
        for part in parts:
            if part.filename.startswith("xl/worksheets/"):
                xml = packed.read(part)
                formulas = seen.formulas or b"<f>" in xml or b"<f " in xml
                seen = _Seen(formulas, seen.hidden or _HIDDEN.search(xml) is not None)
        return seen


def _rows_of(data: bytes, name: str | None, report: Report, seen: _Seen) -> tuple[list[Row], str]:
    values = _opened(data, data_only=True)
    sheet = _chosen(values, name, report)
    if sheet is None:
        return [], ""
    asked: Iterable[Sequence[Any]] = ()
    if seen.formulas:
        asked = _cells(_opened(data, data_only=False)[sheet.title])
    rows: list[Row] = []
    for number, (cells, written) in enumerate(zip_longest(_cells(sheet), asked), 1):
        read = tuple(_value(number, *each, report) for each in zip_longest(cells, written or ()))
        if number > 10 * MOST_ROWS:
            _refuse_too_many(number, report)
        if any(cell != "" for cell in read):
            _refuse_too_many(len(rows), report)
            rows.append(Row(number=number, cells=read))
    if seen.hidden:
        _refuse_hidden(data, sheet.title, rows, report)
    others = [it for it in values.sheetnames if it != sheet.title]
    left_out = f"; not read: {', '.join(others)}" if others else ""
    return rows, f"sheet {sheet.title}{left_out}"


def _refuse_hidden(data: bytes, title: str, rows: Sequence[Row], report: Report) -> None:
    """What a filter or a hand has hidden, nobody has looked at who sends the sheet."""
    sheet = _opened(data, data_only=True, read_only=False)[title]
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    if found := [str(row.number) for row in rows if row.number in hidden]:
        where = ("row " if len(found) == 1 else "rows ") + ", ".join(found)
        verb = "is" if len(found) == 1 else "are"
        report.add(where, f"{verb} hidden.", "Show what is hidden and look at it, or delete it.")


def _opened(data: bytes, *, data_only: bool, read_only: bool = True) -> Any:
    """Not imported before there is a workbook. Macros and links to elsewhere are left alone."""
    from openpyxl import load_workbook

    return load_workbook(
        io.BytesIO(data), read_only=read_only, data_only=data_only, keep_links=False
    )


def _chosen(book: Any, name: str | None, report: Report) -> Any:
    if name is not None and name not in book.sheetnames:
        report.add("", f"has no sheet `{name}`.", f"It has {', '.join(book.sheetnames)}.")
        return None
    seen = [it for it in book.worksheets if it.sheet_state == "visible"]
    if name is None and not seen:
        report.add("", "has no sheet that is seen.")
        return None
    return seen[0] if name is None else book[name]


def _cells(sheet: Any) -> Iterator[Sequence[Any]]:
    # What the file says of its own size need not be true.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=MOST_COLUMNS)


def _value(number: int, cell: Any, written: Any, report: Report) -> Cell:
    value = getattr(cell, "value", None)
    where = f"row {number}"
    if value is None and getattr(written, "data_type", "n") == "f":
        hint = "Open it in the spreadsheet program, save it there, and import it again."
        report.add(where, f"holds a formula without its value in {_name(written)}.", hint)
        return ""
    if getattr(cell, "data_type", "n") == "e" or value in _ERRORS:
        report.add(where, f"holds an error, {value}, in {_name(cell)}.", "Mend the formula.")
        return ""
    return _cell(value)


def _name(cell: Any) -> str:
    return str(getattr(cell, "coordinate", "a cell"))


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case datetime():
            # A time of day is a fraction of a day there, and not an exact one.
            return (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        case time():
            rounded = datetime.combine(date(2000, 1, 1), value) + timedelta(microseconds=500_000)
            return rounded.time().replace(microsecond=0)
        case timedelta():
            return (datetime(2000, 1, 1) + value).time().replace(microsecond=0)  # noqa: DTZ001
        case date():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case str():
            return _plain(value)
        case _:
            return str(value)
