"""Standard output and error are open, carry every character, and fail in a way that is told."""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Unwritable(OSError):
    """What was said could not be written: the disk is full, or the terminal is gone."""


class _Told(io.FileIO):
    """Tells its own failures from those of all other files."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unwritable(error.errno, error.strerror) from None


def prepare() -> None:
    """From now on writing to either raises BrokenPipeError or Unwritable, and nothing else."""
    sys.stdout = _prepared(sys.stdout)
    sys.stderr = _prepared(sys.stderr)


def _prepared(stream: TextIO | None) -> TextIO:
    if stream is None:
        # Our caller closed it: what is said there is said to nobody.
        return Path(os.devnull).open("w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="backslashreplace")
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Told(raw.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def flush() -> None:
    """All that was said is written. Raises BrokenPipeError, Unwritable."""
    sys.stdout.flush()
    sys.stderr.flush()


def complain(error: Unwritable) -> None:
    """Say it on standard error, unless that is what cannot be written."""
    with suppress(OSError):
        print(f"The output could not be written: {error.strerror}.", file=sys.stderr, flush=True)  # noqa: T201


def fall_silent() -> None:
    """What is still unwritten goes nowhere, else it would fail again when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
