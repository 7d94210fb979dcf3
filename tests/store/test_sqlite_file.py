"""The SQLite file: private, durable, never another program's, and its troubles told in words."""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from somos_social.core.model.delivery import Status
from somos_social.errors import StoreError
from somos_social.store import Store, engine
from tests.samples import NOW, POLICY, a_delivery, standing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "somos.db"


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


def refused(file: Path) -> str:
    """Why the file is refused; that it stays the same to the last byte is held here."""
    before = digest(file)
    with pytest.raises(StoreError) as error:
        Store(f"sqlite:///{file}")
    assert digest(file) == before
    assert error.value.exit_code == 7
    return str(error.value)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def filled(file: Path) -> None:
    with opened(file) as store:
        many = [a_delivery(f"p{n}") for n in range(50)]
        store.schedule(many, (), (), now=NOW, actor="tests")


def overwrite_the_log(file: Path) -> None:
    """A page that a failing disk or a careless copy has filled with something else."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [size] = connection.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'log'"
        [page] = connection.execute(query).fetchone()
    with file.open("r+b") as written:
        written.seek((page - 1) * size)
        written.write(b"\xa5" * size)


def test_a_damaged_page_is_found_before_anything_goes_out(file: Path) -> None:
    filled(file)
    with opened(file) as store:
        store.refuse_damaged()
    overwrite_the_log(file)
    before = digest(file)
    with opened(file) as store:
        assert len(store.listed()) == 50
        with pytest.raises(StoreError, match="damaged") as refused:
            store.refuse_damaged()
        store.refuse_damaged(up_to=1024)
    assert refused.value.exit_code == 7
    assert digest(file) == before


def test_a_new_file_is_readable_by_its_owner_alone_even_under_a_generous_umask(
    file: Path,
) -> None:
    umask = os.umask(0)
    try:
        with opened(file) as store:
            store.schedule([a_delivery()], (), (), now=NOW, actor="tests")
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in file.parent.iterdir()}
    finally:
        os.umask(umask)
    assert modes["somos.db"] == 0o600
    assert set(modes.values()) == {0o600}


def test_the_mode_that_a_person_gave_the_file_is_kept(file: Path) -> None:
    with opened(file):
        pass
    file.chmod(0o640)
    with opened(file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_every_connection_writes_through_to_the_disk_and_keeps_foreign_keys(file: Path) -> None:
    told: list[tuple[Any, ...]] = []

    def ask(connection: Any, *_: Any) -> None:
        raw = connection.connection.dbapi_connection
        told.append(
            tuple(
                raw.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "journal_mode", "foreign_keys")
            )
        )

    with opened(file) as store:
        event.listen(Engine, "begin", ask)
        try:
            store.schedule([a_delivery()], (), (), now=NOW, actor="tests")
            store.get(a_delivery().key)
        finally:
            event.remove(Engine, "begin", ask)
    full = 2
    assert set(told) == {(full, "wal", 1)}


def test_the_file_is_marked_as_ours(file: Path) -> None:
    filled(file)
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("PRAGMA application_id").fetchone() == (engine.APPLICATION_ID,)


def test_an_empty_file_becomes_a_database(file: Path) -> None:
    file.touch()
    with opened(file) as store:
        assert store.counts() == {}


def test_the_file_of_another_program_is_refused(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE contacts (name TEXT)")
        other.execute("INSERT INTO contacts VALUES ('Ana')")
        other.commit()
    assert "belongs to another program" in refused(file)


def test_a_file_marked_by_another_program_is_refused_even_when_it_is_empty(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA application_id = 42")
        other.execute("CREATE TABLE t (a)")
        other.execute("DROP TABLE t")
        other.commit()
    assert "belongs to another program" in refused(file)


def test_a_database_that_alembic_keeps_for_another_program_is_refused(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("CREATE TABLE deliveries (id INTEGER)")
        other.execute("INSERT INTO alembic_version VALUES ('0000')")
        other.commit()
    assert "belongs to another program" in refused(file)


def test_a_text_file_is_refused(file: Path) -> None:
    file.write_text("Querida Ana, aquí está la lista de publicaciones.\n" * 40)
    assert "damaged or is not a database" in refused(file)


def test_a_short_text_file_is_refused(file: Path) -> None:
    file.write_text("hola")
    assert "damaged or is not a database" in refused(file)


@pytest.mark.parametrize("kept", [50, 1000, 4096, 5000, 8192])
def test_a_database_that_was_cut_off_is_refused(file: Path, kept: int) -> None:
    filled(file)
    whole = file.read_bytes()
    assert len(whole) > 2 * kept
    file.write_bytes(whole[:kept])
    assert "damaged or is not a database" in refused(file)


def test_a_database_with_a_hole_tells_of_it_when_it_is_met(file: Path) -> None:
    filled(file)
    whole = bytearray(file.read_bytes())
    whole[4096:] = b"\xa5" * (len(whole) - 4096)
    file.write_bytes(whole)
    with pytest.raises(StoreError, match="damaged"), opened(file) as store:
        store.listed()


def test_a_database_of_a_newer_program_is_refused(file: Path) -> None:
    filled(file)
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
        newer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "newer somos_social" in refused(file)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/somos\.db cannot be created: No such file"):
        Store(f"sqlite:///{tmp_path / 'nowhere' / 'somos.db'}")


def test_a_folder_in_place_of_the_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be used"):
        Store(f"sqlite:///{tmp_path}")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_database_that_stays_locked_is_told_in_words_and_nothing_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(file)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with opened(file) as store:
        with locked(file), pytest.raises(StoreError, match="stayed locked by another program"):
            store.schedule([a_delivery("otra")], (), (), now=NOW, actor="tests")
        with locked(file), pytest.raises(StoreError, match="stayed locked"):
            store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
        assert store.counts() == {"scheduled": 50}
        assert len(store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")) == 1


def test_readers_never_wait_for_a_writer(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(file)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with opened(file) as store, locked(file):
        assert store.counts() == {"scheduled": 50}
        assert store.broken_links() == []


def test_what_was_written_is_there_for_the_next_program(file: Path) -> None:
    with opened(file) as store:
        store.schedule([standing(Status.FAILED)], (), (), now=NOW, actor="tests")
    with opened(file) as store:
        assert store.get(standing(Status.FAILED).key) == standing(Status.FAILED)
