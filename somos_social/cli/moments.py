"""The times that people write on the command line, and what was understood of them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from somos_social.cli import rendering
from somos_social.document import Report, Unfit, read_toml, zone
from somos_social.errors import InvalidFiles, UsageError
from somos_social.files import clock


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


def read(written: str, at: ZoneInfo, now: datetime) -> datetime:
    """A moment to come, in UTC; local to the zone, unless it names an offset. Raises UsageError."""
    try:
        moment = clock.utc(datetime.fromisoformat(written.strip()), at)
    except Unfit as unfit:
        raise UsageError(f"{written!r} {unfit.problem} {unfit.hint}") from None
    except ValueError:
        raise UsageError(f"{written!r} is no time: write it as in 2026-12-05T18:00.") from None
    if moment <= now:
        raise UsageError(f"{written!r} is past: {moment.astimezone(at):%Y-%m-%d %H:%M} there.")
    return moment


def say_back(moment: datetime, at: ZoneInfo) -> None:
    """What was understood, there and in UTC."""
    there = f"{moment.astimezone(at):%A %Y-%m-%d %H:%M}"
    rendering.note(f"{there} in {at.key}, which is {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC.")
