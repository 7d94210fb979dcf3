"""The clock jumps an hour forward and back, while daemons are killed and the networks fail."""

from pathlib import Path

from tests.torture.stage import USUAL, Size, Stage
from tests.torture.tally import Tally

FAULT_RATE = 0.25
HOUR = 3600


def clock_jumps(folder: Path, seed: int, tally: Tally, size: Size = USUAL) -> None:
    """What is due within the hour goes out when the clock says so, and only once."""
    with Stage(folder, seed, tally, size=size, clock=True, policy={"grace": "3h"}) as stage:
        stage.schedule()
        stage.networks.go_wrong(seed, FAULT_RATE)
        stage.keeper.keep(size.daemons)
        for _ in range(size.kills):
            stage.keeper.wait_for_a_move(stage.dice.uniform(1, 4))
            stage.move_clock(stage.dice.choice((HOUR, 0, -HOUR)))
            stage.keeper.wait(stage.dice.uniform(0.2, 2))
            if stage.dice.random() < 0.5:
                stage.keeper.kill_one(stage.dice)
        # What was decided while it was ahead waits for that hour; so that has to come.
        stage.move_clock(HOUR + 600)
        stage.leave_in_peace()
        stage.judge()
