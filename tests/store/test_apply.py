"""A move is made from what was seen, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from somos_social.core.delivery import Move, decide
from somos_social.core.events import (
    Abandoned,
    Amended,
    Cancelled,
    Prepared,
    Published,
    Retried,
    Settled,
    Unreachable,
)
from somos_social.core.model.delivery import Delivery, Receipt, Status
from somos_social.core.model.post import Variant
from somos_social.store import ChannelBusy, Lost, Store
from tests.samples import (
    FACEBOOK,
    HOUR,
    MINUTE,
    NOW,
    POLICY,
    RECEIPT,
    UPLOAD,
    a_comment,
    a_delivery,
    standing,
)

Put = Callable[..., None]
Happen = Callable[..., Delivery]


def test_each_write_counts_the_version_up(store: Store, put: Put, happen: Happen) -> None:
    put(standing(Status.CLAIMED))
    first = happen(standing(Status.CLAIMED), Prepared(UPLOAD))
    assert (first.status, first.version) == (Status.PUBLISHING, 1)
    second = happen(first, Published(RECEIPT))
    assert (second.status, second.version) == (Status.PUBLISHED, 2)
    assert store.get(first.key) == second


def test_a_move_from_an_older_sight_loses_and_writes_nothing(
    store: Store, put: Put, happen: Happen
) -> None:
    seen = standing(Status.CLAIMED)
    put(seen)
    happen(seen, Abandoned())
    state, log = store.get(seen.key), store.log()
    with pytest.raises(Lost):
        happen(seen, Prepared(UPLOAD))
    assert (store.get(seen.key), store.log()) == (state, log)


def test_a_move_of_what_does_not_exist_loses(happen: Happen) -> None:
    with pytest.raises(Lost):
        happen(standing(Status.CLAIMED), Prepared(UPLOAD))


def test_a_move_from_another_status_loses_even_at_the_same_version(
    put: Put, happen: Happen
) -> None:
    put(standing(Status.CANCELLED))
    with pytest.raises(Lost):
        happen(standing(Status.CLAIMED), Prepared(UPLOAD))


def test_a_stale_worker_loses_to_a_second_claim_of_the_same_delivery(
    store: Store, put: Put, happen: Happen
) -> None:
    put(a_delivery())
    (frozen,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="frozen")
    happen(frozen, Abandoned(), NOW + POLICY.lease)
    later = NOW + POLICY.lease + POLICY.backoff
    (alive,) = store.claim(later, limit=1, lease=POLICY.lease, actor="alive")
    with pytest.raises(Lost):
        happen(frozen, Prepared(UPLOAD))
    assert store.get(alive.key) == alive


def test_a_channel_makes_one_visible_call_at_a_time(store: Store, put: Put, happen: Happen) -> None:
    waiting = standing(Status.CLAIMED, "espera")
    put(standing(Status.PUBLISHING, "sale"), waiting)
    log = store.log()
    with pytest.raises(ChannelBusy):
        happen(waiting, Prepared(UPLOAD))
    assert store.get(waiting.key) == waiting
    assert store.log() == log


def test_what_the_database_refuses_otherwise_is_not_taken_for_a_busy_channel(
    store: Store, put: Put
) -> None:
    claimed = standing(Status.CLAIMED)
    put(claimed)
    move = decide(claimed, Abandoned(), NOW, POLICY)
    broken: Any = None
    impossible = replace(move, after=replace(move.after, campaign=broken))
    with pytest.raises(IntegrityError):
        store.apply(impossible, now=NOW, actor="a")
    assert store.get(claimed.key) == claimed


def test_two_channels_make_their_visible_calls_side_by_side(put: Put, happen: Happen) -> None:
    other = standing(Status.CLAIMED, channel=FACEBOOK, key="c/otro@facebook")
    put(standing(Status.PUBLISHING, "sale"), other)
    assert happen(other, Prepared(UPLOAD)).status is Status.PUBLISHING


def test_a_channel_is_free_again_once_the_call_is_in_doubt(put: Put, happen: Happen) -> None:
    going, waiting = standing(Status.PUBLISHING, "sale"), standing(Status.CLAIMED, "espera")
    put(going, waiting)
    happen(going, Abandoned())
    assert happen(waiting, Prepared(UPLOAD)).status is Status.PUBLISHING


# What follows another.


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (standing(Status.PUBLISHING), Published(RECEIPT)),
        (standing(Status.UNCONFIRMED), Published(RECEIPT)),
        (standing(Status.FAILED), Settled(RECEIPT)),
    ],
    ids=["published", "found", "settled"],
)
def test_a_comment_becomes_due_when_its_post_becomes_public(
    store: Store, put: Put, happen: Happen, before: Delivery, event: Published | Settled
) -> None:
    comment = a_comment(before)
    put(before, comment, a_comment(a_delivery("otro")))
    happen(before, event, NOW + HOUR)
    woken = store.get(comment.key)
    assert woken is not None
    assert (woken.parent_id, woken.run_at) == (RECEIPT.remote_id, NOW + HOUR)
    assert woken.version == comment.version + 1
    assert woken.expires_at == NOW + HOUR + comment.grace
    (claimed,) = store.claim(NOW + HOUR, limit=9, lease=POLICY.lease, actor="a")
    assert claimed.key == comment.key


def test_a_comment_still_waits_when_its_post_failed(store: Store, put: Put, happen: Happen) -> None:
    post = standing(Status.PUBLISHING, attempts=POLICY.attempts)
    put(post, a_comment(post))
    assert happen(post, Unreachable("No route.")).status is Status.FAILED
    assert store.get(a_comment(post).key) == a_comment(post)


def test_a_comment_that_was_cancelled_is_not_woken(store: Store, put: Put, happen: Happen) -> None:
    post = standing(Status.PUBLISHING)
    put(post, a_comment(post, status=Status.CANCELLED))
    happen(post, Published(RECEIPT))
    comment = store.get(a_comment(post).key)
    assert comment is not None
    assert (comment.status, comment.run_at) == (Status.CANCELLED, None)


def test_whoever_read_a_comment_before_it_was_woken_loses(
    store: Store, put: Put, happen: Happen
) -> None:
    """Else an amendment made from the older sight would put it back to waiting, for ever."""
    post = standing(Status.PUBLISHING)
    put(post, a_comment(post))
    seen = store.get(a_comment(post).key)
    assert seen is not None
    happen(post, Published(RECEIPT))
    with pytest.raises(Lost):
        happen(seen, Amended(Variant(text="Otro comentario."), NOW, HOUR))
    woken = store.get(seen.key)
    assert woken is not None
    assert woken.parent_id == RECEIPT.remote_id


@pytest.mark.parametrize("event", ["amended", "retried"])
def test_a_comment_that_comes_back_under_a_public_post_is_due_at_once(
    store: Store, put: Put, happen: Happen, event: str
) -> None:
    post = standing(Status.PUBLISHED)
    stopped = a_comment(post, status=Status.MISSED)
    put(a_delivery("otro"), post)
    put(stopped)
    late = NOW + 5 * HOUR
    if event == "amended":
        happen(stopped, Amended(Variant(text="Otro comentario."), NOW, 9 * HOUR), late)
    else:
        happen(stopped, Retried(), late)
    comment = store.get(stopped.key)
    assert comment is not None
    assert (comment.parent_id, comment.run_at) == (RECEIPT.remote_id, late)
    assert comment.expires_at == late + comment.grace


def test_a_comment_that_knows_its_post_waits_for_the_time_it_is_given(
    put: Put, happen: Happen
) -> None:
    post = standing(Status.PUBLISHED)
    known = a_comment(post, parent_id=RECEIPT.remote_id, run_at=NOW)
    put(post, known)
    later = NOW + 3 * HOUR
    after = happen(known, Amended(Variant(text="Otro comentario."), later, HOUR))
    assert (after.run_at, after.expires_at) == (later - POLICY.ahead, later + HOUR)


def test_a_comment_that_is_cancelled_under_a_public_post_is_not_due(
    put: Put, happen: Happen
) -> None:
    post = standing(Status.PUBLISHED)
    stopped = a_comment(post, status=Status.MISSED)
    put(post)
    put(stopped)
    after = happen(stopped, Cancelled("Not now."))
    assert (after.parent_id, after.run_at) == (None, None)


@pytest.mark.parametrize(
    "post",
    [
        standing(Status.UNCONFIRMED, receipt=RECEIPT),
        standing(Status.REMOVED),
        standing(Status.PUBLISHED, receipt=None),
    ],
    ids=["accepted, and not seen yet", "taken down", "public, and nobody knows where"],
)
def test_a_comment_below_what_is_not_known_to_be_public_waits(
    put: Put, happen: Happen, post: Delivery
) -> None:
    put(post)
    stopped = a_comment(post, status=Status.MISSED)
    put(stopped)
    after = happen(stopped, Retried())
    assert (after.status, after.parent_id, after.run_at) == (Status.SCHEDULED, None, None)


def test_what_follows_a_post_of_which_nobody_knows_where_it_is_goes_on_waiting(
    store: Store, put: Put
) -> None:
    post = standing(Status.PUBLISHING)
    put(post, a_comment(post))
    public = replace(post, status=Status.PUBLISHED, lease=None, lease_until=None)
    store.apply(Move(before=post, after=public, event="published"), now=NOW, actor="a")
    assert store.get(a_comment(post).key) == a_comment(post)


# Leases.


def test_a_lease_is_renewed_while_its_worker_prepares(store: Store, put: Put) -> None:
    put(a_delivery("uno"), a_delivery("otro"))
    one, other = store.claim(NOW, limit=2, lease=POLICY.lease, actor="a")
    assert one.lease == other.lease
    late = NOW + HOUR
    store.renew([one.lease or ""], late)
    renewed = {d.key: d.lease_until for d in store.listed()}
    assert renewed == {one.key: late, other.key: late}


def test_a_worker_renews_no_lease_but_its_own(store: Store, put: Put) -> None:
    put(a_delivery("uno"), a_delivery("otro"))
    (one,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
    (other,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="b")
    store.renew([one.lease or ""], NOW + HOUR)
    assert store.get(other.key) == other


def test_a_renewed_lease_still_lets_its_worker_go_on(
    store: Store, put: Put, happen: Happen
) -> None:
    put(a_delivery())
    (claimed,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
    store.renew([claimed.lease or ""], NOW + HOUR)
    assert happen(claimed, Prepared(UPLOAD)).status is Status.PUBLISHING


def test_a_lease_is_never_renewed_while_its_worker_publishes(
    store: Store, put: Put, happen: Happen
) -> None:
    put(a_delivery())
    (claimed,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
    publishing = happen(claimed, Prepared(UPLOAD))
    store.renew([claimed.lease or ""], NOW + HOUR)
    assert store.get(claimed.key) == publishing


def test_a_lease_that_was_lost_is_not_renewed(store: Store, put: Put, happen: Happen) -> None:
    put(a_delivery())
    (frozen,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="frozen")
    happen(frozen, Abandoned(), NOW + POLICY.lease)
    waiting = store.get(frozen.key)
    store.renew([frozen.lease or ""], NOW + HOUR)
    assert store.get(frozen.key) == waiting


def test_what_lies_at_the_network_is_kept_of_the_one_that_is_prepared(
    store: Store, put: Put
) -> None:
    put(a_delivery("uno"), a_delivery("otro"))
    one, other = store.claim(NOW, limit=2, lease=POLICY.lease, actor="a")
    store.keep_upload(one, UPLOAD)
    assert store.get(one.key) == replace(one, upload=UPLOAD)
    assert store.get(other.key) == other


def test_whoever_has_lost_a_delivery_keeps_nothing_of_it(
    store: Store, put: Put, happen: Happen
) -> None:
    put(a_delivery())
    (frozen,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="frozen")
    happen(frozen, Abandoned(), NOW + POLICY.lease)
    later = NOW + HOUR
    (claimed,) = store.claim(later, limit=1, lease=POLICY.lease, actor="awake")
    store.keep_upload(frozen, UPLOAD)
    assert store.get(claimed.key) == claimed


def test_nothing_is_kept_beside_what_is_being_published(
    store: Store, put: Put, happen: Happen
) -> None:
    put(a_delivery())
    (claimed,) = store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
    publishing = happen(claimed, Prepared(UPLOAD))
    store.keep_upload(publishing, UPLOAD.having("photo:9", "9"))
    assert store.get(claimed.key) == publishing


def test_renewing_nothing_waits_for_no_writer(store: Store, put: Put, raw: Engine) -> None:
    put(standing(Status.CLAIMED))
    with raw.begin() as other:
        other.execute(text("UPDATE chains SET length = length"))
        store.renew([], NOW + HOUR)
    assert store.get(standing(Status.CLAIMED).key) == standing(Status.CLAIMED)


def test_a_move_that_was_made_is_what_apply_returns(store: Store, put: Put) -> None:
    put(a_delivery())
    move = decide(a_delivery(), Cancelled("It is off."), NOW, POLICY)
    written = store.apply(move, now=NOW + timedelta(seconds=1), actor="a")
    assert written == replace(move.after, version=1) == store.get(a_delivery().key)


def test_a_receipt_is_written_into_the_log(store: Store, put: Put, happen: Happen) -> None:
    put(standing(Status.PUBLISHING))
    seen = Receipt(remote_id="77", url="https://x.example/77")
    happen(standing(Status.PUBLISHING), Published(seen), NOW + MINUTE)
    entry = store.log()[-1]
    assert (entry["remote_id"], entry["url"], entry["to"]) == ("77", seen.url, "published")
