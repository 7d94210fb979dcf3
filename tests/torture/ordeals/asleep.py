"""The machine sleeps for a day, wherever its daemons stand: what was due is missed, not flooded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.torture import campaigns
from tests.torture.stage import USUAL, Size, Stage
from tests.torture.tally import Tally

FAULT_RATE = 0.1
HOUR, DAY = 3600, 24 * 3600
SLACK = 300
"""Seconds; grace is an hour."""


def asleep(folder: Path, seed: int, tally: Tally, size: Size = USUAL) -> None:
    """A third of the posts are due as it falls asleep, a third in the night, a third at the end."""
    with Stage(folder, seed, tally, size=size, clock=True) as stage:
        night = [story.key for story in stage.stories[1::3]]
        morning = [story.key for story in stage.stories[2::3]]
        dice = stage.dice
        due = {story.key: float(dice.randrange(6)) for story in stage.stories}
        due |= {key: dice.uniform(SLACK, DAY - HOUR - SLACK) for key in night}
        due |= {key: dice.uniform(DAY - HOUR + 2 * SLACK, DAY + 20) for key in morning}
        stage.schedule_at(due)
        stage.networks.go_wrong(seed, FAULT_RATE)
        stage.keeper.keep(size.daemons)
        stage.keeper.wait_for_a_move()
        stage.keeper.wait(dice.uniform(0, 4))
        _sleep_a_day(stage)
        stage.leave_in_peace()
        stage.judge()
        _note_what_was_flooded(stage, night, morning)


def _sleep_a_day(stage: Stage) -> None:
    for daemon in stage.keeper.daemons:
        daemon.freeze()
    # What they had sent arrives while they sleep.
    stage.networks.stand_at(datetime.now(UTC) + timedelta(seconds=DAY))
    stage.move_clock(DAY)
    for daemon in stage.keeper.daemons:
        daemon.thaw()


def _note_what_was_flooded(stage: Stage, night: list[str], morning: list[str]) -> None:
    found = stage.statuses()
    for keys, wanted in ((night, {"missed"}), (morning, {"published"})):
        for key in keys:
            for channel in campaigns.CHANNELS:
                status = found[f"{campaigns.SLUG}/{key}@{channel}"]
                if status not in wanted:
                    stage.tally.odd.append(f"seed {stage.seed}: {key}@{channel} is {status}")
