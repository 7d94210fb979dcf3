"""A few threads take what is due from the store, never more than there are, and nothing twice."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event, Lock

import pytest

from somos_social.core.model.delivery import Delivery, Status
from somos_social.daemon import Crew, mend, once
from somos_social.flows import App
from somos_social.flows.mending import rescue
from somos_social.platforms import Platform
from somos_social.store import Store, engine
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import Line, ScriptedPlatform
from tests.samples import HOUR, NOW, POLICY, X, a_comment, a_delivery

PATIENCE = 30
"""Seconds after which whoever waits for another thread gives up, so that no test hangs."""

POST = a_delivery()


def each_on_its_own_channel(count: int) -> list[Delivery]:
    return [a_delivery(f"p{n}", channel=f"x:{n}") for n in range(count)]


@contextmanager
def crew_of(app: App, workers: int, done: Callable[[], None] = lambda: None) -> Iterator[Crew]:
    crew = Crew(app, workers, done)
    try:
        yield crew
    finally:
        crew.dismiss()


def test_a_crew_works_on_as_many_as_it_has_workers_and_never_on_more(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(*each_on_its_own_channel(9))
    together, lock = Barrier(3, timeout=PATIENCE), Lock()
    inside, most = [0], [0]

    def prepare() -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        together.wait()
        with lock:
            inside[0] -= 1

    platform.says("prepare", *[Line(meanwhile=prepare)] * 9)
    with crew_of(app, 3) as crew:
        while crew.tick():
            assert app.store.counts().get("claimed", 0) <= 3
            crew.rest()
    assert most == [3]
    assert set(platform.public.values()) == {1}
    assert len(platform.public) == 9


def test_two_beats_at_once_never_claim_more_than_there_are_workers(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    """What waits in hand for a free thread would be late, while another daemon could take it."""
    desk.schedule(*each_on_its_own_channel(9))
    both, gate = Barrier(2), Event()

    def now() -> datetime:
        # A beat asks for the time between counting the free workers and claiming: two beats
        # that can be there together are, and one that is there alone soon goes on.
        with suppress(BrokenBarrierError):
            both.wait(0.2)
        return NOW

    platform.says("prepare", *[Line(meanwhile=lambda: void(gate.wait(PATIENCE)))] * 9)
    with crew_of(replace(app, now=now), 2) as crew, ThreadPoolExecutor(2) as beats:
        given = [beats.submit(crew.tick) for _ in range(2)]
        try:
            assert sum(beat.result(PATIENCE) for beat in given) == 2
            assert app.store.counts() == {"claimed": 2, "scheduled": 7}
        finally:
            gate.set()


def test_a_crew_that_is_told_to_end_takes_nothing_more(app: App, desk: Desk) -> None:
    desk.schedule(POST)
    with crew_of(replace(app, stopping=lambda: True), 2) as crew:
        assert crew.tick() == 0
    assert desk.see(POST) == POST


def test_a_tick_says_how_many_it_gave_out_and_each_end_is_told(app: App, desk: Desk) -> None:
    desk.schedule(*each_on_its_own_channel(3))
    ended: list[None] = []
    with crew_of(app, 4, done=lambda: ended.append(None)) as crew:
        assert crew.tick() == 3
        crew.rest()
        assert crew.tick() == 0
    assert len(ended) == 3


def test_a_release_holds_back_what_is_promised_for_later(app: App, desk: Desk) -> None:
    later = a_delivery("luego", due_at=NOW + HOUR, run_at=NOW)
    desk.schedule(POST, later)
    with crew_of(app, 4) as crew:
        assert crew.tick(due_by=NOW) == 1
    assert desk.see(later) == later


def test_a_lease_is_kept_while_its_worker_prepares(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    begun, go_on = Event(), Event()

    def slowly() -> None:
        begun.set()
        go_on.wait(PATIENCE)

    platform.says("prepare", Line(meanwhile=slowly))
    with crew_of(app, 1) as crew:
        crew.tick()
        assert begun.wait(PATIENCE)
        for _ in range(9):
            clock.advance(POLICY.lease / 3)
            crew.keep_leases()
            assert rescue(app) == 0
        go_on.set()
        crew.rest()
    assert desk.see(POST).status is Status.PUBLISHED
    assert platform.calls == ["prepare", "publish"]


def test_a_worker_that_ends_unexpectedly_takes_no_other_with_it(
    app: App, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(channel: str) -> Platform:
        if channel == X:
            raise SystemExit("a bug")
        return platform

    platform = ScriptedPlatform(Clock())
    others = each_on_its_own_channel(2)
    desk.schedule(POST, *others)
    with crew_of(replace(app, platform=broken), 1) as crew:
        while crew.tick():
            crew.rest()
    assert platform.public == {other.key: 1 for other in others}
    assert desk.see(POST).status is Status.CLAIMED


# Once, for cron.


def test_once_publishes_all_that_is_due_and_returns(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    due = [a_delivery(f"p{n}") for n in range(10)]
    comment, later = a_comment(due[0]), a_delivery("luego", due_at=NOW + HOUR)
    desk.schedule(*due, comment, later)
    once(app, 3)
    assert platform.public == {d.key: 1 for d in (*due, comment)}
    assert app.store.counts() == {"published": 11, "scheduled": 1}
    assert desk.see(later) == later


def test_once_keeps_the_promised_order_of_a_channel_when_all_is_prepared(
    app: App, desk: Desk, clock: Clock
) -> None:
    due = [a_delivery(f"p{n}", due_at=NOW + n * HOUR / 60) for n in range(5)]
    desk.schedule(*reversed(due))
    clock.time = NOW - HOUR / 30
    once(app, 5)
    clock.time = NOW + HOUR
    once(app, 5)
    published = [e["delivery"] for e in app.store.log() if e["event"] == "published"]
    assert published == [d.key for d in due]


def test_once_mends_first(app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform) -> None:
    desk.schedule(POST)
    desk.claim()
    clock.advance(POLICY.lease)
    once(app, 1)
    assert desk.see(POST).status is Status.SCHEDULED
    clock.advance(POLICY.backoff)
    once(app, 1)
    assert platform.public == {POST.key: 1}


def test_once_that_is_told_to_end_returns_and_leaves_the_rest(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    told = Event()
    due = each_on_its_own_channel(6)
    desk.schedule(*due)
    platform.says("publish", Line(public=True, meanwhile=told.set))
    once(replace(app, stopping=told.is_set), 1)
    assert app.store.counts() == {"published": 1, "scheduled": 5}


def test_two_crews_on_one_store_never_double(
    app: App, desk: Desk, platform: ScriptedPlatform, tmp_path: Path
) -> None:
    due = [a_delivery(f"p{n}", channel=f"x:{n % 4}") for n in range(24)]
    desk.schedule(*due)
    other = Store(f"sqlite:///{tmp_path / 'somos.db'}")
    try:
        with ThreadPoolExecutor(2) as programs:
            for done in [
                programs.submit(once, app, 3),
                programs.submit(once, replace(app, store=other, actor="daemon@there"), 3),
            ]:
                done.result(PATIENCE)
        once(app, 3)
    finally:
        other.close()
    assert platform.public == Counter(d.key for d in due)
    assert app.store.counts() == {"published": 24}
    assert app.store.broken_links() == []


def test_a_yes_that_could_not_be_written_is_found_again(
    app: App,
    desk: Desk,
    clock: Clock,
    platform: ScriptedPlatform,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.schedule(POST)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    impatient = Store(f"sqlite:///{tmp_path / 'somos.db'}")
    with closing(
        sqlite3.connect(tmp_path / "somos.db", isolation_level=None, check_same_thread=False)
    ) as other:
        platform.says(
            "publish",
            Line(public=True, meanwhile=lambda: void(other.execute("BEGIN IMMEDIATE"))),
        )
        with (
            caplog.at_level(logging.ERROR, logger="somos"),
            crew_of(replace(app, store=impatient), 1) as crew,
        ):
            crew.tick()
            crew.rest()
        other.execute("ROLLBACK")
    impatient.close()
    assert "stayed locked" in caplog.text
    assert desk.see(POST).status is Status.PUBLISHING
    clock.advance(POLICY.lease)
    mend(app)
    clock.reach(app.store.next_mend() or clock())
    mend(app)
    assert desk.see(POST).status is Status.PUBLISHED
    assert platform.public == {POST.key: 1}


def void(_: object) -> None:
    pass
