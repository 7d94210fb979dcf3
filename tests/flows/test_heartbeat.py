"""A watcher outside hears that all goes well, at a real web address, and disturbs nothing."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from somos_social import heartbeat
from somos_social.daemon import Daemon, once
from somos_social.errors import InvalidFiles, StoreError
from somos_social.flows import App
from somos_social.heartbeat import Heartbeat
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform
from tests.receivers import SECRET, Watcher, a_watcher
from tests.samples import a_delivery


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    with a_watcher() as running:
        yield running


@pytest.fixture
def watched(app: App, watcher: Watcher) -> App:
    return replace(app, pulse=Heartbeat(lambda: watcher.url, rebase={}))


def runs(app: App, until: Any) -> None:
    """A daemon on its real clock, until that is true or five seconds are over."""
    ended = threading.Event()
    daemon = Daemon(replace(app, stopping=ended.is_set), workers=1, tick=timedelta(seconds=1))
    running = threading.Thread(target=daemon.run)
    running.start()
    began = time.monotonic()
    while not until(time.monotonic() - began) and time.monotonic() < began + 5:
        time.sleep(0.01)
    ended.set()
    daemon.stop()
    running.join()


def test_a_daemon_is_heard_at_once_and_then_at_most_once_a_minute(
    watched: App, watcher: Watcher
) -> None:
    runs(watched, lambda seconds: seconds > 2.2)
    assert watcher.got == [f"/{SECRET}"]


def test_each_tick_for_cron_is_heard_once_all_is_done(
    watched: App, desk: Desk, watcher: Watcher, platform: ScriptedPlatform
) -> None:
    desk.schedule(a_delivery())
    once(watched, 1)
    once(watched, 1)
    assert len(watcher.got) == 2
    assert platform.public == {a_delivery().key: 1}


def test_a_tick_that_failed_is_not_heard(watched: App, watcher: Watcher, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "somos.db")) as database:
        database.execute("ALTER TABLE deliveries RENAME TO lost")
    with pytest.raises(StoreError):
        once(watched, 1)
    runs(watched, lambda seconds: seconds > 1.2)
    assert watcher.got == []


def test_a_watcher_that_fails_is_told_of_once_without_its_address(
    watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    pulse = Heartbeat(lambda: watcher.url, rebase={})
    watcher.status = 500
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            pulse()
        watcher.status = 200
        pulse()
        pulse()
        watcher.status = 404
        pulse()
    said = [it.getMessage() for it in caplog.records if it.name == "somos"]
    assert said == [
        "The heartbeat under [notify] does not arrive. It answered with 500.",
        "The heartbeat under [notify] arrives again.",
        "The heartbeat under [notify] does not arrive. It answered with 404.",
    ]
    assert SECRET not in caplog.text


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/", "{other}"])
def test_a_watcher_that_leads_elsewhere_is_not_followed(
    watcher: Watcher, caplog: pytest.LogCaptureFixture, to: str
) -> None:
    with a_watcher() as other, caplog.at_level(logging.WARNING, "somos"):
        watcher.status, watcher.leads_to = 302, to.format(other=other.url)
        Heartbeat(lambda: watcher.url, rebase={})()
        assert other.got == []
    assert "write the address that it leads to" in caplog.text


def missing() -> str:
    raise InvalidFiles([])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (lambda: f"http://127.0.0.1:9/{SECRET}", "It cannot be reached"),
        (lambda: f"file:///{SECRET}", "It is no address of the web"),
        (lambda: f"https://[{SECRET}", "It cannot be"),
        (lambda: "", "It is no address of the web"),
        (missing, ""),
    ],
)
def test_an_address_that_is_none_disturbs_nothing(
    app: App,
    desk: Desk,
    platform: ScriptedPlatform,
    caplog: pytest.LogCaptureFixture,
    url: Any,
    why: str,
) -> None:
    desk.schedule(a_delivery())
    with caplog.at_level(logging.DEBUG):
        once(replace(app, pulse=Heartbeat(url, rebase={})), 1)
    assert platform.public == {a_delivery().key: 1}
    assert f"does not arrive. {why}" in caplog.text
    assert SECRET not in caplog.text


def test_a_watcher_that_says_nothing_keeps_no_post_waiting(
    watched: App,
    desk: Desk,
    watcher: Watcher,
    platform: ScriptedPlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heartbeat, "TIMEOUT", timedelta(seconds=8))
    watcher.silence = 4
    waits: list[float] = []

    def is_over(seconds: float) -> bool:
        if watcher.got and not waits:
            desk.schedule(a_delivery())
            waits.append(seconds)
        return bool(platform.public)

    runs(watched, is_over)
    assert platform.public == {a_delivery().key: 1}
    assert not watcher.answered
