"""A copy takes the place of the database: nothing is lost, nothing is claimed, at whatever step."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from somos_social.core.delivery import decide
from somos_social.core.events import Prepared, Published
from somos_social.errors import NotAllowed, SomosError, StoreError, UsageError
from somos_social.store import Store
from somos_social.store.backup import back_up
from somos_social.store.restore import Restored, restore
from tests.samples import HOUR, MINUTE, NOW, POLICY, RECEIPT, UPLOAD, a_delivery
from tests.store.test_backup import names, opened, put

ROOT = Path(__file__).resolve().parents[2]
TAKEN = NOW + MINUTE
LATER = NOW + HOUR
ASIDE = "somos.db.before-restore-20261201T150000Z"


@pytest.fixture
def database(tmp_path: Path, new_file: Path) -> Path:
    """In a folder of its own: three deliveries in the copy, and of these one public since."""
    folder = tmp_path / "srv"
    folder.mkdir()
    file = Path(shutil.copy(new_file, folder / "somos.db"))
    with opened(file) as store:
        put(store, "uno", "dos")
        far = a_delivery("tres", due_at=LATER + MINUTE)
        store.schedule([far], (), (), now=NOW, actor="tests")
        back_up(file, tmp_path / "copy.db", now=TAKEN)
        shutil.copy(file, tmp_path / "raw.db")
        shutil.copy(f"{file}-wal", tmp_path / "raw.db-wal")
        [one] = store.claim(NOW, limit=1, lease=POLICY.lease, actor="tests")
        one = store.apply(decide(one, Prepared(UPLOAD), NOW, POLICY), now=NOW, actor="tests")
        store.apply(decide(one, Published(RECEIPT), NOW, POLICY), now=NOW, actor="tests")
        put(store, "cuatro")
    return file


@pytest.fixture
def copy(database: Path, tmp_path: Path) -> Path:
    return tmp_path / "copy.db"


def put_back(file: Path, database: Path, *, now: datetime) -> Restored:
    """What stood there before is not asked what it knows."""
    return restore(file, database, now=now, carry_over=lambda _part, _former: True)


def state(file: Path) -> tuple[int, int, datetime | None, list[str]]:
    """Entries, deliveries, the mark of a copy, and what is wrong."""
    with opened(file) as store:
        found = len(store.log()), len(store.listed()), store.snapshot_taken_at()
        return (*found, store.broken_links())


def test_the_copy_is_in_place_and_the_database_so_far_is_beside_it_with_its_seal(
    database: Path, copy: Path
) -> None:
    before = copy.read_bytes()
    umask = os.umask(0)
    try:
        restored = put_back(copy, database, now=LATER)
    finally:
        os.umask(umask)
    assert restored.kept == database.with_name(ASIDE)
    assert (restored.copy.taken_at, restored.copy.due, restored.copy.deliveries) == (TAKEN, 2, 3)
    assert names(database.parent) == ["somos.db", ASIDE, f"{ASIDE}.heads", "somos.db.heads"]
    modes = {stat.S_IMODE(it.stat().st_mode) for it in database.parent.iterdir()}
    assert modes == {0o600}
    assert copy.read_bytes() == before
    assert state(database) == (3, 3, TAKEN, [])
    assert state(database.with_name(ASIDE)) == (7, 4, LATER, [])


def test_nothing_is_claimed_from_what_was_put_in_place_nor_from_what_was_put_aside(
    database: Path, copy: Path
) -> None:
    put_back(copy, database, now=LATER)
    for file in (database, database.with_name(ASIDE)):
        with opened(file) as store:
            assert store.claim(NOW, limit=9, lease=POLICY.lease, actor="tests") == []


def test_what_was_put_aside_can_be_put_back(database: Path, copy: Path) -> None:
    kept = put_back(copy, database, now=LATER).kept
    assert kept
    again = put_back(kept, database, now=LATER + HOUR)
    assert again.copy.taken_at == LATER
    assert state(database) == (7, 4, LATER, [])
    assert kept.exists()


def test_two_restores_within_a_second_keep_two_databases(database: Path, copy: Path) -> None:
    first = put_back(copy, database, now=LATER).kept
    second = put_back(copy, database, now=LATER).kept
    assert {first, second} == {database.with_name(ASIDE), database.with_name(f"{ASIDE}-2")}


def test_a_raw_copy_without_a_mark_is_as_old_as_its_last_entry(
    database: Path, tmp_path: Path
) -> None:
    """Even one of a database that was open, whose last entries stand beside it."""
    restored = put_back(tmp_path / "raw.db", database, now=LATER)
    assert restored.copy.taken_at == NOW
    assert state(database) == (3, 3, NOW, [])


def test_where_there_is_no_database_the_copy_becomes_it(database: Path, copy: Path) -> None:
    wal = database.with_name("somos.db-wal")
    database.unlink()
    wal.write_bytes(b"what a database left that somebody removed")
    assert put_back(copy, database, now=LATER).kept is None
    assert state(database) == (3, 3, TAKEN, [])
    assert database.with_name(f"{ASIDE}-wal").read_bytes().startswith(b"what a database left")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "text": lambda file: file.write_text("Querida Ana, " * 1000),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:9000]),
    "empty": lambda file: file.write_bytes(b""),
    "a hole": lambda file: file.write_bytes(file.read_bytes()[:8192] + b"\xa5" * 90_000),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_database_is_replaced_and_kept_to_the_last_byte(
    database: Path, copy: Path, how: str
) -> None:
    DAMAGES[how](database)
    wal = database.with_name("somos.db-wal")
    wal.write_bytes(b"entries that nobody can read now")
    before = database.read_bytes()
    kept = put_back(copy, database, now=LATER).kept
    assert state(database) == (3, 3, TAKEN, [])
    assert kept
    assert kept.read_bytes() == before
    assert Path(f"{kept}-wal").read_bytes() == b"entries that nobody can read now"


def test_a_copy_whose_log_is_not_whole_is_put_in_place_and_says_so(
    database: Path, copy: Path
) -> None:
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE log SET actor = 'nobody' WHERE id = 1"))
    engine.dispose()
    [line] = put_back(copy, database, now=LATER).copy.broken
    assert "was changed" in line


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("CREATE TABLE contacts (name TEXT)")


UNFIT: dict[str, tuple[Callable[[Path], object], type[SomosError], str]] = {
    "newer": (_newer, StoreError, r"newer somos_social \(revision 9999"),
    "another program's": (_foreign, StoreError, "no database of this program"),
    "text": (DAMAGES["text"], StoreError, "not a database"),
    "cut off": (DAMAGES["cut off"], StoreError, "damaged"),
    "empty": (DAMAGES["empty"], StoreError, "no database of this program"),
    "a hole": (DAMAGES["a hole"], StoreError, "damaged"),
    "missing": (Path.unlink, UsageError, "cannot be read: No such file"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_a_file_that_is_no_sound_copy_of_ours_changes_nothing(
    database: Path, copy: Path, what: str
) -> None:
    spoil, kind, words = UNFIT[what]
    spoil(copy)
    before = {it.name: it.read_bytes() for it in database.parent.iterdir()}
    with pytest.raises(kind, match=words):
        put_back(copy, database, now=LATER)
    assert {it.name: it.read_bytes() for it in database.parent.iterdir()} == before


def test_the_database_itself_is_no_copy(database: Path) -> None:
    with pytest.raises(UsageError, match="the database itself"):
        put_back(database, database, now=LATER)


def test_the_database_of_another_program_is_not_put_aside(database: Path, copy: Path) -> None:
    _foreign(database)
    with pytest.raises(StoreError, match="belongs to another program"):
        put_back(copy, database, now=LATER)
    assert names(database.parent) == ["somos.db", "somos.db.heads"]


def test_what_a_daemon_has_in_hand_forbids_it_until_the_lease_is_over(
    database: Path, copy: Path
) -> None:
    with opened(database) as store:
        store.claim(LATER, limit=1, lease=POLICY.lease, actor="tests")
    with pytest.raises(NotAllowed, match=r"has somos-lo-mismo/\w+@x:somoslomismo in hand"):
        put_back(copy, database, now=LATER)
    assert state(database)[0] == 8
    put_back(copy, database, now=LATER + POLICY.lease)
    assert state(database)[0] == 3


IDLE = """
import sys
sys.path.insert(0, {root!r})
from somos_social.store import Store
store = Store("sqlite:///{file}")
store.counts()
print("open", flush=True)
sys.stdin.readline()
"""


def test_a_program_that_only_has_the_database_open_forbids_it(
    database: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would go on with the old one, and publish from it what the new one publishes, too."""
    monkeypatch.setattr("somos_social.store.restore.PATIENCE", 0.1)
    script = IDLE.format(root=str(ROOT), file=database)
    idle = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert idle.stdout
    assert idle.stdout.readline() == "open\n"
    with pytest.raises(NotAllowed, match=r"Another program has .* open"):
        put_back(copy, database, now=LATER)
    idle.communicate("\n", timeout=60)
    assert state(database) == (7, 4, None, [])
    put_back(copy, database, now=LATER)
    assert state(database)[0] == 3


