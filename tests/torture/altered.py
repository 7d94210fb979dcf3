"""The real program, for which the clock is off by what a file says, or which loses patience early.

Our code and APScheduler ask the time in the few modules below and nowhere else.
"""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

CLOCK, PATIENCE = "TORTURE_CLOCK", "TORTURE_PATIENCE"


def _as_said_by(file: Path) -> type[datetime]:
    class Altered(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=float(file.read_text()))

    return Altered


def main() -> None:
    import apscheduler.executors.base
    import apscheduler.schedulers.base
    import apscheduler.triggers.date
    import apscheduler.triggers.interval

    from somos_social import daemon, wiring
    from somos_social.cli import campaign
    from somos_social.cli import main as begin
    from somos_social.store import engine

    if CLOCK in os.environ:
        altered = _as_said_by(Path(os.environ[CLOCK]))
        for module in (
            apscheduler.executors.base,
            apscheduler.schedulers.base,
            apscheduler.triggers.date,
            apscheduler.triggers.interval,
            campaign,
            daemon,
            wiring,
        ):
            module.__dict__["datetime"] = altered
    if PATIENCE in os.environ:
        engine.__dict__["BUSY_SECONDS"] = float(os.environ[PATIENCE])
    begin()


if __name__ == "__main__":
    main()
