"""`somos rehearse`: a whole campaign on a virtual clock against the built-in networks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import asked
from somos_social.cli.campaign import campaign_path, media_beside
from somos_social.cli.streams import Unwritable
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from somos_social.core.delivery import Move
    from somos_social.core.model.campaign import Campaign
    from somos_social.core.model.delivery import Delivery
    from somos_social.rehearsal import Rehearsed
    from somos_social.sandbox import Sandbox


def rehearse(
    ctx: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="The campaign file, or its name.")
    ] = "somos-lo-mismo-panama",
    out: Annotated[
        Path | None,
        typer.Option(help="Where the log and the feed pages go.  [default: a new folder]"),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the networks and their feeds up until Ctrl-C.")
    ] = False,
    faults: Annotated[
        int | None,
        typer.Option(
            metavar="SEED",
            help="Let the networks fail in every known way; the same number, the same failures.",
        ),
    ] = None,
    media: Annotated[
        Path | None,
        typer.Option(help="The media folder.  [default: ./media, or beside the campaign]"),
    ] = None,
) -> None:
    """Watch a campaign go out to the built-in networks, in seconds. Nothing leaves this machine.

    The daemon, the adapters and the files are the real ones; only the clock and the networks are
    made up. With --faults the networks drop answers, lie, throttle and lag, and each delivery's way
    through that is shown. Ends with 6 if a delivery did not become public.
    """
    import time

    from somos_social import rehearsal
    from somos_social.cli import deliveries, rendering, reporting
    from somos_social.core.model.delivery import Status
    from somos_social.flows.campaign import check

    call = asked(ctx)
    reporting.begin(call)
    path = campaign_path(campaign)
    media_root = media or media_beside(path)
    found = check([path], media_root=media_root, channels=None, now=None, known=())
    [read] = found.campaigns
    began = time.monotonic()

    def heard(move: "Move") -> None:
        if call.verbose:
            reporting.logger.info("%s", deliveries.line(move))

    def before_end(box: "Sandbox", rehearsed: "Rehearsed") -> None:
        bar.stop()
        seconds = round(time.monotonic() - began, 1)
        if call.json:
            rendering.document(_document(rehearsed, seconds, faults))
        else:
            _show(rehearsed, read, seconds, faults)
        if serve:
            _serve(box)

    with _kept(out) as folder, _bar() as bar:
        task = bar.add_task(read.name, total=None, now="")
        rehearsed = rehearsal.rehearse(
            path,
            read,
            media_root=media_root,
            out=folder,
            heard=heard,
            progress=lambda done, total, now: bar.update(
                task, completed=done, total=total, now=f"{now:%Y-%m-%d}"
            ),
            faults=faults,
            before_end=before_end,
        )
    unpublished = any(each.status is not Status.PUBLISHED for each in rehearsed.deliveries)
    if unpublished or rehearsed.differences:
        raise typer.Exit(NeedsPerson.exit_code)


@contextmanager
def _kept(out: Path | None) -> Iterator[Path]:
    """The folder in which the rehearsal is kept. Raises UsageError where it cannot be."""
    import tempfile

    try:
        yield out or Path(tempfile.mkdtemp(prefix="somos-rehearsal-"))
    except (BrokenPipeError, Unwritable):
        raise
    except OSError as error:
        place = error.filename or out or "The folder of temporary files"
        raise UsageError(
            f"{place} cannot be written: {error.strerror}. Name another folder with --out."
        ) from None


def _bar() -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from somos_social.cli import rendering

    console = rendering.console(stderr=True)
    return Progress(
        TextColumn("{task.description}  {task.fields[now]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _document(rehearsed: "Rehearsed", seconds: float, faults: int | None) -> dict[str, object]:
    from somos_social.cli import documents

    document: dict[str, object] = {
        "deliveries": [documents.delivery(each) for each in rehearsed.deliveries],
        "log": [documents.entry(row) for row in rehearsed.log],
        "public": rehearsed.public,
        "seconds": seconds,
        "feeds": rehearsed.feeds.absolute().as_uri(),
    }
    if faults is not None:
        document["faults"] = {
            "seed": faults,
            "struck": rehearsed.struck,
            "differences": rehearsed.differences,
        }
    return document


def _show(rehearsed: "Rehearsed", campaign: "Campaign", seconds: float, faults: int | None) -> None:
    """The publishing log, the way through the faults, what did not go out, then the sums."""
    from zoneinfo import ZoneInfo

    from somos_social.cli import deliveries, rendering
    from somos_social.core.model.delivery import Status

    found = {each.key: each for each in rehearsed.deliveries}
    published = [row for row in rehearsed.log if row["to"] == Status.PUBLISHED]
    times = [row["at"] for row in published]
    _, shown = rendering.local_times(times, ZoneInfo(campaign.timezone))
    rendering.table(
        [f"published ({campaign.timezone})", "channel", "post", "where"],
        [
            [time, row["channel"], _post(found[row["delivery"]]), row["url"] or row["remote_id"]]
            for time, row in zip(shown, published, strict=True)
        ],
    )
    if faults is not None:
        _show_faults(rehearsed, faults)
    if failed := [each for each in rehearsed.deliveries if each.status is not Status.PUBLISHED]:
        rendering.say("NOT PUBLISHED:")
        deliveries.table(failed)
    public = ", ".join(f"{number:,} on {name}" for name, number in rehearsed.public.items())
    number = rendering.counted(len(published), "delivery", "deliveries")
    rendering.say(f"{number} of {len(found):,} published in {seconds:g} s. Posts: {public}.")
    rendering.say(f"Their feeds: {rehearsed.feeds.absolute().as_uri()}")


def _show_faults(rehearsed: "Rehearsed", seed: int) -> None:
    """What struck, the way of each delivery that met any of it, and whether all agrees."""
    from somos_social.cli import rendering, ways

    kinds = ", ".join(f"{number} {kind}" for kind, number in rehearsed.struck.items())
    struck = rendering.counted(sum(rehearsed.struck.values()), "fault")
    rendering.say("", f"{struck} struck, with the seed {seed}: {kinds or 'none'}.")
    went = {
        each.key: ways.way([row for row in rehearsed.log if row["delivery"] == each.key])
        for each in rehearsed.deliveries
    }
    through = {key: way for key, way in went.items() if way != ways.STRAIGHT}
    straight = rendering.counted(len(went) - len(through), "delivery", "deliveries")
    rendering.say(f"{straight} went straight through. The others:")
    rendering.table(
        ["delivery", "went through"], [[key, ", then ".join(way)] for key, way in through.items()]
    )
    if rehearsed.differences:
        rendering.say("WHAT IS PUBLIC IS NOT WHAT WAS RECORDED:", *rehearsed.differences)
    else:
        rendering.say("What is public is what was recorded: nothing doubled, nothing forgotten.")


def _post(delivery: "Delivery") -> str:
    _, _, part = delivery.key.partition("#")
    if not part:
        return delivery.post
    place = "first comment" if part == "comment" else f"{part} of its thread"
    return f"{delivery.post} ({place})"


def _serve(box: "Sandbox") -> None:
    from somos_social.cli import rendering
    from somos_social.cli.stopping import Stopping

    with Stopping() as stopping:
        rendering.note(f"The feeds are at {box.url} until Ctrl-C.")
        stopping.wait()
