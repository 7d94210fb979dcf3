"""The command line: the one place where errors become words and exit codes."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from somos_social import __version__
from somos_social.cli import (
    approve,
    approver,
    backup,
    board,
    calendar,
    campaign,
    channel,
    consent,
    doctor,
    exporting,
    handoff,
    importing,
    init,
    log,
    media,
    metrics,
    notify,
    pause,
    preview,
    queue,
    rehearse,
    report,
    run,
    sandbox,
    status,
    streams,
)
from somos_social.cli.asked import Asked, Config, Debug, Json, Verbose
from somos_social.errors import (
    InvalidFiles,
    NeedsPerson,
    NetworkRefused,
    NotAllowed,
    SomosError,
    StoreError,
    UsageError,
)

EXIT_CODES = {
    0: "All went well.",
    SomosError.exit_code: "A bug in this program.",
    UsageError.exit_code: "The command was used wrongly.",
    InvalidFiles.exit_code: "A campaign file or the config has problems.",
    NotAllowed.exit_code: "The delivery does not allow this now.",
    NetworkRefused.exit_code: "A network refused us now.",
    NeedsPerson.exit_code: "Something needs a person: see `somos status`.",
    StoreError.exit_code: "The database cannot be used.",
}

PIPE_CLOSED = 128 + 13


class Somos(TyperGroup):
    """The whole program. Global options may stand before the command and after it."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        everywhere = [param for param in self.params if not param.expose_value]
        for command in _all(self.commands.values()):
            command.params.extend(everywhere)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(PIPE_CLOSED) from None

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> NoReturn:
        words = sys.argv[1:] if args is None else list(args)
        # Whether JSON is wanted must be known even where the words cannot be parsed.
        asked = Asked(json="--json" in words)
        extra |= {"standalone_mode": not asked.json, "obj": asked}
        streams.prepare()
        try:
            code = self._ended(words, asked, **extra)
            streams.flush()
        except BrokenPipeError:
            # Whoever read our output has seen enough: that is no error, and no noise either.
            code = PIPE_CLOSED
            streams.fall_silent()
        except streams.Unwritable as error:
            code = SomosError.exit_code
            streams.complain(error)
            streams.fall_silent()
        sys.exit(code)

    def _ended(self, words: Sequence[str], asked: Asked, **extra: Any) -> Any:
        """The exit code of the call, once its error was told, if there was one."""
        try:
            return super().main(words, **extra) or 0
        except SystemExit as end:
            return end.code or 0
        except SomosError as error:
            return _told(error, asked)
        except typer.TyperException as error:
            return _misused(error)
        except (BrokenPipeError, streams.Unwritable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, no traceback without --debug
            return _bug(error, asked)


def _all(commands: Iterable[Any]) -> Iterable[Any]:
    for command in commands:
        yield command
        if isinstance(command, TyperGroup):
            yield from _all(command.commands.values())


def _told(error: SomosError, asked: Asked) -> int:
    from somos_social.cli import documents, rendering

    if isinstance(error, InvalidFiles):
        if asked.json:
            told = documents.checked(error.problems, error.warnings, error.accepted)
            rendering.document(told)
        else:
            rendering.problems(error.problems)
            rendering.warnings(error.warnings)
            rendering.accepted(error.accepted if asked.verbose else ())
    elif asked.json:
        rendering.document(documents.error(str(error), error.exit_code))
    else:
        rendering.note(f"Error: {error}")
    return error.exit_code


def _misused(error: typer.TyperException) -> int:
    from somos_social.cli import documents, rendering

    rendering.document(documents.error(error.format_message(), error.exit_code))
    return error.exit_code


def _bug(error: Exception, asked: Asked) -> int:
    from somos_social.cli import bug, documents, rendering

    if asked.debug:
        rendering.note(*bug.traceback_of(error, asked).splitlines())
    said = bug.in_one_line(error)
    if asked.json:
        rendering.document(documents.error(said, SomosError.exit_code))
    else:
        rendering.note(said)
    return SomosError.exit_code


app = typer.Typer(
    name="somos",
    cls=Somos,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    # The mark keeps the lines as they are.
    epilog="\b\nExit codes:\n" + "\n".join(f"  {code} {EXIT_CODES[code]}" for code in EXIT_CODES),
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"somos_social {__version__}")
        raise typer.Exit


@app.callback()
def root(
    config: Config = None,
    json: Json = False,
    verbose: Verbose = False,
    debug: Debug = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """Schedule and publish a campaign on Facebook, Instagram and X; always know what went out."""


app.command()(init.init)
app.command()(doctor.doctor)
app.command()(rehearse.rehearse)
app.command()(campaign.check)
app.command()(preview.preview)
app.command()(campaign.plan)
app.command()(campaign.schedule)
app.command("import")(importing.import_)
app.add_typer(exporting.app, name="export")
app.command()(approve.approve)
app.add_typer(approver.app, name="approver")
app.add_typer(board.app, name="board")
app.command()(calendar.calendar)
app.command()(status.status)
app.command()(run.run)
app.add_typer(queue.app, name="queue")
app.add_typer(log.app, name="log")
app.add_typer(metrics.app, name="metrics")
app.command()(report.report)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(handoff.app, name="handoff")
app.add_typer(consent.app, name="consent")
app.command()(pause.pause)
app.command()(pause.resume)
app.add_typer(channel.app, name="channel")
app.add_typer(media.app, name="media")
app.add_typer(notify.app, name="notify")
app.command()(sandbox.sandbox)


def main() -> None:
    """The entry point: runs the command of `sys.argv` and ends the process with its exit code."""
    app(prog_name="somos")
