"""A copy of an SQLite database, taken while others write to it, that is sound by itself.

The copy is marked as one, so that nothing is published from it before the networks were asked what
went out since: whoever puts it in place, by `somos restore` or by hand, publishes nothing twice.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, func, make_url, select

from somos_social.core.model.delivery import Status
from somos_social.errors import StoreError, UsageError
from somos_social.store import copies, publishing_log, verification
from somos_social.store.engine import BUSY_SECONDS, open_engine, told
from somos_social.store.seal import Seal, Unsealed, file_of
from somos_social.store.tables import deliveries, log
from somos_social.store.verification import Witness
from somos_social.whole_file import replacing, to_disk

PAGES = 2000
"""So many are copied between two looks at the progress."""

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; of another database, it would destroy this one."""

_d = deliveries.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a copy holds: `due` is waiting although its time has come, `broken` as in the store."""

    taken_at: datetime
    deliveries: int
    due: int
    entries: int
    last_at: datetime | None
    last_delivery: str | None
    broken: list[str]


def sqlite_file(url: str) -> Path | None:
    """The file of the database at this address; None where it is on a server."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def back_up(
    database: Path,
    to: Path,
    *,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Copy:
    """Copies the database to `to`, in place of what is there. Raises UsageError, StoreError.

    An OSError says that `to` could not be written; it is then as it was.
    """
    if not os.path.lexists(database):
        raise StoreError(f"There is no database {database} yet, so there is nothing to copy.")
    _refuse_in_use(database, to)
    engine = open_engine(url_of(database))
    try:
        witnesses = _seal_of(Seal(engine))
    finally:
        engine.dispose()
    with replacing(to) as part:
        with told():
            _copy(database, part, progress)
        copy = looked_at(part, now=now, taken_at=now, witnesses=witnesses)
    to_disk(to.parent)
    return copy


def url_of(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


def is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (
        one.exists() and other.exists() and one.samefile(other)
    )


def _refuse_in_use(database: Path, to: Path) -> None:
    ours = [database, file_of(database), *(Path(f"{database}{end}") for end in BESIDE)]
    if any(is_same(to, file) for file in ours):
        raise UsageError(f"{to} is the database itself, or belongs to it. Name another file.")
    if any(os.path.lexists(f"{to}{end}") for end in BESIDE):
        raise UsageError(
            f"{to} is a database that is in use: there is a file {to.name}-wal, -shm or -journal "
            "beside it. Name another file."
        )


def _seal_of(seal: Seal) -> list[Witness]:
    try:
        witness = seal.witness()
    except Unsealed:
        return []
    return [witness] if witness else []


def _copy(database: Path, part: Path, progress: Callable[[int, int], None]) -> None:
    with (
        closing(sqlite3.connect(database, timeout=BUSY_SECONDS, isolation_level=None)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        # One moment is copied, and whoever writes meanwhile does not make it begin anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            target,
            pages=PAGES,
            progress=lambda _, left, total: progress(total - left, total),
        )


def looked_at(
    file: Path, *, now: datetime, taken_at: datetime | None, witnesses: list[Witness]
) -> Copy:
    """Marks the file as a copy, and says what is in it. Raises StoreError where it is damaged.

    In the end all is in this one file, and SQLite has nothing beside it.
    """
    refuse_damaged(file)
    engine = open_engine(url_of(file))
    try:
        with told(), engine.begin() as connection:
            taken_at = copies.mark(connection, now, taken_at=taken_at)
        with told(), engine.execution_options(reading=True).connect() as connection:
            copy = _counted(connection, taken_at, now, witnesses)
    finally:
        engine.dispose()
    with told(), closing(sqlite3.connect(file, isolation_level=None)) as alone:
        alone.execute("PRAGMA journal_mode = WAL")
        alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return copy


def refuse_damaged(file: Path) -> None:
    """Raises StoreError unless all pages of the file are what SQLite expects."""
    with told(), closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
        [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreError(f"The database file is damaged ({found}).")


def _counted(
    connection: Connection, taken_at: datetime, now: datetime, witnesses: list[Witness]
) -> Copy:
    open_still = (Status.SCHEDULED.value, Status.CLAIMED.value, Status.PUBLISHING.value)
    due = select(func.count()).where(_d.status.in_(open_still), _d.due_at <= now)
    newest = select(log.c.at, log.c.delivery).order_by(log.c.id.desc()).limit(1)
    last = connection.execute(newest).first()
    return Copy(
        taken_at=taken_at,
        deliveries=connection.execute(select(func.count()).select_from(deliveries)).scalar_one(),
        due=connection.execute(due).scalar_one(),
        entries=publishing_log.counted(connection),
        last_at=last and last.at,
        last_delivery=last and last.delivery,
        broken=verification.broken_links(connection, witnesses),
    )
