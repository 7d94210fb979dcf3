"""`somos log`: all that happened, as it was written, and whether it still is as it was written."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from somos_social.flows import App

POLL_SECONDS = 1.0

app = typer.Typer(invoke_without_command=True)


@app.callback()
def log(
    ctx: typer.Context,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on showing what happens, until Ctrl-C.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(help="Only from then on: 2h, 3d, 2026-12-01 or 2026-12-01T09:00."),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Only this channel.", autocompletion=completion.channels),
    ] = None,
    post: Annotated[str | None, typer.Option(help="Only this post of any campaign.")] = None,
    delivery: Annotated[
        str | None,
        typer.Option(help="Only this delivery.", autocompletion=completion.delivery_keys),
    ] = None,
) -> None:
    """Show all that happened: every move of every delivery, with who, when and why."""
    if ctx.invoked_subcommand is not None:
        return
    from somos_social.cli import documents, entries, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    wanted = {"since": _moment(since), "channel": channel, "delivery": delivery}
    with opened(call) as app:
        found = _read(app, post, **wanted)
        if not follow:
            if call.json:
                rendering.document([documents.entry(entry) for entry in found])
            elif found:
                entries.table(found)
            else:
                known = app.store.listed(limit=1)
                rendering.note("Nothing matches." if known else "Nothing happened yet.")
            return
        _follow(app, found, post, as_json=call.json, **wanted)


def _read(app: "App", post: str | None, **wanted: Any) -> list[dict[str, Any]]:
    found = app.store.log(**wanted)
    return [entry for entry in found if post is None or _post(entry["delivery"]) == post]


def _post(key: str) -> str:
    return key.partition("/")[2].partition("@")[0]


def _follow(
    app: "App", found: list[dict[str, Any]], post: str | None, *, as_json: bool, **wanted: Any
) -> None:
    import sys
    import time

    from somos_social.cli import documents, entries, rendering

    beyond = 0
    while True:
        for entry in found:
            beyond = entry["id"]
            line = rendering.as_json(documents.entry(entry)) if as_json else entries.line(entry)
            typer.echo(line)
        sys.stdout.flush()
        time.sleep(POLL_SECONDS)
        found = _read(app, post, beyond=beyond, **wanted)


def _moment(written: str | None) -> "datetime | None":
    """A length of time before now, or a date with or without a time, on this machine's clock."""
    if written is None:
        return None
    from datetime import datetime

    from somos_social.document import Unfit, duration
    from somos_social.wiring import utc_now

    try:
        return utc_now() - duration(written)
    except Unfit:
        pass
    try:
        return datetime.fromisoformat(written.strip()).astimezone()
    except ValueError:
        raise UsageError(
            f"--since {written!r} is neither a length of time such as 2h or 3d nor a date such as "
            "2026-12-01 or 2026-12-01T09:00."
        ) from None


@app.command()
def verify(ctx: typer.Context) -> None:
    """Prove that no entry was changed, moved or removed. Ends with 6 if one was."""
    from somos_social.cli import rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    with opened(call) as app:
        broken = app.store.broken_links()
        number = len(app.store.log())
    if call.json:
        rendering.document({"broken": broken, "entries": number})
    elif broken:
        rendering.say("The log is not what was written:", *(f"  {it}" for it in broken))
    else:
        rendering.say(f"The log is whole: {rendering.counted(number, 'entry', 'entries')}.")
    if broken:
        raise typer.Exit(NeedsPerson.exit_code)
