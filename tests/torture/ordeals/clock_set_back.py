"""The clock was an hour ahead and is set back: the daemon that saw both still publishes in time."""

import time
from pathlib import Path

from tests.torture.campaigns import CHANNELS, Story
from tests.torture.ordeals.clock_jumps import HOUR
from tests.torture.stage import PATIENCE, Size, Stage
from tests.torture.tally import Tally

A_BEAT = 1
"""Seconds between two looks at the clock."""


def clock_set_back(folder: Path, seed: int, tally: Tally) -> None:
    size = Size(posts=2, daemons=1)
    with Stage(folder, seed, tally, size=size, clock=True, policy={"grace": "3h"}) as stage:
        early, usual = stage.stories
        stage.schedule_at({early.key: 1800, usual.key: 365 * 24 * HOUR})
        stage.keeper.keep(1)
        stage.keeper.wait_until_all_speak()
        stage.keeper.wait(A_BEAT)
        stage.move_clock(HOUR)
        _wait_for(stage, early, PATIENCE)
        stage.move_clock(0)
        stage.keeper.wait(2 * A_BEAT)
        stage.schedule_at({early.key: 1800, usual.key: 0})
        if not _wait_for(stage, usual, PATIENCE):
            tally.odd.append(f"seed {seed}: {usual.key} is late since the clock was set back")
        stage.leave_in_peace()
        stage.judge()


def _wait_for(stage: Stage, story: Story, seconds: float) -> bool:
    """Whether it was public on every network within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stage.keeper.wait(0.2)
        if [post["text"] for post in stage.networks.posts()].count(story.text) == len(CHANNELS):
            return True
    return False
