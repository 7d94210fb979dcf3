"""Puts daemons through one ordeal after the other for as long as one likes, and counts."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from tests.torture.ordeals.asleep import asleep
from tests.torture.ordeals.clock_jumps import clock_jumps
from tests.torture.ordeals.clock_set_back import clock_set_back
from tests.torture.ordeals.disk_full import disk_full
from tests.torture.ordeals.killed import killed
from tests.torture.ordeals.locked import locked
from tests.torture.ordeals.told_to_end import told_to_end
from tests.torture.stage import Size
from tests.torture.tally import Tally

Ordeal = Callable[[Path, int, Tally], None]
DAEMONS = (2, 4, 1, 3)
ON_ONE_FILE: tuple[Ordeal, ...] = (
    disk_full,
    clock_jumps,
    asleep,
    locked,
    told_to_end,
    clock_set_back,
)


def ordeals(daemons: int | None, server: str | None, only: str | None) -> Iterator[Ordeal]:
    """Every second one is to be killed; on a server all are, for the rest is the file's."""
    numbers = cycle((daemons,) if daemons else DAEMONS)
    others = cycle(it for it in ON_ONE_FILE if only in (None, it.__name__))
    for turn in count():
        if server or only == killed.__name__ or (only is None and turn % 2 == 0):
            yield _killed(next(numbers), server)
        else:
            yield next(others)


def _killed(daemons: int, server: str | None) -> Ordeal:
    def ordeal(folder: Path, seed: int, tally: Tally) -> None:
        killed(folder, seed, tally, size=Size(daemons=daemons), server=server)

    ordeal.__name__ = f"{daemons} killed"
    return ordeal


def go_through(ordeal: Ordeal, seed: int, tally: Tally) -> None:
    """One round; its folder stays where something was wrong."""
    folder = Path(mkdtemp(prefix=f"somos-torture-{seed}-"))
    before = len(tally.problems)
    begin = time.monotonic()
    try:
        ordeal(folder, seed, tally)
    except Exception:  # noqa: BLE001 - whatever broke, the other rounds are still worth their while
        tally.odd.append(f"seed {seed}: the round broke off\n{traceback.format_exc()}")
    seconds = time.monotonic() - begin
    print(f"seed {seed}, {ordeal.__name__}, {seconds:.0f} s: {tally.line()}", flush=True)
    if len(tally.problems) > before:
        print(f"  kept in {folder}", *tally.problems[before:], sep="\n  ", flush=True)
    else:
        rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the first round")
    parser.add_argument("--daemons", type=int, help="always so many, instead of one to four")
    parser.add_argument("--database", help="a PostgreSQL server, as postgresql+psycopg://...")
    parser.add_argument("--only", help=f"killed, {', '.join(it.__name__ for it in ON_ONE_FILE)}")
    asked = parser.parse_args()
    tally = Tally()
    end = time.monotonic() + asked.seconds
    rounds = ordeals(asked.daemons, asked.database, asked.only)
    for seed, ordeal in zip(count(asked.seed), rounds, strict=False):
        go_through(ordeal, seed, tally)
        if time.monotonic() >= end:
            break
    print(*tally.problems, tally.line(), sep="\n")
    sys.exit(bool(tally.problems))


if __name__ == "__main__":
    main()