def test_who_waited_for_the_old_database_meanwhile_cannot_write_to_it_any_more(
    database: Path, copy: Path
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as late:
        # Opened by its name, and not read yet.
        put_back(copy, database, now=LATER)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            late.execute("DELETE FROM log")
    assert state(database) == (3, 3, TAKEN, [])
    assert state(database.with_name(ASIDE))[0] == 7


def test_on_a_disk_without_second_names_the_old_database_is_copied(
    database: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    kept = put_back(copy, database, now=LATER).kept
    assert kept
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert state(kept) == (7, 4, LATER, [])
    assert state(database) == (3, 3, TAKEN, [])


def test_a_disk_that_is_full_leaves_the_old_database_open_to_all(
    database: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            put_back(copy, database, now=LATER)
    with closing(sqlite3.connect(database)) as old:
        assert old.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    entries, _, _, broken = state(database)
    assert (entries, broken) == (7, [])


# Each life is a fork that SQLite and the disk see die: nothing is closed, nothing is cleaned up.
KILLER = """
import os, shutil, signal, sys
from datetime import datetime
from pathlib import Path
sys.path.insert(0, {root!r})
from somos_social import whole_file
from somos_social.store import copies, restore, seal
files = {{module.__file__ for module in (copies, restore, seal, whole_file)}}
source, now = Path({source!r}), datetime.fromisoformat({now!r})
# A killed process loses nothing that it wrote; that the disk is awaited is no matter here.
os.fsync = lambda _: None
step = 0
while True:
    step += 1
    folder = Path(f"{{source}}-{{step}}")
    shutil.copytree(source, folder)
    child = os.fork()
    if child == 0:
        met = set()
        def trace(frame, event, _):
            if frame.f_code.co_filename not in files:
                return None
            met.add((frame.f_code, frame.f_lineno))
            if len(met) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace
        sys.settrace(trace)
        restore.restore(Path({copy!r}), folder / "somos.db", now=now,
            carry_over=lambda part, former: True)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(step)
"""


def test_killed_at_any_line_the_old_database_or_the_new_one_is_in_place_and_the_way_goes_on(
    database: Path, copy: Path, disk_is_not_awaited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("somos_social.whole_file.os.fsync", lambda _: None)
    script = KILLER.format(
        root=str(ROOT), source=str(database.parent), copy=str(copy), now=LATER.isoformat()
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    steps = int(ended.stdout)
    assert steps > 60
    found = []
    for step in range(1, steps + 1):
        here = Path(f"{database.parent}-{step}") / "somos.db"
        entries, deliveries, mark, broken = state(here)
        found.append(entries)
        if entries == 7:
            assert (deliveries, mark, broken) in [(4, None, []), (4, LATER, [])], step
        else:
            assert (entries, deliveries, mark) == (3, 3, TAKEN), step
            kept = here.with_name(ASIDE)
            assert state(kept)[0] == 7
            # Until the old seal is put aside, it tells that the database is an older one.
            assert all("an older database was put in its place" in line for line in broken), step
        if step % 10 == 0:
            put_back(copy, here, now=LATER)
            assert state(here) == (3, 3, TAKEN, []), step
    assert sorted(found, reverse=True) == found
    assert set(found) == {3, 7}


def test_the_copy_is_in_place_only_once_all_is_carried_over(
    database: Path, copy: Path, tmp_path: Path
) -> None:
    before = state(database)

    def dies(part: Path, former: Store) -> bool:
        assert part != database
        assert {"uno", "cuatro"} <= {delivery.post for delivery in former.listed()}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(copy, database, now=LATER, carry_over=dies)
    assert state(database) == before
    assert not list(database.parent.glob("*.restoring*"))
