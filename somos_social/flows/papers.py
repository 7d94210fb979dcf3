"""What people hand in from their own folders: forms, screenshots, texts; read, and never kept."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from somos_social.core.model import Kind
from somos_social.document import Unfit
from somos_social.errors import UsageError
from somos_social.media.measuring import measured
from somos_social.media.memory import bounded_memory

LEAST_PIXELS = 200
"""On each side; nobody could read a post in a smaller picture."""

_HEAD = 1024
"""A PDF begins within so many bytes (ISO 32000-1, Annex H.3, 13)."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


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
    """The SHA-256 of a signed form, which is a PDF or a picture. Raises UsageError."""
    with opened(file, "form") as found:
        head = found.read(_HEAD)
        if not _is_paper(head):
            raise UsageError(
                f"The form {file} is neither a PDF nor a picture: scan or photograph the signed "
                "form, and name that."
            )
        found.seek(0)
        return hashlib.file_digest(found, "sha256").hexdigest()


def screenshot(file: Path) -> str:
    """The SHA-256 of a picture in which a post could be read. Raises UsageError."""
    with opened(file, "screenshot") as found:
        try:
            with bounded_memory():
                facts, _ = measured(found)
        except Unfit as unfit:
            raise UsageError(
                f"The screenshot {file} {unfit.problem} {unfit.hint}".strip()
            ) from None
        if facts["kind"] is not Kind.IMAGE:
            raise UsageError(f"The screenshot {file} is no picture: name the picture of the post.")
        if min(facts["width"], facts["height"]) < LEAST_PIXELS:
            raise UsageError(
                f"The screenshot {file} has {facts['width']} x {facts['height']} pixels: nobody "
                "can read a post in that."
            )
        found.seek(0)
        return hashlib.file_digest(found, "sha256").hexdigest()


def _is_paper(head: bytes) -> bool:
    is_box = head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    return b"%PDF-" in head or head.startswith(_PICTURES) or is_box
