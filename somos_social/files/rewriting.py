"""Changes single words of a campaign file; every other character of it stays as people wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from stat import S_IMODE
from typing import Any
from zoneinfo import ZoneInfo

import tomlkit
from tomlkit.exceptions import TOMLKitError

from somos_social.errors import InvalidFiles, Problem
from somos_social.whole_file import replacing


@contextmanager
def rewriting(path: Path) -> Iterator["CampaignFile"]:
    """The file, to be changed; it is written once at the end, or not at all on an error.

    Raises InvalidFiles where it cannot be read, or was changed by someone else meanwhile.
    """
    before = _text(path)
    try:
        file = CampaignFile(path, tomlkit.parse(before))
    except TOMLKitError as error:
        raise _cannot(path, f"is not valid TOML: {error}.", "Run `somos check` on it.") from None
    yield file
    after = tomlkit.dumps(file.document)
    if after == before:
        return
    if _text(path) != before:
        raise _cannot(path, "was changed at this very moment.", "Try again.")
    try:
        with replacing(path.resolve(), mode=S_IMODE(path.stat().st_mode)) as part:
            part.write_text(after, encoding="utf-8", newline="")
    except OSError as error:
        raise _cannot(path, f"cannot be written: {error.strerror}.") from None


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise _cannot(path, f"cannot be read: {error.strerror}.") from None
    except ValueError:
        raise _cannot(path, "is not UTF-8.", "Save it as UTF-8.") from None


def _cannot(path: Path, problem: str, hint: str = "") -> InvalidFiles:
    return InvalidFiles([Problem(file=str(path), key="", problem=problem, hint=hint)])


class CampaignFile:
    """A campaign file as people wrote it, with its comments, its order and its blank lines."""

    def __init__(self, path: Path, document: tomlkit.TOMLDocument) -> None:
        self.path = path
        self.document = document

    def give_time(self, post: str, due: datetime, channel: str | None = None) -> None:
        """The post, or the one channel of it, is due then; `due` is UTC."""
        table = self._post(post)
        local = due.astimezone(self._zone()).replace(tzinfo=None)
        if channel is None:
            table["due"] = local
            for variant in table.get("variant", {}).values():
                variant.pop("due", None)
            return
        variants = table.setdefault("variant", tomlkit.table(is_super_table=True))
        variants.setdefault(channel, tomlkit.table())["due"] = local

    def _post(self, key: str) -> Any:
        for table in self.document.get("post", []):
            if table.get("key") == key:
                return table
        raise _cannot(self.path, f"has no post named {key}.", "Was it taken out meanwhile?")

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(str(self.document.get("timezone")))
        except (LookupError, OSError, ValueError):
            raise _cannot(self.path, "names no time zone.", "Run `somos check` on it.") from None
