"""Tells of an error that nobody foresaw: in one line, or whole and without secrets."""

import traceback

from somos_social.cli.asked import Asked
from somos_social.errors import SomosError


def in_one_line(error: Exception) -> str:
    """Its type and place. Not its words: they may hold what nobody should read."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return (
        f"This is a bug in somos_social: {type(error).__name__}{place}. "
        "Run the command again with --debug and report what it says."
    )


def traceback_of(error: BaseException, asked: Asked) -> str:
    """The traceback, without locals, and without any secret that the config names."""
    from somos_social.platforms.transport import redacted

    text = "".join(traceback.format_exception(error))
    return redacted(text, _secrets(asked))


def _secrets(asked: Asked) -> list[str]:
    from somos_social.cli import configured

    revealed: list[str] = []
    try:
        channels = configured.load(asked).channels.values()
    except SomosError:
        return revealed
    for secret in [each for channel in channels for each in channel.secrets.values()]:
        try:
            revealed.append(secret.reveal())
        except SomosError:
            continue
    return revealed
