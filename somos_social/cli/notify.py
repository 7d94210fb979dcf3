"""`somos notify`: whether everybody who is to be told can be, and what they were told."""

from typing import TYPE_CHECKING

import typer

from somos_social.cli.asked import asked
from somos_social.errors import NetworkRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from somos_social.flows.hearing import Noted

MOST = 100
"""So many of those that were told are listed for a person; a document holds all."""

app = typer.Typer(no_args_is_help=True, help="Try out who is told, and see what they were told.")


@app.command()
def test(ctx: typer.Context) -> None:
    """Send one harmless message to every address under [notify]. Ends with 5 if one refuses it.

    Each address is named by where it lies, such as env:SOMOS_NOTIFY. The sender of mail to
    influencers writes to itself.
    """
    from somos_social.cli import documents, rendering, reporting
    from somos_social.cli.configured import load
    from somos_social.flows.hearing import try_all

    call = asked(ctx)
    reporting.begin(call)
    found = list(try_all(load(call).notify))
    if not found:
        raise UsageError("The config names nobody to be told under [notify].")
    if call.json:
        rendering.document([documents.tried(each) for each in found])
    else:
        rendering.table(
            ["address", "for", "arrived"],
            [[it.address, it.whose, it.reason or "ok"] for it in found],
        )
    if any(each.reason for each in found):
        raise typer.Exit(NetworkRefused.exit_code)


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List what was told, when and to whom, and what could not be told yet."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows.hearing import State, noted

    call = asked(ctx)
    with opened(call) as app:
        found = noted(app)
    if call.json:
        rendering.document([documents.noted(each) for each in found])
        return
    waits = [each for each in found if each.state is not State.TOLD]
    told = [each for each in found if each.state is State.TOLD]
    table([*waits, *told[:MOST]])
    if not found:
        rendering.note("Nobody was told anything yet.")
    elif len(told) > MOST:
        rendering.note(f"{len(told) - MOST} older ones are left out; --json has them all.")


def table(found: "Iterable[Noted]") -> None:
    """What each is about, to whom, and how that stands."""
    from somos_social.cli import rendering

    rows = [
        [
            rendering.local_time(it.at),
            it.about,
            it.to,
            it.state.value,
            it.subject,
            it.reason or "",
        ]
        for it in found
    ]
    if rows:
        rendering.table(["last tried", "about", "to", "state", "subject", "why not"], rows)
