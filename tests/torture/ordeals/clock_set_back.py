"""The clock was an hour ahead and is set back: the daemon that saw both still publishes in time."""

import time
from pathlib import Path

from tests.torture.ordeals.clock_jumps import HOUR
from tests.torture.stage import PATIENCE, Size, Stage
from tests.torture.tally import Tally


def clock_set_back(folder: Path, seed: int, tally: Tally) -> None:
    size = Size(posts=2, daemons=1)
    with Stage(folder, seed, tally, size=size, clock=True, policy={"grace": "3h"}) as stage:
        early, usual = (story.key for story in stage.stories)
        stage.schedule_at({early: 1800, usual: 365 * 24 * HOUR})
        stage.keeper.keep(1)
        stage.keeper.wait(5)
        stage.move_clock(HOUR)
        _wait_for(stage, early, PATIENCE)
        stage.move_clock(0)
        stage.keeper.wait(3)
        stage.schedule_at({early: 1800, usual: 0})
        if not _wait_for(stage, usual, PATIENCE):
            tally.odd.append(f"seed {seed}: {usual} is late since the clock was set back")
        stage.leave_in_peace()
        stage.judge()


def _wait_for(stage: Stage, post: str, seconds: float) -> bool:
    """Whether it, and what follows it, went out within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stage.keeper.wait(0.5)
        found = stage.statuses().items()
        if all(status == "published" for key, status in found if f"/{post}@" in key):
            return True
    return False
