"""Any number of threads and processes share one database, and none takes what another holds."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import TypeVar

import pytest
from sqlalchemy import Engine, text

from somos_social.core.delivery import decide
from somos_social.core.events import Prepared, Published
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.store import ChannelBusy, Lost, NotCleared, Store
from tests.samples import FACEBOOK, NOW, POLICY, RECEIPT, UPLOAD, X, a_comment, a_delivery, standing

Put = Callable[..., None]
T = TypeVar("T")

PATIENCE = 60
"""Seconds after which a worker that waits for the others gives up, so that no test hangs."""

A_MOMENT = 0.3
"""Seconds in which whoever does not wait for the other program is done."""


def claim_until_nothing_is_left(store: Store, actor: str) -> list[str]:
    taken: list[str] = []
    while claimed := store.claim(NOW, limit=3, lease=POLICY.lease, actor=actor):
        taken.extend(d.key for d in claimed)
    return taken


def in_a_process(url: str, actor: str) -> list[str]:
    store = Store(url)
    try:
        return claim_until_nothing_is_left(store, actor)
    finally:
        store.close()


def at_once(workers: int, work: Callable[[int], T]) -> list[T]:
    """What `work` returns in each of so many threads that start together."""
    start = Barrier(workers, timeout=PATIENCE)

    def begin(number: int) -> T:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(begin, range(workers)))


def test_two_processes_never_claim_the_same_delivery(store: Store, put: Put, url: str) -> None:
    due = [a_delivery(f"p{n}", channel=(X, FACEBOOK)[n % 2]) for n in range(60)]
    put(*due)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as processes:
        first = processes.submit(in_a_process, url, "first")
        second = processes.submit(in_a_process, url, "second")
        taken = Counter([*first.result(PATIENCE), *second.result(PATIENCE)])
    assert taken == Counter(d.key for d in due)
    assert store.counts() == {"claimed": 60}
    assert store.broken_links() == []


def test_threads_never_claim_the_same_delivery(store: Store, put: Put) -> None:
    due = [a_delivery(f"p{n}") for n in range(40)]
    put(*due)
    taken = at_once(4, lambda n: claim_until_nothing_is_left(store, f"worker {n}"))
    assert Counter(key for keys in taken for key in keys) == Counter(d.key for d in due)
    assert store.broken_links() == []


def test_of_many_who_make_the_same_move_one_wins_and_the_others_lose(
    store: Store, put: Put
) -> None:
    going = standing(Status.PUBLISHING)
    put(going)
    move = decide(going, Published(RECEIPT), NOW, POLICY)

    def make(number: int) -> str:
        try:
            store.apply(move, now=NOW, actor=f"worker {number}")
        except Lost:
            return "lost"
        return "won"

    assert Counter(at_once(4, make)) == {"won": 1, "lost": 3}
    assert len(store.log(delivery=going.key)) == 2
    assert store.broken_links() == []


def test_of_many_who_want_the_channel_one_gets_it(store: Store, put: Put) -> None:
    ready = [standing(Status.CLAIMED, f"p{n}") for n in range(4)]
    put(*ready)

    def make(number: int) -> str:
        move = decide(ready[number], Prepared(UPLOAD), NOW, POLICY)
        try:
            store.apply(move, now=NOW, actor="a")
        except ChannelBusy:
            return "busy"
        return "going out"

    assert Counter(at_once(4, make)) == {"going out": 1, "busy": 3}
    assert store.counts() == {"claimed": 3, "publishing": 1}


def test_writers_of_one_channel_leave_its_chain_whole(store: Store) -> None:
    def write(number: int) -> None:
        for n in range(5):
            one: Delivery = a_delivery(f"p{number}-{n}", channel=(X, FACEBOOK)[n % 2])
            store.schedule([one], (), (), now=NOW, actor=f"person {number}")

    at_once(4, write)
    assert len(store.log()) == 20
    assert store.broken_links() == []


def test_programs_that_start_together_on_an_empty_database_make_it_once(url: str) -> None:
    def begin(number: int) -> dict[str, int]:
        store = Store(url)
        try:
            store.schedule([a_delivery(f"p{number}")], (), (), now=NOW, actor="a")
            return store.counts()
        finally:
            store.close()

    assert max(counts["scheduled"] for counts in at_once(4, begin)) == 4


def test_a_comment_that_is_added_while_its_post_goes_out_never_waits_for_ever(
    store: Store, put: Put
) -> None:
    posts = [standing(Status.PUBLISHING, f"p{n}", channel=f"x:{n}") for n in range(10)]
    put(*posts)

    def work(number: int) -> None:
        for post in posts:
            if number == 0:
                move = decide(post, Published(RECEIPT), NOW, POLICY)
                store.apply(move, now=NOW, actor="daemon")
            else:
                store.schedule([a_comment(post)], (), (), now=NOW, actor="person")

    at_once(2, work)
    comments = [store.get(a_comment(post).key) for post in posts]
    assert [c.parent_id for c in comments if c] == [RECEIPT.remote_id] * len(posts)


def meanwhile(engine: Engine, *statements: str, work: Callable[[], object]) -> None:
    """Begins `work` while another program has made changes and not yet committed them."""
    with ThreadPoolExecutor(1) as threads:
        with engine.begin() as other:
            for statement in statements:
                other.execute(text(statement))
            begun = threads.submit(work)
            sleep(A_MOMENT)
        begun.result(PATIENCE)


def test_a_comment_that_is_added_just_before_its_post_is_public_hears_of_it(
    store: Store, put: Put, raw: Engine
) -> None:
    post = standing(Status.PUBLISHING)
    put(post)
    going_public = "UPDATE deliveries SET status = 'published', remote_id = '1', lease = NULL"
    meanwhile(
        raw,
        going_public,
        work=lambda: store.schedule([a_comment(post)], (), (), now=NOW, actor="person"),
    )
    comment = store.get(a_comment(post).key)
    assert comment is not None
    assert (comment.parent_id, comment.run_at) == ("1", NOW)


def test_a_comment_that_is_edited_just_before_its_post_is_public_counts_both_changes(
    store: Store, put: Put, raw: Engine
) -> None:
    post = standing(Status.PUBLISHING)
    put(post, a_comment(post))
    move = decide(post, Published(RECEIPT), NOW, POLICY)
    meanwhile(
        raw,
        "UPDATE deliveries SET version = version + 1 WHERE after IS NOT NULL",
        work=lambda: store.apply(move, now=NOW, actor="daemon"),
    )
    comment = store.get(a_comment(post).key)
    assert comment is not None
    assert (comment.parent_id, comment.version) == (RECEIPT.remote_id, 2)


def test_a_claim_beside_a_cancellation_never_takes_what_is_cancelled(
    store: Store, put: Put, raw: Engine
) -> None:
    put(a_delivery("uno"), a_delivery("dos"))
    with ThreadPoolExecutor(1) as threads:
        with raw.begin() as other:
            other.execute(text("UPDATE deliveries SET status = 'cancelled' WHERE post = 'uno'"))
            claiming = threads.submit(claim_until_nothing_is_left, store, "daemon")
            if other.dialect.name == "postgresql":
                # Which steps over what another changes, instead of waiting for it.
                assert claiming.result(PATIENCE / 6) == [a_delivery("dos").key]
        assert claiming.result(PATIENCE) == [a_delivery("dos").key]


def test_of_two_who_would_tell_the_same_at_once_one_does(store: Store, raw: Engine) -> None:
    ours: list[bool] = []
    telling = (
        "INSERT INTO told (subject, kind, state, attempts, at) "
        "VALUES ('handoff/a/b', 'offer', 'sending', 1, '2026-12-01 14:00:00')"
    )
    begin = lambda: ours.append(store.begin_telling("handoff/a/b", "offer", NOW, most=3))  # noqa: E731
    meanwhile(raw, telling, work=begin)
    assert ours == [False]


IN_FORCE_AGAIN = "UPDATE pauses SET ended_at = NULL"
ITS_LINE_IN_THE_LOG = "UPDATE chains SET length = length WHERE channel LIKE '%pauses%'"


def a_pause_that_begins(store: Store) -> tuple[str, ...]:
    """The statements of another program that begins a pause; it was begun and ended before."""
    begun = store.pauses.begin(Pause(reason="An election", since=NOW, by="person"))
    store.pauses.end([begun], (), now=NOW, actor="person")
    return IN_FORCE_AGAIN, ITS_LINE_IN_THE_LOG


def test_a_claim_waits_for_no_other_claim_and_for_no_other_channel(
    store: Store, put: Put, raw: Engine
) -> None:
    put(a_delivery())
    store.schedule([a_delivery("otra", channel=FACEBOOK)], (), (), now=NOW, actor="person")
    a_pause_that_begins(store)
    beside = {
        "postgresql": (
            "SELECT channel FROM chains WHERE channel LIKE 'desk:%' FOR SHARE",
            "UPDATE chains SET length = length WHERE channel LIKE 'facebook%'",
        ),
        # It has one writer at a time.
        "sqlite": ("SELECT channel FROM chains",),
    }
    with ThreadPoolExecutor(1) as threads, raw.begin() as other:
        for statement in beside[raw.dialect.name]:
            other.execute(text(statement)).close()
        claiming = threads.submit(store.claim, NOW, limit=1, lease=POLICY.lease, actor="daemon")
        assert [it.key for it in claiming.result(PATIENCE / 6)] == [a_delivery().key]


def test_a_claim_beside_a_pause_that_begins_hears_of_it(
    store: Store, put: Put, raw: Engine
) -> None:
    put(a_delivery())
    pausing = a_pause_that_begins(store)
    meanwhile(raw, *pausing, work=lambda: claim_until_nothing_is_left(store, "daemon"))
    assert store.counts() == {"scheduled": 1}


def test_a_visible_call_beside_a_pause_that_begins_is_not_made(
    store: Store, put: Put, raw: Engine
) -> None:
    ready = standing(Status.CLAIMED)
    put(ready)
    pausing = a_pause_that_begins(store)
    move = decide(ready, Prepared(UPLOAD), NOW, POLICY)
    with pytest.raises(NotCleared, match=r"^paused \(everything\): An election$"):
        meanwhile(raw, *pausing, work=lambda: store.apply(move, now=NOW, actor="daemon"))
    assert store.counts() == {"claimed": 1}
