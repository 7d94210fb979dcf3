"""Each move is decided, written and told in one step, or somebody else was quicker."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from somos_social.core.delivery import decide
from somos_social.core.events import Event
from somos_social.core.model.delivery import Delivery
from somos_social.flows import App
from somos_social.store import Lost


def record(
    app: App, delivery: Delivery, event: Event, happened: datetime | None = None
) -> Delivery:
    """What it becomes. `happened` is when, where that was before now. Raises Lost, NotAllowed."""
    now = app.now()
    move = decide(delivery, event, happened or now, app.policy)
    after = app.store.apply(move, now=now, actor=app.actor)
    app.heard(replace(move, after=after))
    return after


def record_unless_lost(
    app: App, delivery: Delivery, event: Event, happened: datetime | None = None
) -> None:
    """Whoever was quicker has seen to it."""
    with suppress(Lost):
        record(app, delivery, event, happened)
