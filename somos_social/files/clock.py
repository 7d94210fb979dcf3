"""Turns local times into UTC, and refuses those that a place skips or lives through twice."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from somos_social.document import Report, Unfit

NEVER = datetime.max.replace(tzinfo=UTC)
"""Stands where a time was refused, in values that are not to be used."""

YEARS = range(2000, 2200)
"""A campaign's times lie in these; any other year is a slip of the key."""


def utc(moment: datetime, at: ZoneInfo) -> datetime:
    """A moment in UTC: local to the zone, unless it was written with an offset; raises Unfit."""
    if moment.year not in YEARS:
        first, last = YEARS[0], YEARS[-1]
        raise Unfit(f"lies in the year {moment.year}.", f"Write a year from {first} to {last}.")
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    readings = [moment.replace(tzinfo=at, fold=fold) for fold in (0, 1)]
    shown = [each.astimezone(UTC).astimezone(at).replace(tzinfo=None) for each in readings]
    if shown == [moment, moment] and readings[0].utcoffset() == readings[1].utcoffset():
        return readings[0].astimezone(UTC)
    times = "comes twice" if moment in shown else "does not exist"
    either = " or ".join(each.isoformat() for each in readings)
    raise Unfit(f"{times} in {at.key}: the clocks change there.", f"Write {either}.")


def wall(moment: datetime, at: ZoneInfo) -> datetime:
    """What the clocks of the zone show; a moment without an offset is what they show."""
    there = moment if moment.tzinfo is None else moment.astimezone(at)
    return there.replace(tzinfo=None)


def as_written(moment: datetime, at: ZoneInfo) -> datetime:
    """How a file says this moment: as the clocks of the zone show it, with the offset if need be.

    The hour that comes twice is refused without one.
    """
    there = moment.astimezone(at)
    if there.utcoffset() == there.replace(fold=1 - there.fold).utcoffset():
        return there.replace(tzinfo=None)
    return moment.astimezone(timezone(there.utcoffset() or timedelta()))


def end_of_day(day: date, at: ZoneInfo) -> datetime:
    """The last second of a day, in UTC: what is due on a day may come until it is over."""
    if day.year not in YEARS:
        return utc(datetime.combine(day, time()), at)
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=at)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def deadline(at: str, when: date | None, zone: ZoneInfo | None, report: Report) -> datetime | None:
    """A moment, or the end of a day, in UTC; None where the report says why, under the key `at`."""
    if when is None or zone is None:
        return None
    try:
        if isinstance(when, datetime):
            return utc(when, zone)
        return end_of_day(when, zone)
    except Unfit as unfit:
        report.add(at, unfit.problem, unfit.hint)
        return None
