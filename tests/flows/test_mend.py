"""What dead workers, silent networks and lost hours leave is put right, and never doubled."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from somos_social.core.delivery import UNKNOWABLE_PAUSE
from somos_social.core.events import (
    Blocked,
    Refused,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.core.model.delivery import Delivery, Status
from somos_social.daemon import mend
from somos_social.errors import NetworkRefused
from somos_social.flows import App
from somos_social.flows.delivery import work
from somos_social.flows.mending import ROUND, expire, reconcile, rescue
from somos_social.platforms import Failure, Unfulfilled
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import Line, ScriptedPlatform, no, receipt_of
from tests.samples import HOUR, MINUTE, NOW, POLICY, UPLOAD, a_comment, a_delivery, standing

POST = a_delivery()
DOUBTFUL = standing(Status.UNCONFIRMED, run_at=NOW)
LATE = NOW + POLICY.look_after


# The grace.


def test_what_waited_beyond_its_grace_is_missed_and_never_sent(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    clock.time = POST.expires_at
    mend(app)
    missed = desk.see(POST)
    assert (missed.status, missed.reason) == (
        Status.MISSED,
        "Its hour passed by more than its grace. It goes out only if someone asks for it again.",
    )
    clock.advance(timedelta(days=30))
    mend(app)
    assert app.store.claim(clock(), limit=9, lease=POLICY.lease, actor="a") == []
    assert platform.calls == []


def test_where_a_network_hangs_a_round_of_looks_ends_and_the_next_goes_on_where_it_ended(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    doubtful = [
        standing(Status.UNCONFIRMED, f"post-{number}", run_at=NOW, due_at=NOW - number * MINUTE)
        for number in range(5)
    ]
    desk.schedule(*doubtful)

    def hangs() -> None:
        clock.advance(ROUND / 2)

    platform.says("find", *[Line(meanwhile=hangs, ends=Unfulfilled(Unread("No answer.")))] * 9)
    first = reconcile(app)
    clock.advance(POLICY.look_after)
    second = reconcile(app)
    assert [it.post for it in first] == ["post-4", "post-3"]
    assert [it.post for it in second] == ["post-2", "post-1"]


def test_what_its_network_made_wait_for_too_long_is_missed_with_that_reason(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    platform.says("prepare", no(Throttled(POST.expires_at + HOUR, "X asks for patience.")))
    work(app, desk.claim())
    clock.time = POST.expires_at
    mend(app)
    missed = desk.see(POST)
    assert missed.status is Status.MISSED
    assert (missed.reason or "").endswith("asks for it again. X asks for patience.")


def test_what_was_claimed_in_time_and_prepared_too_late_is_missed(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)

    def slowly() -> None:
        clock.time = POST.expires_at

    platform.says("prepare", Line(meanwhile=slowly))
    work(app, desk.claim())
    assert desk.see(POST).status is Status.MISSED
    assert platform.calls == ["prepare"]


def test_what_was_blocked_through_its_whole_grace_is_missed_with_the_reason_to_clear(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    platform.says("prepare", no(Blocked("No secret.")))
    clock.time = POST.expires_at - MINUTE
    claimed = desk.claim()
    clock.time = POST.expires_at
    work(app, claimed)
    assert (desk.see(POST).status, desk.see(POST).reason) == (Status.MISSED, "No secret.")


def test_a_comment_that_still_waits_for_its_post_is_not_missed(
    app: App, desk: Desk, clock: Clock
) -> None:
    desk.schedule(POST, a_comment(POST))
    clock.time = POST.expires_at
    expire(app)
    assert desk.see(a_comment(POST)).status is Status.SCHEDULED


# Dead workers.


@pytest.mark.parametrize(
    ("status", "becomes"),
    [(Status.CLAIMED, Status.SCHEDULED), (Status.PUBLISHING, Status.UNCONFIRMED)],
)
def test_what_a_dead_worker_held_is_let_go_when_its_lease_ends(
    app: App, desk: Desk, clock: Clock, status: Status, becomes: Status
) -> None:
    held = standing(status)
    desk.schedule(held)
    clock.time = NOW + POLICY.lease - timedelta(microseconds=1)
    assert rescue(app) == 0
    assert desk.see(held) == held
    clock.time = NOW + POLICY.lease
    assert rescue(app) == 1
    assert desk.see(held).status is becomes


def test_a_post_whose_preparing_kills_its_worker_each_time_stops_for_a_person(
    app: App, desk: Desk, clock: Clock
) -> None:
    desk.schedule(POST)
    for _ in range(POLICY.attempts):
        desk.claim()
        clock.advance(POLICY.lease)
        rescue(app)
        clock.advance(timedelta(minutes=8))
    assert desk.see(POST).status is Status.FAILED
    assert [d.key for d in app.store.needs_a_person()] == [POST.key]


# Looking.


def test_what_is_found_is_published_with_its_receipt_and_wakes_its_comment(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    comment = a_comment(DOUBTFUL)
    desk.schedule(DOUBTFUL, comment)
    platform.publish(DOUBTFUL, UPLOAD)
    platform.calls.clear()
    assert len(reconcile(app)) == 1
    assert desk.see(DOUBTFUL).receipt == receipt_of(DOUBTFUL)
    assert desk.see(comment).parent_id == receipt_of(DOUBTFUL).remote_id
    assert platform.calls == ["find"]


def test_what_is_not_there_after_two_late_looks_is_tried_again_and_published_once(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    platform.says("publish", no(Unanswered("502.")))
    work(app, desk.claim())
    seen = []
    while desk.see(POST).status is Status.UNCONFIRMED:
        clock.reach(app.store.next_mend() or clock())
        mend(app)
        seen.append((clock() - NOW, desk.see(POST).looks))
    assert seen[-1][0] > POLICY.look_after + POLICY.look_after / 3
    assert platform.calls == ["prepare", "publish", *["find"] * len(seen)]
    clock.reach(desk.see(POST).run_at or clock())
    work(app, desk.claim())
    assert desk.see(POST).status is Status.PUBLISHED
    assert platform.public == {POST.key: 1}


def test_a_listing_that_lags_as_long_as_the_policy_allows_doubles_nothing(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    platform.lag = POLICY.look_after
    platform.says("publish", Line(public=True, ends=Unfulfilled(Unanswered("502."))))
    work(app, desk.claim())
    while desk.see(POST).status is not Status.PUBLISHED:
        clock.reach(app.store.next_mend() or clock())
        mend(app)
    assert clock() >= LATE
    assert platform.calls.count("find") > 1
    assert platform.public == {POST.key: 1}


def test_a_look_that_began_too_early_does_not_count_however_late_it_ends(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(DOUBTFUL)
    clock.time = LATE - timedelta(seconds=1)

    def slowly() -> None:
        clock.time = LATE + timedelta(seconds=1)

    platform.says("find", Line(meanwhile=slowly))
    reconcile(app)
    assert desk.see(DOUBTFUL).looks == 0
    assert app.store.log()[-1]["at"] == clock()


NOTHING_EITHER_WAY: dict[str, BaseException] = {
    "unread": Unfulfilled(Unread("Cut off.")),
    "refused": Unfulfilled(Refused("No.")),
    "throttled": Unfulfilled(Throttled(NOW, "Slower.")),
    "unreachable": Unfulfilled(Unreachable("No route.")),
    "unanswered": Unfulfilled(Unanswered("502.")),
    "unknowable": Unfulfilled(Unknowable("No plan.")),
    "blocked": Unfulfilled(Blocked("No secret.")),
    "a known error": NetworkRefused("It says no."),
    "an unknown error": KeyError("data"),
}


@pytest.mark.parametrize("case", NOTHING_EITHER_WAY)
def test_a_look_that_failed_never_leads_to_another_try(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, case: str
) -> None:
    desk.schedule(DOUBTFUL)
    platform.says("find", *[Line(ends=NOTHING_EITHER_WAY[case])] * 9)
    clock.time = LATE
    for _ in range(9):
        mend(app)
        doubtful = desk.see(DOUBTFUL)
        assert (doubtful.status, doubtful.looks) == (Status.UNCONFIRMED, 0)
        assert doubtful.run_at is not None
        assert doubtful.run_at > clock()
        clock.reach(doubtful.run_at)
    assert platform.calls == ["find"] * 9


@pytest.mark.parametrize(
    "event", [Unknowable("No plan."), Blocked("No secret.")], ids=["unknowable", "blocked"]
)
def test_what_no_look_can_tell_asks_for_a_person_and_is_looked_for_seldom(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, event: Failure
) -> None:
    desk.schedule(DOUBTFUL)
    platform.says("find", no(event))
    reconcile(app)
    (found,) = app.store.needs_a_person()
    assert found.blocked
    assert found.run_at == NOW + UNKNOWABLE_PAUSE


def test_a_channel_that_lost_its_secret_is_not_taken_for_an_empty_one(
    app: App, desk: Desk, clock: Clock
) -> None:
    def missing(channel: str) -> Any:
        raise NetworkRefused(f"{channel} has no token.")

    desk.schedule(DOUBTFUL)
    clock.time = LATE
    mend(replace(app, platform=missing))
    found = desk.see(DOUBTFUL)
    assert (found.status, found.looks, found.blocked) == (Status.UNCONFIRMED, 0, True)


def test_who_is_told_to_end_looks_no_further(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(DOUBTFUL)
    reconcile(replace(app, stopping=lambda: True))
    assert platform.calls == []


def test_a_look_that_lost_against_another_changes_nothing(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(DOUBTFUL, standing(Status.UNCONFIRMED, "otra", run_at=NOW))
    clock.time = LATE
    seen: list[Delivery] = []

    def another_looks() -> None:
        reconcile(app)
        seen.append(desk.see(DOUBTFUL))

    platform.says("find", Line(meanwhile=another_looks))
    reconcile(app)
    assert [seen[0].looks] == [1]
    assert desk.see(DOUBTFUL) == seen[0]


def test_mending_an_empty_store_does_nothing(app: App, platform: ScriptedPlatform) -> None:
    mend(app)
    assert platform.calls == []
    assert app.store.log() == []
