"""The seal belies whoever edits the database alone, and never makes a written move look failed."""

import json
import logging
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text, update

from somos_social.core.delivery import decide
from somos_social.core.events import Cancelled
from somos_social.errors import StoreError
from somos_social.store import Store, chain, seal
from somos_social.store.tables import chains, deliveries, log
from tests.samples import FACEBOOK, HOUR, MINUTE, NOW, POLICY, X, a_delivery

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path, new_file: Path) -> Path:
    return Path(shutil.copy(new_file, tmp_path / "somos.db"))


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """With three entries of X and one of Facebook."""
    with opened(file) as store:
        put(store, "uno", "dos", "tres")
        store.schedule([a_delivery(channel=FACEBOOK)], (), (), now=NOW, actor="tests")
        yield store


@pytest.fixture
def heads(file: Path) -> Path:
    return file.with_name("somos.db.heads")


def put(store: Store, *posts: str) -> None:
    store.schedule([a_delivery(post) for post in posts], (), (), now=NOW, actor="tests")


def put_one_by_one(store: Store, name: str) -> None:
    for number in range(15):
        put(store, f"{name}-{number}")


def sealed(heads: Path) -> dict[str, int]:
    read = json.loads(heads.read_text(encoding="utf-8"))["heads"]
    return {channel: head["length"] for channel, head in read.items()}


