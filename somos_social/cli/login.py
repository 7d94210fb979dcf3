"""`somos channel login`: a person lets the app publish, and the channel gets a token that lasts."""

from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.errors import InvalidFiles, Problem, UsageError

if TYPE_CHECKING:
    from somos_social.platforms.graph_app import MetaApp
    from somos_social.settings import ChannelSettings, Settings

OF_X = (
    "X's keys have no end, and no login is needed:",
    "  1. Open https://console.x.com as the owner of the account, and make an app.",
    '  2. Under "User authentication settings", give it the permission "Read and write".',
    '  3. Under "Keys and tokens", make the API key and its secret, then the access token and',
    "     its secret: in this order, since a token keeps the permission it was made with.",
    "  4. Put the four where the config looks for them, then run: somos channel verify",
)


def login(
    ctx: typer.Context,
    channel: Annotated[
        str,
        typer.Argument(help="The channel to log in.", autocompletion=completion.channels),
    ],
    code: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="The address the browser was sent to, or the code in it.  [default: ask for it]",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PERMISSION",
            help="A permission to ask for besides, such as business_management.",
        ),
    ] = None,
) -> None:
    """Get a token that lasts: open the address shown, and give back the one you are sent to.

    The token goes where the config looks for it, a keyring or a file, and is never shown. For X,
    this says how to make its keys.
    """
    from somos_social import wiring
    from somos_social.cli import introductions, rendering
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened
    from somos_social.flows.channel import log_in

    call = asked(ctx)
    settings = load(call)
    found = _named(settings, channel)
    if found.platform == "x":
        if call.json:
            rendering.document({"how": list(OF_X)})
        else:
            rendering.say(*OF_X)
        return
    secret = found.secrets["token"]
    secret.check_keepable()
    way = wiring.open_login(settings, found, _app(settings, found), also=also or ())
    if code is None:
        if call.json:
            rendering.document({"open": way.address})
            return
        _explain(way.address)
        code = typer.prompt("The address you were sent to", err=True)
    with opened(call) as app:
        log_in(app, channel, way, code, secret)
        rendering.note(f"The new token is in {secret}.")
        introductions.tell(app, [channel], json=call.json, strict=False)


def _named(settings: "Settings", name: str) -> "ChannelSettings":
    if name not in settings.channels:
        known = ", ".join(settings.channels) or "none"
        raise UsageError(f"The config has no channel {name}. It has: {known}.")
    return settings.channels[name]


def _app(settings: "Settings", channel: "ChannelSettings") -> "MetaApp":
    from somos_social import wiring

    app = wiring.meta_app(channel)
    if app is None:
        raise InvalidFiles(
            [
                Problem(
                    file=str(settings.source),
                    key=f"channel[{channel.name}].app_id",
                    problem="is missing, and so is app_secret: only an app can log in.",
                    hint="Make one on https://developers.facebook.com/apps, and name both.",
                )
            ]
        )
    return app


def _explain(address: str) -> None:
    from somos_social.cli import rendering

    rendering.say(
        "1. Open this address in a browser, as somebody who may publish there:", "", address, ""
    )
    rendering.say(
        "2. Allow everything it asks for. You are then sent to an address that begins with",
        "   https://localhost/ and that cannot be shown: that is right.",
        "3. Copy that whole address from the address line, and put it in here.",
    )
