"""A copy is sound by itself, taken while others write, and nothing is published from it unasked."""

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, text

from somos_social.errors import StoreError, UsageError
from somos_social.store import Store, backup
from somos_social.store.backup import back_up
from somos_social.store.tables import snapshot
from tests.samples import HOUR, MINUTE, NOW, POLICY, a_delivery

LATER = NOW + HOUR


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


def put(store: Store, *posts: str) -> None:
    store.schedule([a_delivery(post) for post in posts], (), (), now=NOW, actor="tests")


@pytest.fixture
def database(tmp_path: Path, new_file: Path) -> Path:
    """With three deliveries, one of them not due yet at LATER."""
    file = Path(shutil.copy(new_file, tmp_path / "somos.db"))
    with opened(file) as store:
        put(store, "uno", "dos")
        far = a_delivery("tres", due_at=LATER + MINUTE)
        store.schedule([far], (), (), now=NOW + MINUTE, actor="tests")
    return file


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "copy.db"


def names(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def test_a_copy_holds_all_and_says_what_it_holds(database: Path, to: Path) -> None:
    copy = back_up(database, to, now=LATER)
    assert copy == backup.Copy(
        taken_at=LATER,
        deliveries=3,
        due=2,
        entries=3,
        last_at=NOW + MINUTE,
        last_delivery=a_delivery("tres").key,
        broken=[],
    )
    shutil.copy(f"{database}.heads", f"{to}.heads")
    with opened(database) as store, opened(to) as copied:
        assert copied.listed() == store.listed()
        assert copied.log() == store.log()
        assert copied.broken_links() == []


def test_a_copy_is_one_file_for_its_owner_alone(database: Path, to: Path) -> None:
    umask = os.umask(0)
    try:
        back_up(database, to, now=LATER)
    finally:
        os.umask(umask)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert names(to.parent) == ["copy.db", "somos.db", "somos.db.heads"]
    with closing(sqlite3.connect(to)) as copied:
        assert copied.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_nothing_is_claimed_from_a_copy_that_was_put_in_place_by_hand(
    database: Path, to: Path
) -> None:
    back_up(database, to, now=LATER)
    with opened(database) as store:
        assert store.snapshot_taken_at() is None
        put(store, "more")
    shutil.copy(to, database)
    with opened(database) as store:
        assert store.snapshot_taken_at() == LATER
        assert store.claim(NOW, limit=9, lease=POLICY.lease, actor="tests") == []
        store.forget_snapshot(NOW)
        assert len(store.claim(NOW, limit=9, lease=POLICY.lease, actor="tests")) == 2


def test_a_copy_of_a_copy_is_as_old_as_the_first(database: Path, to: Path) -> None:
    back_up(database, to, now=LATER)
    again = back_up(to, to.with_name("again.db"), now=LATER + HOUR)
    assert again.taken_at == LATER


def test_a_copy_that_is_taken_while_others_write_is_of_one_moment(
    database: Path, to: Path, monkeypatch: pytest.MonkeyPatch, disk_is_not_awaited: None
) -> None:
    monkeypatch.setattr(backup, "PAGES", 1)
    done = threading.Event()
    written: list[int] = []
    seen: list[tuple[int, int]] = []
    with opened(database) as store:

        def write() -> None:
            while not done.is_set():
                put(store, f"meanwhile-{len(written)}")
                written.append(1)

        def progress(copied: int, total: int) -> None:
            # Between any two pages somebody else wrote.
            before = len(written)
            for _ in range(2000):
                if len(written) > before:
                    break
                threading.Event().wait(0.01)
            seen.append((copied, total))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            copy = back_up(database, to, now=LATER, progress=progress)
        finally:
            done.set()
            writer.join()
        assert len(written) > 5
        assert len({total for _, total in seen}) == 1
        assert [copied for copied, _ in seen] == sorted({copied for copied, _ in seen})
        assert copy.broken == []
        assert copy.entries == copy.deliveries < len(store.listed())


def test_a_copy_of_a_log_that_is_not_whole_is_made_and_says_so(database: Path, to: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE log SET actor = 'nobody' WHERE id = 1"))
    engine.dispose()
    [line] = back_up(database, to, now=LATER).broken
    assert "was changed" in line
    assert to.exists()


def test_a_copy_of_an_older_database_that_was_put_in_place_says_so(
    database: Path, to: Path, tmp_path: Path
) -> None:
    kept = shutil.copy(database, tmp_path / "kept.db")
    with opened(database) as store:
        put(store, "later")
    shutil.copy(kept, database)
    [line] = back_up(database, to, now=LATER).broken
    assert "the seal somos.db.heads" in line


@pytest.mark.parametrize("end", ["", "-wal", ".heads"])
def test_the_database_and_what_belongs_to_it_are_never_replaced(database: Path, end: str) -> None:
    before = database.read_bytes()
    with pytest.raises(UsageError, match="the database itself, or belongs to it"):
        back_up(database, Path(f"{database}{end}"), now=LATER)
    assert database.read_bytes() == before


def test_the_database_by_another_name_is_not_replaced(database: Path, to: Path) -> None:
    os.link(database, to)
    with pytest.raises(UsageError, match="the database itself"):
        back_up(database, to, now=LATER)


def test_a_database_that_is_in_use_is_not_replaced(database: Path, to: Path) -> None:
    with opened(to) as other:
        put(other, "uno")
        with pytest.raises(UsageError, match="in use"):
            back_up(database, to, now=LATER)


def test_where_there_is_no_database_yet_none_is_made(tmp_path: Path, to: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        back_up(tmp_path / "somos.db", to, now=LATER)
    assert names(tmp_path) == []


def test_a_damaged_database_is_not_copied_over_a_sound_copy(database: Path, to: Path) -> None:
    with opened(database) as store:
        put(store, *(f"p{number}" for number in range(200)))
    back_up(database, to, now=LATER)
    before = to.read_bytes()
    whole = bytearray(database.read_bytes())
    whole[20 * 4096 : 24 * 4096] = b"\xa5" * (4 * 4096)
    database.write_bytes(whole)
    with pytest.raises(StoreError, match="damaged"):
        back_up(database, to, now=LATER)
    assert to.read_bytes() == before
    assert names(to.parent) == ["copy.db", "somos.db", "somos.db.heads"]


def test_a_disk_that_is_full_leaves_the_copy_that_was_there(
    database: Path, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to.write_bytes(b"the copy of yesterday")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("somos_social.whole_file.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            back_up(database, to, now=LATER)
    assert to.read_bytes() == b"the copy of yesterday"
    assert names(to.parent) == ["copy.db", "somos.db", "somos.db.heads"]


def test_each_restore_is_remembered_and_one_that_is_begun_again_counts_once(
    store: Store, raw: Engine
) -> None:
    for days, restored_at in [(9, NOW), (2, NOW + HOUR), (3, NOW + HOUR)]:
        with raw.begin() as other:
            other.execute(insert(snapshot).values(taken_at=NOW - timedelta(days=days)))
        store.forget_snapshot(restored_at)
        assert store.snapshot_taken_at() is None
    assert store.unknown_since(NOW - HOUR) == NOW - timedelta(days=9)
    assert store.unknown_since(NOW) == NOW - timedelta(days=3)
