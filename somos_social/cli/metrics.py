"""`somos metrics`: how posts were received, as far as each network tells it; counts, never who."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.errors import NetworkRefused, UsageError

if TYPE_CHECKING:
    from somos_social.core.metrics import Reading
    from somos_social.core.model.delivery import Delivery
    from somos_social.flows.metrics import Pulled

app = typer.Typer(
    no_args_is_help=True, help="Read reach and reactions of what went out, and show them."
)


@app.command()
def pull(
    ctx: typer.Context,
    channel: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this channel; may be given several times.  [default: all]",
            autocompletion=completion.channels,
        ),
    ] = None,
) -> None:
    """Ask each network how the posts of the last 90 days were received, and keep it for today.

    Pulled again on the same day (in UTC), the last figures stand. What a network does not tell, for
    want of a permission or a plan, is told in a line, and the others go on. Ends with 5 if one told
    nothing at all.
    """
    from somos_social.cli import rendering
    from somos_social.cli.configured import load
    from somos_social.cli.opening import opened
    from somos_social.flows import metrics as flow

    call = asked(ctx)
    known = list(load(call).channels)
    if unknown := [name for name in channel or [] if name not in known]:
        names = ", ".join(known) or "none"
        raise UsageError(f"The config has no channel {', '.join(unknown)}. It has: {names}.")
    found = []
    with opened(call) as program:
        for told in flow.pull(program, channel or known):
            found.append(told)
            if not call.json:
                _tell(told)
    if call.json:
        rendering.document([_document(told) for told in found])
    if any(told.refused for told in found):
        raise typer.Exit(NetworkRefused.exit_code)


def _tell(told: "Pulled") -> None:
    from somos_social.cli import rendering

    posts = rendering.counted(told.posts, "post")
    rendering.say(f"{told.channel}: figures of {told.measured:,} of {posts}.")
    rendering.note(*(f"  {sentence}" for sentence in told.in_words()))


def _document(told: "Pulled") -> dict[str, Any]:
    from somos_social.cli.documents import utc

    return {
        "channel": told.channel,
        "posts": told.posts,
        "measured": told.measured,
        "gone": list(told.gone),
        "untold": list(told.untold),
        "until": utc(told.until),
    }


@app.command()
def show(
    ctx: typer.Context,
    campaign: Annotated[
        str,
        typer.Argument(help="The campaign's short name.", autocompletion=completion.campaigns),
    ],
) -> None:
    """Show the last figures of each post on each network. Reach of networks is not to be added."""
    from pathlib import Path

    from somos_social.cli import rendering
    from somos_social.cli.opening import opened
    from somos_social.core.metrics import Figure

    call, slug = asked(ctx), Path(campaign).stem
    with opened(call) as program:
        readings = program.store.measurements.last([slug])
        posts = [it for it in program.store.listed(campaign=slug) if it.key in readings]
    if call.json:
        rendering.document([_measured(it, readings[it.key]) for it in posts])
    elif posts:
        names = [figure.value for figure in Figure]
        rendering.table(
            ["post", "channel", "day", *names],
            [[it.post, it.channel, *_cells(readings[it.key])] for it in posts],
        )
    else:
        rendering.note(f"No figures of {slug} were read yet: see `somos metrics pull`.")


def _cells(reading: "Reading") -> list[str]:
    from somos_social.core.metrics import Figure

    shown = [str(reading.figures[it]) if it in reading.figures else "" for it in Figure]
    return [reading.day.isoformat(), *shown]


def _measured(delivery: "Delivery", reading: "Reading") -> dict[str, Any]:
    from somos_social.cli.documents import utc

    return {
        "key": delivery.key,
        "campaign": delivery.campaign,
        "post": delivery.post,
        "channel": delivery.channel,
        "platform": delivery.platform,
        "day": reading.day.isoformat(),
        "at": utc(reading.at),
        "figures": {name.value: value for name, value in reading.figures.items()},
    }
