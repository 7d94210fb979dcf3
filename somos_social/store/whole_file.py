"""A file that appears whole or not at all, readable by its owner alone: the log names people."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes its place once all of it is on the disk.

    What stood there before stays until that moment, and for good where writing fails.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        to_disk(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def to_disk(path: Path) -> None:
    """What was written there, or which names a folder holds, outlasts a failing power supply."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
