"""The dates and times of a spreadsheet, each column read in one order of day and month."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from somos_social.cli import moments
from somos_social.document import Unfit
from somos_social.files import clock
from somos_social.files.sheets import Cell

_ISO = "as in 2026-12-05"
_NUMBERS = re.compile(
    r"(?P<first>[0-9]{1,2})[/.-](?P<second>[0-9]{1,2})(?:[/.-](?P<year>[0-9]{4}|[0-9]{2}))?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_HALF = r"[ap]\.? ?m\b\.?"
_CLOCK = re.compile(
    rf"(?P<hour>[0-9]{{1,2}})(?:[:.h](?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}}))?)?"
    rf" ?(?:h(?:oras|rs?|s)?\b\.?)? ?(?P<half>{_HALF})?"
)
_ENDS_WITH_A_TIME = re.compile(
    rf"(?P<day>.*?)[ ,t]+(?:a las? )?"
    rf"(?P<time>[0-9]{{1,2}}[:h][0-9]{{2}}(?::[0-9]{{2}})?(?: ?{_HALF})?|[0-9]{{1,2}} ?{_HALF})"
)


class Order(StrEnum):
    """Which number of 05/12/2026 is the day."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the dates of a column say of their order: a cell that shows it, by order.

    `unclear` is the first cell that could be read either way.
    """

    shown: dict[Order, str]
    unclear: str = ""

    @property
    def order(self) -> Order | None:
        """The one order that all cells allow; None where none or both are shown."""
        return next(iter(self.shown)) if len(self.shown) == 1 else None


def evidence(cells: Iterable[Cell]) -> Evidence:
    """Of all cells of a column."""
    shown: dict[Order, str] = {}
    unclear = ""
    for cell in cells:
        found = _NUMBERS.fullmatch(_day_and_time(cell)[0]) if isinstance(cell, str) else None
        if found is None:
            continue
        first, second = int(found["first"]), int(found["second"])
        if first > 12 >= second:
            shown.setdefault(Order.DAY_FIRST, str(cell))
        elif second > 12 >= first:
            shown.setdefault(Order.MONTH_FIRST, str(cell))
        elif first != second:
            unclear = unclear or str(cell)
    return Evidence(shown=shown, unclear=unclear)


def moment(day: Cell, at: Cell, zone: ZoneInfo, now: datetime, order: Order | None) -> datetime:
    """The moment that a row means, as the clocks of the zone show it. Raises Unfit.

    `at` is the time of day, empty where it stands with the day.
    """
    if isinstance(day, str) and not day:
        raise Unfit("names no day.", f"Write it {_ISO}.")
    if isinstance(day, str) and at == "" and (found := _with_offset(day, zone)) is not None:
        return found
    found_day, said = _date(day, zone, now, order)
    when = _time(at) if at != "" else said
    if when is None:
        raise Unfit("names no time of day.", "Write it as in 18:00.")
    local = datetime.combine(found_day, when)
    utc = clock.utc(local, zone)
    if utc <= now:
        raise Unfit(f"is past: {local:%Y-%m-%d %H:%M} there.", "Give it a time to come.")
    return local


def _with_offset(written: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return None if found.tzinfo is None else clock.wall(clock.utc(found, zone), zone)


def _date(
    cell: Cell, zone: ZoneInfo, now: datetime, order: Order | None
) -> tuple[date, time | None]:
    """The day, and the time of day that stands with it."""
    match cell:
        case datetime():
            # A day alone is midnight there; who means midnight gives it a column of its own.
            return cell.date(), cell.time() if cell.time() != time() else None
        case date():
            return cell, None
        case time():
            raise Unfit("names a time of day where a day should stand.", f"Write it {_ISO}.")
        case str():
            text, at = _day_and_time(cell)
            return _written_day(text, zone, now, order), _time(at) if at else None


def _day_and_time(cell: str) -> tuple[str, str]:
    plain = " ".join(cell.casefold().split())
    ended = _ENDS_WITH_A_TIME.fullmatch(plain)
    return (ended["day"].strip(" ,"), ended["time"]) if ended else (plain, "")


def _written_day(text: str, zone: ZoneInfo, now: datetime, order: Order | None) -> date:
    if iso := _YEAR_FIRST.fullmatch(text):
        return _real(int(iso[1]), int(iso[2]), int(iso[3]))
    if numbers := _NUMBERS.fullmatch(text):
        return _of_numbers(numbers, zone, now, order)
    if not re.search("[0-9]", text):
        # A spreadsheet is read again some other day, when "viernes" is another one.
        raise Unfit("names no day that stays the same.", f"Write it {_ISO}.")
    return moments.understood(f"{text} 12:00", zone, now).astimezone(zone).date()


def _of_numbers(found: re.Match[str], zone: ZoneInfo, now: datetime, order: Order | None) -> date:
    first, second = int(found["first"]), int(found["second"])
    if first > 12 or (second <= 12 and (order is Order.DAY_FIRST or first == second)):
        day, month = first, second
    elif second > 12 or order is Order.MONTH_FIRST:
        day, month = second, first
    else:
        raise Unfit(
            f"may be day {first} of month {second}, or day {second} of month {first}.",
            "Write it as in 2026-12-05, or say --dates day-first or --dates month-first.",
        )
    if found["year"]:
        year = int(found["year"])
        return _real(year if year > 99 else 2000 + year, month, day)
    today = now.astimezone(zone).date()
    coming = [_real(year, month, day) for year in (today.year, today.year + 1)]
    nearest = next(it for it in coming if it >= today or it is coming[-1])
    if nearest - today > timedelta(days=183):
        raise Unfit("names no year, and is past or far ahead.", "Write the year, too.")
    return nearest


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unfit("names a day that there is not.", f"Write it {_ISO}.") from None


def _time(cell: Cell) -> time:
    match cell:
        case datetime():
            return cell.time()
        case time():
            return cell.replace(tzinfo=None)
        case date():
            raise Unfit("names a day where a time of day should stand.", "Write it as in 18:00.")
        case str():
            return _written_time(" ".join(cell.casefold().split()))


def _written_time(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if not found:
        raise Unfit("names no time of day.", "Write it as in 18:00.")
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half is None and found["minute"] is None and "h" not in text:
        raise Unfit(f"says {text}: in the morning?", "Write it as in 18:00.")
    if half and not 1 <= hour <= 12:
        raise Unfit("names no hour of a day.", "Write it as in 18:00.")
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return time(hour, minute, int(found["second"] or 0))
    except ValueError:
        raise Unfit("names no hour of a day.", "Write it as in 18:00.") from None


def first_unclear(columns: Sequence[Evidence]) -> str:
    """A cell of which nothing shows in which order it is written, if there is one."""
    return next((it.unclear for it in columns if it.unclear and it.order is None), "")
