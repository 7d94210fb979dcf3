"""What the store knows, asked in each of the ways that flows and people ask."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select

from somos_social.core.events import Blocked, Throttled
from somos_social.core.model.channel import Hold
from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import Store
from somos_social.store.tables import holds
from tests.samples import (
    FACEBOOK,
    HOUR,
    MINUTE,
    NOW,
    POLICY,
    X,
    a_comment,
    a_delivery,
    standing,
)

Put = Callable[..., None]

INSTANT = timedelta(microseconds=1)


def test_deliveries_are_listed_in_the_order_of_their_promises(store: Store, put: Put) -> None:
    put(
        a_delivery("c", due_at=NOW + HOUR),
        a_delivery("b"),
        a_delivery("a"),
        a_delivery("d", due_at=NOW - HOUR),
    )
    assert [d.post for d in store.listed()] == ["d", "a", "b", "c"]
    assert [d.post for d in store.listed(limit=2)] == ["d", "a"]


def test_deliveries_are_listed_by_status_campaign_and_channel(store: Store, put: Put) -> None:
    put(
        a_delivery("a"),
        standing(Status.FAILED, "b"),
        standing(Status.MISSED, "c", channel=FACEBOOK),
        a_delivery("d", campaign="otra"),
    )
    listed = store.listed
    assert [d.post for d in listed(statuses=[Status.FAILED, Status.MISSED])] == ["b", "c"]
    assert [d.post for d in listed(campaign="otra")] == ["d"]
    assert [d.post for d in listed(channel=FACEBOOK)] == ["c"]
    assert listed(channel=FACEBOOK, statuses=[Status.FAILED]) == []
    assert set(store.of_campaign("otra")) == {listed(campaign="otra")[0].key}


def test_what_waits_beyond_its_grace_is_overdue(store: Store, put: Put) -> None:
    put(
        a_delivery("vencida", expires_at=NOW),
        a_delivery("a-tiempo", expires_at=NOW + INSTANT),
        a_delivery("y-ahora", expires_at=NOW, run_at=NOW),
        a_delivery("y-espera", expires_at=NOW, run_at=NOW + 5 * HOUR),
        a_delivery("sin-esperanza", expires_at=NOW + INSTANT, run_at=NOW + 5 * HOUR),
        a_comment(a_delivery("otra"), expires_at=NOW),
        standing(Status.FAILED, "fallida", expires_at=NOW),
    )
    assert [d.post for d in store.overdue(NOW, limit=9)] == ["vencida", "y-ahora", "y-espera"]
    assert [d.post for d in store.overdue(NOW, limit=1)] == ["vencida"]


def test_what_is_promised_and_not_out_is_late_in_whose_hand_it_may_be(
    store: Store, put: Put
) -> None:
    put(
        a_delivery("a"),
        a_delivery("b", run_at=NOW + HOUR),
        standing(Status.CLAIMED, "c", lease_until=NOW + HOUR),
        a_delivery("d", due_at=NOW + INSTANT),
        a_comment(a_delivery("e")),
        # Asked for again, or woken by what it follows, only later.
        a_delivery("f", expires_at=NOW + INSTANT + POLICY.grace),
        *(standing(it, it) for it in set(Status) - {Status.SCHEDULED, Status.CLAIMED}),
    )
    assert [d.post for d in store.late(NOW)] == ["a", "b", "c"]


def test_what_is_in_a_hand_whose_lease_ran_out_is_abandoned(store: Store, put: Put) -> None:
    put(
        standing(Status.CLAIMED, "a", lease_until=NOW),
        standing(Status.PUBLISHING, "b", lease_until=NOW),
        standing(Status.CLAIMED, "c", lease_until=NOW + INSTANT),
        a_delivery("d"),
    )
    assert [d.post for d in store.abandoned(NOW, limit=9)] == ["a", "b"]
    assert [d.post for d in store.abandoned(NOW, limit=1)] == ["a"]


def test_what_is_in_doubt_is_looked_for_when_its_time_has_come(store: Store, put: Put) -> None:
    put(
        standing(Status.UNCONFIRMED, "a", run_at=NOW),
        standing(Status.UNCONFIRMED, "b", run_at=NOW + INSTANT),
        a_delivery("c", run_at=NOW),
    )
    assert [d.post for d in store.doubtful(NOW, limit=9)] == ["a"]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("blocked", [True, False], ids=["blocked", "free"])
def test_a_person_is_needed_for_what_no_program_moves_on(
    store: Store, put: Put, status: Status, blocked: bool
) -> None:
    put(standing(status, blocked=blocked))
    needed = status in (Status.FAILED, Status.MISSED, Status.UNCONFIRMED)
    needed |= status in (Status.SCHEDULED, Status.PUBLISHED) and blocked
    assert bool(store.needs_a_person()) == needed


def test_each_status_is_counted_and_those_with_none_are_left_out(store: Store, put: Put) -> None:
    assert store.counts() == {}
    put(a_delivery("a"), a_delivery("b"), standing(Status.MISSED, "c"))
    assert store.counts() == {"missed": 1, "scheduled": 2}


def test_the_next_wake_is_the_earliest_time_that_something_waits_for(
    store: Store, put: Put
) -> None:
    assert store.next_wake(NOW) is None
    put(
        a_delivery("a", run_at=NOW + HOUR, due_at=NOW + HOUR),
        a_delivery("b", run_at=NOW + MINUTE, due_at=NOW + 2 * HOUR),
        standing(Status.UNCONFIRMED, "c", run_at=NOW),
        standing(Status.CLAIMED, "d", run_at=NOW),
        a_comment(a_delivery("e")),
    )
    assert store.next_wake(NOW) == NOW + MINUTE
    assert store.next_wake(NOW, NOW + HOUR) == NOW + HOUR
    assert store.next_wake(NOW, NOW) is None


def test_the_next_mend_is_the_next_look_or_the_end_of_the_next_lease(
    store: Store, put: Put
) -> None:
    assert store.next_mend() is None
    put(a_delivery("a", run_at=NOW))
    assert store.next_mend() is None
    put(standing(Status.UNCONFIRMED, "b", run_at=NOW + HOUR))
    assert store.next_mend() == NOW + HOUR
    put(standing(Status.PUBLISHING, "c", lease_until=NOW + 2 * MINUTE))
    assert store.next_mend() == NOW + 2 * MINUTE
    put(standing(Status.CLAIMED, "d", lease_until=NOW + MINUTE))
    assert store.next_mend() == NOW + MINUTE


def test_a_reader_sees_no_half_of_a_write(store: Store, put: Put, url: str) -> None:
    other = Store(url)
    try:
        put(a_delivery("a"))
        assert [d.post for d in other.listed(channel=X)] == ["a"]
    finally:
        other.close()


def test_of_a_channel_both_stopped_and_limited_the_stop_is_told_in_the_order_of_channels(
    store: Store, raw: Engine
) -> None:
    stop = Hold(channel=X, reason="Caducó.", since=NOW, until=NOW + HOUR, stopped=True)
    limit = replace(stop, stopped=False)
    other = replace(limit, channel=FACEBOOK)
    with raw.begin() as connection:
        for hold in (stop, limit, other):
            connection.execute(insert(holds).values(asdict(hold)))
    assert list(store.holds(NOW).values()) == [other, stop]


def test_of_two_requests_for_patience_the_one_that_lasts_longer_counts_with_its_reason(
    store: Store, put: Put, happen: Callable[..., Delivery]
) -> None:
    posts = [standing(Status.CLAIMED, name) for name in "abcd"]
    put(*posts)
    long, short = NOW + 5 * HOUR, NOW + 5 * MINUTE
    happen(posts[0], Throttled(long, "Five hours.", whole_channel=True))
    happen(posts[1], Throttled(short, "Five minutes.", whole_channel=True), NOW + MINUTE)
    asked = Hold(channel=X, reason="Five hours.", since=NOW, until=long, stopped=False)
    assert store.holds(NOW) == {X: asked}
    happen(posts[2], Throttled(long, "Five, too.", whole_channel=True), NOW + MINUTE)
    assert store.holds(NOW) == {X: asked}
    happen(posts[3], Throttled(long + INSTANT, "More.", whole_channel=True), NOW + MINUTE)
    assert store.holds(NOW) == {X: replace(asked, reason="More.", until=long + INSTANT)}


def test_a_stop_is_asked_about_when_its_last_refusal_says(
    store: Store, put: Put, happen: Callable[..., Delivery]
) -> None:
    posts = [standing(Status.CLAIMED, name) for name in "ab"]
    put(*posts)
    happen(posts[0], Blocked("Caducó.", whole_channel=True))
    store.postpone(X, NOW + HOUR)
    again = happen(posts[1], Blocked("Revocado.", whole_channel=True), NOW + MINUTE)
    assert again.reason == "Revocado."
    stop = Hold(
        channel=X,
        reason="Revocado.",
        since=NOW,
        until=NOW + MINUTE + POLICY.backoff,
        stopped=True,
    )
    assert store.holds(NOW) == {X: stop}


def test_a_limit_that_is_over_is_forgotten_by_the_next_good_call_and_no_other(
    store: Store, raw: Engine
) -> None:
    over = Hold(channel=X, reason="Despacio.", since=NOW, until=NOW, stopped=False)
    lasts = replace(over, channel=FACEBOOK, until=NOW + HOUR)
    with raw.begin() as connection:
        connection.execute(insert(holds), [asdict(over), asdict(lasts)])
    for channel in (X, FACEBOOK):
        store.release(channel, NOW)
    with raw.begin() as connection:
        assert connection.execute(select(holds.c.channel)).scalars().all() == [FACEBOOK]


def test_what_is_learnt_of_one_channels_secret_changes_nothing_else(
    store: Store, raw: Engine
) -> None:
    stop = Hold(channel=X, reason="Caducó.", since=NOW, until=NOW + HOUR, stopped=True)
    others = [replace(stop, channel=FACEBOOK), replace(stop, stopped=False)]

    def standing_now() -> list[Hold]:
        with raw.begin() as connection:
            found = connection.execute(select(holds).order_by(holds.c.channel, holds.c.stopped))
            return [Hold(**row) for row in found.mappings()]

    with raw.begin() as connection:
        connection.execute(insert(holds), [asdict(it) for it in (stop, *others)])
    store.postpone(X, NOW + 2 * HOUR)
    assert standing_now() == [*others, replace(stop, until=NOW + 2 * HOUR)]
    store.release(X, NOW)
    assert standing_now() == others
