"""A file that a person names to be written: it replaces nothing unasked, and appears whole."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from somos_social.errors import SomosError, UsageError


def to_write(named: Path, *, force: bool) -> Path:
    """Where the file that `named` means is to be. Raises UsageError where it may not."""
    try:
        path = named.resolve()
        folder = path.parent.is_dir()
        mode = path.stat().st_mode if path.exists() else None
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else "the links go in a circle"
        raise UsageError(f"{named} cannot be written: {why}.") from None
    if not folder:
        raise UsageError(f"The folder {path.parent} does not exist. Make it, or name another.")
    if mode is not None and not stat.S_ISREG(mode):
        raise UsageError(f"{named} is no file that could be replaced. Name another.")
    if mode is not None and not force:
        raise UsageError(f"{named} exists. Name another file, or replace it with --force.")
    return path


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What keeps a file from being written is said in words."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SomosError(f"{path} could not be written: {error.strerror}.") from None
