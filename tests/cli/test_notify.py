"""`somos notify`: every address is tried out, and what was told and what waits is listed."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from somos_social.core.model.delivery import Status
from somos_social.store import Store
from tests.cli.stage import SLUG, Stage
from tests.handoffs import ASKED, DAY
from tests.receivers import Receiver, a_desk, a_post_office, a_watcher
from tests.samples import NOW, standing

SECRET = "hidden-token"
FAILED = standing(Status.FAILED)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with a_desk() as running:
        yield running


@pytest.fixture
def iom() -> Iterator[Receiver]:
    with a_desk() as running:
        yield running


@pytest.fixture
def post() -> Iterator[Receiver]:
    with a_post_office() as running:
        yield running


@pytest.fixture
def told(connected: Stage, hook: Receiver, iom: Receiver, post: Receiver) -> Stage:
    """With two addresses to be told at, and one to tell influencers from."""
    notify = (
        '[notify]\nurls = ["env:SOMOS_NOTIFY"]\nmail = "env:SOMOS_MAIL"\n'
        '[[notify.to]]\nurl = "env:SOMOS_IOM"\norganisation = "IOM"\nlanguage = "en"\n'
    )
    config = connected.folder / "config.toml"
    config.write_text(notify + config.read_text(encoding="utf-8"), encoding="utf-8")
    connected.environ |= {
        "SOMOS_NOTIFY": f"{hook.url}/{SECRET}",
        "SOMOS_IOM": f"{iom.url}/{SECRET}",
        "SOMOS_MAIL": post.url,
    }
    return connected


def test_each_address_gets_one_harmless_message(
    told: Stage, hook: Receiver, iom: Receiver, post: Receiver
) -> None:
    answer = told.somos("notify", "test")
    assert answer.code == 0, answer.err
    assert [it.split("\t") for it in answer.out.splitlines()[1:]] == [
        ["env:SOMOS_NOTIFY", "desk", "ok"],
        ["env:SOMOS_IOM", "IOM", "ok"],
        ["env:SOMOS_MAIL", "influencers", "ok"],
    ]
    assert [it.title for it in hook.got] == ["Prueba de somos_social"]
    assert [it.title for it in iom.got] == ["A test of somos_social"]
    assert [it.to for it in post.got] == ["mesa@example.org"]


def test_what_an_address_refuses_is_said_and_never_the_address(
    told: Stage, hook: Receiver, iom: Receiver
) -> None:
    hook.fails = True
    told.environ["SOMOS_MAIL"] = f"mailto://127.0.0.1:9?from=mesa@example.org&pass={SECRET}"
    answer = told.somos("notify", "test", "--json")
    assert answer.code == 5
    assert answer.json == [
        {
            "address": "env:SOMOS_NOTIFY",
            "for": "desk",
            "arrived": False,
            "reason": "It answered with 500.",
        },
        {"address": "env:SOMOS_IOM", "for": "IOM", "arrived": True, "reason": None},
        {
            "address": "env:SOMOS_MAIL",
            "for": "influencers",
            "arrived": False,
            "reason": "It could not be reached.",
        },
    ]
    assert SECRET not in answer.out + answer.err
    assert len(iom.got) == 1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (f"nonsense://{SECRET}", "no address that apprise understands"),
        (f"json://127.0.0.1:9/{SECRET}", "could not be reached"),
        (None, "Set the environment variable SOMOS_NOTIFY."),
    ],
)
@pytest.mark.parametrize("verbose", [(), ("-v", "--debug")], ids=["quiet", "verbose"])
def test_an_address_that_is_none_is_a_clear_failure(
    told: Stage, value: str | None, reason: str, verbose: tuple[str, ...]
) -> None:
    told.environ["SOMOS_NOTIFY"] = value
    answer = told.somos("notify", "test", *verbose)
    assert answer.code == 5
    assert reason in answer.out
    assert SECRET not in answer.out + answer.err


def test_where_nobody_is_named_there_is_nothing_to_try(connected: Stage) -> None:
    answer = connected.somos("notify", "test")
    assert answer.code == 2
    assert "[notify]" in answer.err


def test_what_was_told_and_what_waits_is_listed(told: Stage, hook: Receiver) -> None:
    assert "Nobody was told anything yet." in told.somos("notify", "list").err
    store = Store(f"sqlite:///{told.folder / 'somos.db'}")
    try:
        begun = NOW - 365 * DAY
        store.begin_telling("consent/P-014", "withdrawal>desk@3", begun, most=3)
        for kind, reason in (("failed>desk@1", None), ("missed>desk@2", "No address took it.")):
            store.begin_telling(FAILED.key, kind, NOW, most=3)
            store.end_telling(FAILED.key, kind, reason=reason, again_at=NOW if reason else None)
    finally:
        store.close()
    found = {it["about"]: it for it in told.somos("notify", "list", "--json").json}
    assert {about: it["state"] for about, it in found.items()} == {
        "failed": "told",
        "missed": "waits",
        "withdrawal": "unknown",
    }
    assert found["missed"] == {
        "at": "2026-12-01T14:00:00Z",
        "about": "missed",
        "to": "desk",
        "subject": FAILED.key,
        "state": "waits",
        "attempts": 1,
        "again_at": "2026-12-01T14:00:00Z",
        "reason": "No address took it.",
    }
    answer = told.somos("notify", "list")
    assert "P-014" not in answer.out
    assert "No address took it." in answer.out


def test_what_could_not_be_told_stands_in_status_and_ends_nothing_in_6(
    told: Stage, hook: Receiver, iom: Receiver
) -> None:
    told.campaign({"uno": datetime.now(UTC) + timedelta(hours=30)}, head='approvals = ["IOM"]')
    assert told.somos("schedule", SLUG).code == 0
    hook.fails = True
    assert told.somos("run", "--once").code == 0
    assert [it.title for it in iom.got] == ["IOM: your approval is wanted"]
    status = told.somos("status", "--json")
    assert status.code == 0
    assert status.json["needs_a_person"] == []
    [wanted] = status.json["approvals_wanted"]
    assert (wanted["post"], wanted["organisations"]) == ("uno", ["IOM"])
    [waits] = status.json["untold"]
    assert (waits["about"], waits["to"], waits["state"]) == (
        "approval-wanted",
        "desk:IOM",
        "waits",
    )
    said = told.somos("status").out
    assert "1 message could not be told. See: somos notify list, somos notify test" in said
    assert f"{SLUG}/uno, due " in said
    assert SECRET not in said + status.out


def test_a_program_that_is_killed_while_it_tells_tells_nobody_twice(
    told: Stage, hook: Receiver, iom: Receiver
) -> None:
    told.campaign({"uno": datetime.now(UTC) + timedelta(hours=30)}, head='approvals = ["IOM"]')
    assert told.somos("schedule", SLUG).code == 0
    hook.silence = 3
    running = told.start("run", "--once")
    for _ in range(1000):
        if hook.asked:
            break
        time.sleep(0.02)
    running.kill()
    running.wait()
    assert told.somos("run", "--once").code == 0
    assert (hook.asked, len(iom.got)) == (1, 1)
    states = {it["to"]: it["state"] for it in told.somos("notify", "list", "--json").json}
    assert states == {"desk:IOM": "sending", "env:SOMOS_IOM:IOM": "told"}


def test_a_late_hand_off_stands_in_status(told: Stage) -> None:
    past = datetime.now(UTC) - timedelta(days=2)
    store = Store(f"sqlite:///{told.folder / 'somos.db'}")
    try:
        late = replace(ASKED, draft_due=past, live_due=past + DAY, contact=f"{SECRET}@example.org")
        store.schedule((), (), (late,), now=past - DAY, actor="ana")
    finally:
        store.close()
    status = told.somos("status", "--json")
    [found] = status.json["late_handoffs"]
    assert (found["key"], found["late"]) == (ASKED.key, True)
    assert status.code == 0
    said = told.somos("status").out
    assert f"somos handoff show {ASKED.name}" in said
    assert SECRET not in said + status.out


def test_an_address_that_is_missing_is_told_when_the_daemon_begins(told: Stage) -> None:
    told.environ["SOMOS_IOM"] = None
    answer = told.somos("run", "--once")
    assert answer.code == 0
    assert "notify.to[0].url: names env:SOMOS_IOM, which is not set." in answer.err
    assert SECRET not in answer.err


def test_a_tick_for_cron_lets_a_watcher_know(told: Stage) -> None:
    with a_watcher() as watcher:
        config = told.folder / "config.toml"
        text = config.read_text(encoding="utf-8")
        beat = '[notify]\nheartbeat = "env:SOMOS_HEARTBEAT"\n'
        config.write_text(text.replace("[notify]\n", beat, 1), encoding="utf-8")
        assert told.somos("run", "--once", SOMOS_HEARTBEAT=watcher.url).code == 0
        assert len(watcher.got) == 1
