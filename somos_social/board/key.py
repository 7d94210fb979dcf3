"""What signs the board's links: drawn once, and kept in a file for its owner only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from somos_social.errors import InvalidFiles, Problem

BYTES = 32


def key_beside(database: Path) -> str:
    """The key in the file beside the database, which is made where there is none.

    Of any number that begin at once, all get the same. Raises InvalidFiles.
    """
    file = database.with_name(f"{database.name}.board-key")
    try:
        if not os.path.lexists(file):
            _draw(file)
        others = file.stat().st_mode & 0o077
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not what was written"
        raise _told(file, f"cannot be used: {why}.", "See to that folder.") from None
    if others:
        raise _told(file, "can be read by others on this machine.", f"Run: chmod 600 {file}")
    if len(key) < BYTES:
        raise _told(file, "is damaged.", "Remove it; links that wait are then to be sent anew.")
    return key


def _draw(file: Path) -> None:
    """It appears whole, or another that was drawn at the same moment stays."""
    number, made = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(number, "w", encoding="ascii") as part:
            part.write(f"{secrets.token_urlsafe(BYTES)}\n")
            part.flush()
            os.fsync(part.fileno())
        with suppress(FileExistsError):
            os.link(made, file)
    finally:
        Path(made).unlink()


def _told(file: Path, problem: str, hint: str) -> InvalidFiles:
    return InvalidFiles([Problem(file=str(file), key="", problem=problem, hint=hint)])
