"""Another program holds the database locked for longer than ours is patient, again and again."""

import sqlite3
from contextlib import closing
from pathlib import Path

from somos_social.store.engine import BUSY_SECONDS
from tests.torture.stage import USUAL, Size, Stage
from tests.torture.tally import Tally

FAULT_RATE = 0.1
LONGER = 1.5
"""Seconds beyond the patience."""
TIMES = 2


def locked(
    folder: Path,
    seed: int,
    tally: Tally,
    size: Size = USUAL,
    patience: float = BUSY_SECONDS,
) -> None:
    """`patience` in seconds: the program's own, unless another is given."""
    own = None if patience == BUSY_SECONDS else patience
    with Stage(folder, seed, tally, size=size, patience=own) as stage:
        stage.schedule()
        stage.networks.go_wrong(seed, FAULT_RATE)
        stage.keeper.keep(size.daemons)
        for _ in range(TIMES):
            stage.keeper.wait_for_a_move()
            stage.keeper.wait(stage.dice.uniform(0, 1))
            with closing(
                sqlite3.connect(stage.database, timeout=60, isolation_level=None)
            ) as other:
                other.execute(stage.dice.choice(("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE")))
                stage.keeper.wait(patience + LONGER)
                if stage.dice.random() < 0.5:
                    stage.keeper.kill_one(stage.dice)
                other.execute("ROLLBACK")
        stage.leave_in_peace()
        stage.judge()
