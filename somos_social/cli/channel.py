"""`somos channel`: the places where posts appear, and whether their secrets still work."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.errors import InvalidFiles, NetworkRefused, SomosError, UsageError

if TYPE_CHECKING:
    from somos_social.flows import App
    from somos_social.settings import ChannelSettings, Settings

app = typer.Typer(no_args_is_help=True, help="See the channels, and test their secrets.")


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
) -> None:
    """Ask each network whom our secrets speak for. Ends with 5 if one refuses them.

    What a channel kept back because its secret was refused goes out once it is accepted again.
    """
    from somos_social.cli import rendering
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened

    call = asked(ctx)
    names = _named(load(call), name or [])
    with opened(call) as app:
        found = [_introduced(app, each) for each in names]
    if call.json:
        rendering.document([{key: it[key] for key in it if key != "exit_code"} for it in found])
    else:
        rendering.table(
            ["channel", "answer", "speaks for, or why not", "valid until"],
            [
                [
                    it["name"],
                    _answer(it),
                    it["reason"] or f"{it['identity']} ({it['remote_id']})",
                    it["expires_at"] or "",
                ]
                for it in found
            ],
        )
    if codes := {it["exit_code"] for it in found if not it["ok"]}:
        raise typer.Exit(max(codes))


def _answer(introduced: dict[str, Any]) -> str:
    if introduced["ok"]:
        return "ok"
    return "no secret" if introduced["exit_code"] == InvalidFiles.exit_code else "refused"


def _named(settings: "Settings", names: list[str]) -> list[str]:
    if unknown := [name for name in names if name not in settings.channels]:
        known = ", ".join(settings.channels) or "none"
        raise UsageError(f"The config has no channel {', '.join(unknown)}. It has: {known}.")
    return names or list(settings.channels)


def _introduced(app: "App", channel: str) -> dict[str, Any]:
    from somos_social.cli import documents
    from somos_social.flows.channel import verify
    from somos_social.platforms import Unfulfilled

    answer: dict[str, Any] = {
        "name": channel,
        "platform": channel.partition(":")[0],
        "ok": False,
        "identity": None,
        "remote_id": None,
        "expires_at": None,
        "reason": None,
        "exit_code": 0,
    }
    try:
        who = verify(app, channel)
    except Unfulfilled as refusal:
        return {**answer, "reason": str(refusal), "exit_code": NetworkRefused.exit_code}
    except SomosError as error:
        return {**answer, "reason": str(error), "exit_code": error.exit_code}
    return {
        **answer,
        "ok": True,
        "identity": who.name,
        "remote_id": who.remote_id,
        "expires_at": documents.utc(who.expires_at),
    }
