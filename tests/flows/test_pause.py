"""A pause stops everything at once, and its end floods nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from somos_social.core.model.campaign import Blackout, Campaign
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.daemon import mend, once
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App
from somos_social.flows.by_hand import retry
from somos_social.flows.delivery import work
from somos_social.flows.pause import fell_due, going_on, kept_back, lift, matching, pause, resume
from somos_social.flows.rescheduling import spread
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import Line, ScriptedPlatform
from tests.samples import FACEBOOK, HOUR, MINUTE, NOW, X, a_comment, a_delivery

EARLY = a_delivery("temprano")
LATE = a_delivery("tarde", due_at=NOW + 10 * MINUTE, run_at=NOW)
FAR = a_delivery("lejos", due_at=NOW + 24 * HOUR)
ELSEWHERE = a_delivery("allá", channel=FACEBOOK, due_at=NOW + 10 * MINUTE)
DUELO = Pause(reason="Duelo nacional.", since=NOW)


def states(desk: Desk, *deliveries: Delivery) -> list[Status]:
    return [desk.see(delivery).status for delivery in deliveries]


def _stop(app: App) -> None:
    pause(app, DUELO)


def test_nothing_of_a_pause_goes_out_with_the_daemon_up(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(EARLY, ELSEWHERE)
    begun, leaving = pause(app, replace(DUELO, channel=X))
    assert (begun.by, leaving) == (app.actor, [])
    assert kept_back(app, begun) == 1
    clock.advance(20 * MINUTE)
    once(app, workers=2)
    assert platform.public == {ELSEWHERE.key: 1}
    assert states(desk, EARLY) == [Status.SCHEDULED]


def test_a_pause_while_a_worker_prepares_still_stops_the_call(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(EARLY)
    claimed = desk.claim()
    platform.says("prepare", Line(meanwhile=lambda: _stop(app)))
    work(app, claimed)
    assert platform.public == {}
    waiting = desk.see(EARLY)
    assert (waiting.status, waiting.prepared, waiting.attempts) == (Status.SCHEDULED, False, 0)
    assert waiting.reason == "People keep it back: paused (everything): Duelo nacional."


def test_what_fell_due_meanwhile_is_missed_at_once_and_the_rest_goes_on(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(EARLY, LATE, FAR)
    pause(app, DUELO)
    clock.time = LATE.due_at + MINUTE
    passed = resume(app, matching(app, DUELO))
    assert [delivery.key for delivery in passed] == [EARLY.key, LATE.key]
    assert states(desk, EARLY, LATE, FAR) == [Status.MISSED, Status.MISSED, Status.SCHEDULED]
    assert "Duelo nacional." in str(desk.see(EARLY).reason)
    once(app, workers=2)
    assert platform.public == {}
    retry(app, EARLY.key)
    once(app, workers=2)
    clock.time = FAR.due_at
    once(app, workers=2)
    assert platform.public == {EARLY.key: 1, FAR.key: 1}


def test_with_new_times_nothing_is_missed(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(EARLY, LATE)
    pause(app, DUELO)
    clock.time = LATE.due_at + MINUTE
    ended = matching(app, DUELO)
    times = spread(fell_due(app, ended, clock()), 2 * HOUR, clock())
    assert times == {EARLY.key: clock() + HOUR, LATE.key: clock() + 2 * HOUR}
    resume(app, ended, times)
    assert states(desk, EARLY, LATE) == [Status.SCHEDULED] * 2
    for due in times.values():
        clock.time = due
        once(app, workers=2)
    assert platform.public == {EARLY.key: 1, LATE.key: 1}


def test_all_of_a_post_keeps_one_time_and_posts_keep_their_order() -> None:
    other = replace(EARLY, key=EARLY.key.replace(X, FACEBOOK), channel=FACEBOOK)
    times = spread([LATE, EARLY, other], timedelta(hours=2), NOW)
    assert times[EARLY.key] == times[other.key] == NOW + HOUR
    assert times[LATE.key] == NOW + 2 * HOUR


def test_what_follows_moves_along_and_what_follows_what_is_public_is_missed(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    below, under_public = a_comment(LATE), a_comment(EARLY)
    desk.schedule(EARLY, LATE, under_public, below)
    platform.says("publish", Line(public=True, meanwhile=lambda: _stop(app)))
    once(app, workers=1)
    assert platform.public == {EARLY.key: 1}
    clock.time = LATE.due_at + MINUTE
    ended = matching(app, DUELO)
    times = spread(fell_due(app, ended, clock()), HOUR, clock())
    assert list(times) == [LATE.key]
    passed = resume(app, ended, times)
    assert {it.key for it in passed} == {LATE.key, under_public.key}
    assert states(desk, under_public) == [Status.MISSED]
    assert desk.see(below).due_at == desk.see(LATE).due_at == times[LATE.key]
    assert desk.see(below).run_at is None
    clock.time = times[LATE.key]
    once(app, workers=1)
    once(app, workers=1)
    assert platform.public == {EARLY.key: 1, LATE.key: 1, below.key: 1}


def test_posts_are_not_spread_over_no_time() -> None:
    with pytest.raises(UsageError, match="2m or more"):
        spread([LATE, EARLY], timedelta(seconds=119), NOW)
    assert len(spread([LATE, EARLY], timedelta(minutes=2), NOW)) == 2
    assert spread([], timedelta(0), NOW) == {}


def test_what_another_pause_keeps_back_goes_on_waiting(app: App, desk: Desk, clock: Clock) -> None:
    desk.schedule(EARLY, ELSEWHERE)
    pause(app, DUELO)
    pause(app, replace(DUELO, channel=X, reason="Una cuenta robada."))
    clock.advance(20 * MINUTE)
    passed = resume(app, matching(app, DUELO))
    assert [delivery.key for delivery in passed] == [ELSEWHERE.key]
    assert states(desk, EARLY) == [Status.SCHEDULED]


def test_a_comment_waits_for_its_post_and_is_not_missed_by_itself(
    app: App, desk: Desk, clock: Clock
) -> None:
    comment = a_comment(EARLY)
    desk.schedule(EARLY, comment)
    pause(app, DUELO)
    clock.advance(MINUTE)
    assert [it.key for it in resume(app, matching(app, DUELO))] == [EARLY.key]
    assert states(desk, comment) == [Status.SCHEDULED]


def test_a_pause_is_ended_by_the_very_name_it_was_given(app: App) -> None:
    with pytest.raises(NotAllowed, match=r"Nothing is paused\."):
        matching(app, DUELO)
    pause(app, replace(DUELO, channel=X))
    with pytest.raises(NotAllowed, match="There is no pause of everything") as refused:
        matching(app, DUELO)
    assert "x:somoslomismo (Duelo nacional.)" in str(refused.value)
    assert len(matching(app, replace(DUELO, channel=X))) == 1


def test_what_a_pause_held_beyond_its_grace_is_missed_and_says_why(
    app: App, desk: Desk, clock: Clock
) -> None:
    desk.schedule(EARLY)
    pause(app, DUELO)
    clock.time = EARLY.expires_at
    mend(app)
    missed = desk.see(EARLY)
    assert missed.status is Status.MISSED
    assert "People keep it back: paused (everything): Duelo nacional." in str(missed.reason)


# Blackouts.


def blackout(app: App, since: timedelta, until: timedelta) -> None:
    asked = Campaign(
        slug=EARLY.campaign,
        name="",
        hashtag="",
        timezone="UTC",
        channels=(),
        approvals=(),
        posts=(),
        handoffs=(),
        blackouts=(Blackout(since=NOW + since, until=NOW + until, reason="Elecciones."),),
    )
    app.store.schedule((), (), (), now=NOW - HOUR, actor="ana", asking=[asked])


@pytest.mark.parametrize("daemon_is_up", [True, False])
def test_what_falls_due_in_a_blackout_is_missed_and_what_is_due_later_goes_out(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, daemon_is_up: bool
) -> None:
    after = a_delivery("después", due_at=NOW + 70 * MINUTE)
    desk.schedule(EARLY, LATE, after)
    blackout(app, -MINUTE, HOUR)
    clock.time = NOW - 5 * MINUTE
    once(app, workers=1)
    for minutes in (0, 15, 30) if daemon_is_up else ():
        clock.time = NOW + minutes * MINUTE
        once(app, workers=1)
    assert platform.public == {}
    clock.time = after.due_at
    once(app, workers=1)
    assert platform.public == {after.key: 1}
    assert states(desk, EARLY, LATE) == [Status.MISSED] * 2
    assert "Elecciones." in str(desk.see(EARLY).reason)
    assert app.store.pauses.in_force() == []
    assert lift(app) == 0


def test_another_campaign_is_not_silent(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    other = replace(EARLY, key=f"otra/temprano@{X}", campaign="otra")
    desk.schedule(EARLY, other)
    blackout(app, -MINUTE, HOUR)
    once(app, workers=1)
    assert platform.public == {other.key: 1}


def test_the_end_of_a_pause_does_not_end_a_blackout(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    other = replace(EARLY, key=f"otra/temprano@{X}", campaign="otra")
    desk.schedule(EARLY, LATE, other)
    blackout(app, -MINUTE, HOUR)
    of_it = replace(DUELO, campaign=EARLY.campaign)
    pause(app, of_it)
    assert resume(app, matching(app, of_it)) == []
    [silent] = app.store.pauses.in_force()
    assert silent.reason == "Elecciones."
    assert going_on(app, [of_it]) == going_on(app, [DUELO]) == [silent]
    assert going_on(app, [replace(DUELO, campaign="otra")]) == []
    clock.time = LATE.due_at
    once(app, workers=1)
    assert platform.public == {other.key: 1}
    with pytest.raises(NotAllowed, match="goes on until 2026-12-01 15:00 UTC") as refused:
        matching(app, of_it)
    assert "edit its [[blackout]] in campaigns/somos-lo-mismo.toml" in str(refused.value)
