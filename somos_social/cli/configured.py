"""The settings of the config that a call asked for, or what is wrong with it in words."""

import os

from somos_social import settings
from somos_social.cli.asked import Asked
from somos_social.errors import InvalidFiles, Problem


def load(asked: Asked) -> settings.Settings:
    """The settings of the config asked for. Raises InvalidFiles."""
    try:
        return settings.load(asked.config, os.environ)
    except OSError as error:
        raise _out_of_reach(error) from None


def load_if_any(asked: Asked) -> settings.Settings | None:
    """None where there is no config and none was asked for. Raises InvalidFiles."""
    try:
        found = settings.locate(asked.config, os.environ)
    except OSError as error:
        raise _out_of_reach(error) from None
    return None if found is None else load(asked)


def _out_of_reach(error: OSError) -> InvalidFiles:
    problem = f"cannot be read: {error.strerror}."
    return InvalidFiles([Problem(file=str(error.filename), key="", problem=problem, hint="")])
