"""Finds in the text of a campaign file where each post begins and ends, to the very character.

What is changed is only what stands between these marks, so everything else stays byte for byte.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MARK = "\ufeff"
"""Some editors write it first; it is no part of what a file says."""

_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SAYS_NOTHING = re.compile(r"[ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A post as written: `text[start:end]`, from its header to its last key, and its `table`.

    `end` is behind the end of that line, and behind the comments that stand right below it.
    """

    start: int
    end: int
    table: Mapping[str, Any]
    is_whole: bool = True
    """False where other tables stand between those of the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One table with its header, up to the next one; `root` is the first part of its name."""

    start: int
    end: int
    raw: Mapping[str, Any]
    root: str

    @property
    def begins_a_post(self) -> bool:
        return self.root == "post" and isinstance(self.raw["post"], list)


def posts(text: str) -> list[Block]:
    """The posts that stand under a [[post]] of their own; raises ValueError for what is no TOML."""
    found: list[list[_Table]] = []
    for table in _tables(text):
        if table.begins_a_post:
            found.append([table])
        elif table.root == "post" and found:
            found[-1].append(table)
    return [_block(text, tables) for tables in found]


def _block(text: str, tables: list[_Table]) -> Block:
    first, last = tables[0], tables[-1]
    is_whole = sum(it.end - it.start for it in tables) == last.end - first.start
    end = _content_end(text, last.start, last.end)
    source = "".join(text[it.start : it.end] for it in tables)
    [table] = tomllib.loads(source)["post"]
    return Block(start=first.start, end=end, table=table, is_whole=is_whole)


def _tables(text: str) -> Iterator[_Table]:
    """What looks like a header within a text or a list cuts off no sound piece of TOML."""
    start = len(MARK) if text.startswith(MARK) else 0
    for header in _HEADER.finditer(text):
        if header.start() > start and (raw := _sound(text[start : header.start()])) is not None:
            yield from _table(text, start, header.start(), raw)
            start = header.start()
    yield from _table(text, start, len(text), tomllib.loads(text[start:]))


def _table(text: str, start: int, end: int, raw: Mapping[str, Any]) -> Iterator[_Table]:
    if _HEADER.match(text, start):
        yield _Table(start=start, end=end, raw=raw, root=next(iter(raw)))


def _sound(piece: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(piece)
    except ValueError:
        return None


def _content_end(text: str, start: int, end: int) -> int:
    """Where a table ends, without the blank lines and the comments that belong to what follows.

    A comment right below the last key belongs to the table, unless the next header follows at once.
    """
    lines = _LINE.findall(text, start, end)
    size = len(lines)
    while size > 1 and _SAYS_NOTHING.fullmatch(lines[size - 1].strip("\r\n")):
        size -= 1
    whole = tomllib.loads(text[start:end])
    # The end of a text of several lines may look like a comment.
    while size < len(lines) and _sound("".join(lines[:size])) != whole:
        size += 1
    below = size
    while below < len(lines) and lines[below].strip():
        below += 1
    if below < len(lines) or end == len(text):
        size = below
    return start + sum(map(len, lines[:size]))
