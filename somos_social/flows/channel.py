"""Asks whether a channel's secret still works, gets it a new one, and lets it go on."""

import logging
from datetime import timedelta
from typing import Protocol

from somos_social.core.delivery import BLOCKED_PAUSE
from somos_social.core.model.channel import Identity, Introduction
from somos_social.errors import SomosError
from somos_social.flows import App
from somos_social.platforms import Unfulfilled
from somos_social.settings import Secret

logger = logging.getLogger("somos")

ASK_AGAIN = timedelta(hours=12)
TRY_AGAIN = timedelta(hours=1)
"""After a network that did not say."""

_NOT_TOLD = "Whether the token still works, and until when, could not be learnt:"


class Login(Protocol):
    """The end of a login. Both raise SomosError; neither prints or keeps a token."""

    def code_in(self, pasted: str) -> str:
        """The code in what a person copied."""

    def token(self, code: str) -> str:
        """The token that the code opens the way to."""


def verify(app: App, channel: str) -> Identity:
    """Whom the secret speaks for; what waited for it then goes on. What was said is kept.

    Raises Unfulfilled when the network refuses, SomosError when there is no secret to ask with.
    """
    identity = app.platform(channel).whoami()
    now = app.now()
    app.store.release(channel, now)
    app.store.introduce(Introduction(channel=channel, checked_at=now, identity=identity))
    return identity


def introduce(app: App) -> None:
    """Asks for each channel of which nothing is known yet, or nothing new for half a day.

    So that what ends soon is told while there is time, and not only to who asks for it.
    """
    now, known = app.now(), app.store.introductions()
    for channel in sorted(app.channels):
        before = known.get(channel)
        pause = ASK_AGAIN if before and before.identity.remote_id else TRY_AGAIN
        if app.stopping() or (before and now < before.checked_at + pause):
            continue
        try:
            verify(app, channel)
        except Unfulfilled as failure:
            nobody = Identity(remote_id="", name="", untold=(f"{_NOT_TOLD} {failure}",))
            unknown = Introduction(channel=channel, checked_at=now, identity=nobody)
            app.store.introduce(unknown)
        except SomosError as error:
            logger.warning("%s: %s", channel, error)


def log_in(app: App, channel: str, login: Login, pasted: str, secret: Secret) -> None:
    """The channel has a new token, where its config looks for it. Else all stays as it was."""
    token = login.token(login.code_in(pasted))
    secret.keep(token)
    app.store.forget_introduction(channel)


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
