"""Puts a copy in the place of an SQLite database; what stood there before is kept beside it.

Whenever it is cut short, either the old database or the new one is in place, whole, the new one
with all that is carried over from the old one. While the two change places nobody else has the old
one open; who waited for it meanwhile cannot write to it any
more, and nothing is ever claimed from it, since it is marked as the copy that it has become.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, StaticPool, create_engine, inspect, select

from somos_social.errors import NotAllowed, StoreError, UsageError
from somos_social.store import copies
from somos_social.store.backup import BESIDE, Copy, is_same, looked_at, refuse_damaged, url_of
from somos_social.store.engine import APPLICATION_ID, REVISION, open_engine, told
from somos_social.store.seal import Seal, file_of, free_name
from somos_social.store.tables import IN_HAND, deliveries, snapshot
from somos_social.whole_file import to_disk

if TYPE_CHECKING:
    from somos_social.store import Store

PATIENCE = 2.0
"""So many seconds it waits for others to close the database."""

_d = deliveries.c

CarryOver = Callable[[Path, "Store"], bool]
"""Brings into the database file that is to be in place what the other database knows.

Says whether that was all of it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What is in place now, and where the database is that stood there before.

    `carried` says whether all that one knew was carried over; None where it could not be read.
    """

    copy: Copy
    kept: Path | None
    carried: bool | None


def restore(file: Path, database: Path, *, now: datetime, carry_over: CarryOver) -> Restored:
    """What stood there before is carried over, where it can be read, before the new one is there.

    Raises UsageError, StoreError for a file that is of no use, NotAllowed while it is in use.
    """
    _refuse_unreadable(file, database)
    if not database.parent.is_dir():
        raise UsageError(f"The folder {database.parent} does not exist. Make it first.")
    part = database.with_name(f"{database.name}.restoring")
    try:
        _clear(part)
        _fetch(file, part)
        copy = _examined(file, part, now)
        to_disk(part)
        kept, carried = _change_places(part, database, now, carry_over)
        to_disk(database.parent)
    finally:
        _clear(part)
    _seal(database, kept, now)
    return Restored(copy=copy, kept=kept, carried=carried)


def _refuse_unreadable(file: Path, database: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    if is_same(file, database):
        raise UsageError(f"{file} is the database itself. Name a copy of it.")


def _clear(part: Path) -> None:
    """What an earlier call that was cut short has left."""
    for name in (part, file_of(part), *(Path(f"{part}{end}") for end in BESIDE)):
        name.unlink(missing_ok=True)


def _fetch(file: Path, part: Path) -> None:
    """Only what we made ourselves is opened as a database: `file` stays as it is."""
    for end in ("", "-wal", "-journal"):
        if os.path.lexists(f"{file}{end}"):
            os.close(os.open(f"{part}{end}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            shutil.copyfile(f"{file}{end}", f"{part}{end}")


def _examined(file: Path, part: Path, now: datetime) -> Copy:
    try:
        refuse_damaged(part)
        with told(), closing(sqlite3.connect(part)) as connection:
            _refuse_foreign(connection)
        return looked_at(part, now=now, taken_at=None, witnesses=[])
    except StoreError as error:
        raise StoreError(f"{file} was not restored; nothing was changed. {error}") from None


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    [mark] = connection.execute("PRAGMA application_id").fetchone()
    if mark != APPLICATION_ID:
        raise StoreError("It is no database of this program.")
    revision = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()[0]
    if revision is None or revision > REVISION:
        raise StoreError(
            f"It is of a newer somos_social (revision {revision}, this one knows {REVISION}). "
            "Upgrade this program first."
        )


def _change_places(
    part: Path, database: Path, now: datetime, carry_over: CarryOver
) -> tuple[Path | None, bool | None]:
    """Where the old database is kept, if there was one, and whether all was carried over."""
    aside = free_name(database, f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if not os.path.lexists(database):
        _move_what_is_beside(database, aside)
        part.replace(database)
        return None, None
    if _is_whole(database):
        with _alone(database, now) as old:
            _seal(part, None, now)
            with _former(database, old) as former:
                carried = None if former is None else carry_over(part, former)
            _settle(part)
            _mark(old, now)
            _keep(database, aside, old)
            part.replace(database)
        return aside, carried
    _keep(database, aside)
    _move_what_is_beside(database, aside)
    part.replace(database)
    return aside, None


def _is_whole(database: Path) -> bool:
    """Whether the old database can be written to; what cannot is only moved.

    Raises NotAllowed while others have it open, StoreError for that of another program.
    """
    if database.stat().st_size == 0:
        return False
    # Only to be read: else SQLite would throw away what it does not understand beside it.
    address = f"{database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as old:
        try:
            [mark] = old.execute("PRAGMA application_id").fetchone()
            [tables] = old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            [found] = old.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            if _says_locked(error):
                raise _in_use(database) from None
            return False
    if mark != APPLICATION_ID and tables:
        raise StoreError(
            f"{database} belongs to another program. It was not touched. "
            "Name another file under [store] url in the config."
        )
    return bool(mark == APPLICATION_ID and found == "ok")


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)


def _move_what_is_beside(database: Path, aside: Path) -> None:
    """What SQLite kept there for the old database would destroy the new one."""
    for end in BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{database}{end}").replace(f"{aside}{end}")


def _keep(database: Path, aside: Path, old: sqlite3.Connection | None = None) -> None:
    """A second name for the same file, or a copy where the disk knows no second names."""
    try:
        os.link(database, aside)
    except OSError:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if old is None:
            shutil.copyfile(database, aside)
        else:
            # Reading the file ourselves would let go of SQLite's lock on it.
            with closing(sqlite3.connect(aside)) as copy:
                old.backup(copy)
        to_disk(aside)


@contextmanager
def _former(database: Path, old: sqlite3.Connection) -> Iterator["Store | None"]:
    """The old database as a store of its own, with its seal; None where it is no store of ours."""
    from somos_social.store import Store

    with tempfile.TemporaryDirectory(prefix="somos-") as folder:
        copy = Path(folder) / "former.db"
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        with suppress(FileNotFoundError):
            shutil.copyfile(file_of(database), file_of(copy))
        try:
            store = Store(f"sqlite:///{copy}")
        except StoreError:
            yield None
            return
        try:
            yield store
        finally:
            store.close()


def _settle(part: Path) -> None:
    """All of it in its one file, on the disk."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    to_disk(part)


