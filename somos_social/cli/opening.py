"""Opens the program as the config says, for one command, and closes it again."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from somos_social import wiring
from somos_social.cli import reporting
from somos_social.cli.asked import Asked
from somos_social.cli.configured import load
from somos_social.flows import App


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