def forged(file: Path, change: Callable[[Connection], None]) -> None:
    """Changes the log, and computes all hashes and the heads of the chains anew."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        change(connection)
        connection.execute(chains.delete())
        ends: dict[str, tuple[int, str]] = {}
        for row in connection.execute(select(log).order_by(log.c.id)).mappings().all():
            length, head = ends.get(row["channel"], (0, chain.GENESIS))
            head = chain.link(head, dict(row))
            ends[row["channel"]] = (length + 1, head)
            connection.execute(update(log).where(log.c.id == row["id"]).values(hash=head))
        for channel, (length, head) in ends.items():
            new = insert(chains).values(channel=channel, length=length, head=head)
            connection.execute(new)
    engine.dispose()


def _cut(connection: Connection) -> None:
    last = select(log.c.id).where(log.c.channel == X).order_by(log.c.id.desc()).limit(1)
    key = connection.execute(select(log.c.delivery).where(log.c.id.in_(last))).scalar_one()
    connection.execute(log.delete().where(log.c.delivery == key))
    connection.execute(deliveries.delete().where(deliveries.c.key == key))


def _swap(connection: Connection) -> None:
    for old, new in ((1, -1), (2, 1), (-1, 2)):
        connection.execute(text(f"UPDATE log SET id = {new} WHERE id = {old}"))  # noqa: S608


FORGERIES: dict[str, Callable[[Connection], Any]] = {
    "changed": lambda c: c.execute(text("UPDATE log SET actor = 'nobody' WHERE id = 2")),
    "changed at the end": lambda c: c.execute(text("UPDATE log SET actor = 'x' WHERE id = 3")),
    "removed": lambda c: c.execute(text("DELETE FROM log WHERE id = 1")),
    "moved": _swap,
    "cut off the end": _cut,
}


@pytest.mark.parametrize("what", FORGERIES)
def test_an_entry_that_was_forged_with_all_hashes_computed_anew_is_found(
    store: Store, file: Path, what: str
) -> None:
    forged(file, FORGERIES[what])
    lines = [line for line in store.broken_links() if line.startswith(f"{X}: ")]
    assert len(lines) == 1
    assert "the seal somos.db.heads of 2026-12-01 14:00:00 UTC" in lines[0]


def test_a_forgery_that_grew_longer_than_the_seal_is_found_still(store: Store, file: Path) -> None:
    forged(file, FORGERIES["changed"])
    put(store, "cuatro", "cinco")
    assert any(line.startswith(f"{X}: entry 3 ") for line in store.broken_links())
    assert store.is_behind_its_seal()


def test_a_log_emptied_with_all_that_it_speaks_of_is_found(store: Store, file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for table in ("log", "chains", "deliveries"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    engine.dispose()
    assert [line.partition(": ")[0] for line in store.broken_links()] == [FACEBOOK, X]


def test_the_seal_holds_the_heads_and_is_readable_by_its_owner_alone(
    file: Path, heads: Path
) -> None:
    umask = os.umask(0)
    try:
        with opened(file) as store:
            put(store, "uno", "dos")
            [_, last] = store.log()
    finally:
        os.umask(umask)
    document = json.loads(heads.read_text(encoding="utf-8"))
    written = datetime.fromisoformat(document.pop("written"))
    assert abs(datetime.now(UTC) - written) < HOUR
    assert document == {
        "heads": {X: {"length": 2, "hash": last["hash"]}},
        "at": "2026-12-01T14:00:00.000000+00:00",
    }
    assert stat.S_IMODE(heads.stat().st_mode) == 0o600
    assert sorted(it.name for it in file.parent.iterdir()) == ["somos.db", "somos.db.heads"]


def test_every_kind_of_move_is_sealed_and_what_moves_nothing_is_not(
    store: Store, heads: Path
) -> None:
    assert sealed(heads) == {FACEBOOK: 1, X: 3}
    claimed = store.claim(NOW, limit=9, lease=POLICY.lease, actor="tests")
    assert sealed(heads) == {FACEBOOK: 2, X: 6}
    stands = heads.stat().st_ino
    store.renew([it.lease for it in claimed if it.lease], NOW + POLICY.lease)
    assert store.claim(NOW, limit=9, lease=POLICY.lease, actor="tests") == []
    assert heads.stat().st_ino == stands


def test_a_crash_between_the_write_and_its_seal_is_no_finding_and_heals(
    store: Store, heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(seal.Seal, "press", lambda *_: None)
        put(store, "unsealed")
    assert sealed(heads)[X] == 3
    assert store.broken_links() == []
    assert not store.is_behind_its_seal()
    put(store, "sealed")
    assert sealed(heads)[X] == 5
    assert store.broken_links() == []


def test_a_forgery_of_what_was_sealed_before_a_crash_is_not_sealed_after_it(
    store: Store, file: Path, heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(seal.Seal, "press", lambda *_: None)
        put(store, "unsealed", "neither")
    forged(file, FORGERIES["changed"])
    put(store, "later")
    assert sealed(heads)[X] == 3
    assert any(line.startswith(f"{X}: entry 3 ") for line in store.broken_links())


TROUBLES: dict[str, Callable[[Path], Any]] = {
    "is missing": Path.unlink,
    "is empty or damaged": lambda heads: heads.write_text(""),
    "is empty or damaged.": lambda heads: heads.write_text('{"heads": {}}'),
    "is empty or damaged..": lambda heads: heads.write_bytes(b"\xff\xfe\x00"),
    "cannot be read": lambda heads: [do() for do in (heads.unlink, heads.mkdir)],
}


@pytest.mark.parametrize("what", TROUBLES)
def test_a_seal_that_is_of_no_use_is_told_with_what_to_do_and_stays_so(
    store: Store, heads: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    TROUBLES[what](heads)
    with caplog.at_level(logging.WARNING, "somos"):
        put(store, "later", "still")
        put(store, "even later")
    [warning] = caplog.records
    assert what.rstrip(".") in warning.getMessage()
    [line] = store.broken_links()
    assert line.startswith(f"The seal {heads} {what.rstrip('.')}")
    assert "log verify --seal" in line
    assert store.get(a_delivery("even later").key)
    assert not store.is_behind_its_seal()


def test_a_seal_emptied_of_its_channels_only_falls_behind(store: Store, heads: Path) -> None:
    """As after a crash right after the first write; an export kept elsewhere knows better."""
    heads.write_text('{"heads": {}, "at": "2026-12-01T14:00:00+00:00"}')
    assert store.broken_links() == []


def test_a_write_whose_seal_cannot_be_pressed_is_a_write_and_warns_once(
    store: Store, heads: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING, "somos"):
        patch.setattr("somos_social.whole_file.os.fsync", full)
        put(store, "uno más")
        moved = store.apply(
            decide(a_delivery("uno"), Cancelled("It rains."), NOW, POLICY),
            now=NOW + MINUTE,
            actor="tests",
        )
    assert store.get(moved.key) == moved
    [warning] = caplog.records
    assert "No space left on device" in warning.getMessage()
    assert sealed(heads)[X] == 3
    assert sorted(it.name for it in heads.parent.glob("*.heads*")) == ["somos.db.heads"]
    put(store, "there is room again")
    assert sealed(heads)[X] == 6


def test_an_older_database_put_in_place_is_found_and_told_to_the_daemon(
    store: Store, file: Path, heads: Path, tmp_path: Path
) -> None:
    store.close()
    kept = shutil.copy(file, tmp_path / "kept.db")
    with opened(file) as later:
        put(later, "later")
        assert not later.is_behind_its_seal()
    shutil.copy(kept, file)
    with opened(file) as older:
        assert older.is_behind_its_seal()
        [line] = older.broken_links()
        assert line == (
            f"{X}: the log ends after 3, but the seal somos.db.heads of 2026-12-01 14:00:00 UTC "
            "knows of 4: entries were cut off, or an older database was put in its place."
        )
        older.take_for_a_copy(NOW + MINUTE)
        assert older.snapshot_taken_at() == NOW
        assert not older.is_behind_its_seal()
        assert older.claim(NOW, limit=9, lease=POLICY.lease, actor="tests") == []
        assert older.broken_links() == []
    [aside] = tmp_path.glob("somos.db.heads.until-*")
    assert sealed(aside)[X] == 4
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600


LATER_TABLES = (
    "holds", "snapshot", "introductions", "requirements", "approvers", "approvals", "consents",
    "pauses", "requests", "restores", "told", "campaigns", "change_requests", "invites", "visits",
    "metrics", "likenesses",
)  # fmt: skip

HANDOFFS_AT_FIRST = """
CREATE TABLE handoffs (
    campaign VARCHAR(100) NOT NULL, key VARCHAR(100) NOT NULL, influencer VARCHAR(200) NOT NULL,
    contact VARCHAR(200) NOT NULL, draft_due DATETIME, live_due DATETIME NOT NULL,
    brief TEXT NOT NULL, review BOOLEAN NOT NULL,
    status VARCHAR(20) DEFAULT 'offered' NOT NULL, url TEXT, PRIMARY KEY (campaign, key)
)
"""


def test_a_seal_that_cannot_be_written_is_told_in_words(file: Path, heads: Path) -> None:
    heads.unlink(missing_ok=True)
    heads.mkdir()
    with opened(file) as store, pytest.raises(StoreError, match="could not be sealed: Is a dir"):
        store.seal_anew(NOW)


def test_a_database_from_before_there_were_seals_is_sealed_when_it_is_migrated(
    store: Store, file: Path, heads: Path, raw: Engine
) -> None:
    with raw.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        for index in ("waits_for_a_person", "hopeless"):
            connection.execute(text(f"DROP INDEX {index}"))
        connection.execute(text("DROP VIEW handoff_log"))
        connection.execute(text("DROP TABLE handoffs"))
        connection.execute(text(HANDOFFS_AT_FIRST))
        for table in LATER_TABLES:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DELETE FROM chains WHERE length = 0"))
        for column in ("suspect", "outdated", "resting", "asked_tick"):
            connection.execute(text(f"ALTER TABLE deliveries DROP COLUMN {column}"))
    heads.unlink()
    with opened(file) as migrated:
        assert migrated.broken_links() == []
    assert sealed(heads) == {FACEBOOK: 1, X: 3}


@pytest.fixture
def raw(file: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


WRITER = """
import sys
sys.path.insert(0, {root!r})
from somos_social.store import Store
from tests.samples import NOW, a_delivery
store = Store("sqlite:///{file}")
for number in range(15):
    store.schedule([a_delivery(f"{{sys.argv[1]}}-{{number}}")], (), (), now=NOW, actor="tests")
