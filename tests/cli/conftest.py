"""The stage of each test: an empty folder, a clock in Panama, no config of the developer's own."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from somos_social import rehearsal
from somos_social.sandbox import Account, Sandbox
from tests.cli.stage import FACEBOOK, Stage, X


@pytest.fixture(autouse=True)
def panama(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/Panama")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A program that ends takes its log with it; a call inside the tests would leave it behind."""
    loggers = [logging.getLogger(name) for name in (None, "somos", "apscheduler")]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    nowhere: dict[str, str | None] = {
        "SOMOS_CONFIG": None,
        "XDG_CONFIG_HOME": str(tmp_path / "nobody"),
        "NO_COLOR": "1",
        "FORCE_COLOR": None,
        "TTY_COMPATIBLE": None,
    }
    stage = Stage(folder=tmp_path, environ=nowhere)
    yield stage
    stage.stop()


@pytest.fixture
def accounts() -> list[Account]:
    return rehearsal.accounts_for([FACEBOOK, X])


@pytest.fixture
def box(accounts: list[Account]) -> Iterator[Sandbox]:
    with Sandbox(accounts=accounts) as box:
        yield box


@pytest.fixture
def connected(stage: Stage, box: Sandbox, accounts: list[Account]) -> Stage:
    """With a config that leads to Facebook and X on this machine."""
    stage.connect(box, accounts)
    return stage
