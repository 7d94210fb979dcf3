"""What someone changed in the database by hand is not published, and stops nothing else."""

import pytest
from sqlalchemy import create_engine, text

from somos_social.core.model.delivery import Status
from somos_social.daemon import once
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform
from tests.samples import FACEBOOK, X, a_comment, a_delivery


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


@pytest.mark.parametrize("column", ["campaign", "post", "channel"])
def test_what_was_put_under_another_name_or_channel_is_not_published(
    desk: Desk, platform: ScriptedPlatform, column: str
) -> None:
    changed = a_delivery("cambiada", channel=X)
    desk.schedule(changed, a_comment(changed))
    engine = create_engine(desk.app.store._engine.url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE deliveries SET {column} = 'facebook:otra'"))  # noqa: S608
    engine.dispose()
    once(desk.app, workers=1)
    assert platform.calls == []
    assert "changed there by hand" in (desk.see(changed).reason or "")
    told = [line for line in desk.app.store.broken_links() if "campaign, post or channel" in line]
    assert len(told) == 2


def test_a_status_that_was_changed_back_is_not_published_again_nor_ever_forgotten(
    desk: Desk, platform: ScriptedPlatform
) -> None:
    public = a_delivery("publicada")
    desk.schedule(public)
    once(desk.app, workers=1)
    engine = create_engine(desk.app.store._engine.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET status = 'scheduled', run_at = due_at"))
    engine.dispose()
    once(desk.app, workers=1)
    assert platform.public == {public.key: 1}
    stopped = desk.see(public)
    assert (stopped.status, stopped.blocked) == (Status.SCHEDULED, True)
    assert "the log says otherwise" in (stopped.reason or "")
    # Its latest entries agree with the row by now; the step that nobody made stands there still.
    [told] = desk.app.store.broken_links()
    assert told.startswith(f"{public.key}: entry ")
    assert "begins as scheduled" in told
    assert "ended as published" in told
