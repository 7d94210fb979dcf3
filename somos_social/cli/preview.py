"""`somos preview`: a campaign as its networks will show it, in one file that can be mailed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import Asked, asked
from somos_social.cli.campaign import Media, campaign_path, database_exists, media_beside
from somos_social.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from somos_social.core.model.campaign import Campaign
    from somos_social.core.model.delivery import Delivery
    from somos_social.core.model.post import Variant
    from somos_social.core.people import Said
    from somos_social.preview import Page
    from somos_social.settings import Settings


def preview(
    ctx: typer.Context,
    campaign: Annotated[str, typer.Argument(help="The campaign file, or its name.")],
    post: Annotated[str | None, typer.Argument(help="Only this post of it.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to write.  [default: preview-CAMPAIGN.html]"),
    ] = None,
    media: Media = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that is no preview, too.")
    ] = False,
) -> None:
    """Write one HTML file with each post as each network will show it. Schedules nothing.

    It holds its pictures itself and needs no script and no internet: attach it to a mail. Needs no
    config; where there is one, it also says whose approval and whose consent is still missing.
    """
    from datetime import UTC, datetime

    from somos_social.cli.configured import load_if_any
    from somos_social.cli.uploads import Uploads
    from somos_social.flows import renditions
    from somos_social.flows.campaign import check
    from somos_social.preview import page

    call = asked(ctx)
    path, found = campaign_path(campaign), load_if_any(call)
    root = media or (found.media_root if found else media_beside(path))
    [read] = check([path], media_root=root, channels=None, now=None, known=()).campaigns
    to = _file(out or Path("-".join(filter(None, ("preview", read.slug, post))) + ".html"), force)
    with Uploads.of_renditions() as bars:
        renditions.make(root, renditions.needed(_variants(read, post)), bars.progress)
        made = page(
            read,
            media_root=root,
            made_at=datetime.now(UTC),
            post=post,
            asks=lambda wanted: _said(call, found, read, wanted),
            progress=bars.progress,
        )
    _write(call, to, made)


def _variants(read: "Campaign", post: str | None) -> "Sequence[Variant]":
    from somos_social.core.campaign import deliveries
    from somos_social.core.model.delivery import Policy

    return [it.variant for it in deliveries(read, Policy()) if post in (None, it.post)]


def _said(
    call: Asked, found: "Settings | None", read: "Campaign", wanted: "Sequence[Delivery]"
) -> "Said | None":
    """What people have said so far; None where there is no database that knows."""
    if found is None or not database_exists(found.store_url):
        return None
    from somos_social.cli import rendering
    from somos_social.cli.opening import opened

    try:
        with opened(call) as app:
            required = {read.slug: read.approvals}
            return app.store.said_of(wanted, required=required)
    except StoreError as error:
        rendering.note(f"What people have said so far is not known: {error}")
        return None


def _file(named: Path, force: bool) -> Path:
    """Where the file is to be; an earlier preview may be replaced. Raises UsageError."""
    from somos_social.cli import new_file
    from somos_social.preview.page import MARK

    try:
        with named.open("rb") as known:
            is_ours = known.read(len(MARK)) == MARK
    except (OSError, ValueError):
        is_ours = False
    return new_file.to_write(named, force=force or is_ours)


def _write(call: Asked, to: Path, made: "Page") -> None:
    from somos_social.cli import new_file, rendering
    from somos_social.whole_file import replacing

    with new_file.told(to), replacing(to) as part:
        part.write_bytes(made.html)
    if call.json:
        rendering.document(
            {
                "file": str(to),
                "posts": made.posts,
                "pictures": made.pictures,
                "left_out": made.left_out,
                "bytes": len(made.html),
            }
        )
        return
    posts = rendering.counted(made.posts, "post")
    pictures = rendering.counted(made.pictures, "picture")
    size = f"{len(made.html) / 1_000_000:.1f} MB"
    rendering.say(f"{to}: {posts}, {pictures} of up to {made.pixels} pixels a side, {size}.")
    if made.left_out:
        rendering.note(
            f"{rendering.counted(made.left_out, 'picture')} found no room in a file that can be "
            "mailed, and is told in words. Write one post at a time: `somos preview CAMPAIGN POST`."
        )
