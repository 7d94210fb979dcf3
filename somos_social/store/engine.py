"""Opens the database: durable, patient, ours, and of the revision this program was written for."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text

from somos_social.errors import StoreError, UsageError

REVISION = "0010"
"""The newest migration; a database of another revision is migrated or refused."""

APPLICATION_ID = 0x534F4D4F
"""Marks an SQLite file as ours ("SOMO"), so that no other program's file is ever written to."""

BUSY_SECONDS = 20

Opened = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction, which ends with the block: to read, or to write all of it or nothing."""


def open_engine(url: str | URL, *, pool_size: int = 5) -> Engine:
    """An engine whose database exists and has our newest schema. Raises StoreError."""
    engine = _engine(url, pool_size)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        if engine.url.database:
            _prepare_file(Path(engine.url.database))
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
    with told():
        _bring_up_to_date(engine, sqlite)
        if sqlite:
            _write_ahead(engine)
    return engine


def revision_of(url: str | URL) -> str | None:
    """The revision of a database that is there, which is only looked at. Raises StoreError."""
    engine = _engine(url, 1)
    try:
        with told():
            return _revision(engine, engine.dialect.name == "sqlite")
    finally:
        engine.dispose()


def _engine(url: str | URL, pool_size: int) -> Engine:
    """Connects to nothing yet. The error never holds the URL: it may carry a password."""
    try:
        sqlite = make_url(url).get_backend_name() == "sqlite"
        patience: dict[str, Any] = {"timeout": BUSY_SECONDS} if sqlite else {"connect_timeout": 10}
        return create_engine(
            url, connect_args=patience, pool_size=pool_size, max_overflow=pool_size
        )
    except (exc.ArgumentError, ImportError, ValueError) as error:
        # Such an error repeats what stands in the place of the port: it may be half a password.
        why = "its port is no number" if isinstance(error, ValueError) else error
        raise StoreError(
            f"The address under [store] url in the config cannot be used: {why}. "
            "Write sqlite:///FILE, or postgresql+psycopg://USER:PASSWORD@HOST/NAME "
            'after `pip install "somos-social[postgres]"`.'
        ) from None


@contextmanager
def told() -> Iterator[None]:
    """Turns what a database driver says into a StoreError that a person understands."""
    try:
        yield
    except exc.IntegrityError:
        raise
    except (exc.DBAPIError, sqlite3.Error) as error:
        raise StoreError(_in_words(str(getattr(error, "orig", error)))) from None
    except UnicodeEncodeError:
        raise UsageError("What was asked for holds bytes that are no text in UTF-8.") from None
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"The database holds a value that cannot be read ({error}): someone changed it by "
            "hand. Nothing was written. Mend that value, or restore a backup."
        ) from None


def _in_words(said: str) -> str:
    lowered = said.lower()
    if "locked" in lowered or "busy" in lowered:
        return (
            f"The database stayed locked by another program for {BUSY_SECONDS} seconds. "
            "Nothing was written. Close the other program, then try again."
        )
    if "full" in lowered or "no space" in lowered or "disk i/o" in lowered:
        return f"The disk of the database is full or failing ({said}). Nothing was written."
    if "not a database" in lowered or "malformed" in lowered:
        return (
            f"The database file is damaged or is not a database ({said}). It was not touched. "
            "Restore it from a backup, or name another file under [store] in the config."
        )
    return f"The database could not be used: {said}".strip()


def _prepare_file(path: Path) -> None:
    """Creates the file for its owner only: the log names people."""
    if path.exists():
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"The database file {path} cannot be created: {error.strerror}. "
            "Check the folder under [store] url in the config."
        ) from None


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions would begin only at the first write; we begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Any) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _bring_up_to_date(engine: Engine, sqlite: bool) -> None:
    found = _revision(engine, sqlite)
    if found == REVISION:
        return
    if found is not None and found > REVISION:
        raise StoreError(
            f"The database is of a newer somos_social (revision {found}, this one knows "
            f"{REVISION}). Nothing was written. Upgrade this program."
        )
    from somos_social.store.migrate import upgrade

    upgrade(engine)
    if found == "0001":
        from somos_social.store.seal import Seal

        # What was written before there were seals is taken as it is.
        Seal(engine).begin(anew=True)


def _write_ahead(engine: Engine) -> None:
    """Readers never wait for the writer. The file keeps the setting, but not each copy of it."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            # Where others are at work this moment, whoever opens it next will do it.
            with suppress(sqlite3.OperationalError):
                cursor.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _revision(engine: Engine, sqlite: bool) -> str | None:
    """The stored revision; None for an empty database. Raises StoreError for a foreign one."""
    with engine.connect().execution_options(reading=True) as connection:
        if sqlite:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
            mark = connection.execute(text("PRAGMA application_id")).scalar_one()
        else:
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            mark = APPLICATION_ID
        names = set(connection.execute(text(tables)).scalars())
        if not names and mark in (0, APPLICATION_ID):
            return None
        if "alembic_version" not in names or mark != APPLICATION_ID or "deliveries" not in names:
            raise StoreError(
                "The database belongs to another program. It was not touched. "
                "Name another one under [store] url in the config."
            )
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)
