"""Killed at every step, twice over, a post is public once in the end, and the log agrees."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from somos_social.core.delivery import Move
from somos_social.core.events import Kept, Removed
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.daemon import mend
from somos_social.flows import App
from somos_social.flows.delivery import work
from somos_social.store import Store
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform, receipt_of
from tests.samples import LONG_AGO, NOW, POLICY, a_comment, a_delivery

POST = a_delivery()
COMMENT = a_comment(POST)

T = TypeVar("T")


class Death(BaseException):
    """The process is gone: nothing catches this, nothing is written any more."""


@dataclass
class Fate:
    """Counts the boundaries that a life crosses, and ends it at one of them."""

    dies_at: int
    crossed: list[str] = field(default_factory=list)

    def cross(self, boundary: str) -> None:
        self.crossed.append(boundary)
        if len(self.crossed) == self.dies_at:
            raise Death(boundary)


class MortalStore(Store):
    """The store of a process that may die right before or right after each write."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self._fate = fate

    def claim(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        actor: str,
        due_by: datetime | None = None,
    ) -> list[Delivery]:
        self._fate.cross("before claim")
        claimed = super().claim(now, limit=limit, lease=lease, actor=actor, due_by=due_by)
        self._fate.cross("after claim")
        return claimed

    def apply(self, move: Move, *, now: datetime, actor: str) -> Delivery:
        self._fate.cross(f"before {move.event}")
        after = super().apply(move, now=now, actor=actor)
        self._fate.cross(f"after {move.event}")
        return after


class MortalCaller:
    """The network's end stays alive; the process that calls it may die before or after."""

    def __init__(self, platform: ScriptedPlatform, fate: Fate) -> None:
        self._platform = platform
        self._fate = fate

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        return self._mortally("prepare", lambda: self._platform.prepare(delivery, upload))

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        return self._mortally("publish", lambda: self._platform.publish(delivery, upload))

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        return self._mortally("find", lambda: self._platform.find(delivery, upload))

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:
        return self._platform.recognise(delivery, seen)

    def remove(self, delivery: Delivery) -> Removed | Kept:
        return self._platform.remove(delivery)

    def whoami(self) -> Identity:
        return self._platform.whoami()

    def _mortally(self, verb: str, call: Callable[[], T]) -> T:
        self._fate.cross(f"before {verb}")
        answer = call()
        self._fate.cross(f"after {verb}")
        return answer


@dataclass
class World:
    """One network, one database file, and one short life after the other."""

    app: App
    clock: Clock
    platform: ScriptedPlatform
    url: str

    def live(self, dies_at: int) -> list[str]:
        """A daemon that begins NOW or later and goes on until it dies or nothing is left to do."""
        fate = Fate(dies_at)
        store = MortalStore(self.url, fate)
        caller = MortalCaller(self.platform, fate)
        app = replace(self.app, store=store, platform=lambda _channel: caller)
        try:
            for _ in self.beats(app):
                mend(app)
                for delivery in app.store.claim(
                    app.now(), limit=4, lease=POLICY.lease, actor=app.actor
                ):
                    work(app, delivery)
        except Death:
            pass
        finally:
            store.close()
        return fate.crossed

    def beats(self, app: App) -> Iterator[None]:
        """The clock jumps to the next thing there is to do, for as long as there is one."""
        for _ in range(100):
            yield
            waits = [app.store.next_wake(LONG_AGO), app.store.next_mend()]
            times = [time for time in waits if time is not None]
            if not times:
                return
            self.clock.reach(min(times))
        raise AssertionError("It goes on for ever.")


@pytest.fixture
def world(app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, tmp_path: Path) -> World:
    clock.time = NOW - POLICY.ahead
    desk.schedule(POST, COMMENT)
    return World(app=app, clock=clock, platform=platform, url=f"sqlite:///{tmp_path / 'somos.db'}")


NEVER = 0

A_LIFE = [
    *("before claim", "after claim", "before prepare", "after prepare"),
    *("before prepared", "after prepared"),
    *("before claim", "after claim", "before prepared", "after prepared"),
    *("before publish", "after publish", "before published", "after published"),
    *("before claim", "after claim", "before prepare", "after prepare"),
    *("before prepared", "after prepared"),
    *("before publish", "after publish", "before published", "after published"),
]
"""A post that prepares early and goes out on its second, then its comment."""

A_SECOND_LIFE = 24
"""The longest way that is left after a death, in boundaries."""


def ended_well(world: World, desk: Desk) -> None:
    for delivery in (POST, COMMENT):
        found = desk.see(delivery)
        assert (found.status, found.receipt) == (Status.PUBLISHED, receipt_of(delivery))
        assert desk.events(delivery).count("published") == 1
    assert world.platform.public == {POST.key: 1, COMMENT.key: 1}
    assert world.app.store.broken_links() == []


def test_a_life_without_death_crosses_the_boundaries_that_the_others_die_at(
    world: World, desk: Desk
) -> None:
    crossed = world.live(dies_at=NEVER)
    assert [b for b in crossed if b in A_LIFE][: len(A_LIFE)] == A_LIFE
    ended_well(world, desk)


@pytest.mark.parametrize(
    "dies_at", range(1, len(A_LIFE) + 1), ids=lambda n: f"{n}-{A_LIFE[n - 1]}".replace(" ", "-")
)
def test_whoever_is_killed_at_any_step_leaves_nothing_doubled_and_nothing_lost(
    world: World, desk: Desk, dies_at: int
) -> None:
    assert len(world.live(dies_at)) == dies_at
    world.live(dies_at=NEVER)
    ended_well(world, desk)


@pytest.mark.parametrize("second", range(1, A_SECOND_LIFE + 1, 4))
@pytest.mark.parametrize("first", [10, 12, 13])
def test_whoever_is_killed_again_on_the_way_back_leaves_nothing_doubled_and_nothing_lost(
    world: World, desk: Desk, first: int, second: int
) -> None:
    world.live(first)
    world.live(second)
    world.live(dies_at=NEVER)
    ended_well(world, desk)


@pytest.mark.parametrize("step", ["after publish", "before published"])
def test_a_listing_that_lags_after_a_death_doubles_nothing(
    world: World, desk: Desk, step: str
) -> None:
    world.platform.lag = POLICY.lease + POLICY.look_after
    world.live(A_LIFE.index(step) + 1)
    world.live(dies_at=NEVER)
    assert world.platform.calls.count("find") > 1
    ended_well(world, desk)
