"""Reads a TOML file against a shape and tells every problem in it at once, never a value."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from somos_social.core.desk.rules import ACCEPTABLE
from somos_social.core.limits import LIMITS
from somos_social.core.marks import is_heaped
from somos_social.errors import InvalidFiles, Problem

MAX_BYTES = 16 * 1024 * 1024
"""No file that a person writes is larger; reading one that is would only exhaust the memory."""

MOST_PROBLEMS = 1000
"""Of one file; nobody reads more before mending these."""

LONGEST_TEXT = 100_000
"""Characters; Facebook takes 63,206, and no network takes more."""

MOST_SAID = 500
"""Characters of a problem: what stands in a file may be repeated in it, but not without end."""

LONGEST = timedelta(days=366)
"""No length of time that a person writes here is longer; more is a slip of the key."""

_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_DEEP_KEY = re.compile(
    r"""(?a)(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}"""
)
"""A key of so many parts that reading it would take for ever: tomllib looks at all of them anew
for each of them."""
_JOINERS = "\u200c\u200d"
"""They hold emoji, and the letters of some scripts, together."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Report:
    """The problems found so far in one file, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._keys: set[str] = set()

    def add(self, key: str, problem: str, hint: str = "") -> None:
        """What was written in the file may be part of all three; a terminal must not obey it.

        Raises InvalidFiles where there were more problems than anybody reads.
        """
        self.tell(Problem(file=self.file, key=key, problem=problem, hint=hint))

    def tell(self, found: Problem) -> None:
        """Likewise, of a problem that was found elsewhere."""
        if len(self.problems) == MOST_PROBLEMS:
            hint = "Mend these first, then check again."
            more = Problem(file=self.file, key="", problem="has more problems.", hint=hint)
            raise InvalidFiles([*self.problems, more])
        self.problems.append(printable(found))
        self._keys.add(whole(self.problems[-1].key))

    def missing(self, key: str, hint: str) -> None:
        """Say that a key is not there, unless what stood there was refused already."""
        if key not in self._keys:
            self.add(key, "is missing.", hint)


def whole(key: str) -> str:
    """The key of the list that an element's key, such as "assets[1]", is part of; else itself."""
    return re.sub(r"\[\d+\]$", "", key)


ProblemT = TypeVar("ProblemT", bound=Problem)


def printable(found: ProblemT) -> ProblemT:
    """A problem of which no word acts on a terminal or goes on without end."""
    return replace(
        found,
        key=_printable(found.key),
        problem=_printable(found.problem),
        hint=_printable(found.hint),
    )


def _printable(text: str) -> str:
    text = text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"
    return "".join(
        character if character.isprintable() or character in _JOINERS else f"U+{ord(character):04X}"
        for character in text
    )


class Unfit(ValueError):
    """A value of the right type that cannot be used: what is wrong, and what to do about it."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem, hint)
        self.problem = problem
        self.hint = hint


class Shape(BaseModel):
    """A table as people write it. Every key has a default: `Report.missing` asks for the rest."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


ShapeT = TypeVar("ShapeT", bound=Shape)


def read_toml(path: Path, report: Report) -> dict[str, Any] | None:
    """The tables of a file, or None where the report says why there are none."""
    data = _bytes(path, report)
    return None if data is None else toml_of(data, report)


def toml_of(data: bytes, report: Report) -> dict[str, Any] | None:
    """The tables of what is in a file, or is to be, or None where the report says why not."""
    try:
        text = _text(data)
        if _DEEP_KEY.search(text):
            raise Unfit("holds a key of more parts than any key has.")
        return tomllib.loads(text)
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except RecursionError:
        report.add("", "nests lists or tables too deeply.")
    except tomllib.TOMLDecodeError as error:
        report.add("", f"is not valid TOML: {error}.", "Mend that line; quotes come in pairs.")
    except ValueError:
        report.add("", "holds a number that is too long.")
    return None


def _bytes(path: Path, report: Report) -> bytes | None:
    try:
        if path.is_dir():
            report.add("", "is a folder.", "Name a file in it.")
        elif path.is_symlink() and not path.exists():
            report.add("", "is a link that leads nowhere.", "Mend the link, or name another file.")
        elif not path.exists():
            report.add("", "does not exist.", near(path.name, _beside(path)))
        elif not path.is_file():
            report.add("", "is not a regular file.")
        elif path.stat().st_size > MAX_BYTES:
            report.add("", f"is larger than {MAX_BYTES // 2**20} MiB.", "Split it in several.")
        else:
            return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not a file name"
        report.add("", f"cannot be read: {reason}.")
    return None


