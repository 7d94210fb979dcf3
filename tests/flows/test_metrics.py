"""Reading how posts were received: which posts are asked for, and what is kept of the answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from somos_social.core.metrics import Figure, Measured
from somos_social.core.model.delivery import Delivery, Receipt, Status
from somos_social.daemon import Daemon, read_figures
from somos_social.flows import App
from somos_social.flows.metrics import AT_ONCE, SETTLED, pull
from somos_social.store import Store
from tests.conftest import Clock
from tests.flows.scripted import ScriptedPlatform
from tests.samples import NOW, X, a_comment, standing

DAY = timedelta(days=1)


class Telling(ScriptedPlatform):
    """A network that tells figures, until it was asked so often."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.asked: list[list[str]] = []
        self.stops_after = 1000
        self.untold: tuple[str, ...] = ()

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        self.asked.append([it.post for it in deliveries])
        ids = [it.receipt.remote_id for it in deliveries if it.receipt]
        return Measured(
            figures={it: {Figure.VIEWS: 7} for it in ids},
            untold=self.untold,
            stopped=len(self.asked) >= self.stops_after,
        )


def public(number: int, **changes: object) -> Delivery:
    receipt = Receipt(remote_id=str(number), url=None)
    return standing(Status.PUBLISHED, f"post-{number:03}", receipt=receipt, **changes)


@pytest.fixture
def telling(clock: Clock) -> Telling:
    return Telling(clock)


@pytest.fixture
def measuring(app: App, telling: Telling) -> App:
    return replace(app, platform=lambda _channel: telling)


def put(store: Store, *deliveries: Delivery) -> None:
    store.schedule(deliveries, (), (), now=NOW, actor="tests")


def test_only_posts_that_are_public_are_asked_for(measuring: App, telling: Telling) -> None:
    seen = Receipt(remote_id="9", url=None)
    comment = replace(a_comment(public(1)), status=Status.PUBLISHED, receipt=seen)
    removed, failed = standing(Status.REMOVED, "otra"), standing(Status.FAILED, "mal")
    put(measuring.store, public(1), comment, removed, failed)
    [told] = pull(measuring, [X])
    assert telling.asked == [["post-001"]]
    assert (told.posts, told.measured, told.refused) == (1, 1, False)


def test_an_old_post_is_asked_for_once(measuring: App, telling: Telling, clock: Clock) -> None:
    put(measuring.store, public(1), public(2, due_at=NOW - SETTLED - DAY))
    list(pull(measuring, [X]))
    list(pull(measuring, [X]))
    assert telling.asked == [["post-002", "post-001"], ["post-001"]]
    clock.advance(SETTLED + DAY)
    list(pull(measuring, [X]))
    assert len(telling.asked) == 2


def test_what_was_told_before_a_network_stopped_is_kept(measuring: App, telling: Telling) -> None:
    telling.stops_after = 2
    put(measuring.store, *(public(number) for number in range(2 * AT_ONCE + 1)))
    [told] = pull(measuring, [X])
    assert [len(posts) for posts in telling.asked] == [AT_ONCE, AT_ONCE]
    assert (told.posts, told.measured, told.refused) == (2 * AT_ONCE + 1, 2 * AT_ONCE, False)
    assert len(measuring.store.measurements.measured(X)) == 2 * AT_ONCE


def test_a_program_told_to_end_asks_for_no_more(measuring: App, telling: Telling) -> None:
    put(measuring.store, *(public(number) for number in range(AT_ONCE + 1)))
    ending = replace(measuring, stopping=lambda: bool(telling.asked))
    assert [it.measured for it in pull(ending, [X, "x:otra"])] == [AT_ONCE]
    assert len(telling.asked) == 1


def test_the_daemon_reads_figures_when_its_config_says_so_and_not_otherwise(
    measuring: App,
) -> None:
    put(measuring.store, public(1))
    tick = timedelta(seconds=15)
    without = Daemon(measuring, workers=1, tick=tick)
    assert without._scheduler.get_job("metrics") is None
    daemon = Daemon(measuring, workers=1, tick=tick, metrics="5 6 * * *", timezone="America/Panama")
    job = daemon._scheduler.get_job("metrics")
    fires = job.trigger.get_next_fire_time(None, NOW)
    assert fires == datetime(2026, 12, 2, 11, 5, tzinfo=UTC)
    job.func()
    assert measuring.store.measurements.measured(X)


def test_what_a_network_does_not_tell_stands_in_the_log_of_the_daemon(
    measuring: App, telling: Telling, caplog: pytest.LogCaptureFixture
) -> None:
    telling.untold = ("X does not let this app read posts.",)
    put(measuring.store, public(1))
    read_figures(measuring)
    assert f"{X}: X does not let this app read posts." in caplog.text


def test_a_platform_that_tells_nothing_is_passed_over(app: App) -> None:
    put(app.store, public(1))
    assert list(pull(app, [X])) == []
