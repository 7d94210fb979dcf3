"""One tick for cron: how long it waits, and for what."""

from datetime import timedelta

from somos_social.core.events import NotReady
from somos_social.core.model.delivery import Status
from somos_social.daemon import once
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform, no
from tests.samples import MINUTE, a_delivery

SECOND = timedelta(seconds=1)


def slept(clock: Clock, seconds: float) -> None:
    clock.advance(timedelta(seconds=seconds))


def test_a_tick_for_cron_waits_for_what_is_due_and_still_being_processed(
    desk: Desk, platform: ScriptedPlatform, clock: Clock
) -> None:
    picture = a_delivery()
    desk.schedule(picture)
    platform.says("prepare", no(NotReady(clock() + 5 * SECOND, None)))
    once(desk.app, 1, patience=45 * SECOND, sleep=lambda seconds: slept(clock, seconds))
    assert desk.see(picture).status is Status.PUBLISHED


def test_a_tick_for_cron_does_not_wait_for_what_is_not_due_or_takes_long(
    desk: Desk, platform: ScriptedPlatform, clock: Clock
) -> None:
    slow, later = a_delivery("lenta"), a_delivery("luego", due_at=clock() + 10 * SECOND)
    desk.schedule(slow, later)
    platform.says("prepare", no(NotReady(clock() + 5 * MINUTE, None)))
    began = clock()
    once(desk.app, 1, patience=45 * SECOND, sleep=lambda seconds: slept(clock, seconds))
    assert clock() == began
    assert desk.see(slow).status is desk.see(later).status is Status.SCHEDULED
