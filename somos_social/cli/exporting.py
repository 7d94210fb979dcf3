"""`somos export`: the schedule and the log as files for other programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from somos_social.cli import completion
from somos_social.cli.asked import Asked, asked
from somos_social.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Write the schedule or the log for other programs.")

Force = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]
Campaign = Annotated[
    str | None,
    typer.Option(help="Only this campaign.", autocompletion=completion.campaigns),
]
Channel = Annotated[
    str | None, typer.Option(help="Only this channel.", autocompletion=completion.channels)
]


@app.command()
def schedule(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write: .csv, .xlsx or .ics.")],
    kind: Annotated[
        Literal["csv", "xlsx", "ics"] | None,
        typer.Option("--format", help="What to write.  [default: by the end of the file's name]"),
    ] = None,
    campaign: Campaign = None,
    channel: Channel = None,
    force: Force = False,
) -> None:
    """Write all that is scheduled or went out, as a spreadsheet or as a calendar.

    `somos import` reads the spreadsheet again. A calendar program renews what it had of an earlier
    file, and strikes out what was cancelled since.
    """
    from somos_social.cli import schedule_file
    from somos_social.cli.opening import opened

    call, written = asked(ctx), _kind(file, kind, ("csv", "xlsx", "ics"))
    slug = Path(campaign).stem if campaign and campaign.endswith(".toml") else campaign
    with opened(call) as app, _replacing(file, force=force) as part:
        found = app.store.listed(campaign=slug, channel=channel)
        known = app.store.pages.campaigns()
        number = schedule_file.write(written, part, found, known, app.now())
    _tell(call, file, written, number, "deliveries")


@app.command()
def log(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write: .csv or .xlsx.")],
    kind: Annotated[
        Literal["csv", "xlsx"] | None,
        typer.Option("--format", help="What to write.  [default: by the end of the file's name]"),
    ] = None,
    channel: Channel = None,
    force: Force = False,
) -> None:
    """Write the log as a spreadsheet, to read and to sort.

    A proof is the .csv file, as `somos log export` writes it: `somos log verify --against` reads
    it, and no workbook.
    """
    from somos_social.cli import documents, export, workbooks
    from somos_social.cli.opening import opened
    from somos_social.store.chain import Heads

    call, written = asked(ctx), _kind(file, kind, ("csv", "xlsx"))
    with (
        opened(call) as app,
        _replacing(file, force=force) as part,
        app.store.log_and_heads(channel=channel) as (entries, heads),
    ):
        if written == "csv":
            encoding = export.encoding_of("csv")
            with part.open("w", encoding=encoding, errors="backslashreplace", newline="") as to:
                number = export.write("csv", to, entries, Heads(heads, app.now()))
        else:
            shown = (documents.entry(entry) for entry in entries)
            rows = ([entry[name] for name in export.FIELDS] for entry in shown)
            number = workbooks.write(part, "log", export.FIELDS, rows, {"reason", "delivery"})
    _tell(call, file, written, number, "entries")


def _kind(file: Path, said: str | None, known: tuple[str, ...]) -> str:
    """As said, else by the end of the file's name. Raises UsageError."""
    found = said or file.suffix.lower().removeprefix(".")
    if found not in known:
        raise UsageError(
            f"What {file} is to be is not clear from its name. End it in "
            f"{', '.join(f'.{it}' for it in known)}, or say --format."
        )
    return found


@contextmanager
def _replacing(file: Path, *, force: bool) -> Iterator[Path]:
    """Where to write; the file appears whole at the end, or not at all."""
    from somos_social.cli import new_file
    from somos_social.whole_file import replacing

    path = new_file.to_write(file, force=force)
    with new_file.told(path), replacing(path) as part:
        yield part


def _tell(call: Asked, file: Path, kind: str, number: int, what: str) -> None:
    from somos_social.cli import rendering

    if call.json:
        rendering.document({"file": str(file), "format": kind, what: number})
    else:
        one = {"deliveries": "delivery", "entries": "entry"}[what]
        rendering.say(f"{rendering.counted(number, one, what)} in {file}.")
