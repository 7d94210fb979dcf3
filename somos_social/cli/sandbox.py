"""`somos sandbox`: the built-in networks on a port, to try the whole tool against."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import Asked, asked
from somos_social.cli.campaign import campaigns_here, media_beside
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from somos_social.sandbox import Account, MetaApp, Sandbox

DATABASE = "sandbox.db"
"""Another name than the usual one: what is tried here must not mix with what is real."""

OURS = "# Written by `somos sandbox`, and written anew by the next one.\n"


def sandbox(
    ctx: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port to answer on; 0 for any.")
    ] = 8899,
    host: Annotated[str, typer.Option(help="The address to answer on.")] = "127.0.0.1",
    media: Annotated[
        Path | None,
        typer.Option(help="The media folder.  [default: the config's, ./media, or the campaigns']"),
    ] = None,
    write_config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a config that leads every network here."),
    ] = None,
    write_env: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the secrets of that config, for a shell to read."),
    ] = None,
    show_secrets: Annotated[
        bool, typer.Option("--show-secrets", help="Print the made-up secrets.")
    ] = False,
    login: Annotated[
        bool,
        typer.Option("--login", help="Let `channel login` get the tokens of Meta, by an app."),
    ] = False,
) -> None:
    """Answer as Facebook, Instagram and X until Ctrl-C, with their feeds as web pages."""
    from somos_social import rehearsal
    from somos_social.cli import rendering
    from somos_social.cli.stopping import Stopping
    from somos_social.sandbox import Sandbox

    call = asked(ctx)
    channels, media_root = _surroundings(call, media)
    if not media_root.is_dir():
        raise UsageError(f"There is no media folder {media_root}: name one with --media.")
    app, accounts = None, rehearsal.accounts_for(channels)
    if login:
        app, accounts = rehearsal.with_app(accounts)
    known = rehearsal.environment_for(accounts, app)
    exports = "".join(f"export {name}={value}\n" for name, value in known.items())
    box = Sandbox(
        accounts=accounts,
        media_root=media_root,
        host=host,
        port=port,
        apps=[app] if app else [],
    )
    with _answering(box, host, port), Stopping() as stopping:
        if write_config:
            config = rehearsal.config_for(box, accounts, media_root, database=DATABASE, app=app)
            _write(write_config, config, mode=0o644)
        if write_env:
            _write(write_env, exports, mode=0o600)
        if call.json:
            feeds = {f"{it.platform}:{it.handle}": _feed(box, it) for it in accounts}
            codes = {"codes": dict(_codes(accounts, app))} if app else {}
            rendering.document({"url": box.url, "feeds": feeds, **codes})
        else:
            _introduce(box, accounts, write_config, write_env)
            for channel, code in _codes(accounts, app):
                rendering.say(f"To log in, once: somos channel login {channel} --code {code}")
        if show_secrets:
            rendering.note(*exports.splitlines())
        stopping.wait()


def _codes(accounts: "Sequence[Account]", app: "MetaApp | None") -> Iterator[tuple[str, str]]:
    """The code of the one login of each channel, as Meta's page would hand it out."""
    for account in accounts:
        code = f"{account.platform}-{account.handle}"
        if app and code in app.codes:
            yield f"{account.platform}:{account.handle}", code


def _surroundings(call: Asked, media: Path | None) -> tuple[Sequence[str], Path]:
    """The channels to answer for and the media to serve: the config's, else the campaigns'."""
    from somos_social.cli.configured import load_if_any
    from somos_social.flows.campaign import check

    if found := load_if_any(call):
        return list(found.channels), media or found.media_root
    paths = campaigns_here()
    if not paths:
        raise UsageError("There is neither a config nor a campaign in ./campaigns to answer for.")
    media_root = media or media_beside(paths[0])
    read = check(paths, media_root=media_root, channels=None, now=None, known=())
    return [channel for campaign in read.campaigns for channel in campaign.channels], media_root


@contextmanager
def _answering(box: "Sandbox", host: str, port: int) -> Iterator[None]:
    try:
        box.__enter__()
    except OSError as error:
        raise UsageError(
            f"Nothing can answer on {host}:{port}: {error.strerror}. Name another --port."
        ) from None
    try:
        yield
    finally:
        box.__exit__(None, None, None)


def _write(path: Path, text: str, *, mode: int) -> None:
    """Writes a file of ours; any other that stands there stays as it is."""
    import os

    try:
        if path.exists() and not path.read_bytes().startswith(OURS.encode()):
            raise UsageError(f"{path} exists and is not of the sandbox: name another file.")
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w") as file:
            file.write(OURS + text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _feed(box: "Sandbox", account: "Account") -> str:
    return f"{box.url}/feeds/{account.platform}/{account.handle}"


def _introduce(
    box: "Sandbox", accounts: "Sequence[Account]", config: Path | None, env: Path | None
) -> None:
    from somos_social.cli import rendering

    rendering.say(f"The networks answer at {box.url} until Ctrl-C. Their feeds:")
    for account in accounts:
        rendering.say(f"  {_feed(box, account)}")
    if config and env:
        # A shell looks for a name without a slash among its programs.
        read = env if env.is_absolute() else f"./{env}"
        rendering.say("In another terminal:", f"  . {read}", f"  export SOMOS_CONFIG={config}")
    else:
        rendering.say(
            "To publish to them: somos sandbox --write-config sandbox.toml --write-env sandbox.env"
        )
