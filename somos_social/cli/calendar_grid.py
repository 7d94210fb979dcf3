"""Draws a month or a week into a terminal of any width; colours only repeat what marks say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from somos_social.cli import rendering
from somos_social.core.limits import LIMITS
from somos_social.flows.calendar import UNSCHEDULED, Day, Entry, first_state

if TYPE_CHECKING:
    from rich.text import Text

MARKS: Mapping[str, str] = {
    "scheduled": "o",
    "claimed": ">",
    "publishing": ">",
    "published": "v",
    "unconfirmed": "?",
    "failed": "x",
    "missed": "!",
    "cancelled": "-",
    "removed": "-",
    UNSCHEDULED: "+",
}
"""By state; letters that every terminal has."""

SILENT = "#"

_WORDS = {
    "o": "scheduled",
    "+": "in the file only",
    ">": "going out",
    "v": "published",
    "?": "unconfirmed",
    "x": "failed",
    "!": "missed",
    "-": "cancelled or removed",
    SILENT: "blackout",
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def month(title: str, days: Sequence[Day], *, of: date, today: date) -> None:
    """Whole weeks as rows; days of other months are left blank."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    screen = rendering.console()
    width = max(10, (screen.width - 8) // 7)
    grid = Table(
        title=Text(rendering.clean(title)), box=box.ASCII, padding=0, show_lines=True, expand=False
    )
    for name in _WEEKDAYS:
        grid.add_column(name, width=width, no_wrap=True, overflow="crop")
    for begin in range(0, len(days), 7):
        week = days[begin : begin + 7]
        grid.add_row(*(_month_day(it, width, today) if _in(it, of) else Text("") for it in week))
    screen.print(grid, crop=False)
    _legend(days)


def _in(day: Day, of: date) -> bool:
    return (day.day.year, day.day.month) == (of.year, of.month)


def _month_day(day: Day, width: int, today: date) -> "Text":
    from rich.text import Text

    cell = Text()
    cell.append(f"{day.day.day}{' today' if day.day == today else ''}", style="bold")
    for silence in day.silences:
        cell.append(f"\n{_cut(f'{SILENT} {silence.reason}', width)}", style="reverse")
    for entry in day.entries:
        cell.append(f"\n{_sign(entry)}{entry.at:%H:%M} {_letters(entry)}", style=_style(entry))
        cell.append(f"\n{_cut(entry.post, width)}")
    return cell


def week(title: str, days: Sequence[Day], *, today: date) -> None:
    """Days as rows, each post on a line of its own."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    screen = rendering.console()
    width = max(40, screen.width - 16)
    grid = Table(title=Text(rendering.clean(title)), box=box.ASCII, padding=0, show_lines=True)
    grid.add_column("day", width=12, no_wrap=True)
    grid.add_column("posts", width=width, no_wrap=True, overflow="crop")
    for day in days:
        name = f"{_WEEKDAYS[day.day.weekday()]} {day.day:%m-%d}"
        lines = Text("\n").join(_week_lines(day, width))
        mark = " now" if day.day == today else ""
        grid.add_row(Text(f"{name}{mark}", style="bold"), lines)
    screen.print(grid, crop=False)
    _legend(days)


def _week_lines(day: Day, width: int) -> "Iterator[Text]":
    from rich.text import Text

    for silence in day.silences:
        yield Text(_cut(f"{SILENT} {silence.reason}", width), style="reverse")
    for entry in day.entries:
        line = Text(f"{_sign(entry)} {entry.at:%H:%M} {_letters(entry):<3} ", style=_style(entry))
        unlike = len(set(entry.states.values())) > 1
        states = (f"{_letter(name)} {state}" for name, state in sorted(entry.states.items()))
        told = f"  ({', '.join(states)})" if unlike else ""
        yield line + Text(_cut(f"{entry.campaign}/{entry.post}{told}", width - len(line)))


def _sign(entry: Entry) -> str:
    return MARKS[first_state(entry)]


def _style(entry: Entry) -> str:
    return "bold yellow" if _sign(entry) == "+" else rendering.STYLES.get(first_state(entry), "")


def _letters(entry: Entry) -> str:
    """The networks on which it goes out: F, I and X."""
    return "".join(sorted({_letter(channel) for channel in entry.states}))


def _letter(channel: str) -> str:
    return LIMITS[channel.partition(":")[0]].name[:1].upper()


def _cut(text: str, width: int) -> str:
    from rich.cells import set_cell_size

    return set_cell_size(rendering.clean(text), width).rstrip()


def _legend(days: Sequence[Day]) -> None:
    """What the marks mean that are seen."""
    seen = {_sign(entry) for day in days for entry in day.entries}
    seen |= {SILENT for day in days if day.silences}
    if seen:
        words = ", ".join(f"{mark} {told}" for mark, told in _WORDS.items() if mark in seen)
        rendering.say(f"{words}. F Facebook, I Instagram, X X.")
    else:
        rendering.say("Nothing is due in these days.")
