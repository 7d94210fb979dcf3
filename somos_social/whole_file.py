"""A file that appears whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes its place once all of it is on the disk.

    What stood there before stays until that moment, and for good where writing fails. A new file
    is readable by its owner alone, as the log names people, unless `mode` says otherwise.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
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
