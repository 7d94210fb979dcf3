"""An App on a real SQLite file, whose one network is scripted and whose clock is the test's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from somos_social.core.model.delivery import Delivery
from somos_social.flows import App
from somos_social.store import Store
from tests.conftest import Clock
from tests.flows.scripted import ScriptedPlatform
from tests.samples import FACEBOOK, INSTAGRAM, POLICY, X


@pytest.fixture
def store(tmp_path: Path, new_file: Path, disk_is_not_awaited: None) -> Iterator[Store]:
    shutil.copy(new_file, tmp_path / "somos.db")
    store = Store(f"sqlite:///{tmp_path / 'somos.db'}")
    yield store
    store.close()


@pytest.fixture
def platform(clock: Clock) -> ScriptedPlatform:
    return ScriptedPlatform(clock)


@pytest.fixture
def app(store: Store, clock: Clock, platform: ScriptedPlatform, tmp_path: Path) -> App:
    media = tmp_path / "media"
    media.mkdir()
    return App(
        store=store,
        policy=POLICY,
        now=clock,
        platform=lambda _channel: platform,
        media_root=media,
        channels=(FACEBOOK, INSTAGRAM, X),
        pictures_are_public=True,
        actor="daemon@here",
    )


class Desk:
    """What a test does with the store in one word."""

    def __init__(self, app: App) -> None:
        self.app = app

    def schedule(self, *deliveries: Delivery) -> None:
        self.app.store.schedule(deliveries, (), (), now=self.app.now(), actor="ana@here")

    def claim(self) -> Delivery:
        """The one delivery that is due now, claimed."""
        (claimed,) = self.app.store.claim(
            self.app.now(), limit=1, lease=self.app.policy.lease, actor=self.app.actor
        )
        return claimed

    def see(self, delivery: Delivery) -> Delivery:
        """The delivery as it stands now."""
        found = self.app.store.get(delivery.key)
        assert found is not None
        return found

    def events(self, delivery: Delivery) -> list[str]:
        return [entry["event"] for entry in self.app.store.log(delivery=delivery.key)]


@pytest.fixture
def desk(app: App) -> Desk:
    return Desk(app)
