"""The log is whole, or says where it is not."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from somos_social.core.events import Cancelled, Prepared, Published
from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import Store
from tests.samples import FACEBOOK, MINUTE, NOW, POLICY, RECEIPT, UPLOAD, X, a_delivery

Put = Callable[..., None]
Happen = Callable[..., Delivery]


@pytest.fixture
def history(store: Store, put: Put, happen: Happen) -> list[int]:
    """Five entries of X between two of Facebook; returns the ids of those of X."""
    put(a_delivery("antes", channel=FACEBOOK))
    put(a_delivery())
    (claimed,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="daemon@here")
    if claimed.channel != X:
        (claimed,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="daemon@here")
    publishing = happen(claimed, Prepared(UPLOAD), NOW + MINUTE)
    happen(publishing, Published(RECEIPT), NOW + 2 * MINUTE)
    put(a_delivery("luego"))
    return [entry["id"] for entry in store.log(channel=X)]


def test_each_move_stands_in_the_log_with_who_when_and_why(
    store: Store, put: Put, happen: Happen
) -> None:
    put(a_delivery())
    happen(a_delivery(), Cancelled("The march is off."), NOW + MINUTE)
    (first, second) = store.log()
    assert {**second, "id": 0, "hash": ""} == {
        "id": 0,
        "at": NOW + MINUTE,
        "delivery": a_delivery().key,
        "channel": X,
        "from": "scheduled",
        "to": "cancelled",
        "event": "cancelled",
        "attempt": 0,
        "actor": "tests",
        "url": None,
        "remote_id": None,
        "reason": "The march is off.",
        "digest": a_delivery().variant.digest,
        "hash": "",
    }
    assert (first["from"], first["to"], first["event"]) == (None, "scheduled", "scheduled")


def test_the_log_is_read_by_time_channel_delivery_and_what_was_seen_before(
    store: Store, history: list[int]
) -> None:
    everything = [entry["id"] for entry in store.log()]
    assert everything == sorted(everything)
    assert [e["id"] for e in store.log(beyond=history[1])] == [
        id for id in everything if id > history[1]
    ]
    assert {e["channel"] for e in store.log(channel=FACEBOOK)} == {FACEBOOK}
    assert {e["delivery"] for e in store.log(delivery=a_delivery().key)} == {a_delivery().key}
    since = store.log(since=NOW + MINUTE)
    assert [e["at"] for e in since] == [NOW + MINUTE, NOW + 2 * MINUTE]
    assert store.log(since=NOW + 2 * MINUTE + timedelta(microseconds=1)) == []


def test_a_log_that_nobody_touched_is_whole(store: Store, history: list[int]) -> None:
    assert len(history) >= 5
    assert store.broken_links() == []


def test_the_log_is_read_together_with_its_ends_as_they_were_at_one_moment(
    store: Store, history: list[int], put: Put
) -> None:
    with store.log_and_heads() as (entries, heads):
        put(a_delivery("meanwhile"))
        ends = {entry["channel"]: entry["hash"] for entry in entries}
    assert {channel: head.hash for channel, head in heads.items()} == ends
    assert sum(head.length for head in heads.values()) == store.log_length() - 1


def test_an_empty_log_is_whole(store: Store) -> None:
    assert store.broken_links() == []


COVERED = {
    "at": "'2026-12-01 14:00:00.000001+00'",
    "delivery": "'somos-lo-mismo/otra@x:somoslomismo'",
    "channel": "'x:otra'",
    '"from"': "'failed'",
    '"to"': "'failed'",
    "event": "'refused'",
    "attempt": "attempt + 1",
    "actor": "'nobody'",
    "url": "'https://elsewhere.example'",
    "remote_id": "'1'",
    "reason": "'Because.'",
    "digest": "'00'",
    "hash": "'00'",
}


@pytest.mark.parametrize("column", COVERED)
def test_a_changed_entry_is_found(
    store: Store, history: list[int], raw: Engine, column: str
) -> None:
    value = COVERED[column]
    if raw.dialect.name == "sqlite":
        value = value.replace("+00'", "'")
    with raw.begin() as connection:
        connection.execute(text(f"UPDATE log SET {column} = {value} WHERE id = {history[1]}"))  # noqa: S608
    assert any(line.startswith(f"{X}: ") for line in store.broken_links())


@pytest.mark.parametrize("place", [0, 1, 2, -1], ids=["first", "second", "middle", "last"])
def test_a_removed_entry_is_found(
    store: Store, history: list[int], raw: Engine, place: int
) -> None:
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM log WHERE id = :id"), {"id": history[place]})
    (line,) = store.broken_links()
    assert line.startswith(f"{X}: ")


def test_entries_cut_off_at_the_end_are_found(
    store: Store, history: list[int], raw: Engine
) -> None:
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM log WHERE id >= :id"), {"id": history[2]})
    assert store.broken_links() == [f"{X}: entries at the end of the log are missing."]


def test_a_log_that_was_emptied_is_found(store: Store, history: list[int], raw: Engine) -> None:
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM log"))
    assert len(store.broken_links()) == 2


def test_two_entries_that_changed_places_are_found(
    store: Store, history: list[int], raw: Engine
) -> None:
    one, other = history[1], history[2]
    with raw.begin() as connection:
        for old, new in [(one, -1), (other, one), (-1, other)]:
            connection.execute(text(f"UPDATE log SET id = {new} WHERE id = {old}"))  # noqa: S608
    (line,) = store.broken_links()
    assert line.startswith(f"{X}: entry {one} ")


def test_an_entry_that_was_slipped_in_is_found(
    store: Store, history: list[int], raw: Engine
) -> None:
    columns = 'at, delivery, channel, "from", "to", event, attempt, actor, digest, hash'
    with raw.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO log ({columns}) SELECT {columns} FROM log WHERE id = :id"  # noqa: S608
            ),
            {"id": history[-1]},
        )
    assert len(store.broken_links()) == 1


def test_the_next_entry_after_a_cut_does_not_hide_it(
    store: Store, history: list[int], raw: Engine, put: Put
) -> None:
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM log WHERE id = :id"), {"id": history[-1]})
    put(a_delivery("otra-vez"))
    assert len(store.broken_links()) == 1


def test_a_broken_channel_is_named_once_and_others_stay_whole(
    store: Store, history: list[int], raw: Engine
) -> None:
    with raw.begin() as connection:
        connection.execute(text("UPDATE log SET actor = 'nobody' WHERE channel = :x"), {"x": X})
    (line,) = store.broken_links()
    assert line.startswith(f"{X}: entry {history[0]} of {a_delivery().key} was changed")


def test_ids_are_never_given_out_again(
    store: Store, history: list[int], raw: Engine, put: Put
) -> None:
    """Who follows the log by id must not miss an entry that took the place of another."""
    last = store.log()[-1]["id"]
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM log WHERE id = :id"), {"id": last})
    put(a_delivery("otra-vez"))
    assert store.log()[-1]["id"] > last


def test_the_status_of_the_last_entry_is_that_of_the_delivery(
    store: Store, history: list[int]
) -> None:
    for delivery in store.listed():
        assert store.log(delivery=delivery.key)[-1]["to"] == delivery.status
    assert Status.PUBLISHED in {d.status for d in store.listed()}


BEHIND_ITS_BACK = {
    "content": "variant = replace(variant, '#SomosLoMismo', 'otra cosa')",
    "status": "status = 'cancelled', lease = NULL",
    "address": "url = 'https://example.org/otra'",
    "platform id": "remote_id = '1'",
    "time": "due_at = run_at",
}


@pytest.mark.parametrize("what", BEHIND_ITS_BACK)
def test_a_delivery_that_was_changed_behind_the_logs_back_is_found(
    store: Store, history: list[int], raw: Engine, what: str
) -> None:
    with raw.begin() as connection:
        key = connection.execute(text("SELECT max(key) FROM deliveries")).scalar_one()
        change = f"UPDATE deliveries SET {BEHIND_ITS_BACK[what]} WHERE key = :key"  # noqa: S608
        connection.execute(text(change), {"key": key})
    [line] = store.broken_links()
    assert line.startswith(f"{key}: its ")
    assert what in line


def test_a_log_that_was_removed_with_its_chains_is_found_without_a_seal_too(
    store: Store, history: list[int], raw: Engine, tmp_path: Path
) -> None:
    (tmp_path / "somos.db.heads").unlink(missing_ok=True)
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM log"))
        connection.execute(text("DELETE FROM chains"))
    lines = [line for line in store.broken_links() if "heads is missing" not in line]
    assert lines
    assert all(line.endswith("the log says nothing of it.") for line in lines)


def test_an_entry_that_cannot_be_read_any_more_is_found(
    store: Store, history: list[int], raw: Engine
) -> None:
    if raw.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no garbage for a time")
    with raw.begin() as connection:
        connection.execute(text(f"UPDATE log SET at = 'garbage' WHERE id = {history[1]}"))  # noqa: S608
    [line] = store.broken_links()
    assert "cannot be read" in line


def test_a_delivery_that_is_gone_from_the_database_is_missed(store: Store, raw: Engine) -> None:
    gone, kept = a_delivery("uno"), a_delivery("dos")
    store.schedule([gone, kept], (), (), now=NOW, actor="ana")
    assert store.broken_links() == []
    with raw.begin() as other:
        other.execute(text("DELETE FROM deliveries WHERE post = 'uno'"))
    assert store.broken_links() == [f"{gone.key}: it is gone from the database."]
