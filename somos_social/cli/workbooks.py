"""Writes workbooks in which everything is a text, a day or a time, and nothing is ever run."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from somos_social.errors import UsageError
from somos_social.files.cells import as_it_was, disarmed

LONGEST_CELL = 32_767
"""Characters; a spreadsheet program cuts off what is longer, without a word.

https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

_FORMATS = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd", time: "hh:mm:ss"}


def write(
    path: Path, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], wide: set[str]
) -> int:
    """Writes one sheet, its headers fixed above the rest, and returns how many rows there are.

    `wide` are the headers of columns that hold sentences. Raises UsageError for a text that no cell
    can hold.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    ready = [[_ready(value) for value in row] for row in rows]
    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers, 1):
        width = 60 if header in wide else max(12, len(header) + 2)
        sheet.column_dimensions[get_column_letter(place)].width = width
    top = [_cell(sheet, header) for header in headers]
    for cell in top:
        cell.font = Font(bold=True)
    sheet.append(top)
    for row in ready:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(path)
    return len(ready)


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if type(value) in _FORMATS:
        cell: Any = WriteOnlyCell(sheet, value=value)
        cell.number_format = _FORMATS[type(value)]
        return cell
    cell = WriteOnlyCell(sheet, value=value or None)
    if value:
        # Whoever edits the cell does not make a formula of it either.
        cell.data_type, cell.quotePrefix = "s", value[:1] in "=+-@"
    return cell


def _ready(value: Any) -> Any:
    """A day, a time or a text, none of which is ever run."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if type(value) in _FORMATS:
        return value
    text = "" if value is None else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub(lambda it: it[0].encode("unicode_escape").decode(), text)
    text = text.encode("utf-8", "backslashreplace").decode()
    text = text if as_it_was(text) == text else disarmed(text)
    if len(text) > LONGEST_CELL:
        raise UsageError(
            f"A text of {len(text):,} characters does not fit into a cell of a workbook, which "
            f"takes {LONGEST_CELL:,}. Write a .csv file instead."
        )
    return text
