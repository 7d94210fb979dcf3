"""Any number of daemons on one database, killed again and again while the networks fail."""

from pathlib import Path

from tests.torture.stage import USUAL, Size, Stage
from tests.torture.tally import Tally

FAULT_RATE = 0.25


def killed(
    folder: Path, seed: int, tally: Tally, size: Size = USUAL, server: str | None = None
) -> None:
    with Stage(folder, seed, tally, size=size, server=server) as stage:
        stage.schedule()
        stage.networks.go_wrong(seed, FAULT_RATE)
        stage.keeper.keep(size.daemons)
        stage.keeper.kill_often(size.kills, stage.dice)
        stage.keeper.kill_all()
        stage.leave_in_peace()
        stage.judge()
