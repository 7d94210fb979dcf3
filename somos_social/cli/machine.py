"""What this machine lacks, whatever the config says."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from somos_social.core.health import Found, ok, problem, warning

if TYPE_CHECKING:
    from somos_social.settings import Settings

LEAST_PYTHON = (3, 11)
SCARCE, LEAST = 1024**3, 100 * 1024**2
"""Bytes of the disk: fewer are soon too few, and the database and a rendition need so many."""

MOST_ASTRAY, ASTRAY = 30.0, 5.0
"""Seconds of the clock: a post is due on its second."""

_AGAIN = "Install it again: `pip install --force-reinstall somos-social`."
_ASKED = "https://graph.facebook.com"


def found(folder: Path) -> Iterator[Found]:
    """Python, time zones, the media libraries, and the disk that holds the folder."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < LEAST_PYTHON:
        yield problem("python", f"is {version}, and too old.", "Install Python 3.11 or later.")
    else:
        yield ok("python", f"is {version}.")
    yield _zones()
    yield _media()
    yield _disk(folder)


def _zones() -> Found:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo("America/Panama")
    except (LookupError, OSError, ValueError):
        return problem("time zones", "are not on this machine.", "`pip install tzdata`")
    return ok("time zones", "are known.")


def _media() -> Found:
    """FFmpeg comes with its library, so the machine needs none."""
    try:
        import av
        import pillow_heif

        pillow_heif.register_heif_opener()
    except (ImportError, OSError) as error:
        return problem("media", f"cannot be read: {error}.", _AGAIN)
    return ok("media", f"videos by PyAV {av.__version__}, HEIC by {pillow_heif.__version__}.")


def _disk(folder: Path) -> Found:
    there = next(it for it in (folder, *folder.absolute().parents) if it.is_dir())
    free = shutil.disk_usage(there).free
    told = f"has {free / 1024**3:,.1f} GiB left."
    if free < LEAST:
        return problem("disk", told, f"Make room where {there} is.")
    if free < SCARCE:
        return warning("disk", told, f"Make room where {there} is.")
    return ok("disk", told)


def clock(settings: "Settings | None") -> Found:
    """This machine's clock beside that of a network, which is asked for nothing else."""
    from datetime import UTC, datetime, timedelta
    from email.utils import parsedate_to_datetime

    import requests

    from somos_social.platforms.transport import open_session

    session = open_session(
        timeout=settings.policy.timeout if settings else timedelta(seconds=10),
        rebase=settings.rebase if settings else {},
    )
    try:
        with session:
            answer = session.head(f"{_ASKED}/", allow_redirects=False)
        # The header has whole seconds.
        there = parsedate_to_datetime(answer.headers["Date"]) + timedelta(milliseconds=500)
    except (requests.RequestException, KeyError, ValueError, TypeError):
        return warning("clock", "could not be compared.", "Is this machine on the internet?")
    astray = (datetime.now(UTC) - there).total_seconds()
    told = f"goes {abs(astray):.0f} seconds {'ahead' if astray > 0 else 'behind'}."
    mend = "`timedatectl set-ntp true`, or whatever keeps the time here."
    if abs(astray) > MOST_ASTRAY:
        return problem("clock", told, mend)
    return warning("clock", told, mend) if abs(astray) > ASTRAY else ok("clock", "is right.")
