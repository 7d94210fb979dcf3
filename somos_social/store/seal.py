"""The seal: a small file beside an SQLite database that says how far the log goes, and its end.

It is pressed after each commit that added to the log. Whoever then edits the database alone, even
with all its hashes computed anew, is belied by it. A crash between the two leaves the seal behind,
which belies nobody. PostgreSQL has no folder of ours beside it: there, and wherever the seal could
be edited as well, an export of the log that is kept elsewhere serves as the witness.
"""

import json
import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from somos_social.store import publishing_log
from somos_social.store.chain import START, Heads
from somos_social.store.verification import Witness
from somos_social.whole_file import replacing

logger = logging.getLogger("somos")


_WRITTEN = "written"
"""When the file was written, by the clock of the machine, whatever the log's entries say."""

A_MOMENT = timedelta(minutes=2)
"""A file is in its place sooner than this after it was written."""


class Unsealed(Exception):
    """There is no seal that can be used, or it does not go with the database."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"The seal {file} {why}, so it cannot show whether entries were cut off the end. If it "
            "was left behind or lost, put it back beside the database; if there is none, compare "
            "the log with an export and run `somos log verify --seal`."
        )
        self.why = why


def file_of(database: Path) -> Path:
    """Where the seal of this database is."""
    return database.with_name(f"{database.name}.heads")


class Seal:
    """The seal of one database; threads and processes may share it."""

    def __init__(self, engine: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._engine = engine
        self._file = file_of(Path(name)) if name else None
        self._warned = False

    def begin(self, *, anew: bool = False) -> None:
        """A log without entries gets its seal; with `anew`, any log that has none."""
        if self._file is None or os.path.lexists(self._file):
            return
        try:
            with self._engine.begin() as connection:
                if anew or not publishing_log.counted(connection):
                    self._write(connection, datetime.now(UTC))
        except (OSError, SQLAlchemyError) as error:
            self._warn(error)

    def press(self, at: datetime | None) -> None:
        """After a commit that added entries, the last of them `at`; None where it added none.

        It never fails, since what it speaks of has happened, and never goes back: what the log
        does not pass through is kept, to be found.
        """
        if self._file is None or at is None:
            return
        try:
            # The writers' lock of the database also keeps two of us from writing the file at once.
            with self._engine.begin() as connection:
                sealed = self._read(self._file)
                if _strays(connection, sealed):
                    raise Unsealed(self._file, "knows of entries that the log has no more")
                self._write(connection, max(at, sealed.at))
        except (OSError, SQLAlchemyError, Unsealed) as error:
            self._warn(error)

    def renew(self, at: datetime, *, kept: Path | None = None) -> Path | None:
        """Seals the log as it is now. Returns where an earlier seal is kept. Raises OSError."""
        if self._file is None:
            return None
        with self._engine.begin() as connection:
            if os.path.lexists(self._file):
                kept = kept or free_name(self._file, f"until-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
                with replacing(kept) as part:
                    part.write_bytes(self._file.read_bytes())
            else:
                kept = None
            self._write(connection, at)
        return kept

    def witness(self) -> Witness | None:
        """What the seal knows; None where there is none to be. Raises Unsealed."""
        if self._file is None:
            return None
        return Witness(f"the seal {self._file.name}", self._read(self._file))

    def is_ahead(self) -> bool:
        """Whether the log does not pass through what the seal knows: it is an older one."""
        if self._file is None:
            return False
        try:
            sealed = self._read(self._file)
        except Unsealed:
            return False
        reader = self._engine.execution_options(reading=True)
        with reader.connect() as connection:
            return _strays(connection, sealed)

    def was_put_back(self) -> bool:
        """Whether the file was put here long after it was written, as by whoever restores a folder.

        The database beside it may then be as old as it is, and neither belies the other.
        """
        if self._file is None:
            return False
        try:
            written = json.loads(self._file.read_text(encoding="utf-8"))[_WRITTEN]
            # Nobody but the system sets when a file became what it is here.
            placed = datetime.fromtimestamp(self._file.stat().st_ctime, UTC)
            return placed - datetime.fromisoformat(written) > A_MOMENT
        except (OSError, KeyError, TypeError, ValueError):
            return False

    def is_lost(self) -> bool:
        """Whether there are entries, and no seal that could tell whether these are all."""
        try:
            self.witness()
        except Unsealed:
            reader = self._engine.execution_options(reading=True)
            with reader.connect() as connection:
                return publishing_log.counted(connection) > 0
        return False

    def _read(self, file: Path) -> Heads:
        try:
            return Heads.from_document(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise Unsealed(file, "is missing") from None
        except OSError as error:
            raise Unsealed(file, f"cannot be read ({error.strerror})") from None
        except ValueError:
            raise Unsealed(file, "is empty or damaged") from None

    def _write(self, connection: Connection, at: datetime) -> None:
        if self._file is None:
            return
        heads = Heads(publishing_log.heads(connection), at)
        document = heads.document() | {_WRITTEN: datetime.now(UTC).isoformat()}
        with replacing(self._file) as part:
            part.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    def _warn(self, error: Exception) -> None:
        if not self._warned and self._file is not None:
            self._warned = True
            why = error.why if isinstance(error, Unsealed) else str(error)
            if isinstance(error, OSError):
                why = f"could not be written ({error.strerror})"
            elif isinstance(error, DBAPIError):
                why = f"could not be pressed ({error.orig})"
            logger.warning(
                "The seal of the log, %s, %s. What is done stands in the database all the same. "
                "Run `somos log verify`.",
                self._file,
                why,
            )


def free_name(path: Path, words: str) -> Path:
    """`path` with `words` after it, which names nothing yet."""
    name = path.with_name(f"{path.name}.{words}")
    number = 1
    while os.path.lexists(name):
        number += 1
        name = path.with_name(f"{path.name}.{words}-{number}")
    return name


def _strays(connection: Connection, sealed: Heads) -> bool:
    ends = publishing_log.heads(connection)
    for channel, head in sealed.by_channel.items():
        end = ends.get(channel, START)
        if end.length < head.length:
            return True
        if end.length == head.length:
            if end.hash != head.hash:
                return True
        elif head.length and head.hash != publishing_log.hash_of(
            connection, channel, head.length, length=end.length
        ):
            return True
    return False
