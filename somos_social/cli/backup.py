"""`somos backup` and `somos restore`: a copy of the database, and the way back to it."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli.asked import Asked, asked
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from somos_social.cli.uploads import Uploads
    from somos_social.store import Store
    from somos_social.store.backup import Copy

ON_A_SERVER = {
    "backup": "Copy it with `pg_dump --format=custom --file=FILE DATABASE`, which daemons need not "
    "stop for, and write down the time at which it began.",
    "restore": "Stop every daemon, and put a copy back with `pg_restore`. Before a daemon starts, "
    "mark the database as a copy: INSERT INTO snapshot (taken_at) VALUES ('TIME OF THE DUMP'); "
    "What was due since is then looked for on the networks, and not published twice.",
}


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to make.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Copy the database into a file, while daemons run. Ends with 6 if its log is not whole."""
    from somos_social.cli import new_file, uploads
    from somos_social.store.backup import back_up
    from somos_social.wiring import utc_now

    call = asked(ctx)
    database = _database(call, "backup")
    path = new_file.to_write(file, force=force)
    with uploads.Uploads() as bars, new_file.told(path):
        copy = back_up(database, path, now=utc_now(), progress=_after_a_second(bars, file.name))
    _tell(
        call,
        copy,
        {"file": str(path), "bytes": path.stat().st_size},
        f"{file} holds {_contents(copy)}. Keep it on another machine. `somos restore {file}` "
        "puts it back.",
    )


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `somos backup` made, or another copy.")],
) -> None:
    """Put a copy in place of the database, which is kept; publishes nothing twice."""
    from somos_social.cli import new_file, rendering
    from somos_social.store.restore import restore as put_back
    from somos_social.wiring import utc_now

    call = asked(ctx)
    database = _database(call, "restore")
    carry_over = partial(_carried_over, call)
    with new_file.told(database):
        restored = put_back(file, database, now=utc_now(), carry_over=carry_over)
    copy = restored.copy
    kept = f"The database so far is kept as {restored.kept}. " if restored.kept else ""
    _tell(
        call,
        copy,
        {
            "file": str(file),
            "due": copy.due,
            "kept": restored.kept and str(restored.kept),
            "carried": bool(restored.carried),
        },
        f"{file} is in place, with {_contents(copy)}. {kept}"
        f"{rendering.counted(copy.due, 'delivery was', 'deliveries were')} due since the backup of "
        f"{rendering.local_time(copy.taken_at)}: {_what_of_them(restored.carried)} "
        "Start it with `somos run`.",
    )
    if restored.carried is False:
        rendering.note(
            "The log of the database so far is not whole. Of it only what may be public is known "
            "here, and what keeps something back: who withdrew consent, what is paused or was "
            "cancelled. Where consents are on record, nothing that shows anyone goes out until you "
            f"say: somos resume --person '*'. See what is wrong in {restored.kept}, record again "
            "what is missing, and run `somos schedule` for each campaign."
        )
        raise typer.Exit(NeedsPerson.exit_code)
    if restored.carried is None and restored.kept:
        rendering.note(
            "The database so far could not be read: nobody knows what happened since the backup, "
            "who withdrew consent, what was paused, cancelled, moved or edited. Before you start "
            "`somos run`, record all of that again, and run `somos schedule` for each campaign. "
            "Where consents are on record, nothing that shows anyone goes out until you say: somos "
            "resume --person '*'."
        )


def _what_of_them(carried: bool | None) -> str:
    if carried:
        return "what became of them, and what people said since, is carried over to the daemon."
    return "the daemon looks for them on the networks before anything is published."


def _carried_over(call: Asked, part: Path, former: "Store") -> bool:
    """Whether all that the replaced database knew stands in the one that takes its place."""
    from dataclasses import replace

    from somos_social import wiring
    from somos_social.cli.configured import load
    from somos_social.cli.opening import person
    from somos_social.flows.carrying import carry_over
    from somos_social.store.backup import url_of

    settings = replace(load(call), store_url=str(url_of(part)))
    app = wiring.open_app(settings, actor=person())
    try:
        return carry_over(app, former)
    finally:
        app.store.close()


def _database(call: Asked, what: str) -> Path:
    """The file of the config's database. Raises UsageError where it is on a server."""
    from somos_social.cli import reporting
    from somos_social.cli.configured import load
    from somos_social.store.backup import sqlite_file

    reporting.begin(call)
    database = sqlite_file(load(call).store_url)
    if database is None:
        raise UsageError(f"The database is on a PostgreSQL server. {ON_A_SERVER[what]}")
    return database


def _after_a_second(bars: "Uploads", name: str) -> "Callable[[int, int], None]":
    began = time.monotonic()

    def progress(done: int, total: int) -> None:
        if time.monotonic() - began > 1:
            bars.progress(name, done, total)

    return progress


def _contents(copy: "Copy") -> str:
    from somos_social.cli import rendering

    deliveries = rendering.counted(copy.deliveries, "delivery", "deliveries")
    entries = rendering.counted(copy.entries, "entry", "entries")
    if copy.last_at is None:
        return f"{deliveries} and an empty log"
    last = f"{copy.last_delivery} at {rendering.local_time(copy.last_at)}"
    return f"{deliveries} and {entries} of the log, the last of {last}"


def _tell(call: Asked, copy: "Copy", also: dict[str, Any], words: str) -> None:
    from somos_social.cli import documents, rendering

    if call.json:
        last = {"at": documents.utc(copy.last_at), "delivery": copy.last_delivery}
        rendering.document(
            {
                **also,
                "taken_at": documents.utc(copy.taken_at),
                "deliveries": copy.deliveries,
                "entries": copy.entries,
                "last_entry": last if copy.last_at else None,
                "broken": copy.broken,
            }
        )
    else:
        rendering.say(words)
    if copy.broken:
        rendering.note("Its log is not what was written:", *(f"  {it}" for it in copy.broken))
        raise typer.Exit(NeedsPerson.exit_code)