def _beside(path: Path) -> list[str]:
    """The names in its folder; none where the folder may not be listed."""
    with suppress(OSError):
        return [other.name for other in path.parent.iterdir()]
    return []


def _text(data: bytes) -> str:
    """The characters of a UTF-8 file; raises Unfit for any other encoding, and names it."""
    if data.startswith(_UTF_16):
        raise Unfit("is saved as UTF-16.", "Save it as UTF-8.")
    if (at := data.find(b"\0")) >= 0:
        raise Unfit(f"holds a NUL byte in line {_line(data, at)}: it is not text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start : error.start + 1]
        meant = byte.decode("cp1252", errors="ignore")
        guess = f", probably `{meant}` in a Windows encoding" if meant else ""
        where = f"byte 0x{byte.hex()} in line {_line(data, error.start)}"
        raise Unfit(f"is not UTF-8: {where}{guess}.", "Save it as UTF-8.") from None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def fitted(shape: type[ShapeT], raw: object, report: Report, at: str = "") -> ShapeT:
    """What of a raw table fits the shape; the report tells of the rest, under the key `at`."""
    if not isinstance(raw, dict):
        report.add(at, f"must be a table, but is {_found(raw)}.")
        return shape()
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    for item in wrong:
        place = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"]
        )
        report.add(f"{at}{place}".removeprefix("."), *_worded(item, shape))
    refused = {item["loc"][0] for item in wrong}
    return shape.model_validate({key: raw[key] for key in raw if key not in refused})


_WANTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("text", "Write it in quotes."),
    "list_type": ("a list", 'Write it in square brackets, as in ["..."].'),
    "dict_type": ("a table", ""),
    "model_type": ("a table", "Write it in braces, as in { key = ... }."),
    "int_type": ("a whole number", "Write it without quotes and without a point."),
    "float_type": ("a number", "Write it without quotes."),
    "bool_type": ("true or false", "Write it without quotes."),
}


def _worded(item: ErrorDetails, shape: type[Shape]) -> tuple[str, str]:
    """One of pydantic's errors as a problem and a hint; what was written is not repeated."""
    name, kind = str(item["loc"][-1]), item["type"]
    if kind == "value_error":
        unfit = item["ctx"]["error"]
        return unfit.problem, unfit.hint
    if kind == "extra_forbidden":
        known = _known_keys(shape, item["loc"][:-1])
        return "is not a known key.", near(name, known) or f"Known are {', '.join(known)}."
    wanted, hint = _WANTED[kind]
    if kind == "list_type" and isinstance(item["input"], dict):
        hint = f"Write [[{name}]], in double brackets."
    return f"must be {wanted}, but is {_found(item['input'])}.", hint


def _known_keys(shape: type[Shape], path: tuple[int | str, ...]) -> list[str]:
    """The keys of the shape, or of the one that its fields of this path hold."""
    for step in path:
        fields = {field.alias or name: field for name, field in shape.model_fields.items()}
        if step in fields:
            shape = _inner(fields[str(step)].annotation) or shape
    return [field.alias or name for name, field in shape.model_fields.items()]


def _inner(annotation: Any) -> type[Shape] | None:
    """The shape of a table that a field holds, alone, in a list or where it may be left out."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)


_FOUND: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
    (datetime, "a date with a time"),
    (date, "a date"),
    (time, "a time of day"),
)


def _found(value: object) -> str:
    return next(word for kind, word in _FOUND if isinstance(value, kind))


def reasons(raw: Mapping[str, Any], report: Report, at: str) -> dict[str, str]:
    """Why which rules of the desk are not to speak, by name; the report tells of what is wrong.

    What was wrongly written is accepted all the same: it is mended first, and then looked at.
    """
    given = {}
    for name, reason in raw.items():
        if name not in ACCEPTABLE:
            hint = near(name, ACCEPTABLE) or "`somos check --rules` lists them."
            report.add(f"{at}.{name}", "is no rule that can be accepted.", hint)
            continue
        given[name] = ""
        try:
            given[name] = _reason(reason)
        except Unfit as unfit:
            report.add(f"{at}.{name}", unfit.problem, unfit.hint)
    return given


def _reason(value: object) -> str:
    hint = 'Write why, as in no-captions = "El video no tiene voz."'
    if not isinstance(value, str):
        raise Unfit(f"must be text, but is {_found(value)}.", hint)
    if not (text := clean(value)):
        raise Unfit("gives no reason.", hint)
    return text


def near(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that was probably meant, or nothing."""
    lowered = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), lowered, n=1)
    return f"Did you mean `{lowered[close[0]]}`?" if close else ""


