"""A claim takes what is due, in the promised order, and each delivery for one worker only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from somos_social.core.events import Busy, Prepared, Published, Returned
from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import Store
from tests.samples import (
    FACEBOOK,
    HOUR,
    MINUTE,
    NOW,
    POLICY,
    RECEIPT,
    UPLOAD,
    X,
    a_comment,
    a_delivery,
    standing,
)

Put = Callable[..., None]
Happen = Callable[..., Delivery]

INSTANT = timedelta(microseconds=1)


def claim(
    store: Store,
    limit: int = 10,
    *,
    now: datetime = NOW,
    actor: str = "daemon@here",
    due_by: datetime | None = None,
) -> list[Delivery]:
    return store.claim(now, limit=limit, lease=POLICY.lease, actor=actor, due_by=due_by)


def keys(deliveries: list[Delivery]) -> list[str]:
    return [d.key for d in deliveries]


def ready(post: str, **changes: Any) -> Delivery:
    fits: dict[str, Any] = {"prepared": True, "upload": UPLOAD, "run_at": NOW}
    return a_delivery(post, **(fits | changes))


def test_what_is_claimed_is_in_one_hand_for_the_length_of_a_lease(store: Store, put: Put) -> None:
    put(a_delivery())
    (taken,) = claim(store)
    assert taken == replace(
        a_delivery(),
        status=Status.CLAIMED,
        attempts=1,
        version=1,
        lease=taken.lease,
        lease_until=NOW + POLICY.lease,
    )
    assert taken.lease is not None
    assert store.get(taken.key) == taken
    assert claim(store) == []


def test_each_claim_has_a_lease_of_its_own(store: Store, put: Put, happen: Happen) -> None:
    put(a_delivery())
    (first,) = claim(store)
    happen(first, Returned(None))
    (second,) = claim(store)
    assert first.lease != second.lease


def test_a_worker_with_a_long_name_can_claim(store: Store, put: Put) -> None:
    put(a_delivery())
    (taken,) = claim(store, actor="d" * 200)
    assert store.log()[-1]["actor"] == "d" * 200
    assert store.get(taken.key) == taken


def test_the_earliest_promise_is_claimed_first_and_no_more_than_asked_for(
    store: Store, put: Put
) -> None:
    for post, minutes in [("tercero", 3), ("primero", 1), ("cuarto", 4), ("segundo", 2)]:
        put(a_delivery(post, due_at=NOW + minutes * MINUTE))
    first, rest = claim(store, limit=2), claim(store)
    assert [d.post for d in first] == ["primero", "segundo"]
    assert [d.post for d in rest] == ["tercero", "cuarto"]


def test_who_looked_first_does_not_go_before_an_earlier_promise(store: Store, put: Put) -> None:
    put(
        a_delivery("c-tercero", due_at=NOW + MINUTE, run_at=NOW - HOUR),
        a_delivery("b-segundo", run_at=NOW - MINUTE),
        a_delivery("a-primero", run_at=NOW),
    )
    found = [claim(store, limit=1)[0].post for _ in range(3)]
    assert found == ["a-primero", "b-segundo", "c-tercero"]


@pytest.mark.parametrize("limit", [0, 1])
def test_a_claim_that_takes_nothing_waits_for_no_writer(
    store: Store, put: Put, raw: Engine, limit: int
) -> None:
    put(a_delivery("más tarde", run_at=NOW + HOUR))
    if limit == 0:
        put(a_delivery("ahora"))
    with raw.begin() as other:
        other.execute(text("UPDATE deliveries SET reason = 'otro programa'"))
        assert claim(store, limit=limit) == []


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_a_claim_never_takes_more_than_its_limit(store: Store, put: Put, limit: int) -> None:
    put(*(a_delivery(f"p{n}") for n in range(20)))
    assert len(claim(store, limit=limit)) == limit
    assert store.counts() == {"claimed": limit, "scheduled": 20 - limit}


@pytest.mark.parametrize("limit", [0, -1])
def test_a_claim_of_nothing_takes_nothing(store: Store, put: Put, limit: int) -> None:
    put(a_delivery())
    assert claim(store, limit=limit) == []


def test_nothing_is_claimed_before_its_time_to_be_looked_at(store: Store, put: Put) -> None:
    put(a_delivery(run_at=NOW + INSTANT))
    assert claim(store) == []
    assert len(claim(store, now=NOW + INSTANT)) == 1


def test_what_is_beyond_its_grace_is_not_claimed(store: Store, put: Put) -> None:
    put(a_delivery(expires_at=NOW))
    assert claim(store) == []
    assert len(claim(store, now=NOW - INSTANT)) == 1


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.SCHEDULED])
def test_only_what_waits_is_claimed(store: Store, put: Put, status: Status) -> None:
    put(standing(status, run_at=NOW))
    assert claim(store) == []


def test_a_comment_that_waits_for_its_post_is_not_claimed(store: Store, put: Put) -> None:
    post = a_delivery(run_at=NOW + HOUR)
    put(post, a_comment(post))
    assert claim(store) == []


def test_with_a_release_only_what_is_promised_by_then_is_claimed(store: Store, put: Put) -> None:
    put(a_delivery("ahora"), a_delivery("luego", due_at=NOW + INSTANT))
    assert [d.post for d in claim(store, due_by=NOW)] == ["ahora"]
    assert [d.post for d in claim(store, due_by=NOW + INSTANT)] == ["luego"]


def test_what_is_prepared_is_claimed_one_at_a_time_per_channel_in_the_promised_order(
    store: Store, put: Put, happen: Happen
) -> None:
    second = ready("segundo", due_at=NOW - MINUTE)
    first = ready("primero", due_at=NOW - 2 * MINUTE)
    elsewhere = ready("segundo", channel=FACEBOOK, key="c/segundo@facebook")
    put(second, first, elsewhere)
    taken = claim(store)
    assert keys(taken) == [first.key, elsewhere.key]
    assert claim(store) == []
    happen(taken[0], Prepared(UPLOAD))
    assert claim(store) == []
    public = store.get(first.key)
    assert public is not None
    happen(public, Published(RECEIPT))
    assert keys(claim(store)) == [second.key]


def test_of_two_that_are_promised_for_the_same_second_the_key_decides(
    store: Store, put: Put
) -> None:
    put(ready("b"), ready("a"))
    assert [d.post for d in claim(store)] == ["a"]


def test_a_long_preparation_does_not_hold_up_what_is_prepared(store: Store, put: Put) -> None:
    put(a_delivery("video", due_at=NOW - HOUR, run_at=NOW - HOUR))
    (video,) = claim(store)
    assert video.post == "video"
    put(ready("texto"))
    assert [d.post for d in claim(store)] == ["texto"]


def test_what_prepares_is_claimed_beside_a_visible_call(store: Store, put: Put) -> None:
    put(standing(Status.PUBLISHING, "sale"), ready("espera"), a_delivery("prepara"))
    assert [d.post for d in claim(store)] == ["prepara"]


@pytest.mark.parametrize(
    "gone",
    [
        {"run_at": NOW + MINUTE},
        {"expires_at": NOW},
        {"status": Status.CANCELLED},
        {"status": Status.UNCONFIRMED},
    ],
    ids=["throttled", "expired", "cancelled", "unconfirmed"],
)
def test_what_cannot_go_now_does_not_hold_up_what_is_promised_later(
    store: Store, put: Put, gone: dict[str, Any]
) -> None:
    put(ready("antes", due_at=NOW - HOUR, **gone), ready("despues"))
    assert [d.post for d in claim(store)] == ["despues"]


def test_what_came_back_busy_is_claimed_when_its_channel_is_free(
    store: Store, put: Put, happen: Happen
) -> None:
    going = standing(Status.PUBLISHING, "sale")
    put(going, a_delivery("espera"))
    (waiting,) = claim(store)
    happen(waiting, Busy(UPLOAD))
    assert claim(store) == []
    happen(going, Published(RECEIPT))
    assert [d.post for d in claim(store)] == ["espera"]


def test_a_claim_stands_in_the_log(store: Store, put: Put) -> None:
    put(a_delivery())
    claim(store, now=NOW + MINUTE)
    entry = store.log()[-1]
    seen = {name: entry[name] for name in ("from", "to", "event", "attempt", "at", "actor")}
    assert seen == {
        "from": "scheduled",
        "to": "claimed",
        "event": "claimed",
        "attempt": 1,
        "at": NOW + MINUTE,
        "actor": "daemon@here",
    }
    assert entry["channel"] == X
