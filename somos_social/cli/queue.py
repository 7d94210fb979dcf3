"""`somos queue`: the deliveries one by one, and what a person may do to them."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli import completion
from somos_social.cli.asked import Asked, asked
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from somos_social.core.model import Delivery, Receipt, Status, Variant

app = typer.Typer(no_args_is_help=True, help="See the deliveries, and step in.")

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
    campaign: Annotated[str | None, typer.Option(help="Only those of this campaign.")] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Only those of this channel.", autocompletion=completion.channels),
    ] = None,
) -> None:
    """List the deliveries in the order in which they are due."""
    from somos_social.cli import deliveries, documents, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    statuses = [_status(name) for name in status or ()]
    with opened(call) as app:
        found = app.store.listed(statuses=statuses, campaign=campaign, channel=channel)
        known = found or app.store.listed(limit=1)
    if call.json:
        rendering.document([documents.delivery(each) for each in found])
    elif found:
        deliveries.table(found)
    else:
        rendering.note("No delivery matches." if known else "No deliveries.")


def _status(name: str) -> "Status":
    from somos_social.core.model import Status

    try:
        return Status(name)
    except ValueError:
        raise UsageError(f"No status is called {name!r}: use {', '.join(Status)}.") from None


@app.command()
def show(ctx: typer.Context, key: Key) -> None:
    """Show one delivery: how it stands, what it will say, and all that happened to it."""
    from somos_social.cli import documents, entries, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows.delivery import known

    call = asked(ctx)
    with opened(call) as app:
        found = known(app, key)
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
    _show_one(found)
    rendering.say("")
    entries.table(log)


def _show_one(found: "Delivery") -> None:
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
    key: Annotated[
        str,
        typer.Argument(
            help="The delivery, or all of a post: CAMPAIGN/POST.",
            autocompletion=completion.delivery_keys,
        ),
    ],
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When, in the campaign's time: 2026-12-05T18:00.")
    ],
) -> None:
    """Give a post, or one delivery of it, another time, in its campaign file as well."""
    from somos_social.cli import moments
    from somos_social.cli.campaign import campaign_path
    from somos_social.cli.opening import opened
    from somos_social.flows import rescheduling

    call = asked(ctx)
    with opened(call, acting=True) as app:
        zone = moments.zone_of(campaign_path(key.partition("/")[0]))
        due = moments.read(at, zone, app.now())
        moments.say_back(due, zone)
        _answer(call, rescheduling.move(app, key, due, campaign_path))


@app.command()
def cancel(
    ctx: typer.Context,
    key: Key,
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")],
) -> None:
    """Withdraw a delivery before it goes out, and the comment that would follow it."""
    from somos_social.cli.opening import opened
    from somos_social.flows import delivery as flow

    if not reason.strip():
        raise UsageError("Say why, as in --reason 'the date of the event changed'.")
    call = asked(ctx)
    with opened(call, acting=True) as app:
        _answer(call, flow.cancel(app, key, reason.strip()))


@app.command()
def retry(ctx: typer.Context, key: Key) -> None:
    """Try again what failed, was missed or is blocked: it goes out as soon as it can."""
    from somos_social.cli.opening import opened
    from somos_social.flows import delivery as flow

    call = asked(ctx)
    with opened(call, acting=True) as app:
        _answer(call, [flow.retry(app, key)])


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
    from somos_social.core.model import Status
    from somos_social.flows import delivery as flow

    call = asked(ctx)
    with opened(call, acting=True) as app:
        found = flow.known(app, key)
        if found.status is Status.PUBLISHED and not (yes or call.json) and sys.stdin.isatty():
            typer.confirm(f"Take down {found.key} for good?", abort=True, err=True)
        moved = flow.remove(app, key)
        _answer(call, moved)
    kept = [each for each in moved if each.status is Status.PUBLISHED]
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
    """Say what you saw on the channel when the program cannot know."""
    from somos_social.cli.opening import opened
    from somos_social.flows import delivery as flow

    if (published is None) is not not_published:
        raise UsageError("Say what you saw: either --published URL or --not-published.")
    receipt = None if published is None else _receipt(published.strip())
    call = asked(ctx)
    with opened(call, acting=True) as app:
        _answer(call, [flow.settle(app, key, receipt)])


_ID = re.compile(r"[A-Za-z0-9_:.-]{1,200}")


def _receipt(seen: str) -> "Receipt":
    """What a person saw, as an id or as an address, whose last part then stands for the id."""
    from urllib.parse import urlsplit

    from somos_social.core.model import Receipt

    if _ID.fullmatch(seen):
        return Receipt(remote_id=seen, url=None)
    parts = urlsplit(seen)
    last = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc
    whole = parts.scheme in ("http", "https") and parts.netloc and seen.isprintable()
    if not whole or " " in seen or not _ID.fullmatch(last):
        raise UsageError("Give the post's address as the browser shows it, or its id.")
    return Receipt(remote_id=last, url=seen)


def _answer(call: Asked, moved: "Sequence[Delivery]") -> None:
    from somos_social.cli import deliveries, documents, rendering

    if call.json:
        rendering.document(documents.delivery(moved[0]))
        for follower in moved[1:]:
            rendering.note(f"{follower.key} is {follower.status} as well.")
    else:
        deliveries.table(moved)
