"""`somos queue`: the deliveries one by one, and what a person may do to them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import adding, completion
from somos_social.cli.asked import Asked, asked
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from somos_social.core.model.delivery import Delivery, Status
    from somos_social.core.model.post import Variant
    from somos_social.flows import App
    from somos_social.flows.withdrawal import Honoured

app = typer.Typer(no_args_is_help=True, help="See the deliveries, and step in.")
app.command()(adding.add)

OfPost = Annotated[
    str,
    typer.Argument(
        help="The delivery, or all of a post: CAMPAIGN/POST.",
        autocompletion=completion.posts_and_deliveries,
    ),
]
Key = Annotated[
    str,
    typer.Argument(
        help="The delivery, CAMPAIGN/POST@CHANNEL.", autocompletion=completion.delivery_keys
    ),
]


@app.command("list")
def list_(
    ctx: typer.Context,
    status: Annotated[
        list[str] | None,
        typer.Option(help="Only those in this status; may be given several times."),
    ] = None,
    campaign: Annotated[
        str | None,
        typer.Option(help="Only those of this campaign.", autocompletion=completion.campaigns),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Only those of this channel.", autocompletion=completion.channels),
    ] = None,
) -> None:
    """List the deliveries in the order in which they are due."""
    from somos_social.cli import deliveries, documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows.attention import lacking

    call = asked(ctx)
    statuses = [_status(name) for name in status or ()]
    with opened(call) as app:
        found = app.store.listed(statuses=statuses, campaign=campaign, channel=channel)
        known = found or app.store.listed(limit=1)
        whose = {} if call.json else lacking(app, found)
    if call.json:
        rendering.document([documents.delivery(each) for each in found])
    elif found:
        deliveries.table(found, whose)
    else:
        rendering.note("No delivery matches." if known else "No deliveries.")


def _status(name: str) -> "Status":
    from somos_social.core.model.delivery import Status

    try:
        return Status(name)
    except ValueError:
        raise UsageError(f"No status is called {name!r}: use {', '.join(Status)}.") from None


@app.command()
def show(ctx: typer.Context, key: Key) -> None:
    """Show one delivery: how it stands, what it will say, and all that happened to it."""
    from somos_social.cli import documents, entries, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows.attention import lacking
    from somos_social.flows.by_hand import known

    call = asked(ctx)
    with opened(call) as app:
        found = known(app, key)
        whose = lacking(app, [found])
        log = app.store.log(delivery=key)
    if call.json:
        rendering.document(
            {
                **documents.delivery(found),
                "variant": documents.variant(found.variant),
                "notes": list(found.upload.told) if found.upload else [],
                "log": [documents.entry(row) for row in log],
            }
        )
        return
    _show_one(found, whose.get(found.key, ()))
    rendering.say("")
    entries.table(log)


def _show_one(found: "Delivery", whose: "Sequence[str]" = ()) -> None:
    from itertools import chain, repeat

    from somos_social.cli import deliveries, rendering

    receipt, stuck = found.receipt, deliveries.needs_a_person(found)
    rendering.heading(found.key, "blocked" if found.blocked else found.status.value)
    rendering.facts(
        [
            ("Due", rendering.local_time(found.due_at)),
            ("Looked at next", rendering.local_time(found.run_at) if found.run_at else None),
            ("Attempts", str(found.attempts) if found.attempts else None),
            ("Why", found.reason),
            ("Waits for", "; ".join(whose) or None),
            *(("Note", words) for words in (found.upload.told if found.upload else ())),
            ("Where", (receipt.url or f"id {receipt.remote_id}") if receipt else None),
            ("Follows", found.after),
            *(deliveries.ways_out(found) if stuck else []),
            ("Format", found.variant.format.value),
            *zip(chain(["Text"], repeat("")), found.variant.text.split("\n"), strict=False),
            ("Link", found.variant.link),
            *(("Asset", f"{asset.path}  {asset.alt}".rstrip()) for asset in found.variant.assets),
            *_beside(found.variant),
        ]
    )


def _beside(variant: "Variant") -> "Iterator[tuple[str, str | None]]":
    """What goes out beside the text and the assets; None where nothing is said."""
    extras = variant.extras
    covers = [f"at {each.cover:g} s" for each in variant.assets if each.cover is not None]
    if extras.cover and not extras.cover.is_still:
        covers = [extras.cover.path]
    disclosed = {
        "paid partnership": extras.paid_partnership,
        "made with AI": extras.made_with_ai,
    }
    yield "Cover", ", ".join(covers) or None
    yield "Location", extras.location or None
    yield "Collaborators", ", ".join(f"@{user}" for user in extras.collaborators) or None
    for tag in extras.tags:
        where = "" if tag.x is None or tag.y is None else f" at {tag.x:g}, {tag.y:g}"
        yield "Tag", f"@{tag.user} on asset {tag.place + 1}{where}"
    yield "Replies", extras.replies and extras.replies.value
    yield "Feed", None if extras.share_to_feed else "kept out of it"
    yield "Discloses", ", ".join(name for name in disclosed if disclosed[name]) or None


@app.command()
def move(
    ctx: typer.Context,
    key: OfPost,
    at: Annotated[str, typer.Option(metavar="WHEN", help=adding.WHEN)],
) -> None:
    """Give a post, or one delivery of it, another time, in its campaign file as well."""
    from somos_social.cli import clashes, moments
    from somos_social.cli.campaign import campaign_path
    from somos_social.cli.opening import opened
    from somos_social.flows import rescheduling
    from somos_social.flows.slots import next_free

    call = asked(ctx)
    path = campaign_path(key.partition("/")[0])
    with opened(call, acting=True) as app:
        zone = moments.zone_of(path)
        if moments.asks_for_a_slot(at):
            found = rescheduling.movable(app, key)
            times = next_free(app, path, [it.channel for it in found])
            moments.say_back_each(times, zone)
        else:
            due = moments.read(at, zone, app.now())
            moments.say_back(due, zone)
            found = rescheduling.movable(app, key)
            times = {it.channel: due for it in found}
        moved = rescheduling.move(app, found, times, campaign_path)
        told = _warnings_of(app, path, moved)
        _answer(call, moved)
    if not call.json:
        clashes.tell(told)


def _warnings_of(app: "App", path: "Path", moved: "Sequence[Delivery]") -> "list[dict[str, Any]]":
    """What is hardly meant of the posts that moved; nothing, where their file has problems."""
    from somos_social.cli import clashes
    from somos_social.errors import InvalidFiles
    from somos_social.flows.campaign import plan
    from somos_social.flows.clashes import of_plan

    try:
        found = of_plan(app, plan(app, [path]))
    except InvalidFiles:
        return []
    keys = {f"post[{each.post}]" for each in moved}
    return clashes.documents([it for it in found if it.key in keys], {path.stem: path})


@app.command()
def cancel(
    ctx: typer.Context,
    key: OfPost,
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")],
) -> None:
    """Withdraw a delivery, or a post, before it goes out; its campaign file asks no more for it.

    It is cancelled even where its file cannot be changed.
    """
    from somos_social.cli import rendering
    from somos_social.cli.campaign import campaign_path
    from somos_social.cli.opening import opened
    from somos_social.flows.calling_off import call_off

    if not reason.strip():
        raise UsageError("Say why, as in --reason 'the date of the event changed'.")
    call = asked(ctx)
    with opened(call, acting=True) as app:
        done = call_off(app, key, reason.strip(), campaign_path)
        if done.cancelled:
            _answer(call, done.cancelled)
        elif call.json:
            rendering.document({"key": key, "status": None})
        else:
            rendering.say(f"{key} was not scheduled.")
    for each in done.left:
        rendering.note(f"{each.key} is {each.status}: it could not be cancelled any more.")
    if done.file:
        rendering.note(f"{done.file} asks for it no more.")
    for problem in done.wrong:
        campaign = key.partition("/")[0]
        rendering.note(
            f"But {problem} Where it still asks for it, take it out by hand; `somos schedule "
            f"{campaign}` does not bring it back."
        )


@app.command()
def retry(ctx: typer.Context, key: Key) -> None:
    """Try again what failed, was missed or is blocked: it goes out as soon as it can."""
    from somos_social.cli.opening import opened
    from somos_social.flows import by_hand

    call = asked(ctx)
    with opened(call, acting=True) as app:
        _answer(call, [by_hand.retry(app, key)])


@app.command()
def remove(
    ctx: typer.Context,
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
) -> None:
    """Take down what is public, and what follows it. Ends with 6 if it could not be seen to go.

    A post that is taken down cannot be brought back.
    """
    import sys

    from somos_social.cli.opening import opened
    from somos_social.core.model.delivery import Status
    from somos_social.flows import by_hand

    call = asked(ctx)
    with opened(call, acting=True) as app:
        found = by_hand.known(app, key)
        if found.status is Status.PUBLISHED and not (yes or call.json) and sys.stdin.isatty():
            typer.confirm(f"Take down {found.key} for good?", abort=True, err=True)
        moved = by_hand.remove(app, key)
        _answer(call, moved)
    over = (Status.REMOVED, Status.CANCELLED)
    kept = [each for each in moved if each.status not in over]
    for each in kept:
        _still_public(each)
    if kept:
        raise typer.Exit(NeedsPerson.exit_code)


def _still_public(kept: "Delivery") -> None:
    from somos_social.cli import deliveries, rendering

    rendering.note(f"{kept.key} may still be public: {kept.reason}")
    for when, what in deliveries.ways_out(kept):
        rendering.note(f"  {when}: {what}")


@app.command()
def settle(
    ctx: typer.Context,
    key: Key,
    published: Annotated[
        str | None, typer.Option(metavar="URL", help="It is public: its address, or its id.")
    ] = None,
    not_published: Annotated[
        bool, typer.Option("--not-published", help="You looked, and it is not there.")
    ] = False,
) -> None:
    """Say what you saw on the channel when the program cannot know.

    What is public although someone in it has withdrawn is taken down at once. Ends with 6 if it
    could not be seen to go.
    """
    from somos_social.cli.opening import opened
    from somos_social.flows import by_hand
    from somos_social.flows.seeing import settle_as_seen
    from somos_social.flows.withdrawal import honour_arrival

    if (published is None) is not not_published:
        raise UsageError("Say what you saw: either --published URL or --not-published.")
    call = asked(ctx)
    with opened(call, acting=True) as app:
        if published is None:
            settled = by_hand.settle(app, key, None)
        else:
            settled = settle_as_seen(app, key, published)
        done = honour_arrival(app, settled.key)
        _answer(call, [by_hand.known(app, settled.key)])
    for each in done:
        _against_a_word(each)
    if not all(each.is_over for each in done):
        raise typer.Exit(NeedsPerson.exit_code)


def _against_a_word(done: "Honoured") -> None:
    from somos_social.cli import rendering

    rendering.note(f"{done.subject} shows someone who has withdrawn: it is {done.now}.")
    if done.request:
        rendering.note(f"  Take it down by hand: {done.url or 'see the channel'}")
        rendering.note(f"  Then: somos consent close {done.request.number} --gone")


def _answer(call: Asked, moved: "Sequence[Delivery]") -> None:
    from somos_social.cli import deliveries, documents, rendering

    if call.json:
        rendering.document(documents.delivery(moved[0]))
        for follower in moved[1:]:
            rendering.note(f"{follower.key} is {follower.status} as well.")
    else:
        deliveries.table(moved)