store.close()
"""


def test_processes_and_threads_that_write_at_once_never_let_the_seal_go_back(
    store: Store, file: Path, heads: Path
) -> None:
    script = WRITER.format(root=str(ROOT), file=file)
    writers = [subprocess.Popen([sys.executable, "-c", script, str(n)]) for n in range(2)]
    mine = [threading.Thread(target=put_one_by_one, args=(store, f"mine-{n}")) for n in range(2)]
    for thread in mine:
        thread.start()
    lengths = []
    while any(writer.poll() is None for writer in writers):
        lengths.append(sealed(heads)[X])
    for thread in mine:
        thread.join()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert lengths == sorted(lengths)
    assert sealed(heads)[X] == 3 + 4 * 15
    assert store.broken_links() == []


@pytest.mark.parametrize("trouble", ["missing", "ahead", "none"])
def test_who_seals_what_may_be_an_older_log_has_the_networks_asked_first(
    file: Path, heads: Path, trouble: str
) -> None:
    with opened(file) as store:
        put(store, "uno", "dos")
        newer = heads.read_bytes()
    if trouble == "missing":
        heads.unlink()
    if trouble == "ahead":
        heads.write_bytes(newer.replace(b'"length": 2', b'"length": 9'))
    with opened(file) as store:
        assert store.has_lost_its_seal() == (trouble == "missing")
        store.seal_anew(NOW)
        assert (store.snapshot_taken_at() is not None) == (trouble != "none")
        assert store.broken_links() == []
