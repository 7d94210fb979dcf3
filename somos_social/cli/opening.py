"""Opens the program as the config says, for one command, and closes it again."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from somos_social import wiring
from somos_social.cli import reporting
from somos_social.cli.asked import Asked
from somos_social.cli.configured import load
from somos_social.flows import App
from somos_social.flows.recovery import recover


@contextmanager
def opened(asked: Asked, *, acting: bool = False) -> Iterator[App]:
    """The program in a person's hands. Raises InvalidFiles, StoreError.

    Whoever is `acting` may change what an old copy of the database holds only once that is marked
    as what may be public already.
    """
    reporting.begin(asked)
    app = wiring.open_app(load(asked), actor=person())
    try:
        if acting:
            recover(app, beginning=True)
        yield app
    finally:
        app.store.close()


def person() -> str:
    """Who stands in the log for what is asked here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"
