"""`somos check`, `plan` and `schedule`: what campaign files want, held against what is known."""

from collections.abc import Collection, Iterable, Sequence
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import asked
from somos_social.errors import StoreError

if TYPE_CHECKING:
    from somos_social.cli.asked import Asked
    from somos_social.core.model import Campaign, Delivery
    from somos_social.flows.campaign import Plan
    from somos_social.settings import Settings

Campaigns = Annotated[
    list[str],
    typer.Argument(help="Campaign files, or their names: X means campaigns/X.toml."),
]
Media = Annotated[
    Path | None,
    typer.Option(
        help="The media folder.  [default: the config's, ./media, or beside the campaign]"
    ),
]
Empty = Annotated[
    bool, typer.Option("--empty", help="Allow a campaign without posts: all it had is withdrawn.")
]


def campaign_path(name: str) -> Path:
    """A campaign file by its path, or by its slug: X means campaigns/X.toml."""
    path, by_slug = Path(name), Path("campaigns") / f"{name}.toml"
    # What cannot be looked at, and a link that leads nowhere, is told of when it is read.
    return by_slug if not lexists(path) and lexists(by_slug) else path


def campaigns_here() -> list[Path]:
    """The campaign files of this folder."""
    return sorted(Path("campaigns").glob("*.toml"))


def media_beside(campaign: Path) -> Path:
    """The media folder of a campaign where no config names one."""
    usual = Path("media")
    return usual if usual.is_dir() else campaign.absolute().parent.parent / "media"


def check(ctx: typer.Context, campaigns: Campaigns, media: Media = None) -> None:
    """Find every problem in campaign files and their media. Needs no config, writes nothing."""
    from datetime import UTC, datetime

    from somos_social.cli import rendering
    from somos_social.cli.configured import load_if_any
    from somos_social.core.campaign import deliveries
    from somos_social.core.model import Policy
    from somos_social.flows.campaign import check as find_problems

    call = asked(ctx)
    paths = [campaign_path(name) for name in campaigns]
    found = load_if_any(call)
    read = find_problems(
        paths,
        media_root=media or (found.media_root if found else media_beside(paths[0])),
        channels=found.channels.keys() if found else None,
        now=datetime.now(UTC),
        known=_known(call, found, paths),
        pictures_are_public=found is None or found.shows_pictures,
    )
    if found is not None and found.public_url is not None:
        _fetch_a_picture(found, read)
    if call.json:
        rendering.document({"problems": []})
        return
    for campaign in read:
        rendering.say(_summary(campaign))
        _show_renditions(deliveries(campaign, Policy()))


def _fetch_a_picture(found: "Settings", campaigns: "Iterable[Campaign]") -> None:
    """As Instagram would; only looks, and so lays nothing where nothing is."""
    from somos_social import wiring
    from somos_social.core.campaign import deliveries
    from somos_social.core.model import Policy
    from somos_social.flows.pictures import look

    wanted = [delivery for campaign in campaigns for delivery in deliveries(campaign, Policy())]
    look(wiring.pictures_of(found), found.media_root, wanted)


def _known(call: "Asked", found: "Settings | None", paths: Sequence[Path]) -> Collection[str]:
    """The keys already scheduled, where there is a database: their times may be past."""
    if found is None or not database_exists(found.store_url):
        return ()
    from somos_social.cli import rendering
    from somos_social.cli.opening import opened

    try:
        with opened(call) as app:
            return {key for path in paths for key in app.store.of_campaign(path.stem)}
    except StoreError as error:
        rendering.note(
            "What is scheduled already is not known, so every time that is past is a problem here: "
            f"{error}"
        )
        return ()


def database_exists(store_url: str) -> bool:
    """False for an SQLite file that is still to be made: checking makes none."""
    scheme, _, file = store_url.partition(":///")
    return scheme != "sqlite" or lexists(file)


def _summary(campaign: "Campaign") -> str:
    from zoneinfo import ZoneInfo

    from somos_social.cli import rendering
    from somos_social.core.campaign import deliveries
    from somos_social.core.model import Policy

    wanted = len(list(deliveries(campaign, Policy())))
    dues = sorted(post.due for post in campaign.posts)
    _, (first, last) = rendering.local_times([dues[0], dues[-1]], ZoneInfo(campaign.timezone))
    counts = (
        f"{rendering.counted(len(dues), 'post')}, "
        f"{rendering.counted(wanted, 'delivery', 'deliveries')}, "
        f"{rendering.counted(len(campaign.handoffs), 'hand-off')}"
    )
    return f"{campaign.slug}: no problems. {counts}, from {first} to {last} ({campaign.timezone})."


def _show_renditions(wanted: "Iterable[Delivery]") -> None:
    """What is done to media, so that a person sees it before it goes out."""
    from somos_social.cli import rendering
    from somos_social.cli.renditions import notes

    if lines := notes(wanted):
        rendering.say("What is made of the media:", *(f"  {line}" for line in lines))


def plan(ctx: typer.Context, campaigns: Campaigns, empty: Empty = False) -> None:
    """Show what scheduling these campaigns would change, and what blocks it. Writes nothing."""
    from somos_social.cli.opening import opened
    from somos_social.flows.campaign import plan as make_plan

    call = asked(ctx)
    with opened(call) as app:
        made = make_plan(app, [campaign_path(name) for name in campaigns], allow_empty=empty)
    _show(call, made, done=False)
    if not call.json:
        _show_renditions(line.planned.wanted for line in made.lines if line.planned.wanted)


def schedule(ctx: typer.Context, campaigns: Campaigns, empty: Empty = False) -> None:
    """Make it so: add, amend and withdraw deliveries. Done twice, the second changes nothing."""
    from somos_social.cli.opening import opened
    from somos_social.cli.uploads import Uploads
    from somos_social.flows.campaign import schedule as make_it_so

    call = asked(ctx)
    with opened(call, acting=True) as app, Uploads.of_renditions() as bars:
        paths = [campaign_path(name) for name in campaigns]
        made = make_it_so(app, paths, allow_empty=empty, progress=bars.progress)
    _show(call, made, done=True)


_WILL = {"add": "to add", "amend": "to amend", "withdraw": "to withdraw"}
_DONE = {"add": "added", "amend": "amended", "withdraw": "withdrawn"}
_EITHER = {"too-late": "too late to change", "untouched": "untouched"}


def _show(call: "Asked", made: "Plan", *, done: bool) -> None:
    from somos_social.cli import documents, rendering

    changes = [documents.change(line) for line in made.lines]
    if call.json:
        rendering.document({"changes": changes})
    elif told := [c for c in changes if call.verbose or c["change"] != "untouched"]:
        rendering.table(
            ["change", "delivery", "blocked by"],
            [[c["change"], c["key"], "; ".join(c["blocked_by"])] for c in told],
        )
    words = {**(_DONE if done else _WILL), **_EITHER}
    kinds = [change["change"] for change in changes]
    counts = [f"{kinds.count(kind):,} {words[kind]}" for kind in words if kind in kinds]
    answer = rendering.note if call.json else rendering.say
    answer(f"{', '.join(counts) or 'Nothing to schedule'}.")
    late = [change["key"] for change in changes if change["change"] == "too-late"]
    if late:
        rendering.note(
            f"WARNING: {rendering.counted(len(late), 'delivery', 'deliveries')} can no longer be "
            "changed, because they are public or may be. The campaign file now says something "
            "else than what went out:",
            *(f"  {key}" for key in late),
        )
    if blocked := sum(1 for change in changes if change["blocked_by"]):
        rendering.note(f"{blocked:,} wait for people; nothing is scheduled before that.")
