"""SIGINT, SIGTERM and SIGHUP ask the program to end in order; a second one ends it at once."""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

# Not every system knows when a terminal hangs up.
_HANGUP: int | None = getattr(signal, "SIGHUP", None)
_SHOW_CURSOR = b"\x1b[?25h"


class Stopping:
    """Says whether the program is told to end, while it is entered; only in the main thread."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.then = then
        self.by: int | None = None
        self._told = threading.Event()

    def __call__(self) -> bool:
        return self.by is not None

    @property
    def exit_code(self) -> int:
        """What a shell calls the end of a program by this signal; 0 without one."""
        return 0 if self.by is None else 128 + self.by

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._heard) for number in _signals()}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self) -> None:
        """Returns when the program is told to end."""
        self._told.wait()

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if self.by is not None:
            if number == _HANGUP:
                # A terminal that closes says so more than once, and nobody is impatient there.
                return
            if os.isatty(2):
                os.write(2, _SHOW_CURSOR)
            # No cleaning up: what is in hand is mended by whoever runs next.
            os._exit(128 + number)
        self.by = number
        # The handler interrupts the main thread, perhaps while that holds the lock it waits with.
        threading.Thread(target=self._tell).start()

    def _tell(self) -> None:
        self._told.set()
        self.then()


def _signals() -> list[int]:
    """Those to be heard; under `nohup` the program is to outlive its terminal."""
    numbers: list[int] = [signal.SIGINT, signal.SIGTERM]
    if _HANGUP is not None and signal.getsignal(_HANGUP) is not signal.SIG_IGN:
        numbers.append(_HANGUP)
    return numbers
