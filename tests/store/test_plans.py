"""The questions that the daemon asks on every beat are answered from a range of an index."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from somos_social.core.model.delivery import Status
from somos_social.store import Store
from tests.samples import HOUR, MINUTE, NOW, POLICY, UPLOAD, a_delivery, standing

Question = Callable[[Store], object]

DUE = "by_status (status=? AND run_at<?)"
QUESTIONS: dict[str, tuple[Question, set[str]]] = {
    "claim": (
        lambda store: store.claim(NOW, limit=4, lease=POLICY.lease, actor="a"),
        {DUE, "ready"},
    ),
    "claim of a release": (
        lambda store: store.claim(NOW, limit=4, lease=POLICY.lease, actor="a", due_by=NOW),
        {DUE, "ready"},
    ),
    "overdue": (
        lambda store: store.overdue(NOW, limit=200),
        {DUE, "hopeless (status=? AND expires_at<?)"},
    ),
    "abandoned": (
        lambda store: store.abandoned(NOW, limit=200),
        {"by_lease (status=? AND lease_until<?)"},
    ),
    "doubtful": (lambda store: store.doubtful(NOW, limit=200), {DUE}),
    "needs a person": (lambda store: store.needs_a_person(), {"waits_for_a_person (status=?)"}),
    "late": (lambda store: store.late(NOW), {"by_status (status=?"}),
    "next wake": (lambda store: store.next_wake(NOW), {"by_status"}),
    "next mend": (lambda store: store.next_mend(), {"by_status", "by_lease"}),
}


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What reaches a database driver meanwhile: each statement with its parameters."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        heard.append((statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def plan(engine: Engine, statement: str, values: Any) -> list[str]:
    """The steps in which this database would answer, one line each."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            return [str(row[3]) for row in rows]
        connection.execute(text("SET enable_seqscan = off"))
        found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
        whole: Any = json.loads(found) if isinstance(found, str) else found
        return [_step(node) for node in _nodes(whole[0]["Plan"])]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", []):
        yield from _nodes(inner)


def _step(node: dict[str, Any]) -> str:
    index = node.get("Index Name")
    named = f" USING INDEX {index}" if index else ""
    return f"{node['Node Type']} {node.get('Relation Name', '')}{named}"


@pytest.fixture
def years(store: Store, raw: Engine) -> None:
    """Thousands of deliveries that went out long ago, and a few that are in motion."""
    old = NOW - 1000 * HOUR
    public = [
        standing(Status.PUBLISHED, f"antes-{n}", due_at=old + n * MINUTE) for n in range(2000)
    ]
    waiting = [a_delivery(f"luego-{n}", due_at=NOW + n * HOUR) for n in range(200)]
    ready = [a_delivery(f"lista-{n}", prepared=True, upload=UPLOAD, run_at=NOW) for n in range(5)]
    moving = [
        standing(Status.CLAIMED, "en-mano"),
        standing(Status.PUBLISHING, "sale"),
        standing(Status.UNCONFIRMED, "duda", run_at=NOW),
    ]
    store.schedule([*public, *waiting, *ready, *moving], (), (), now=old, actor="tests")
    if raw.dialect.name == "postgresql":
        # Its server does this by itself in time; an SQLite file never has it done.
        with raw.begin() as connection:
            connection.execute(text("ANALYZE"))


def test_each_question_of_a_beat_is_answered_from_its_indexes(
    store: Store, raw: Engine, years: None
) -> None:
    for question, (ask, indexes) in QUESTIONS.items():
        with statements() as heard:
            ask(store)
        asked = [(said, values) for said, values in heard if "FROM deliveries" in said]
        steps = [step for said, values in asked for step in plan(raw, said, values)]
        if raw.dialect.name == "sqlite":
            for index in indexes:
                assert any(f"INDEX {index}" in step for step in steps), (question, steps)
        # What is long public must cost nothing: not even an index is read from end to end.
        # Which index PostgreSQL takes depends on its statistics; that it takes one does not.
        whole = ("SCAN deliveries", "SCAN other", "Seq Scan deliveries")
        assert [s for s in steps if s.startswith(whole)] == [], (question, steps)
