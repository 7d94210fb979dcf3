"""What is late is told while it can be helped, whatever it waits for or is in whose hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from somos_social.core.events import NotReady, Throttled
from somos_social.core.health import Level
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.daemon import mend
from somos_social.flows.attention import DEAD, LATE, SLOW, UNATTENDED, needs_a_person
from somos_social.flows.delivery import work
from somos_social.flows.health import of_daemon
from somos_social.platforms import Failure
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform, no
from tests.samples import HOUR, MINUTE, NOW, POLICY, UPLOAD, X, a_comment, a_delivery

POST = a_delivery()
SECOND = timedelta(seconds=1)


@pytest.fixture
def waits(desk: Desk, clock: Clock, platform: ScriptedPlatform) -> Callable[[Failure], Delivery]:
    """The post as it waits at its time, after this is what its network said."""

    def ends(event: Failure) -> Delivery:
        desk.schedule(POST)
        clock.time = NOW
        platform.says("prepare", no(event))
        work(desk.app, desk.claim())
        return desk.see(POST)

    return ends


def told(desk: Desk) -> list[tuple[str, str | None]]:
    return [(delivery.key, delivery.reason) for delivery in needs_a_person(desk.app)]


@pytest.mark.parametrize("whole_channel", [True, False])
def test_what_is_to_wait_for_longer_than_its_grace_is_missed_when_that_is_over(
    desk: Desk, clock: Clock, waits: Callable[[Failure], Delivery], whole_channel: bool
) -> None:
    waits(Throttled(NOW + 5 * HOUR, "Slower.", whole_channel=whole_channel))
    clock.time = POST.expires_at - SECOND
    mend(desk.app)
    assert desk.see(POST).status is Status.SCHEDULED
    clock.time = POST.expires_at
    mend(desk.app)
    missed = desk.see(POST)
    assert missed.status is Status.MISSED
    assert "Slower." in str(missed.reason)
    assert [key for key, _ in told(desk)] == [POST.key]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Throttled(NOW + 5 * HOUR, "Slower."), "Slower."),
        (NotReady(NOW + 11 * MINUTE, UPLOAD), "The network is still processing what it was sent."),
    ],
)
def test_what_waits_late_for_its_network_is_told_with_what_it_waits_for(
    desk: Desk, clock: Clock, waits: Callable[[Failure], Delivery], event: Failure, reason: str
) -> None:
    waits(event)
    clock.time = NOW + LATE - SECOND
    assert told(desk) == []
    # Also when that is over, and the next try is due.
    for minutes in (0, 1, 2):
        clock.time = NOW + LATE + minutes * MINUTE
        assert told(desk) == [(POST.key, reason)]


def test_what_a_limited_channel_keeps_back_is_told_by_its_channel(
    desk: Desk, clock: Clock, waits: Callable[[Failure], Delivery]
) -> None:
    waits(Throttled(NOW + HOUR, "Slower.", whole_channel=True))
    clock.time = NOW + LATE
    assert told(desk) == []
    assert [hold.reason for hold in desk.app.store.holds(clock()).values()] == ["Slower."]


def test_what_a_pause_keeps_back_is_told_by_the_pause(
    desk: Desk, clock: Clock, waits: Callable[[Failure], Delivery]
) -> None:
    waits(Throttled(NOW + HOUR, "Slower."))
    desk.app.store.pauses.begin(Pause(channel=X, reason="Duelo.", since=NOW, by="ana"))
    clock.time = NOW + LATE
    assert told(desk) == []


def test_what_a_worker_has_in_hand_for_long_is_told_however_often_its_lease_is_renewed(
    desk: Desk, clock: Clock
) -> None:
    desk.schedule(POST)
    claimed = desk.claim()
    assert claimed.lease is not None
    clock.time = NOW + LATE - SECOND
    desk.app.store.renew([claimed.lease], clock() + POLICY.lease)
    assert told(desk) == []
    clock.time = NOW + LATE
    assert told(desk) == [(POST.key, SLOW)]
    clock.time = NOW + LATE - SECOND + POLICY.lease + LATE
    assert told(desk) == [(POST.key, DEAD)]


def test_a_comment_is_late_only_once_its_post_is_public_for_long(desk: Desk, clock: Clock) -> None:
    comment = a_comment(POST)
    desk.schedule(POST, comment)
    clock.time = NOW + HOUR
    claimed = desk.claim()
    assert [key for key, _ in told(desk)] == [POST.key]
    platform = desk.app.platform(X)
    assert isinstance(platform, ScriptedPlatform)
    work(desk.app, claimed)
    assert desk.see(POST).status is Status.PUBLISHED
    desk.claim()
    clock.time = NOW + HOUR + LATE - SECOND
    assert told(desk) == []
    clock.time = NOW + HOUR + LATE
    assert [key for key, _ in told(desk)] == [comment.key]


def test_a_comment_that_waits_for_its_post_is_never_overdue(desk: Desk, clock: Clock) -> None:
    comment = a_comment(POST)
    desk.schedule(POST, comment)
    clock.time = POST.expires_at
    mend(desk.app)
    assert desk.see(POST).status is Status.MISSED
    assert desk.see(comment).status is Status.SCHEDULED


def test_a_daemon_that_is_slow_is_told_from_one_that_is_not_there(desk: Desk, clock: Clock) -> None:
    desk.schedule(POST)
    clock.time = NOW + LATE
    assert told(desk) == [(POST.key, UNATTENDED)]
    assert of_daemon(desk.app).level is Level.PROBLEM
    desk.claim()
    found = of_daemon(desk.app)
    assert (found.level, "in hand" in found.told) == (Level.WARNING, True)
