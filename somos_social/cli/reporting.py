"""Log records become readable lines on standard error, and tracebacks appear only with --debug."""

import logging

from somos_social.cli import bug, rendering
from somos_social.cli.asked import Asked

logger = logging.getLogger("somos")
"""What the program itself has to say."""


class _Lines(logging.Formatter):
    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked

    def format(self, record: logging.LogRecord) -> str:
        time = f"{self.formatTime(record, '%Y-%m-%d %H:%M:%S')}"
        level = "" if record.levelno <= logging.INFO else f"{record.levelname}: "
        lines = f"{level}{record.getMessage()}".split("\n")
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            if self._asked.debug:
                lines += bug.traceback_of(error, self._asked).split("\n")
            elif isinstance(error, Exception):
                lines.append(bug.in_one_line(error))
        return "\n".join([f"{time}  {rendering.clean(lines[0])}", *map(rendering.clean, lines[1:])])


def begin(asked: Asked, handler: logging.Handler | None = None) -> None:
    """From now on what the program logs is seen; -v shows what its libraries say as well."""
    to = handler or logging.StreamHandler()
    to.setFormatter(_Lines(asked))
    level = logging.DEBUG if asked.debug else logging.INFO if asked.verbose else logging.WARNING
    logging.basicConfig(handlers=[to], level=level, force=True)
    logger.setLevel(min(level, logging.INFO))
    # It tells of each beat, and warns of beats that coincide, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.DEBUG if asked.debug else logging.ERROR)
