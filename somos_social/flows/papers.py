"""What people hand in from their own folders: forms, screenshots, texts; read, and never kept."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from somos_social.core.model.asset import Kind
from somos_social.document import Unfit
from somos_social.errors import UsageError
from somos_social.media.measuring import measured
from somos_social.media.memory import bounded_memory

LEAST_PIXELS = 200
"""On each side; nobody could read a post in a smaller picture."""


@contextmanager
def opened(file: Path, what: str) -> Iterator[BufferedReader]:
    """A regular file that holds something; whatever else it is, it is neither awaited nor read.

    Raises UsageError.
    """
    try:
        # A pipe would be waited for until somebody writes into it.
        handle = os.open(
            file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(handle, "rb") as found:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                raise UsageError(f"The {what} {file} is no file that holds anything: name one.")
            if not state.st_size:
                raise UsageError(f"The {what} {file} is empty: name the right file.")
            yield found
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not a file name"
        raise UsageError(f"The {what} {file} cannot be read: {why}.") from None


def form(file: Path) -> str:
    """The SHA-256 of a signed form, whatever it is: a scan, a signed mail, the sound of a yes.

    Raises UsageError.
    """
    with opened(file, "form") as found:
        return hashlib.file_digest(found, "sha256").hexdigest()


def screenshot(file: Path) -> tuple[str, str | None]:
    """The SHA-256 of a screenshot, and why nobody could read a post in it. Raises UsageError."""
    with opened(file, "screenshot") as found:
        doubt = _doubt(found)
        found.seek(0)
        return hashlib.file_digest(found, "sha256").hexdigest(), doubt


def _doubt(found: BufferedReader) -> str | None:
    try:
        with bounded_memory():
            facts, _ = measured(found)
    except Unfit:
        return "the file is no whole picture"
    if facts["kind"] is not Kind.IMAGE:
        return "the file is no picture"
    if min(facts["width"], facts["height"]) < LEAST_PIXELS:
        return f"the picture has {facts['width']} x {facts['height']} pixels only"
    return None
