"""Puts text on a terminal or into a pipe; nothing that a file or a network said can act there."""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import typer

from somos_social.errors import Finding, Problem

if TYPE_CHECKING:
    from rich.console import Console

LEAST_LAST_COLUMN = 24
"""The last column of a table wraps between words, down to this many characters; no other does."""

# Controls of the terminal, marks that turn the direction of reading, and halves of characters.
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

STYLES = {
    "published": "green",
    "ok": "green",
    "add": "green",
    "amend": "yellow",
    "withdraw": "yellow",
    "scheduled": "cyan",
    "claimed": "cyan",
    "publishing": "cyan",
    "unconfirmed": "bold magenta",
    "failed": "bold red",
    "blocked": "bold red",
    "refused": "bold red",
    "no secret": "bold red",
    "missed": "bold red",
    "too-late": "bold red",
    "cancelled": "dim",
    "removed": "dim",
    "untouched": "dim",
}
"""How the words stand out that a person looks for."""


def clean(text: str) -> str:
    """`text` on one line, with everything visible that could steer a terminal."""
    return _HOSTILE.sub(_shown, " ".join(text.split("\n")))


def _shown(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode()


def document(value: Any) -> None:
    """Prints the one JSON document of a call."""
    typer.echo(as_json(value, indent=2))


def as_json(value: Any, indent: int | None = None) -> str:
    """`value` as JSON in which no terminal finds a command."""
    # A stream that cannot carry every character would put something else than JSON in its place.
    narrow = "utf" not in (sys.stdout.encoding or "utf-8").lower()
    text = json.dumps(value, ensure_ascii=narrow, indent=indent)
    return _HOSTILE.sub(lambda m: m[0] if m[0] == "\n" else f"\\u{ord(m[0]):04x}", text)


def say(*lines: str) -> None:
    """Lines of the answer; what a value holds makes no line of its own."""
    for line in lines:
        typer.echo(clean(line))


def note(*lines: str) -> None:
    """Lines beside the answer: on standard error."""
    for line in lines:
        typer.echo(clean(line), err=True)


def console(*, stderr: bool = False) -> "Console":
    """A console that interprets no markup, and writes no colour where NO_COLOR is set."""
    from rich.console import Console

    return Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def heading(name: str, state: str) -> None:
    """What the following lines are about, and how it stands."""
    from rich.text import Text

    state = clean(state)
    styled = Text(clean(name), style="bold") + Text("  ") + Text(state, style=STYLES.get(state, ""))
    console().print(styled, soft_wrap=True)


def facts(found: Iterable[tuple[str, str | None]]) -> None:
    """Names and values below a heading; what has no value is left out."""
    known = [(f"{name}:" if name else "", value) for name, value in found if value is not None]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        say(f"  {name:<{width}}  {value}".rstrip())


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns on a terminal; elsewhere one line a row, tabs between, nothing cut off."""
    headers, *cleaned = [[clean(cell) for cell in row] for row in (headers, *rows)]
    screen = console()
    if not screen.is_terminal:
        for row in (headers, *cleaned):
            typer.echo("\t".join(row))
        return
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    last = len(headers) - 1
    for place, header in enumerate(headers):
        grid.add_column(Text(header), no_wrap=place < last, overflow="fold")
    for row in cleaned:
        grid.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    fixed = sum(
        max(cell_len(row[place]) for row in (headers, *cleaned)) + 3 for place in range(last)
    )
    words = [cell_len(word) for row in (headers, *cleaned) for word in row[last].split()]
    # A key or an address that is broken in two cannot be copied: rather let the terminal wrap.
    screen.width = max(screen.width, fixed + max([LEAST_LAST_COLUMN, *words]) + 2)
    screen.print(grid, crop=False)


def problems(found: Sequence[Problem], end: str = "Nothing was written.") -> None:
    """Every problem under the file it stands in, with what to do about it, on standard error."""
    for file in dict.fromkeys(problem.file for problem in found):
        note(file)
        for problem in found:
            if problem.file == file:
                rule = f" [{problem.rule}]" if isinstance(problem, Finding) else ""
                key = f"{problem.key}: " if problem.key else ""
                note(f"  {key}{problem.problem}{rule}")
                if problem.hint:
                    note(f"      {problem.hint}")
    files = len({problem.file for problem in found})
    note("", f"{counted(len(found), 'problem')} in {counted(files, 'file')}. {end}")


def warnings(found: Sequence[Finding]) -> None:
    """What keeps nothing back: each thing said once, with all the places that it is said of."""
    if not found:
        return
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in found:
        place = f"{each.file}: {each.key}" if each.key else each.file
        groups.setdefault((each.rule, each.problem, each.hint), []).append(place)
    for (rule, problem, hint), places in groups.items():
        note(f"WARNING: {problem} [{rule}]", f"      {hint}", *(f"    {place}" for place in places))
    files = counted(len({each.file for each in found}), "file")
    note(
        f"{counted(len(found), 'warning')} in {files}; they keep nothing back. To accept one, "
        'write its rule and your reason, as in [accept] no-alt = "...": `somos check --rules`.'
    )


def accepted(found: Sequence[Finding]) -> None:
    """What would be told if nobody had said why it is not to be."""
    for each in found:
        place = f"{each.file}: {each.key}" if each.key else each.file
        note(f"accepted: {place}: {each.problem} [{each.rule}]", f"      {each.reason}")


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 delivery", "2 deliveries"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def local_times(
    moments: Sequence[datetime | None], zone: tzinfo | None = None, *, seconds: bool = False
) -> tuple[str, list[str]]:
    """The offset of the zone, for a heading, and the moments there; without one, this machine's.

    Where the offset changes between the moments, each names its own instead.
    """
    there = [moment.astimezone(zone) if moment else None for moment in moments]
    offsets = {_offset(moment) for moment in there if moment}
    one = offsets.pop() if len(offsets) == 1 else ""
    style = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    shown = [
        f"{moment.strftime(style)}{'' if one else _offset(moment)}" if moment else ""
        for moment in there
    ]
    return f"UTC{one}" if one else "local", shown


def local_time(moment: datetime) -> str:
    """One moment on this machine's clock, to the second, with its offset."""
    here = moment.astimezone()
    return f"{here:%Y-%m-%d %H:%M:%S} (UTC{_offset(here)})"


def _offset(moment: datetime) -> str:
    offset = f"{moment:%z}"
    return f"{offset[:3]}:{offset[3:5]}"
