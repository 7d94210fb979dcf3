"""The log as a file that proves it later: a line for each entry, and the heads of the chains.

As JSON lines they are the last line, with when that was and how many entries there are:
{"heads": {channel: {"length": n, "hash": h}}, "at": time, "entries": n}.

In CSV they are the last rows, one for each channel, with the event `log-head`, the length of the
chain under `attempt` and its last hash under `hash`.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from somos_social.cli import documents, rendering
from somos_social.errors import InvalidFiles, Problem, UsageError
from somos_social.files.cells import disarmed
from somos_social.store import chain
from somos_social.store.chain import Head, Heads
from somos_social.store.verification import Witness

HEAD = "log-head"
"""The event in the rows of a CSV file that hold heads instead of entries."""

FIELDS = (*chain.COVERED, "hash")


def kind_of(file: Path | None, asked: str | None) -> str:
    """As asked for, else by the end of the file's name. Raises UsageError."""
    by_name = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
    found = asked or (by_name.get(file.suffix.lower()) if file else "jsonl")
    if found is None:
        raise UsageError(
            f"What {file} is to be is not clear from its name. Add --format csv for a spreadsheet, "
            "or --format jsonl for programs."
        )
    return found


def encoding_of(kind: str) -> str:
    """Excel takes a file for UTF-8 only where it begins with a mark that says so."""
    return "utf-8-sig" if kind == "csv" else "utf-8"


def write(kind: str, to: TextIO, entries: Iterable[Mapping[str, Any]], heads: Heads) -> int:
    """Writes one after the other, and returns how many entries there were."""
    return (_write_csv if kind == "csv" else _write_lines)(to, entries, heads)


def _write_lines(to: TextIO, entries: Iterable[Mapping[str, Any]], heads: Heads) -> int:
    number = 0
    for entry in entries:
        to.write(rendering.as_json(documents.entry(entry)) + "\n")
        number += 1
    end = {**heads.document(), "at": documents.utc(heads.at), "entries": number}
    to.write(rendering.as_json(end) + "\n")
    return number


def _write_csv(to: TextIO, entries: Iterable[Mapping[str, Any]], heads: Heads) -> int:
    rows = csv.writer(to)
    rows.writerow(FIELDS)
    number = 0
    for entry in entries:
        shown = documents.entry(entry)
        rows.writerow([disarmed(shown[name]) for name in FIELDS])
        number += 1
    for channel, head in sorted(heads.by_channel.items()):
        end = {"at": documents.utc(heads.at), "channel": channel, "event": HEAD}
        end |= {"attempt": str(head.length), "hash": head.hash}
        rows.writerow([disarmed(end.get(name)) for name in FIELDS])
    return number


def witness(file: Path) -> tuple[Witness, list[str]]:
    """What an export knows of the log, and where it is itself not what was written, in words.

    A file of JSON lines with all entries of a channel is computed anew. Raises InvalidFiles.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline()
            lines.seek(0)
            read = _Reading(file)
            read.json(lines) if first.lstrip().startswith("{") else read.csv(lines)
    except OSError as error:
        raise _unfit(file, f"cannot be read: {error.strerror}.") from None
    except (csv.Error, TypeError, ValueError):
        raise _unfit(file, "is no export of a log.") from None
    if read.heads is None:
        raise _unfit(file, "is no export of a log, or its end is missing.")
    return Witness(f"the export {file.name}", read.heads), read.broken()


def _unfit(file: Path, problem: str, key: str = "") -> InvalidFiles:
    hint = "Name a file that `somos log export` wrote, as it was written."
    return InvalidFiles([Problem(file=str(file), key=key, problem=problem, hint=hint)])


class _Reading:
    """An export that is read line by line."""

    def __init__(self, file: Path) -> None:
        self.heads: Heads | None = None
        self._file = file
        self._entries: int | None = None
        self._met = 0
        self._ends: dict[str, Head] = {}
        self._broken: dict[str, str] = {}

    def json(self, lines: TextIO) -> None:
        for number, line in enumerate(lines, 1):
            try:
                if self.heads is not None:
                    raise ValueError
                self._line(json.loads(line), number)
            except (KeyError, TypeError, ValueError):
                raise _unfit(self._file, "is no entry of a log.", f"line {number}") from None

    def _line(self, read: dict[str, Any], number: int) -> None:
        if "heads" in read:
            self.heads, self._entries = Heads.from_document(read), read["entries"]
            return
        self._met += 1
        channel = read["channel"]
        length, head = self._ends.get(channel, chain.START)
        linked = chain.link(head, {**read, "at": datetime.fromisoformat(read["at"])})
        if linked != read["hash"]:
            self._broken.setdefault(channel, f"line {number}")
        self._ends[channel] = Head(length + 1, read["hash"])

    def csv(self, lines: Iterator[str]) -> None:
        rows = csv.DictReader(lines)
        if tuple(rows.fieldnames or ()) != FIELDS:
            raise _unfit(self._file, "is no export of a log.")
        heads: dict[str, Any] = {}
        at = None
        for row in rows:
            if row["event"] == HEAD:
                at = row["at"]
                heads[row["channel"]] = {"length": int(row["attempt"]), "hash": row["hash"]}
        if at is not None:
            self.heads = Heads.from_document({"heads": heads, "at": at})

    def broken(self) -> list[str]:
        """Where lines were changed or are missing, of channels whose every entry should be here."""
        if self.heads is None or self._entries is None:
            return []
        found = []
        if self._met != self._entries:
            found.append(
                f"{self._file}: it holds {self._met:,} entries, and was written with "
                f"{self._entries:,}."
            )
        for channel, end in self._ends.items():
            head = self.heads.by_channel.get(channel, chain.START)
            if end.length == head.length and (channel in self._broken or end != head):
                where = self._broken.get(channel, "its end")
                found.append(f"{self._file}: {where}: an entry of {channel} was changed or moved.")
        return found
