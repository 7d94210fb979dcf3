"""Changes single posts of a campaign file; every other character of it stays as people wrote it."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from stat import S_IMODE
from typing import Any
from zoneinfo import ZoneInfo

from somos_social.core.occurrences import parts_of
from somos_social.document import Report, Unfit, toml_of
from somos_social.errors import InvalidFiles, Problem
from somos_social.files import clock
from somos_social.files.blocks import MARK, Block, posts
from somos_social.files.new_post import item
from somos_social.files.repeating import occurrences
from somos_social.whole_file import replacing

_BLANK_ABOVE = re.compile(r"(?<=\n)[ \t]*\r?\n\Z")
_DUE = re.compile(r"^(?P<indent>[ \t]*)(?P<key>due[ \t]*)=.*\n", re.MULTILINE)
_CHECK = "Run `somos check` on it."
_BY_HAND = "Change it there by hand."


@contextmanager
def rewriting(path: Path) -> Iterator["CampaignFile"]:
    """The file, to be changed; it is written once at the end, or not at all on an error.

    Raises InvalidFiles where it cannot be read, or was changed by someone else meanwhile.
    """
    file = CampaignFile(path)
    yield file
    file.save()


class CampaignFile:
    """A campaign file as people wrote it, with its comments, its order and its blank lines.

    Every change raises InvalidFiles where it cannot be made, and then makes none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._before = _read(path)
        self.text = self._before
        report = Report(str(path))
        self.head: Mapping[str, Any] = toml_of(self.text.encode(), report) or {}
        if report.problems:
            raise InvalidFiles(report.problems)

    def save(self) -> None:
        """Raises InvalidFiles where it cannot be written, or is not any more what was read."""
        if self.text == self._before:
            return
        if _read(self.path) != self._before:
            raise _cannot(self.path, "was changed at this very moment.", "Try again.")
        try:
            mode = S_IMODE(self.path.stat().st_mode)
            with replacing(self.path.resolve(), mode=mode) as part:
                part.write_text(self.text, encoding="utf-8", newline="")
        except OSError as error:
            raise _cannot(self.path, f"cannot be written: {error.strerror}.") from None
        self._before = self.text

    @property
    def tables(self) -> dict[str, Mapping[str, Any]]:
        """What it says of each of its posts, by key."""
        return {str(it.table.get("key", "")): it.table for it in self._blocks()}

    @property
    def keys(self) -> list[str]:
        """The keys of its posts, in their order."""
        return [str(it.table.get("key", "")) for it in self._blocks()]

    def has(self, post: str) -> bool:
        """Whether there is a post of this key, in whichever way it is written."""
        found = tomllib.loads(self.text.removeprefix(MARK)).get("post")
        tables = found if isinstance(found, list) else ()
        return any(isinstance(it, dict) and it.get("key") == post for it in tables)

    def post(self, key: str) -> Mapping[str, Any]:
        """What the file says of a post."""
        return self._block(key).table

    def add(self, block: str) -> None:
        """A post, as it is to stand there, behind those that there are."""
        last = max((it.end for it in self._blocks()), default=len(self.text))
        before = self.text[:last]
        gap = "" if not before.strip(MARK) else "\n" if before.endswith("\n") else "\n\n"
        self._put(last, last, self._as_written_here(f"{gap}{block.strip()}\n"))

    def take_out(self, post: str) -> None:
        """The post is gone, with the blank line above it."""
        block = self._block(post)
        above = _BLANK_ABOVE.search(self.text[: block.start])
        self._put(above.start() if above else block.start, block.end, "")

    def give_time(self, post: str, due: datetime, channel: str | None = None) -> None:
        """The post, or the one channel of it, is due then; `due` is UTC.

        Of a repeated post, this is said of one of its days.
        """
        local = clock.as_written(due, self._zone())
        key, day = parts_of(post)
        with self._changing(key) as table:
            if day:
                _give_day_a_time(table["repeat"], day, local, channel)
            elif channel is None:
                table["due"] = local
                _forget_own_times(table)
            else:
                _variant(table, channel)["due"] = local

    def change(
        self, post: str, values: Mapping[str, Any], variants: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """The post says this from now on; what is not named here stays. A new time is all its own.

        Raises InvalidFiles for the time of a post that repeats: it has many.
        """
        if "due" in values and "repeat" in self._block(post).table:
            raise _cannot(self.path, f"repeats {post}: it has no one time.", _BY_HAND)
        with self._changing(post) as table:
            if "due" in values:
                _forget_own_times(table)
            for name, value in values.items():
                table[name] = item(value)
            for channel, said in variants.items():
                own = _variant(table, channel)
                for name, value in said.items():
                    own[name] = item(value)

    def narrow(self, post: str, channels: Sequence[str]) -> None:
        """The post goes out on these channels alone."""
        block = self._block(post)
        due = _DUE.search(self.text, block.start, block.end)
        if due and "channels" not in block.table:
            names = ", ".join(f'"{name}"' for name in channels)
            key = "channels".ljust(max(len(due["key"]), len("channels ")))
            line = self._as_written_here(f"{due['indent']}{key}= [{names}]\n")
            piece = f"{self.text[block.start : due.end()]}{line}{self.text[due.end() : block.end]}"
            # What looks like the line of the time may be a line of a text.
            if _is(piece, {**block.table, "channels": list(channels)}):
                self._put(block.start, block.end, piece)
                return
        with self._changing(post) as table:
            table["channels"] = list(channels)

    def channels(self, post: str) -> list[str]:
        """Where the post goes out."""
        own = self._block(post).table.get("channels", self.head.get("channels"))
        return [str(it) for it in own] if isinstance(own, list) else []

    def days(self, post: str) -> list[str]:
        """The days of the rule of a post that repeats, whether they are left out or not."""
        table = self._block(post).table
        try:
            zone = self._zone()
            first = clock.wall(table["due"], zone)
            found = occurrences(str(table["repeat"]["rule"]), first, zone)
        except (Unfit, KeyError, TypeError, AttributeError):
            raise _cannot(self.path, f"has a wrong rule at {post}.", _CHECK) from None
        return [f"{moment:%Y-%m-%d}" for moment in found]

    def left_out(self, post: str) -> set[str]:
        """The days, and "DAY@CHANNEL", on which the repeated post does not go out."""
        return {str(it) for it in self._block(post).table["repeat"].get("without", [])}

    def leave_out(self, post: str, days: Collection[str]) -> None:
        """The repeated post does not go out on these days; "DAY@CHANNEL" is one channel's day."""
        if self.left_out(post) == set(days):
            return
        with self._changing(post) as table:
            table["repeat"]["without"] = sorted(days)

    def silence(self, post: str, channel: str, *, links: int | None = None) -> None:
        """No first comment follows the post on the channel, or, of a thread, only so many links."""
        if "repeat" in self._block(post).table:
            raise _cannot(self.path, f"lets the same follow {post} on all its days.", _BY_HAND)
        with self._changing(post) as table:
            variant = _variant(table, channel)
            if links is None:
                variant["first_comment"] = ""
            else:
                layers = (variant, table.get("variant", {}).get(channel.partition(":")[0]), table)
                thread: Any = next((it["thread"] for it in layers if it and "thread" in it), None)
                variant["thread"] = thread.unwrap()[:links] if thread else []

    def _blocks(self) -> list[Block]:
        return posts(self.text)

    def _block(self, key: str) -> Block:
        found = next((it for it in self._blocks() if it.table.get("key") == key), None)
        if found is not None and found.is_whole:
            return found
        if found is not None:
            raise _cannot(self.path, f"has the tables of {key} in several places.", _BY_HAND)
        if self.has(key):
            raise _cannot(self.path, f"has {key} in a list, not under [[post]].", _BY_HAND)
        raise _cannot(self.path, f"has no post named {key}.", "Was it taken out meanwhile?")

    @contextmanager
    def _changing(self, key: str) -> Iterator[Any]:
        """The table of a post, to be changed."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        block = self._block(key)
        written = self.text[block.start : block.end]
        plain = written.replace("\r\n", "\n").removesuffix("\n") + "\n"
        try:
            document = tomlkit.parse(plain)
            sound = tomlkit.dumps(document) == plain
            table: Any = document["post"][0]
            yield table
            changed = self._as_written_here(tomlkit.dumps(document).rstrip("\n") + "\n")
            sound = sound and _is(changed, table.unwrap())
        except (TOMLKitError, ValueError, TypeError, AttributeError, KeyError):
            sound, changed = False, written
        if not sound:
            raise _cannot(self.path, f"has {key} in a way that only people can change.", _BY_HAND)
        self._put(block.start, block.end, changed)

    def _put(self, start: int, end: int, piece: str) -> None:
        self.text = f"{self.text[:start]}{piece}{self.text[end:]}"

    def _as_written_here(self, piece: str) -> str:
        """With the ends of lines that the file has."""
        return re.sub(r"\r?\n", "\r\n", piece) if "\r\n" in self._before else piece

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(str(self.head.get("timezone")))
        except (LookupError, OSError, ValueError):
            raise _cannot(self.path, "names no time zone.", _CHECK) from None


def _is(piece: str, table: Mapping[str, Any]) -> bool:
    """Whether the piece is this post and nothing else."""
    return tomllib.loads(piece) == {"post": [table]}


def _variant(table: Any, channel: str) -> Any:
    """What the post says to this channel alone, to be added to."""
    import tomlkit

    variants = table.setdefault("variant", tomlkit.table(is_super_table=True))
    return variants.setdefault(channel, tomlkit.table())


def _forget_own_times(table: Any) -> None:
    variants = table.get("variant", {})
    for name in list(variants):
        if variants[name].pop("due", None) is not None and not variants[name]:
            del variants[name]
    if "variant" in table and not variants:
        del table["variant"]


def _give_day_a_time(repeat: Any, day: str, local: datetime, channel: str | None) -> None:
    import tomlkit

    moved = repeat.setdefault("moved", tomlkit.inline_table())
    if channel is None:
        for name in [name for name in moved if name.startswith(f"{day}@")]:
            del moved[name]
    moved[day if channel is None else f"{day}@{channel}"] = local


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise _cannot(path, f"cannot be read: {error.strerror}.") from None
    except ValueError:
        raise _cannot(path, "is not UTF-8.", "Save it as UTF-8.") from None


def _cannot(path: Path, problem: str, hint: str = "") -> InvalidFiles:
    return InvalidFiles([Problem(file=str(path), key="", problem=problem, hint=hint)])
