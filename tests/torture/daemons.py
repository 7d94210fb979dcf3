"""Daemons as processes: killed, frozen, told to end, and begun again as by a service manager."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.torture.campaigns import SLUG
from tests.torture.tally import Tally

A_MOMENT = 0.05
"""Seconds: about as long as a call to a network takes here."""
LONGEST_PAUSE = 2.0
"""Seconds between two kills: a few beats of a daemon."""
TO_BEGIN = 120
TO_END = 120
"""Seconds that a daemon may take, when this machine has much else to do; it takes one or two."""
CANNOT_USE_THE_DATABASE = 7


class Daemon:
    """One life of `somos run`, whose words go into a file of their own."""

    def __init__(self, words: list[str], folder: Path, environ: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                words, cwd=folder, env=environ, stdout=file, stderr=subprocess.STDOUT
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def moves(self) -> int:
        """How many moves of deliveries it has told of."""
        return self.said().count(f"{SLUG}/")

    def code(self) -> int | None:
        """What it ended with; None while it lives."""
        return self._process.poll()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def tell_to_end(self) -> None:
        self._process.terminate()

    def ended(self, within: float) -> int | None:
        """What it ended with, waiting for that; None, and killed, if it did not end in time."""
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Keeper:
    """Keeps daemons alive until `rest`; those that end by themselves are begun anew.

    One may end by itself only because it cannot use its database; all else is noted as odd.
    """

    def __init__(self, begin: Callable[[], Daemon], tally: Tally, where: str) -> None:
        self._begin = begin
        self._tally = tally
        self._where = where
        self.daemons: list[Daemon] = []

    def keep(self, number: int) -> None:
        """From now on so many live."""
        while len(self.daemons) < number:
            self.daemons.append(self._started())
        while len(self.daemons) > number:
            self.daemons.pop().kill()
            self._tally.kills += 1

    def kill_one(self, dice: Random) -> None:
        self._kill(dice.randrange(len(self.daemons)))

    def kill_often(self, kills: int, dice: Random) -> None:
        """A few as they begin, some in the middle of their life, half a moment after a move."""
        for _ in range(kills):
            when = dice.choices(("beginning", "living", "moving"), (1, 2, 3))[0]
            pause, moment = dice.uniform(0.2, LONGEST_PAUSE), dice.uniform(0, A_MOMENT)
            place = dice.randrange(len(self.daemons))
            if when != "beginning":
                self._wait_until_it_speaks(place)
            if when == "moving":
                place = self.wait_for_a_move(2 * pause, place)
                time.sleep(moment)
            else:
                self.wait(pause)
            self._kill(place)

    def wait_until_all_speak(self) -> None:
        """Returns when each of them has begun."""
        for place in range(len(self.daemons)):
            self._wait_until_it_speaks(place)

    def _wait_until_it_speaks(self, place: int) -> None:
        end = time.monotonic() + TO_BEGIN
        while not self.daemons[place].said() and time.monotonic() < end:
            self.wait(0.1)

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))
            self._look_after()

    def wait_for_a_move(self, longest: float = TO_BEGIN, otherwise: int = 0) -> int:
        """The place of the first that moves a delivery within so many seconds."""
        end = time.monotonic() + longest
        before = [daemon.moves() for daemon in self.daemons]
        while time.monotonic() < end:
            for place, daemon in enumerate(self.daemons):
                if daemon.moves() > before[place]:
                    return place
            time.sleep(0.01)
        return otherwise

    def rest(self) -> None:
        """Ends them all in order; notes whoever does not."""
        for daemon in self.daemons:
            daemon.tell_to_end()
        for daemon in self.daemons:
            code = daemon.ended(within=TO_END)
            if code != 0:
                self._tally.odd.append(f"{self._where}: told to end, a daemon ended with {code}")
        self.daemons.clear()

    def kill_all(self) -> None:
        self.keep(0)

    def _kill(self, place: int) -> None:
        self.daemons[place].kill()
        self._tally.kills += 1
        self.daemons[place] = self._started()

    def _started(self) -> Daemon:
        self._tally.lives += 1
        return self._begin()

    def _look_after(self) -> None:
        for place, daemon in enumerate(self.daemons):
            code = daemon.code()
            if code is None:
                continue
            if code != CANNOT_USE_THE_DATABASE:
                said = daemon.said()[-500:]
                self._tally.odd.append(f"{self._where}: a daemon ended with {code}: {said}")
            self.daemons[place] = self._started()
