"""The screens that people see, as they stand on a terminal of a hundred columns in Panama.

`SOMOS_WRITE_SCREENS=1 pytest tests/cli/test_screens.py` writes them anew: read the difference.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import Store
from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage
from tests.samples import FACEBOOK as PAGE
from tests.samples import INSTAGRAM, a_comment, a_delivery, standing

SCREENS = Path(__file__).parent / "screens"
TERMINAL = {"TTY_COMPATIBLE": "1", "COLUMNS": "100", "NO_COLOR": "1"}
LONG_AGO = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def deliveries() -> list[Delivery]:
    """One in each state that a screen tells apart."""
    coming = a_delivery("guia", channel=INSTAGRAM, due_at=FAR)
    return [
        standing(Status.PUBLISHED, "carmen"),
        standing(Status.UNCONFIRMED, "samuel", reason="X did not answer in time.", run_at=FAR),
        standing(Status.FAILED, "mesa", channel=PAGE, reason="Facebook refused it: too long."),
        standing(Status.MISSED, "rios", channel=INSTAGRAM, reason="Its hour passed."),
        a_delivery("ocho", blocked=True, reason="The token of this channel no longer works."),
        standing(Status.CANCELLED, "fiesta", reason="The feast was put off."),
        coming,
        a_comment(coming),
    ]


@pytest.fixture
def stocked(stage: Stage) -> Stage:
    """With a database of many states, all written down at one moment of the past."""
    stage.write("config.toml", '[store]\nurl = "sqlite:///somos.db"\n')
    store = Store(f"sqlite:///{stage.folder}/somos.db")
    store.schedule(deliveries(), [], [], now=LONG_AGO, actor="ana")
    store.close()
    return stage


def hold(name: str, shown: str) -> None:
    """`shown` is what the kept screen of this name says, but for spaces at the ends of lines."""
    lines = [line.rstrip() for line in shown.splitlines()]
    text = "\n".join(lines) + "\n"
    kept = SCREENS / f"{name}.txt"
    if os.environ.get("SOMOS_WRITE_SCREENS"):
        SCREENS.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def test_the_list_of_deliveries(stocked: Stage) -> None:
    hold("queue-list", stocked.somos("queue", "list", **TERMINAL).out)


def test_one_delivery(stocked: Stage) -> None:
    key = deliveries()[1].key
    hold("queue-show", stocked.somos("queue", "show", key, **TERMINAL).out)


def test_what_needs_a_person(stocked: Stage) -> None:
    hold("status", stocked.somos("status", **TERMINAL).out)


def test_the_log(stocked: Stage) -> None:
    hold("log", stocked.somos("log", **TERMINAL).out)


def test_a_plan(stage: Stage) -> None:
    stage.write(
        "config.toml", f'[[channel]]\nname = "{FACEBOOK}"\npage_id = "1"\ntoken = "env:T"\n'
    )
    stage.campaign({"uno": FAR, "dos": FAR}, head='approvals = ["UNHCR", "IOM"]')
    path = stage.folder / "campaigns/prueba.toml"
    text = path.read_text(encoding="utf-8").replace(', "x:somoslomismo"', "")
    path.write_text(text, encoding="utf-8")
    answer = stage.somos("plan", SLUG, **TERMINAL)
    hold("plan", answer.out + answer.err)


def test_the_problems_of_a_campaign(stage: Stage) -> None:
    stage.write(
        "campaigns/prueba.toml",
        'name = "Prueba"\ntimezone = "America/Panam"\nchannels = ["faceboo:somoslomismo"]\n'
        '[[post]]\nkey = "uno"\ndue = 2026-12-01\ntxt = "Hola"\n',
    )
    hold("problems", stage.somos("check", SLUG, "missing.toml", **TERMINAL).err)


def test_the_channels(stage: Stage) -> None:
    stage.write(
        "config.toml",
        f'[[channel]]\nname = "{FACEBOOK}"\npage_id = "1784"\ntoken = "env:SOMOS_MISSING_TOKEN"\n',
    )
    hold("channel-list", stage.somos("channel", "list", **TERMINAL).out)