# The kinds of values that all our files share.


def clean(text: str) -> str:
    """Text without stray space around it, in the composed form (NFC); raises Unfit."""
    if len(text) > LONGEST_TEXT:
        raise Unfit("has more characters than any network takes.", "Shorten it.")
    if unwanted := _UNWANTED.search(text):
        character = unwanted[0]
        code = f"U+{ord(character):04X}, character {unwanted.start() + 1}"
        match unicodedata.category(character):
            case "Cc":
                what = "a control character"
            case "Cf" if character != "\ufeff":
                what = "a mark that turns the direction of reading"
            case _:
                what = "a code that is no character"
        raise Unfit(f"holds {what} ({code}).", "Delete it.")
    if is_heaped(text):
        raise Unfit("holds a letter under a heap of marks.", "Delete the marks.")
    return unicodedata.normalize("NFC", text).strip()


def _line_of_text(text: str) -> str:
    text = clean(text)
    if "\n" in text:
        raise Unfit("must stand on one line.", 'Write it in "...", not in """...""".')
    return text


def _filled(text: str) -> str:
    if not text:
        raise Unfit("is empty.", "Write it, or leave the key out.")
    return text


_DURATION = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)


def duration(value: object) -> timedelta:
    """A length of time as people write it: 15s, 5m, 2h, 1d or 1h30m; raises Unfit."""
    hint = 'Write it as in "15s", "5m", "2h", "1d" or "1h30m".'
    if not isinstance(value, str):
        raise Unfit(f"must be a length of time, but is {_found(value)}.", hint)
    match = _DURATION.fullmatch(value.strip())
    if not match or not match[0]:
        raise Unfit("is not a length of time.", hint)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length > LONGEST:
        raise Unfit("is longer than a year.", hint)
    return length


def _positive(length: timedelta) -> timedelta:
    if not length:
        raise Unfit("is no time at all.", "Write a longer one.")
    return length


def _local(value: object) -> object:
    """Pass on a date with a time; raises Unfit, with the way to write one."""
    hint = "Write it without quotes, as in 2026-12-01T09:00:00."
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        raise Unfit("names a day but no time of day.", hint)
    raise Unfit(f"must be a date with a time, but is {_found(value)}.", hint)


def _day_or_moment(value: object) -> object:
    return value if isinstance(value, date) else _local(value)


def zone(name: str) -> ZoneInfo:
    """The rules of a time zone of the IANA database; raises Unfit."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        names = available_timezones()
        cities = {known.rpartition("/")[2]: known for known in sorted(names)}
        place = cities.get(name.rpartition("/")[2].strip().replace(" ", "_").title())
        hint = f"Did you mean `{place}`?" if place else near(name, names)
        raise Unfit("is no time zone.", hint or "Write it as in America/Panama.") from None


_HANDLE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def channel(name: str) -> str:
    """A place where posts appear, platform:handle, of a platform that we know; raises Unfit."""
    platform, _, handle = name.partition(":")
    if platform not in LIMITS:
        hint = near(platform, LIMITS) or f"Begin with {', '.join(f'{known}:' for known in LIMITS)}."
        raise Unfit("names no network that we publish to.", hint)
    if not _HANDLE.fullmatch(handle):
        hint = f"Write it as in {platform}:somoslomismo, with a-z, 0-9, dots, _ or -."
        raise Unfit("names no account of that network.", hint)
    return name


def url(text: str) -> str:
    """An address of the web as written; raises Unfit for all else, and repeats nothing of it."""
    hint = "Write it in full, as in https://www.somoslomismo.com/."
    if not text.isprintable() or " " in text:
        raise Unfit("holds a space or a character that no address has.", hint)
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise Unfit("is not an address of the web.", hint)
    if "@" in parts.netloc:
        raise Unfit("holds a name or a password.", "Leave out what stands before the @.")
    return text


Prose = Annotated[str, AfterValidator(clean)]
"""Text of any number of lines."""

Line = Annotated[str, AfterValidator(_line_of_text), AfterValidator(_filled)]
"""Text on one line, and not empty."""

ChannelName = Annotated[str, AfterValidator(channel)]
Url = Annotated[str, AfterValidator(str.strip), AfterValidator(url)]

Duration = Annotated[timedelta, BeforeValidator(duration)]
Positive = Annotated[Duration, AfterValidator(_positive)]
Moment = Annotated[datetime, BeforeValidator(_local)]
DayOrMoment = Annotated[datetime | date, BeforeValidator(_day_or_moment)]
