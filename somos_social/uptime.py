"""A clock that nobody sets: how long this machine has been up, whatever the time of day."""

import time
from datetime import timedelta
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def tick() -> str | None:
    """This moment, for `since`; None where the machine does not tell."""
    boot = _boot()
    return None if boot is None else f"{boot}:{_seconds():.3f}"


def since(tick: str | None) -> timedelta | None:
    """How long ago that was, asleep or awake; None for another machine, or another life of it."""
    boot, _, seconds = (tick or "").rpartition(":")
    if not boot or boot != _boot():
        return None
    try:
        return timedelta(seconds=_seconds() - float(seconds))
    except (ValueError, OverflowError):
        return None


def _boot() -> str | None:
    try:
        return _BOOT.read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def _seconds() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
