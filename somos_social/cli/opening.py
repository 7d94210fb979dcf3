"""Opens the program as the config says, for one command, and closes it again."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

from somos_social import settings, wiring
from somos_social.cli import reporting
from somos_social.cli.asked import Asked
from somos_social.flows import App


def load(asked: Asked) -> settings.Settings:
    """The settings of the config asked for. Raises InvalidFiles."""
    return settings.load(asked.config, os.environ)


@contextmanager
def opened(asked: Asked) -> Iterator[App]:
    """The program in a person's hands. Raises InvalidFiles, StoreError."""
    reporting.begin(asked)
    app = wiring.open_app(load(asked), actor=person())
    try:
        yield app
    finally:
        app.store.close()


def person() -> str:
    """Who stands in the log for what is asked here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"
