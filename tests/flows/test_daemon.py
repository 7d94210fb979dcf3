"""The daemon as a whole, on its real clock."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

from somos_social.core.handoff import Accepted
from somos_social.daemon import Daemon
from somos_social.flows import App
from somos_social.flows.handoff import act, known
from somos_social.notify import Apprise
from tests.conftest import Clock
from tests.handoffs import ASKED
from tests.receivers import a_post_office
from tests.samples import NOW


def test_a_daemon_that_is_told_to_end_in_its_first_moments_ends_in_order(app: App) -> None:
    for delay in (0.0, 0.0005, 0.001, 0.002, 0.004, 0.008) * 5:
        told = threading.Event()
        daemon = Daemon(replace(app, stopping=told.is_set), workers=1, tick=timedelta(seconds=5))

        def stop(told: threading.Event = told, daemon: Daemon = daemon) -> None:
            told.set()
            daemon.stop()

        timer = threading.Timer(delay, stop)
        timer.start()
        daemon.run()
        timer.join()


def test_a_daemon_tells_people_what_is_due_from_its_first_moment_on(app: App, clock: Clock) -> None:
    app.store.schedule((), (), (ASKED,), now=NOW, actor="ana")
    act(app, known(app, ASKED.name), Accepted())
    clock.reach(ASKED.draft_due or NOW)
    ended = threading.Event()
    with a_post_office() as post:
        notifier = Apprise(urls=[], mail=lambda: post.url, contact=lambda contact: contact)
        told = replace(app, notifier=notifier, stopping=ended.is_set)
        daemon = Daemon(told, workers=1, tick=timedelta(seconds=5))
        running = threading.Thread(target=daemon.run)
        running.start()
        for _ in range(500):
            if post.got:
                break
            time.sleep(0.01)
        ended.set()
        daemon.stop()
        running.join()
    assert [mail.to for mail in post.got] == ["ana@example.org"]
