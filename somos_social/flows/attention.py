"""What needs a person, each with the reason why."""

from dataclasses import replace
from datetime import datetime, timedelta

from somos_social.core.model import Delivery
from somos_social.flows import App

LATE = timedelta(minutes=10)
"""Longer than a tick of cron usually is: whoever publishes has not come by."""

_UNATTENDED = (
    "Its time has come and nothing has taken it. Is `somos run` running? Start it, or run "
    "`somos run --once`."
)


def needs_a_person(app: App) -> list[Delivery]:
    """What stands still by itself, what a stopped channel keeps back, and what nobody publishes.

    In the order of the promised times.
    """
    now = app.now()
    holds = app.store.holds(now)
    stuck = {delivery.key: delivery for delivery in app.store.needs_a_person()}
    for delivery in app.store.due(now):
        hold = holds.get(delivery.channel)
        if hold and hold.stopped:
            stuck[delivery.key] = replace(delivery, blocked=True, reason=hold.reason)
        elif hold is None and now >= _in_hand_by(delivery):
            stuck.setdefault(delivery.key, replace(delivery, reason=_UNATTENDED))
    return sorted(stuck.values(), key=lambda delivery: (delivery.due_at, delivery.key))


def _in_hand_by(delivery: Delivery) -> datetime:
    return max(delivery.run_at or delivery.due_at, delivery.due_at) + LATE
