"""`somos board`: the web application for reviewers and approvers, and who is let in."""

from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from somos_social.cli.asked import asked
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from somos_social.core.guests import Guest
    from somos_social.settings import Settings

HOST, PORT = "127.0.0.1", 8765

app = typer.Typer(invoke_without_command=True)

Name = Annotated[str, typer.Argument(metavar="ORG:NAME", help="As in UNHCR:Ana.")]


@app.callback()
def board(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="The address to answer on.")] = HOST,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port to answer on; 0 for any.")
    ] = PORT,
) -> None:
    """Serve the board until Ctrl-C: calendar, queue, posts as they will look, approvals, the log.

    People come in by a personal link, which `somos board invite` makes. It answers this machine
    alone unless told otherwise; docs/reviewers.md has how to put it behind a proxy that speaks TLS.
    """
    if ctx.invoked_subcommand is not None:
        if (host, port) != (HOST, PORT):
            raise UsageError(
                f"`somos board {ctx.invoked_subcommand}` takes no --host and no --port."
            )
        return
    from somos_social import wiring
    from somos_social.board import Board, Serving
    from somos_social.cli import rendering
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened
    from somos_social.cli.stopping import Stopping

    call = asked(ctx)
    settings = load(call)
    with opened(call, acting=True) as program:
        public = settings.board.public_url
        served = Board(program, wiring.open_door(settings), public_url=public, host=host)
        serving = Serving(served, host=host, port=port, behind_a_proxy=public is not None)
        try:
            serving.__enter__()
        except OSError as error:
            raise UsageError(
                f"Nothing can answer on {host}:{port}: {error.strerror}. Name another --port."
            ) from None
        try:
            with Stopping() as stopping:
                rendering.note(*_warnings(host, settings))
                if call.json:
                    rendering.document({"url": serving.url, "public_url": public})
                else:
                    _introduce(serving.url, settings)
                stopping.wait()
        finally:
            serving.__exit__(None, None, None)


def _introduce(url: str, settings: "Settings") -> None:
    from somos_social.cli import rendering

    where = (
        f", and people reach it at {settings.board.public_url}" if settings.board.public_url else ""
    )
    rendering.say(
        f"The board answers at {url}{where}. Ctrl-C ends it.",
        "Let someone in: somos board invite UNHCR:Ana --role approver",
    )


def _warnings(host: str, settings: "Settings") -> "Iterator[str]":
    public = settings.board.public_url
    if not _is_here(host):
        yield (
            f"WARNING: the board answers on {host}, which other machines can reach. What they send "
            "and see is not encrypted there: personal links and visits can be read on the way. "
            "Answer on 127.0.0.1 and put a proxy that speaks TLS before it: docs/reviewers.md."
        )
    if public is not None and not public.startswith("https:"):
        yield (
            f"WARNING: [board] public_url is {public}, without TLS: whoever is on the way can take "
            "over a visit. Write an address that begins with https:."
        )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@app.command()
def invite(
    ctx: typer.Context,
    name: Name,
    role: Annotated[
        Literal["reader", "approver"],
        typer.Option(help="Whether they may only look, or also approve and pause."),
    ],
    days: Annotated[int, typer.Option(help="After so many days the link opens nothing.")] = 7,
) -> None:
    """Make a personal link that lets someone in once. It is shown now and never again.

    Send it to nobody but them. Another invitation replaces the link before, and gives whoever is in
    already the new role. Whoever is to approve becomes an approver: see `somos approver list`.
    """
    from somos_social import wiring
    from somos_social.cli import documents, rendering
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened
    from somos_social.core.guests import Role
    from somos_social.flows import invitations

    call = asked(ctx)
    settings = load(call)
    with opened(call, acting=True) as program:
        door = wiring.open_door(settings)
        guest, end = invitations.invite(program, door, name, Role(role), _span(days))
        now = program.now()
    public = settings.board.public_url
    link = f"{public or f'http://{HOST}:{PORT}'}/enter/{end}"
    if call.json:
        rendering.document({**documents.guest(guest, now), "link": link})
        return
    until = rendering.local_time(guest.link_until) if guest.link_until else ""
    rendering.say(
        f"{guest} may come in as {'an approver' if role == 'approver' else 'a reader'}, once, by "
        f"this link, until {until}:",
        f"  {link}",
        "It is shown only now. Send it to nobody else.",
    )
    if public is None:
        rendering.note(
            f"It leads to this machine alone, to a board that answers on port {PORT}. Where yours "
            "was given another --port, write that one into the link. Where others are to come in, "
            "set [board] public_url: docs/reviewers.md."
        )


def _span(days: int) -> timedelta:
    try:
        return timedelta(days=days)
    except OverflowError:
        raise UsageError("--days is too long.") from None


@app.command()
def invites(ctx: typer.Context) -> None:
    """List who is invited, who has come in, and who would need another link."""
    from somos_social import wiring
    from somos_social.cli import documents, rendering
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened
    from somos_social.flows import invitations

    call = asked(ctx)
    settings = load(call)
    with opened(call) as program:
        found = invitations.listed(program, wiring.open_door(settings))
        now = program.now()
    if call.json:
        rendering.document([documents.guest(each, now) for each in found])
    elif found:
        zone, times = rendering.local_times([each.seen_at or each.link_until for each in found])
        rendering.table(
            ["guest", "role", "status", f"seen, or link ends ({zone})", "invited by"],
            [_row(each, time, now) for each, time in zip(found, times, strict=True)],
        )
    else:
        rendering.note(
            "Nobody is invited. Invite someone: somos board invite UNHCR:Ana --role reader"
        )


def _row(guest: "Guest", time: str, now: "datetime") -> list[str]:
    return [str(guest), guest.role.value, guest.state(now), time, guest.invited_by]


@app.command()
def revoke(ctx: typer.Context, name: Name) -> None:
    """From this moment on their link opens nothing and their visits are over.

    They stay an approver with a key, if they have one: `somos approver remove` ends that, too.
    """
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows import invitations

    call = asked(ctx)
    with opened(call, acting=True) as program:
        guest, ended = invitations.revoke(program, name)
        now = program.now()
    if call.json:
        told: dict[str, Any] = documents.guest(guest, now)
        rendering.document({**told, "status": "revoked", "visits_ended": ended})
    else:
        visits = rendering.counted(ended, "visit was", "visits were")
        rendering.say(f"{guest} is out: the link opens nothing, {visits} ended.")
