"""The daemon as a whole, on its real clock."""

import threading
from dataclasses import replace
from datetime import timedelta

from somos_social.daemon import Daemon
from somos_social.flows import App


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
