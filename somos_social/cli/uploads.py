"""Files that are under way, as bars below the lines of the log; on a terminal only."""

import logging
import threading
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
)
from rich.text import Text

from somos_social.cli import rendering


class Uploads:
    """Bars that come with the first bytes of a file and go with its last; threads may share it."""

    def __init__(self, amount: ProgressColumn | None = None) -> None:
        self._console = rendering.console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            amount or DownloadColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._shown: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    @classmethod
    def of_renditions(cls) -> Self:
        """Bars of what is being made, which has no size yet."""
        return cls(TaskProgressColumn())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def progress(self, name: str, sent: int, total: int) -> None:
        """Of `total` bytes, or parts, of this file, `sent` are there."""
        if self._bars.disable:
            return
        with self._lock:
            if name not in self._shown:
                self._shown[name] = self._bars.add_task(rendering.clean(name), total=total)
                self._bars.start()
            self._bars.update(self._shown[name], completed=sent, total=total)
            if sent >= total:
                self._bars.remove_task(self._shown.pop(name))
            if not self._shown:
                # Bars are drawn anew many times a second, even where there are none.
                self._bars.stop()

    def log_handler(self) -> logging.Handler:
        """A handler whose lines stand above the bars instead of running through them."""
        return _Above(self._console) if self._console.is_terminal else logging.StreamHandler()


class _Above(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(Text(self.format(record)), soft_wrap=True)
