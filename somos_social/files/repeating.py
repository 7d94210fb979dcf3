"""Reads when a post goes out again: an RRULE (RFC 5545) that ends, on the campaign's clocks."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from somos_social.document import Unfit, near

MOST = 366
"""No post goes out more often; more is a slip of the key."""

_BY: dict[str, set[str]] = {
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "BYMONTH"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
}
"""How often, and what may choose the days. Hours may not: of each day there is one time."""

_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}.union(*_BY.values())
_HINT = 'Write it as in "FREQ=WEEKLY;COUNT=4".'
_VALUES = {
    "INTERVAL": re.compile(r"[1-9][0-9]{0,2}"),
    "COUNT": re.compile(r"[1-9][0-9]{0,5}"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
    "BYMONTH": re.compile(r"[0-9,]{1,40}"),
    "BYMONTHDAY": re.compile(r"[0-9,+-]{1,200}"),
    "BYSETPOS": re.compile(r"[0-9,+-]{1,40}"),
    "BYDAY": re.compile(r"[A-Z0-9,+-]{1,100}"),
}
_PLAIN_DAYS = re.compile(r"[A-Z]{2}(?:,[A-Z]{2})*")


def occurrences(rule: str, first: datetime, zone: ZoneInfo) -> list[datetime]:
    """The local times, of which `first` is one: at most one of each day. Raises Unfit."""
    parts = _parts(rule)
    _check(parts)
    until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    most = int(parts.get("COUNT", MOST + 1))
    found: list[datetime] = []
    for moment in _endless(parts, first):
        if (until is not None and moment > until) or len(found) == most:
            break
        if len(found) == MOST:
            raise Unfit(f"leads to more than {MOST} times.", "Let it end earlier.")
        found.append(moment)
    if not found:
        raise Unfit("leads to no time at all.", _HINT)
    if found[0] != first:
        hint = f"Write due = {found[0].isoformat()}, or another rule."
        raise Unfit("does not hold the post's own `due`.", hint)
    return found


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.upper().removeprefix("RRULE:").strip(";").split(";"):
        name, _, value = (word.strip() for word in part.partition("="))
        if name not in _PARTS:
            hint = near(name, _PARTS) or _HINT
            raise Unfit(f"holds `{name}`, which is not taken.", hint)
        if name in parts:
            raise Unfit(f"holds {name} twice.", "Delete one.")
        if name in _VALUES and not _VALUES[name].fullmatch(value):
            raise Unfit(f"holds a {name} that is none.", _HINT)
        parts[name] = value
    return parts


def _check(parts: dict[str, str]) -> None:
    often = parts.get("FREQ", "")
    if often not in _BY:
        raise Unfit("does not say how often.", f"Begin with FREQ={', '.join(_BY)}.")
    if unfit := sorted(name for name in parts if name.startswith("BY") and name not in _BY[often]):
        raise Unfit(f"holds {unfit[0]}, which is not taken with FREQ={often}.", _HINT)
    if often in ("DAILY", "WEEKLY") and not _PLAIN_DAYS.fullmatch(parts.get("BYDAY", "MO")):
        raise Unfit(f"numbers its days, which is not taken with FREQ={often}.", _HINT)
    if "COUNT" in parts and "UNTIL" in parts:
        raise Unfit("holds both COUNT and UNTIL.", "Delete one.")
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise Unfit("never ends.", "Add ;COUNT=4 or ;UNTIL=20261231.")


def _until(written: str, zone: ZoneInfo) -> datetime:
    """The last local moment that it holds; a day is meant as a whole."""
    try:
        if "T" not in written:
            return datetime.combine(date.fromisoformat(written), time.max)
        until = datetime.fromisoformat(written)
    except ValueError:
        raise Unfit("holds an UNTIL that is no date.", "Write it as in UNTIL=20261231.") from None
    if until.tzinfo is None:
        return until
    try:
        return until.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise Unfit("holds an UNTIL that is no date.", "Write it as in UNTIL=20261231.") from None


def _endless(parts: dict[str, str], first: datetime) -> Iterator[datetime]:
    from dateutil.rrule import rrulestr

    kept = ";".join(f"{name}={parts[name]}" for name in parts if name not in ("COUNT", "UNTIL"))
    try:
        yield from rrulestr(kept, dtstart=first)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        raise Unfit("is no rule of days that can be followed.", _HINT) from None
