"""`somos log`: all that happened, as it was written, and whether it still is as it was written."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.core.occurrences import is_of
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from somos_social.flows import App

POLL_SECONDS = 1.0

app = typer.Typer(invoke_without_command=True)

Since = Annotated[
    str | None,
    typer.Option(help="Only from then on: 2h, 3d, 2026-12-01 or 2026-12-01T09:00."),
]
Channel = Annotated[
    str | None,
    typer.Option(help="Only this channel.", autocompletion=completion.channels),
]
Post = Annotated[
    str | None,
    typer.Option(help="Only this post of any campaign.", autocompletion=completion.posts),
]
Delivery = Annotated[
    str | None,
    typer.Option(help="Only this delivery.", autocompletion=completion.delivery_keys),
]


@app.callback()
def log(
    ctx: typer.Context,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on showing what happens, until Ctrl-C.")
    ] = False,
    since: Since = None,
    channel: Channel = None,
    post: Post = None,
    delivery: Delivery = None,
) -> None:
    """Show all that happened: every move of every delivery, with who, when and why."""
    if ctx.invoked_subcommand is not None:
        if follow or since or channel or post or delivery:
            raise UsageError(f"Write the options after `{ctx.invoked_subcommand}`.")
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


def _read(app: "App", post: str | None, **wanted: Any) -> list[Mapping[str, Any]]:
    return list(_only(post, app.store.log(**wanted)))


def _only(post: str | None, entries: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return (it for it in entries if post is None or is_of(_post(it["delivery"]), post))


def _post(key: str) -> str:
    """Also of what people said of it, such as approval/UNHCR/CAMPAIGN/POST@CHANNEL."""
    return key.rpartition("/")[2].partition("@")[0]


def _follow(
    app: "App", found: list[Mapping[str, Any]], post: str | None, *, as_json: bool, **wanted: Any
) -> None:
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
def export(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; without one, or -, to the output.")
    ] = None,
    kind: Annotated[
        Literal["jsonl", "csv"] | None,
        typer.Option("--format", help="What to write.  [default: by the end of the file's name]"),
    ] = None,
    since: Since = None,
    channel: Channel = None,
    post: Post = None,
    delivery: Delivery = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Write the log to a file, as proof to be kept elsewhere: see `somos log verify --against`."""
    from somos_social.cli import new_file, rendering
    from somos_social.cli.export import encoding_of, kind_of
    from somos_social.cli.opening import opened
    from somos_social.whole_file import replacing

    call = asked(ctx)
    wanted = {"since": _moment(since), "channel": channel, "delivery": delivery}
    if file is None or str(file) == "-":
        if call.json:
            raise UsageError("Name a file to write, or use `somos log --json`.")
        with opened(call) as app:
            _export(app, kind_of(None, kind), sys.stdout, post, **wanted)
        return
    written = kind_of(file, kind)
    path = new_file.to_write(file, force=force)
    with opened(call) as app, new_file.told(path), replacing(path) as part:
        encoding = encoding_of(written)
        with part.open("w", encoding=encoding, errors="backslashreplace", newline="") as to:
            number = _export(app, written, to, post, **wanted)
    if call.json:
        rendering.document({"file": str(path), "format": written, "entries": number})
    else:
        entries = rendering.counted(number, "entry of the log is", "entries of the log are")
        rendering.say(
            f"{entries} in {file}. Keep it on another machine: later, "
            f"`somos log verify --against {file}` shows whether the log still is what it was."
        )


def _export(app: "App", kind: str, to: TextIO, post: str | None, **wanted: Any) -> int:
    from somos_social.cli.export import write
    from somos_social.store.chain import Heads

    with app.store.log_and_heads(**wanted) as (entries, heads):
        return write(kind, to, _only(post, entries), Heads(heads, app.now()))


@app.command()
def verify(
    ctx: typer.Context,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            help="An earlier export: what it knows of must stand in the log unchanged. May be "
            "given several times."
        ),
    ] = None,
    seal: Annotated[
        bool,
        typer.Option(
            "--seal", help="Seal the log as it is now, if it is whole but for its seal; keep that."
        ),
    ] = False,
) -> None:
    """Prove that no entry was changed, moved or removed. Ends with 6 if one was."""
    from somos_social.cli import export, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    exports = [export.witness(file) for file in against or ()]
    witnesses = [witness for witness, _ in exports]
    with opened(call) as app:
        broken = app.store.broken_links(*witnesses, but_for_its_seal=seal)
        number = app.store.log_length()
        broken += [line for _, lines in exports for line in lines]
        kept = app.store.seal_anew(app.now()) if seal and not broken else None
    if call.json:
        rendering.document({"broken": broken, "entries": number})
    elif broken:
        rendering.say("The log is not what was written:", *(f"  {it}" for it in broken))
    else:
        rendering.say(f"The log is whole: {rendering.counted(number, 'entry', 'entries')}.")
        rendering.say(*(f"It passes through {witness}." for witness in witnesses))
    if kept:
        rendering.note(f"It is sealed anew; the seal so far is kept as {kept}.")
    if broken:
        if seal:
            rendering.note("It was not sealed anew.")
        raise typer.Exit(NeedsPerson.exit_code)
