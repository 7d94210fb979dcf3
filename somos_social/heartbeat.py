"""Lets a watcher outside know that posts are looked after, so that silence is noticed there."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from somos_social.errors import SomosError

logger = logging.getLogger("somos")

TIMEOUT = timedelta(seconds=8)
"""For the whole of it: nobody waits for an answer that says nothing."""

_SCHEMES = ("https://", "http://")


class Heartbeat:
    """Called after all went well: asks for the address that the config names, and disturbs nothing.

    A redirect is not followed. What goes wrong is told in the log once, until it goes well again;
    the address is a secret and is never told.
    """

    def __init__(self, url: Callable[[], str], *, rebase: Mapping[str, str]) -> None:
        self._url = url
        self._rebase = rebase
        self._is_failing = False

    def __call__(self) -> None:
        try:
            problem = self._ping()
        except SomosError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, posts go out all the same
            problem = f"It cannot be asked ({type(error).__name__})."
        if problem is not None and not self._is_failing:
            logger.warning("The heartbeat under [notify] does not arrive. %s", problem)
        if problem is None and self._is_failing:
            logger.info("The heartbeat under [notify] arrives again.")
        self._is_failing = problem is not None

    def _ping(self) -> str | None:
        from requests import RequestException

        from somos_social.platforms.transport import open_session, translate

        url = self._url()
        if not url.startswith(_SCHEMES):
            return "It is no address of the web: write one that begins with https://."
        with open_session(timeout=TIMEOUT, rebase=self._rebase) as session:
            try:
                answer = session.get(url)
            except RequestException as error:
                return translate(error, to="It").reason
        if answer.is_redirect:
            return "It leads elsewhere: write the address that it leads to."
        return None if answer.ok else f"It answered with {answer.status_code}."
