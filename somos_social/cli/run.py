"""`somos run`: the publishing daemon in the foreground, or one tick of it for cron."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import asked
from somos_social.errors import InvalidFiles, NeedsPerson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from somos_social.cli.stopping import Stopping
    from somos_social.core.model.delivery import Delivery
    from somos_social.flows import App
    from somos_social.settings import Settings

WAITING = 100
"""So many of those that wait are held against each other; what was put off may stand before."""

PATIENCE = timedelta(seconds=45)
"""How long a tick for cron waits for what is due and still being processed: under a minute."""


def run(
    ctx: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Publish what is due now, then end: for cron.")
    ] = False,
) -> None:
    """Publish what is due, when it is due, until Ctrl-C, SIGTERM or SIGHUP.

    What is under way is then finished or given back; a second Ctrl-C ends at once. With --once it
    ends with 6 if something needs a person.
    """
    from somos_social import wiring
    from somos_social.cli import deliveries, documents, rendering, reporting
    from somos_social.cli.configured import load
    from somos_social.cli.stopping import Stopping
    from somos_social.cli.uploads import Uploads
    from somos_social.core.delivery import Move

    call = asked(ctx)
    settings = load(call)
    moved: dict[str, Delivery] = {}

    def heard(move: Move) -> None:
        reporting.logger.info("%s", deliveries.line(move))
        if once or call.json:
            moved[move.after.key] = move.after

    with Uploads() as uploads, Stopping() as stopping:
        reporting.begin(call, uploads.log_handler())
        _warn_of_missing_secrets(settings)
        app = wiring.open_app(
            settings, actor=_actor(), stopping=stopping, heard=heard, progress=uploads.progress
        )
        try:
            app.store.refuse_damaged()
            code = (
                _once(app, settings, stopping, moved) if once else _serve(app, settings, stopping)
            )
        finally:
            app.store.close()
    if call.json:
        rendering.document({"deliveries": [documents.delivery(each) for each in moved.values()]})
    raise typer.Exit(code)


def _actor() -> str:
    import os
    import socket

    return f"run@{socket.gethostname()}:{os.getpid()}"


def _warn_of_missing_secrets(settings: "Settings") -> None:
    """One channel without its secret must not silence the others, nor one address of the desk."""
    from somos_social.cli.reporting import logger

    for channel in settings.channels.values():
        for key in channel.secrets:
            try:
                channel.secret(key)
            except InvalidFiles as error:
                logger.warning("%s", error)
    for secret in settings.notify.secrets:
        try:
            secret.reveal()
        except InvalidFiles as error:
            logger.warning("%s", error)


def _once(
    app: "App", settings: "Settings", stopping: "Stopping", moved: "Mapping[str, Delivery]"
) -> int:
    from somos_social.cli import deliveries
    from somos_social.cli.reporting import logger
    from somos_social.core.delivery import is_looked_for
    from somos_social.core.model.delivery import Status
    from somos_social.daemon import once
    from somos_social.flows.channel import introduce

    once(app, settings.workers, patience=PATIENCE)
    introduce(app)
    if stopping():
        return stopping.exit_code
    in_hand = app.store.listed(statuses=[Status.CLAIMED, Status.PUBLISHING])
    stuck = [
        each.key
        for each in moved.values()
        if deliveries.needs_a_person(each) and not is_looked_for(each, app.now())
    ]
    left = [each.key for each in in_hand if (each.lease or "").startswith(f"{app.actor}#")]
    for key in left:
        logger.error("%s was left in hand; it is mended once its lease has run out.", key)
    stopped = [hold.channel for hold in app.store.holds(app.now()).values() if hold.stopped]
    for channel in stopped:
        logger.error("%s is stopped: run `somos status`.", channel)
    return NeedsPerson.exit_code if stuck or left or stopped else 0


def _serve(app: "App", settings: "Settings", stopping: "Stopping") -> int:
    from somos_social.cli.reporting import logger
    from somos_social.daemon import Daemon

    daemon = Daemon(
        app,
        workers=settings.workers,
        tick=settings.tick,
        cron=settings.cron,
        metrics=settings.metrics,
        timezone=settings.timezone,
    )

    def stop() -> None:
        logger.info("Told to end: finishing what is under way. Once more ends at once.")
        daemon.stop()

    stopping.then = stop
    logger.info(
        "Publishing for %s; %s.", ", ".join(settings.channels) or "no channel", _next_one(app)
    )
    daemon.run()
    logger.info("Ended; nothing is left in hand.")
    return 0


def _next_one(app: "App") -> str:
    """When something goes out: not when it is prepared, and not before what it was put off to."""
    from somos_social.cli import rendering
    from somos_social.core.model.delivery import Status

    waiting = app.store.listed(statuses=[Status.SCHEDULED], limit=WAITING)
    times = [max(each.due_at, each.run_at) for each in waiting if each.run_at]
    if not times:
        return "nothing waits"
    first = min(times)
    return "the next now" if first <= app.now() else f"the next at {rendering.local_time(first)}"
