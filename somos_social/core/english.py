"""Times in English, for those of a desk who read that."""

from datetime import datetime, tzinfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def moment(at: datetime, zone: tzinfo) -> str:
    """Such as "Thursday 3 December 2026, 23:59 (America/Panama, UTC−05:00)"."""
    there = at.astimezone(zone)
    offset = f"{there:%z}".replace("-", "−")
    return f"{day(at, zone)}, {there:%H:%M} ({zone}, UTC{offset[:3]}:{offset[3:5]})"


def day(at: datetime, zone: tzinfo) -> str:
    """Such as "Thursday 3 December 2026"."""
    there = at.astimezone(zone)
    return f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]} {there.year}"
