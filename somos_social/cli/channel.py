"""`somos channel`: the places where posts appear, and whether their secrets still work."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion, login
from somos_social.cli.asked import asked
from somos_social.cli.status import Strict
from somos_social.errors import InvalidFiles, UsageError

if TYPE_CHECKING:
    from somos_social.settings import ChannelSettings, Settings

app = typer.Typer(
    no_args_is_help=True, help="See the channels, test their secrets, and log them in."
)
app.command()(login.login)


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List the channels of the config, and whether each secret is where the config says."""
    from somos_social.cli import rendering
    from somos_social.cli.configured import load

    call = asked(ctx)
    found = [_described(channel) for channel in load(call).channels.values()]
    if call.json:
        rendering.document(found)
    elif found:
        rendering.table(
            ["channel", "platform", "id", "secrets"],
            [[it["name"], it["platform"], it["remote_id"] or "", _secrets(it)] for it in found],
        )
    else:
        rendering.note("The config has no [[channel]].")


def _described(channel: "ChannelSettings") -> dict[str, Any]:
    return {
        "name": channel.name,
        "platform": channel.platform,
        "remote_id": channel.remote_id or None,
        "missing": [problem for key in channel.secrets if (problem := _missing(channel, key))],
    }


def _missing(channel: "ChannelSettings", key: str) -> str | None:
    try:
        channel.secret(key)
    except InvalidFiles as error:
        return str(error)
    return None


def _secrets(described: dict[str, Any]) -> str:
    return "; ".join(described["missing"]) or "ok"


@app.command()
def limits(
    ctx: typer.Context,
    network: Annotated[
        list[str] | None,
        typer.Argument(help="facebook, instagram or x.  [default: all]", metavar="[NETWORK]..."),
    ] = None,
) -> None:
    """List what each network takes, each figure with its source. Needs no config."""
    from dataclasses import asdict

    from somos_social.cli import rendering
    from somos_social.core.figures import figures
    from somos_social.core.limits import LIMITS

    if unknown := [name for name in network or [] if name not in LIMITS]:
        raise UsageError(f"There is no network {', '.join(unknown)}, only {', '.join(LIMITS)}.")
    found = [asdict(each) for name in network or LIMITS for each in figures(name)]
    if asked(ctx).json:
        rendering.document(found)
    else:
        names = ["network", "kind", "what", "taken", "source"]
        rendering.table(names, [[it[name] for name in names] for it in found])


@app.command()
def verify(
    ctx: typer.Context,
    name: Annotated[
        list[str] | None,
        typer.Argument(
            help="The channels to test.  [default: all]", autocompletion=completion.channels
        ),
    ] = None,
    strict: Strict = False,
) -> None:
    """Ask each network whom our secrets speak for. Ends with 5 if one refuses them.

    Warns of posts that a token, a permission, a quota or a version of an API will not let go out.
    What a channel kept back because its secret was refused goes out once it is accepted again.
    """
    from somos_social.cli import introductions
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened

    call = asked(ctx)
    names = _named(load(call), name or [])
    with opened(call) as app:
        introductions.tell(app, names, json=call.json, strict=strict)


def _named(settings: "Settings", names: list[str]) -> list[str]:
    if unknown := [name for name in names if name not in settings.channels]:
        known = ", ".join(settings.channels) or "none"
        raise UsageError(f"The config has no channel {', '.join(unknown)}. It has: {known}.")
    return names or list(settings.channels)