@contextmanager
def _alone(database: Path, now: datetime) -> Iterator[sqlite3.Connection]:
    """The old database, complete in its one file, and open to nobody else.

    Left with an error it is in place still, as it was but for the mark of a copy, if that: of it,
    the next daemon makes nothing more than a look at the networks.
    """
    with told(), closing(_opened(database)) as old:
        _refuse_in_hand(old, now)
        try:
            old.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Fails while anyone has it open; and who waits will find it moved, and write nothing.
            old.execute("PRAGMA journal_mode = DELETE")
            old.execute("BEGIN EXCLUSIVE")
            old.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if _says_locked(error):
                raise _in_use(database) from None
            raise
        try:
            _refuse_in_hand(old, now)
            yield old
        except BaseException:
            old.execute("PRAGMA journal_mode = WAL")
            raise


def _refuse_in_hand(old: sqlite3.Connection, now: datetime) -> None:
    in_hand = select(_d.key, _d.lease_until).where(_d.status.in_(IN_HAND), _d.lease_until > now)
    with _engine_of(old).connect() as connection:
        found = connection.execute(in_hand.order_by(_d.lease_until.desc())).all()
    if found:
        until = f"{found[0].lease_until.astimezone():%H:%M:%S}"
        others = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise NotAllowed(
            f"A daemon has {found[0].key}{others} in hand. Stop it (`systemctl stop somos`, or "
            f"Ctrl-C where it runs), so that it finishes; if it is dead, wait until {until}. "
            "Nothing was changed."
        )


def _mark(old: sqlite3.Connection, now: datetime) -> None:
    """One from before there were marks stays without: no program claims from it by this name."""
    with _engine_of(old).begin() as connection:
        if inspect(connection).has_table(snapshot.name):
            copies.mark(connection, now, taken_at=now)


def _engine_of(connection: sqlite3.Connection) -> Engine:
    return create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)


def _says_locked(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _in_use(database: Path) -> NotAllowed:
    return NotAllowed(
        f"Another program has {database} open. Stop every daemon (`systemctl stop somos`, or "
        "Ctrl-C where it runs) and every other somos command, then try again. Nothing was changed."
    )


def _seal(database: Path, kept: Path | None, now: datetime) -> None:
    """What the old seal knows of is kept beside what it speaks of."""
    engine = open_engine(url_of(database))
    try:
        with told():
            Seal(engine).renew(now, kept=kept and file_of(kept))
    finally:
        engine.dispose()
