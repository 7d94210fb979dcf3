"""What someone changed in the database by hand is not published, and stops nothing else."""

import pytest
from sqlalchemy import create_engine, text

from somos_social.core.model import Status
from somos_social.daemon import once
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform
from tests.samples import FACEBOOK, X, a_delivery


@pytest.mark.parametrize("variant", ["replace(variant, 'Carmen', 'Nadie')", "'{'"])
def test_changed_content_is_not_published_and_stops_nothing_else(
    desk: Desk, platform: ScriptedPlatform, variant: str
) -> None:
    changed, healthy = a_delivery("cambiada", channel=FACEBOOK), a_delivery("sana", channel=X)
    desk.schedule(changed, healthy)
    engine = create_engine(desk.app.store._engine.url)
    with engine.begin() as connection:
        change = f"UPDATE deliveries SET variant = {variant} WHERE key = :key"  # noqa: S608
        connection.execute(text(change), {"key": changed.key})
    engine.dispose()
    once(desk.app, workers=2)
    assert desk.see(healthy).status is Status.PUBLISHED
    stopped = desk.see(changed)
    assert (stopped.status, stopped.blocked) == (Status.SCHEDULED, True)
    assert "changed there by hand" in (stopped.reason or "")
    assert desk.app.store.broken_links() != []
