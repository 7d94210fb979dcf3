"""What was asked for besides the command itself, whether it stood before the command or after."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(slots=True)
class Asked:
    """The global options of one call; `json` means one JSON document on standard output."""

    config: Path | None = None
    json: bool = False
    verbose: bool = False
    debug: bool = False


def asked(ctx: typer.Context) -> Asked:
    """What the call in hand asked for."""
    found = ctx.find_object(Asked)
    if found is None:
        raise TypeError("the program was not started by its own main()")
    return found


def _keep(ctx: typer.Context, param: typer.CallbackParam, value: object) -> None:
    # Each option may stand in two places: the one that was not used must not undo the other.
    found = ctx.find_object(Asked)
    if found is not None and value and param.name:
        setattr(found, param.name, value)


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The config file.  [default: $SOMOS_CONFIG, ./config.toml, the user's]",
        metavar="FILE",
        callback=_keep,
        expose_value=False,
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON document on standard output, and nothing else there.",
        callback=_keep,
        expose_value=False,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Say more while working.", callback=_keep, expose_value=False
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        help="Show the traceback of an unexpected error, without secrets.",
        callback=_keep,
        expose_value=False,
    ),
]
