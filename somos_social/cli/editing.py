"""Lets a person write in the editor of their choice; what was written is never lost."""

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from somos_social.errors import UsageError

USUAL = ("nano", "vi")
"""Tried where nobody says otherwise."""


class Editing:
    """A file that is edited, once or several times. Only its owner can read it."""

    def __init__(self, name: str, offered: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="somos-"))
        self.path = self._folder / name
        self.text = self._offered = offered
        self.path.touch(mode=0o600)
        self.path.write_text(offered, encoding="utf-8")

    def edit(self) -> bool:
        """Whether something else stands there now, and not nothing. Raises UsageError."""
        before = self.text
        _run([*_editor(), str(self.path)])
        try:
            self.text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            raise UsageError(f"What was saved in {self.path} is no text in UTF-8.") from None
        return self.text.strip() not in ("", before.strip())

    @property
    def is_worth_keeping(self) -> bool:
        """Whether a person wrote something."""
        return self.text.strip() not in ("", self._offered.strip())

    def throw_away(self) -> None:
        """Nobody needs it any more."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _editor() -> list[str]:
    for name in ("EDITOR", "VISUAL"):
        try:
            if words := shlex.split(os.environ.get(name, "")):
                return words
        except ValueError:
            raise UsageError(f"${name} is no command: its quotes do not match.") from None
    if found := next(filter(None, map(shutil.which, USUAL)), None):
        return [found]
    raise UsageError("No editor is known. Name one, as in EDITOR=nano.")


def _run(command: list[str]) -> None:
    try:
        ended = subprocess.run(command, check=False)  # noqa: S603 - the person's own editor
    except OSError as error:
        raise UsageError(f"The editor {command[0]} cannot be started: {error.strerror}.") from None
    if ended.returncode != 0:
        raise UsageError(f"The editor {command[0]} ended with an error; nothing was changed.")
