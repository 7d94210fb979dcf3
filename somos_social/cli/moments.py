"""The times that people write on the command line, and what was understood of them.

A library reads the words, and guesses where they leave something open. So nothing is passed on to
it of which we do not know every word, and what it answers must hold all that was written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from somos_social.cli import rendering
from somos_social.document import Report, Unfit, read_toml, zone
from somos_social.errors import InvalidFiles, UsageError
from somos_social.files import clock
from somos_social.files.weekly import WEEKDAYS

NEXT_SLOT = frozenset(
    {
        *("next slot", "the next slot", "next free slot"),
        *("próximo turno", "proximo turno", "siguiente turno"),
    }
)
"""These ask for the next free one of the weekly hours of each channel."""

AHEAD = timedelta(days=183)
"""A day without a year is one of the coming months; what lies further ahead names its year."""

FORMS = '"2026-12-05T18:00", "tomorrow 18:00", "viernes 9:00", "5 december 18:00", "in 2 hours"'

_CLOCK = re.compile(
    r"(?<![\w:./-])(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{2}) ?(?P<half>[ap]m)?| ?(?P<only>[ap]m))(?![\w:./-])"
)
_HALF = re.compile(r"\b([ap])\. ?m\b\.?")
_WRITTEN_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ t]([0-9]:[0-9]{2})")
_LATER = re.compile(
    r"(?:in|en|dentro de) [0-9]{1,4} ?(?:hours?|horas?|minutes?|minutos?|min)"
    r"(?: (?:and|y) [0-9]{1,2} ?(?:minutes?|minutos?|min))?"
)
_NUMBERS = re.compile(r"[0-9]{1,2}[/.][0-9]{1,2}(?:[/.](?:[0-9]{4}|[0-9]{2}))?")

_OVERMORROW = "overmorrow"
_NEAR_DAYS = {
    **dict.fromkeys(("today", "hoy"), 0),
    **dict.fromkeys(("tomorrow", "mañana", "manana"), 1),
    _OVERMORROW: 2,
}
_LIBRARY = {_OVERMORROW: "day after tomorrow", "manana": "tomorrow", "mañana": "tomorrow"}
_TWO_DAYS = re.compile(r"\b(?:the )?day after tomorrow\b|\bpasado (?:mañana|manana)\b")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_FILLERS = frozenset({"at", "on", "the", "of", "el", "a", "la", "las", "de", "del", "para"})
_EITHER = frozenset({"next", "this", "coming", "próximo", "proximo", "este", "siguiente"})
_TWO_MEANINGS = {"mar": "martes or marzo"}


def zone_of(campaign: Path) -> ZoneInfo:
    """The time zone of a campaign file. Raises InvalidFiles."""
    report = Report(str(campaign))
    raw = read_toml(campaign, report) or {}
    try:
        return zone(str(raw.get("timezone", "")))
    except Unfit as unfit:
        if not report.problems:
            report.add("timezone", unfit.problem, unfit.hint)
        raise InvalidFiles(report.problems) from None


def asks_for_a_slot(written: str) -> bool:
    """Whether it is no time, but the next free one of the weekly hours."""
    return _plain(written) in NEXT_SLOT


def read(written: str, at: ZoneInfo, now: datetime) -> datetime:
    """A moment to come, in UTC; local to the zone, unless it names an offset. Raises UsageError.

    What may mean one time or another is refused, and so is what the clocks there skip or repeat.
    """
    try:
        moment = understood(written, at, now)
    except Unfit as unfit:
        hint = unfit.hint or f"Write it as in {FORMS}."
        raise UsageError(f"{written!r} {unfit.problem} {hint}") from None
    if moment <= now:
        raise UsageError(f"{written!r} is past: {moment.astimezone(at):%Y-%m-%d %H:%M} there.")
    return moment


def say_back(moment: datetime, at: ZoneInfo, where: str = "") -> None:
    """What was understood, there and in UTC; `where` are the channels that it is for."""
    there = f"{moment.astimezone(at):%A %Y-%m-%d %H:%M}"
    of = f"{where}: " if where else ""
    rendering.note(
        f"{of}{there} in {at.key}, which is {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    )


def say_back_each(times: Mapping[str, datetime], at: ZoneInfo) -> None:
    """What was understood of each channel, those of one time together."""
    for moment in sorted(set(times.values())):
        say_back(moment, at, ", ".join(name for name in times if times[name] == moment))


def understood(written: str, at: ZoneInfo, now: datetime) -> datetime:
    """As `read` does, but of what is past, too. Raises Unfit."""
    plain = _plain(written)
    if padded := _WRITTEN_DAY.fullmatch(plain):
        plain = f"{padded[1]}T0{padded[2]}"
    if (standard := _standard(plain)) is not None:
        return clock.utc(standard, at)
    if _LATER.fullmatch(plain):
        base = now.astimezone(UTC).replace(tzinfo=None)
        found = _parsed(plain, base, "DMY")
        if found is None or found <= base:
            raise Unfit("is not understood.")
        return found.replace(tzinfo=UTC)
    return clock.utc(_of_words(plain, now.astimezone(at).replace(tzinfo=None)), at)


def _plain(written: str) -> str:
    text = " ".join(written.casefold().replace(",", " ").split())
    return _HALF.sub(r"\1m", text)


def _standard(plain: str) -> datetime | None:
    """What is written as ISO 8601 has it, but for a day without a time of day."""
    for kind in (date, datetime):
        try:
            found = kind.fromisoformat(plain.upper())
        except ValueError:
            continue
        if not isinstance(found, datetime):
            raise Unfit("names a day but no time of day.")
        return found
    return None


@dataclass(slots=True)
class _Day:
    """All that the words say of the day; None and nothing is what they leave open.

    `words` are those that the library is to read.
    """

    near: int | None = None
    weekday: int | None = None
    month: int | None = None
    numbers: list[int] = field(default_factory=list)
    digits: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def year(self) -> int | None:
        return next((it for it in self.numbers if it > 31), None)

    @property
    def names_a_year(self) -> bool:
        return self.year is not None or len(re.findall("[0-9]+", self.digits)) > 2

    @property
    def number(self) -> int | None:
        return next((it for it in self.numbers if it <= 31), None)

    @property
    def is_dated(self) -> bool:
        return bool(self.digits) or (self.month is not None and self.number is not None)


def _of_words(plain: str, now: datetime) -> datetime:
    """Local to the zone, as `now` is."""
    times = [*_CLOCK.finditer(plain)]
    if len(times) > 1:
        raise Unfit("names more than one time of day.")
    if not times:
        raise Unfit("names no time of day, such as 9:00 or 9 pm.")
    rest = f"{plain[: times[0].start()]} {plain[times[0].end() :]}"
    day = _day(_TWO_DAYS.sub(_OVERMORROW, rest).split())
    at = _time(times[0])
    if day.weekday == now.weekday() and not day.is_dated:
        raise Unfit("may mean today or in a week.", "Write the date as in 2026-12-05T18:00.")
    orders = ("DMY", "MDY", "YMD") if day.names_a_year and day.digits else ("DMY", "MDY")
    readings = {_reading(day, at, now, order) for order in orders} - {None}
    if len(readings) > 1:
        either = " or ".join(sorted(f"{it:%Y-%m-%d}" for it in readings if it))
        raise Unfit(f"may mean {either}.", "Write the date as in 2026-12-05T18:00.")
    for found in readings:
        if found is not None and _holds(found, day, at, now):
            return found
    raise Unfit("is not understood.")


def _time(clock_time: re.Match[str]) -> time:
    hour, minute = int(clock_time["hour"]), int(clock_time["minute"] or 0)
    half = clock_time["half"] or clock_time["only"]
    if half and not 1 <= hour <= 12:
        raise Unfit(f"names no hour of a day: {clock_time[0].strip()}.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise Unfit(f"names no hour of a day: {clock_time[0].strip()}.") from None


def _day(tokens: list[str]) -> _Day:
    """What each word says; one that says nothing, or one thing or another, is refused."""
    day = _Day()
    said: list[str] = []
    for token in tokens:
        word = token.rstrip(".") or token
        if word in _FILLERS:
            continue
        said.append(_kind(word, day))
    if not said:
        raise Unfit("names no day.")
    once = [kind for kind in said if kind != "number"]
    if len(once) != len(set(once)) or said.count("number") > 2:
        raise Unfit("names more than one day.")
    if day.near is not None and len(said) > 1:
        raise Unfit("names more than one day.")
    if "digits" in said and {"month", "number"}.intersection(said):
        raise Unfit("names more than one day.")
    if day.weekday is None and day.near is None and not day.is_dated:
        raise Unfit("names no whole day.")
    if day.numbers and day.month is None:
        raise Unfit("names a number of which nothing says what it is.")
    return day


def _kind(word: str, day: _Day) -> str:
    """Which kind of word it is, and what it says."""
    day.words.append(_LIBRARY.get(word, word))
    if word in _EITHER:
        raise Unfit(f"holds `{word}`, which one person reads otherwise than another.")
    if word in _TWO_MEANINGS:
        raise Unfit(f"holds `{word}`, which may mean {_TWO_MEANINGS[word]}.", "Write it out.")
    if word in _NEAR_DAYS:
        day.near = _NEAR_DAYS[word]
        return "near"
    if word in WEEKDAYS:
        day.weekday = WEEKDAYS[word]
        return "weekday"
    if word in _MONTHS:
        day.month = _MONTHS[word]
        return "month"
    if _NUMBERS.fullmatch(word):
        day.digits = word
        return "digits"
    if re.fullmatch("[0-9]{1,2}|[0-9]{4}", word):
        day.numbers.append(int(word))
        return "number"
    raise Unfit(f"holds `{word}`, which is not understood.")


def _reading(day: _Day, at: time, now: datetime, order: str) -> datetime | None:
    """What the library makes of it, whatever time of today it is asked at."""
    text = f"{' '.join(day.words)} {at:%H:%M}"
    bases = (datetime.combine(now.date(), time(0, 1)), datetime.combine(now.date(), time(23, 58)))
    found = {_parsed(text, base, order) for base in bases}
    return found.pop() if len(found) == 1 else None


def _holds(found: datetime, day: _Day, at: time, now: datetime) -> bool:
    """Whether it is all that was written, and nothing was guessed."""
    ahead = found.date() - now.date()
    if day.weekday is not None and found.weekday() != day.weekday:
        raise Unfit(f"is not right: {found:%Y-%m-%d} is a {found:%A}.")
    if day.is_dated and not day.names_a_year and ahead > AHEAD:
        raise Unfit(f"lies far ahead, on {found:%Y-%m-%d}, or is past.", "Write the year, too.")
    is_near = day.is_dated or ahead <= timedelta(days=7)
    return (
        is_near
        and found.time() == at
        and day.near in (None, ahead.days)
        and day.month in (None, found.month)
        and day.number in (None, found.day)
        and day.year in (None, found.year)
    )


def _parsed(text: str, base: datetime, order: str) -> datetime | None:
    """The library's reading. Not imported before there is something to read: it takes 0.1 s."""
    import dateparser

    return dateparser.parse(
        text,
        languages=["en", "es"],
        settings={
            "RELATIVE_BASE": base,
            "DATE_ORDER": order,
            "PREFER_DATES_FROM": "future",
            "TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
