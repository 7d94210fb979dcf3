"""A channel whose secret is refused, or that is told to wait, stops as a whole and alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from somos_social.core.delivery import BLOCKED_PAUSE, decide
from somos_social.core.events import Blocked, Throttled, Unanswered
from somos_social.core.model.delivery import Delivery, Status
from somos_social.daemon import mend, once
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.flows.attention import LATE, needs_a_person
from somos_social.flows.by_hand import cancel, retry
from somos_social.flows.channel import verify
from somos_social.flows.delivery import work
from somos_social.platforms import Unfulfilled
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import Line, ScriptedPlatform, no
from tests.samples import FACEBOOK, HOUR, MINUTE, NOW, POLICY, X, a_delivery, standing

EXPIRED = Blocked("The token has expired.", whole_channel=True)
POSTS = [a_delivery(name, due_at=NOW + n * MINUTE) for n, name in enumerate("abc")]
ELSEWHERE = a_delivery("a", channel=FACEBOOK)


@pytest.fixture
def other(app: App, clock: Clock, desk: Desk, platform: ScriptedPlatform) -> ScriptedPlatform:
    """A second network, of the channel ELSEWHERE; the first is that of POSTS."""
    theirs = ScriptedPlatform(clock)
    networks = {X: platform, FACEBOOK: theirs}
    desk.app = replace(app, platform=lambda channel: networks[channel])
    return theirs


def publishes(desk: Desk) -> None:
    while claimed := desk.app.store.claim(desk.app.now(), limit=1, lease=POLICY.lease, actor="a"):
        work(desk.app, claimed[0])


def statuses(desk: Desk, *posts: Delivery) -> list[Status]:
    return [desk.see(post).status for post in posts]


def test_a_refused_secret_stops_its_channel_at_once_and_no_other(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS, ELSEWHERE)
    clock.time = POSTS[-1].due_at
    platform.says("prepare", no(EXPIRED))
    publishes(desk)
    assert platform.calls == ["prepare"]
    assert statuses(desk, *POSTS) == [Status.SCHEDULED] * 3
    assert desk.see(ELSEWHERE).status is Status.PUBLISHED


def test_it_is_said_once_in_the_log(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(EXPIRED))
    platform.says("whoami", *[no(EXPIRED)] * 9)
    for _ in range(9):
        publishes(desk)
        mend(desk.app)
        clock.advance(BLOCKED_PAUSE)
    said = [entry for entry in desk.app.store.log() if entry["reason"] == EXPIRED.reason]
    assert [entry["event"] for entry in said] == ["blocked"]


def test_nothing_of_it_is_lost_once_the_channel_is_verified(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    clock.time = POSTS[-1].due_at
    platform.says("publish", no(EXPIRED))
    publishes(desk)
    verify(desk.app, X)
    publishes(desk)
    assert statuses(desk, *POSTS) == [Status.PUBLISHED] * 3
    assert set(platform.public.values()) == {1}
    assert [desk.see(post).attempts for post in POSTS] == [1, 1, 1]


def test_a_daemon_asks_by_itself_whether_the_secret_works_again(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(EXPIRED))
    platform.says("whoami", no(EXPIRED), Line())
    publishes(desk)
    mend(desk.app)
    assert platform.calls == ["prepare"]
    clock.advance(POLICY.backoff)
    mend(desk.app)
    assert platform.calls == ["prepare", "whoami"]
    clock.advance(BLOCKED_PAUSE - timedelta(seconds=1))
    mend(desk.app)
    assert platform.calls == ["prepare", "whoami"]
    clock.advance(timedelta(seconds=1))
    mend(desk.app)
    publishes(desk)
    assert statuses(desk, *POSTS) == [Status.PUBLISHED] * 3


def test_whoever_starts_publishing_asks_at_once(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(POSTS[0])
    platform.says("prepare", no(EXPIRED))
    once(desk.app, workers=1)
    assert desk.see(POSTS[0]).status is Status.SCHEDULED
    once(desk.app, workers=1)
    assert desk.see(POSTS[0]).status is Status.PUBLISHED


def test_a_call_that_became_public_meanwhile_ends_the_stop(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS[:2])
    clock.time = POSTS[1].due_at
    first, second = desk.app.store.claim(clock(), limit=2, lease=POLICY.lease, actor="a")
    platform.says("prepare", no(EXPIRED))
    work(desk.app, first)
    assert desk.app.store.holds(clock())[X].stopped
    work(desk.app, second)
    assert desk.see(second).status is Status.PUBLISHED
    assert desk.app.store.holds(clock()) == {}


def test_what_a_stop_kept_beyond_its_grace_is_missed_and_says_why(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(EXPIRED))
    platform.says("whoami", no(EXPIRED))
    publishes(desk)
    clock.time = POSTS[-1].expires_at
    mend(desk.app)
    assert statuses(desk, *POSTS) == [Status.MISSED] * 3
    assert all(EXPIRED.reason in str(desk.see(post).reason) for post in POSTS)


def test_what_is_in_doubt_is_not_looked_for_with_a_secret_that_is_refused(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(POSTS[0])
    platform.says("publish", Line(public=True, ends=Unfulfilled(Unanswered("502."))))
    platform.says("find", no(EXPIRED))
    platform.says("whoami", no(EXPIRED), no(EXPIRED), Line())
    publishes(desk)
    for _ in range(16):
        clock.advance(POLICY.backoff)
        mend(desk.app)
    assert platform.calls.count("find") == 2
    assert desk.see(POSTS[0]).status is Status.PUBLISHED


# A network that asks for patience.


def test_a_limit_holds_the_whole_channel_as_long_as_the_network_said_and_no_other(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS, ELSEWHERE)
    clock.time = POSTS[-1].due_at
    until = clock() + 7 * MINUTE
    platform.says("publish", no(Throttled(until, "Slower.", whole_channel=True)))
    publishes(desk)
    assert platform.calls.count("publish") == 1
    assert desk.see(ELSEWHERE).status is Status.PUBLISHED
    assert desk.app.store.next_wake(clock()) == until
    clock.time = until - timedelta(seconds=1)
    publishes(desk)
    assert platform.calls.count("publish") == 1
    clock.time = until
    publishes(desk)
    assert statuses(desk, *POSTS) == [Status.PUBLISHED] * 3
    assert [desk.see(post).attempts for post in POSTS] == [1, 1, 1]


def test_a_working_secret_does_not_shorten_the_patience_that_was_asked_for(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(Throttled(NOW + 7 * MINUTE, "Slower.", whole_channel=True)))
    publishes(desk)
    verify(desk.app, X)
    assert not desk.app.store.holds(clock())[X].stopped
    publishes(desk)
    assert platform.calls == ["prepare", "whoami"]


def test_of_a_channel_both_stopped_and_limited_neither_is_forgotten(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    clock.time = POSTS[-1].due_at
    until = clock() + 7 * MINUTE
    first, second = desk.app.store.claim(clock(), limit=2, lease=POLICY.lease, actor="a")
    platform.says("prepare", no(EXPIRED), no(Throttled(until, "Slower.", whole_channel=True)))
    work(desk.app, first)
    work(desk.app, second)
    assert desk.app.store.holds(clock())[X].stopped
    assert desk.app.store.next_wake(clock()) is None
    verify(desk.app, X)
    assert desk.app.store.next_wake(clock()) == until


# What people see and ask.


def test_people_see_what_a_stopped_channel_keeps_back_and_why(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    later = a_delivery("luego", due_at=NOW + HOUR)
    desk.schedule(*POSTS, later, ELSEWHERE)
    clock.time = POSTS[-1].due_at
    platform.says("prepare", no(EXPIRED))
    publishes(desk)
    seen = needs_a_person(desk.app)
    assert [(d.key, d.reason) for d in seen] == [(d.key, EXPIRED.reason) for d in POSTS]


def test_people_see_what_is_due_and_taken_by_nobody(desk: Desk, clock: Clock) -> None:
    desk.schedule(POSTS[0])
    clock.time = NOW + LATE - timedelta(seconds=1)
    assert needs_a_person(desk.app) == []
    clock.time = NOW + LATE
    (late,) = needs_a_person(desk.app)
    assert "Is `somos run` running?" in str(late.reason)


def test_what_waits_for_a_network_that_asked_for_patience_is_not_called_unattended(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(Throttled(NOW + HOUR, "Slower.", whole_channel=True)))
    publishes(desk)
    clock.time = NOW + 30 * MINUTE
    assert needs_a_person(desk.app) == []


@pytest.mark.parametrize("ask", [retry])
def test_a_retry_on_a_stopped_channel_names_the_command_that_helps(
    ask: Callable[[App, str], object],
    desk: Desk,
    platform: ScriptedPlatform,
    other: ScriptedPlatform,
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(EXPIRED))
    publishes(desk)
    for post in POSTS:
        with pytest.raises(NotAllowed, match=f"expired.*somos channel verify {X}"):
            ask(desk.app, post.key)


def test_what_a_stopped_channel_keeps_back_can_be_cancelled(
    desk: Desk, platform: ScriptedPlatform, other: ScriptedPlatform
) -> None:
    desk.schedule(*POSTS)
    platform.says("prepare", no(EXPIRED))
    publishes(desk)
    cancel(desk.app, POSTS[0].key, "Not now.")
    verify(desk.app, X)
    publishes(desk)
    assert platform.public == {}


def test_people_see_what_a_dead_worker_holds(desk: Desk, clock: Clock) -> None:
    desk.schedule(POSTS[0])
    desk.claim()
    clock.time = NOW + POLICY.lease + LATE - timedelta(seconds=1)
    (slow,) = needs_a_person(desk.app)
    assert "Its worker ended" not in str(slow.reason)
    clock.time = NOW + POLICY.lease + LATE
    (held,) = needs_a_person(desk.app)
    assert "Its worker ended" in str(held.reason)


def test_what_is_blocked_by_itself_can_be_retried_while_its_channel_only_rests(
    app: App, desk: Desk
) -> None:
    blocked = standing(Status.SCHEDULED, blocked=True, run_at=NOW + HOUR)
    desk.schedule(blocked, *POSTS)
    rest = Throttled(NOW + HOUR, "X asks for patience.", whole_channel=True)
    app.store.apply(decide(desk.claim(), rest, NOW, POLICY), now=NOW, actor="a")
    assert app.store.holds(NOW)[X].stopped is False
    assert retry(app, blocked.key).run_at == NOW


def test_what_had_failed_can_be_asked_for_again_while_its_channel_is_stopped(
    app: App, desk: Desk
) -> None:
    failed = standing(Status.FAILED)
    desk.schedule(failed, *POSTS)
    app.store.apply(decide(desk.claim(), EXPIRED, NOW, POLICY), now=NOW, actor="a")
    assert app.store.holds(NOW)[X].stopped
    assert retry(app, failed.key).status is Status.SCHEDULED
