"""Mends what was left: what is overdue, what nobody holds any more, what may be public."""

from datetime import timedelta

from somos_social.core.clearance import kept_back, obstacles
from somos_social.core.events import Abandoned, Absent, Blocked, Event, Overdue, Published, Unread
from somos_social.core.model.delivery import Delivery
from somos_social.errors import SomosError
from somos_social.flows import App
from somos_social.flows.recording import record_unless_lost
from somos_social.platforms import Unfulfilled

BATCH = 200

ROUND = timedelta(minutes=1)
"""A round of looks ends then: where a network hangs, each lasts as long as a timeout."""


def expire(app: App) -> None:
    """What waited beyond its grace becomes missed, and is never sent by itself."""
    now = app.now()
    overdue = app.store.overdue(now, limit=BATCH)
    if not overdue:
        return
    holds, said = app.store.holds(now), app.store.said_of(overdue)
    for delivery in overdue:
        hold, kept = holds.get(delivery.channel), obstacles(delivery, said, now)
        why = kept_back(kept) if kept else delivery.reason
        if hold:
            why = f"Its channel could not publish: {hold.reason}"
        record_unless_lost(app, delivery, Overdue(why))


def rescue(app: App) -> int:
    """What a dead or frozen worker held: back to waiting, or in doubt if its call may have left."""
    abandoned = app.store.abandoned(app.now(), limit=BATCH)
    for delivery in abandoned:
        record_unless_lost(app, delivery, Abandoned())
    return len(abandoned)


def reconcile(app: App) -> list[Delivery]:
    """Looks for what may be public. Returns what was looked for, as it stood before."""
    end = app.now() + ROUND
    looked_for = []
    for delivery in app.store.doubtful(app.now(), limit=BATCH):
        # A slow look may end late: what it saw is as old as its beginning.
        began = app.now()
        if app.stopping() or began >= end:
            break
        record_unless_lost(app, delivery, look(app, delivery), began)
        looked_for.append(delivery)
    return looked_for


def look(app: App, delivery: Delivery) -> Event:
    """What a look at the network says of it; it never raises."""
    try:
        receipt = app.platform(delivery.channel).find(delivery, delivery.upload)
    except Unfulfilled as failure:
        return failure.event
    except SomosError as error:
        return Blocked(str(error))
    except Exception as error:  # noqa: BLE001 - a look that failed says nothing either way
        return Unread(f"the look ended unexpectedly ({type(error).__name__}).")
    if receipt is not None:
        return Published(receipt)
    return Absent(app.since(delivery.asked_tick))
