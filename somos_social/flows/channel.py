"""Asks whether a channel's secret still works, and lets a stopped channel go on once it does."""

from somos_social.core.delivery import BLOCKED_PAUSE
from somos_social.core.model import Identity
from somos_social.errors import SomosError
from somos_social.flows import App
from somos_social.platforms import Unfulfilled


def verify(app: App, channel: str) -> Identity:
    """Whom the secret speaks for; what waited for it then goes on.

    Raises Unfulfilled when the network refuses, SomosError when there is no secret to ask with.
    """
    identity = app.platform(channel).whoami()
    app.store.release(channel, app.now())
    return identity


def look_in_on_stopped(app: App, *, at_once: bool = False) -> None:
    """Asks for each stopped channel whose time has come, or for all at once."""
    now = app.now()
    for hold in app.store.holds(now).values():
        if app.stopping() or not hold.stopped or (hold.until > now and not at_once):
            continue
        try:
            verify(app, hold.channel)
        except (Unfulfilled, SomosError):
            app.store.postpone(hold.channel, now + BLOCKED_PAUSE)
