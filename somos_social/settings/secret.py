"""A secret is held as the place where it lies, and read only at the moment it is needed."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from somos_social.document import Unfit
from somos_social.errors import InvalidFiles, Problem

MAX_BYTES = 64 * 1024
"""No secret is longer; a file that is was named by mistake."""

_HINT = "Write env:NAME, file:PATH or keyring:SERVICE/NAME, never the secret itself."
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def checked_reference(text: str) -> str:
    """A reference as written; raises Unfit for all else, and never repeats what may be a secret."""
    scheme, _, rest = text.strip().partition(":")
    match scheme:
        case "env" if _ENV.fullmatch(rest):
            return f"env:{rest}"
        case "file" if rest and "\0" not in rest:
            return f"file:{rest}"
        case "keyring" if all(rest.partition("/")):
            return f"keyring:{rest}"
    raise Unfit("is no reference to a secret.", _HINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A reference to a secret, such as `env:SOMOS_X_API_KEY`; neither repr nor str show more.

    `file` and `key` say where the reference stands; `environ` is where `env:` looks, and `folder`
    is what a relative `file:` starts from.
    """

    reference: str
    file: str
    key: str
    folder: Path = field(repr=False)
    environ: Mapping[str, str] = field(repr=False, compare=False)

    def reveal(self) -> str:
        """The secret now, without space around it; raises InvalidFiles where there is none."""
        scheme, _, rest = self.reference.partition(":")
        try:
            match scheme:
                case "env":
                    value = self._of_environment(rest)
                case "file":
                    value = _of_file(self.folder / rest, self.environ)
                case _:
                    value = _of_keyring(*rest.split("/", 1))
            return _usable(value)
        except Unfit as unfit:
            told = self._told(f"which {unfit.problem}", unfit.hint)
        raise told

    def check_keepable(self) -> None:
        """Raises InvalidFiles where `keep` could put no secret: only `env:` names such a place."""
        scheme, _, name = self.reference.partition(":")
        if scheme == "env":
            hint = (
                f'Write {self.key.rpartition(".")[2]} = "file:PATH" or '
                f'"keyring:SERVICE/NAME" instead, or set {name} yourself.'
            )
            raise self._told("which no program can set for later", hint)

    def keep(self, value: str) -> None:
        """From now on this is the secret; raises InvalidFiles, and then all stays as it was."""
        self.check_keepable()
        scheme, _, rest = self.reference.partition(":")
        try:
            if scheme == "file":
                _into_file(self.folder / rest, _usable(value))
            else:
                _into_keyring(*rest.split("/", 1), value=_usable(value))
            return
        except Unfit as unfit:
            told = self._told(f"which {unfit.problem}", unfit.hint)
        raise told

    def _told(self, words: str, hint: str) -> InvalidFiles:
        problem = f"names {self.reference}, {words}"
        if not problem.endswith("."):
            problem += "."
        return InvalidFiles([Problem(file=self.file, key=self.key, problem=problem, hint=hint)])

    def __str__(self) -> str:
        return self.reference

    def _of_environment(self, name: str) -> str:
        if name not in self.environ:
            raise Unfit("is not set.", f"Set the environment variable {name}.")
        return self.environ[name]


def _of_file(path: Path, environ: Mapping[str, str]) -> str:
    try:
        if not path.is_file():
            raise Unfit("is not a file.", f"Put the secret into {path}, or correct the path.")
        about = path.stat()
        if about.st_mode & _readable_by_others(path, environ):
            raise Unfit("others on this machine can read.", f"Run: chmod 600 {path}")
        if about.st_size > MAX_BYTES:
            raise Unfit("is too large to be a secret.", "Correct the path.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Unfit("is not text.", "Save the secret alone in it, as UTF-8.") from None
    except OSError as error:
        raise Unfit(f"cannot be read: {error.strerror}.") from None


def _readable_by_others(path: Path, environ: Mapping[str, str]) -> int:
    """The bits of a file's mode by which somebody else could read it."""
    given = environ.get("CREDENTIALS_DIRECTORY")
    if given and path.resolve().is_relative_to(Path(given).resolve()):
        # systemd lets one user in by an ACL, whose mask shows as the rights of a group that has
        # none: https://github.com/systemd/systemd/issues/29435
        return 0o007
    return 0o077


def _of_keyring(service: str, name: str) -> str:
    import keyring  # Looks for the system's key stores when it is imported.
    from keyring.errors import KeyringError

    try:
        value = keyring.get_password(service, name)
    except (KeyringError, RuntimeError) as error:
        raise Unfit(f"cannot be read: the keyring says {type(error).__name__}.") from None
    if value is None:
        raise Unfit("is not in the keyring.", f"Run: keyring set {service} {name}")
    return value


def _into_file(path: Path, value: str) -> None:
    """Whole or not at all, and readable by its owner only from the first moment on."""
    target = path.resolve()
    made = ""
    try:
        number, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(f"{value}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(target)
    except OSError as error:
        if made:
            Path(made).unlink(missing_ok=True)
        hint = f"See to the folder {target.parent}, or correct the path."
        raise Unfit(f"cannot be written: {error.strerror}.", hint) from None


def _into_keyring(service: str, name: str, *, value: str) -> None:
    import keyring  # Looks for the system's key stores when it is imported.
    from keyring.errors import KeyringError

    try:
        keyring.set_password(service, name, value)
    except (KeyringError, RuntimeError) as error:
        hint = 'Unlock it, or write "file:PATH" instead.'
        raise Unfit(f"cannot be set: the keyring says {type(error).__name__}.", hint) from None


def _usable(value: str) -> str:
    value = value.strip()
    if not value:
        raise Unfit("is empty.", "Put the secret there.")
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise Unfit("holds a control character or a second line.", "Put the secret alone there.")
    if not value.isascii():
        raise Unfit("holds a character that no token has.", "Copy it again, without quotes.")
    return value
