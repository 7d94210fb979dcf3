"""The disk is full at any write, again and again, and one day it is not: then all goes out."""

import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import Protocol

from tests.torture.daemons import Keeper
from tests.torture.stage import USUAL, Size, Stage
from tests.torture.tally import Tally

FAULT_RATE = 0.1
DISK = "disk"
TMPFS_SIZE = 16 * 1024 * 1024
TIMES = 5
LAST_ROOM = 60 * 1024
"""Bytes: up to so many can still be written when the disk is said to be full."""


class Disk(Protocol):
    """Where the database lies. `fill` lets nothing but the last few bytes be written any more."""

    def fill(self, dice: Random) -> None: ...
    def free(self) -> None: ...


class OwnFileSystem:
    """A file system in memory: what is full is truly full."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self, dice: Random) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(64 * 1024))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
        os.truncate(self._ballast, max(0, self._ballast.stat().st_size - dice.randrange(LAST_ROOM)))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


class LimitedFiles:
    """Where no file system may be mounted: files that the daemons may not let grow any more."""

    def __init__(self, folder: Path, keeper: Keeper) -> None:
        self._folder = folder
        self._keeper = keeper

    def fill(self, dice: Random) -> None:
        longest = max(file.stat().st_size for file in self._folder.iterdir())
        self._limit(longest + dice.randrange(LAST_ROOM))

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        for daemon in self._keeper.daemons:
            _, hard = resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (size, hard))


@contextmanager
def mounted(folder: Path) -> Iterator[bool]:
    """A small file system on the folder, if this user may mount one."""
    folder.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={TMPFS_SIZE}", "somos-torture", str(folder)]
    try:
        done = subprocess.run(["/bin/mount", *options], capture_output=True, check=False)
        may = done.returncode == 0
    except OSError:
        may = False
    try:
        yield may
    finally:
        if may:
            subprocess.run(["/bin/umount", "--lazy", str(folder)], check=True)


def disk_full(
    folder: Path,
    seed: int,
    tally: Tally,
    size: Size = USUAL,
    mount: Callable[[Path], AbstractContextManager[bool]] = mounted,
) -> None:
    with mount(folder / DISK) as own:
        stage = Stage(folder, seed, tally, size=size, database=f"{DISK}/somos.db")
        disk: Disk = (
            OwnFileSystem(folder / DISK) if own else LimitedFiles(folder / DISK, stage.keeper)
        )
        with stage:
            stage.schedule()
            stage.networks.go_wrong(seed, FAULT_RATE)
            stage.keeper.keep(size.daemons)
            stage.keeper.wait_for_a_move()
            for _ in range(TIMES):
                stage.keeper.wait_for_a_move(stage.dice.uniform(0.5, 3))
                disk.fill(stage.dice)
                stage.keeper.wait(stage.dice.uniform(1, 2.5))
                if stage.dice.random() < 0.5:
                    stage.keeper.kill_one(stage.dice)
                disk.free()
            stage.leave_in_peace()
            stage.judge()
