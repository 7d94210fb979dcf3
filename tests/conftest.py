"""What holds for every test: no network but loopback, and a clock that only the test moves."""

import os
import signal
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Pool, event

from somos_social.store import Store
from tests.samples import NOW

settings.register_profile(
    "default",
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("long", settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


LONG = ("torture", "architecture/test_tour.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest goes first, so that nobody waits for it alone at the end."""
    here = Path(__file__).parent
    items.sort(key=lambda it: not str(it.path.relative_to(here)).startswith(LONG))


class NetworkIsClosed(BaseException):
    """Not an Exception, so that no code under test takes it for a failure of a network."""


def _is_near(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = str(address[0]).partition("%")[0]
    if host in ("", "localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Whoever tries to leave this machine ends the test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def signals_are_heard() -> None:
    """Tests, and the programs they start, hear Ctrl-C and hang-ups wherever they run.

    A shell in the background or `nohup` lets these be ignored, and children inherit that.
    """
    for number, usual in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


def _guarded(connect: Any) -> Any:
    def only_near(self: socket.socket, address: Any) -> Any:
        if not _is_near(address):
            raise NetworkIsClosed(f"A test tried to reach {address}.")
        return connect(self, address)

    return only_near


def _without_waiting(connection: Any, _record: Any, _proxy: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def disk_is_not_awaited() -> Iterator[None]:
    """For tests that write thousands of times and whose question is not a failing power supply."""
    event.listen(Pool, "checkout", _without_waiting)
    yield
    event.remove(Pool, "checkout", _without_waiting)


class Clock:
    """The time of a test: a function that tells it, and a way to let it pass."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def __call__(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> datetime:
        self.time += by
        return self.time

    def reach(self, time: datetime) -> datetime:
        self.time = max(self.time, time)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as the store makes it, made once: copying is quicker than migrating."""
    file = tmp_path_factory.mktemp("new") / "somos.db"
    Store(f"sqlite:///{file}").close()
    return file
