"""`somos check`, `plan` and `schedule`: what campaign files want, held against what is known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.errors import InvalidFiles, StoreError, UsageError

if TYPE_CHECKING:
    from somos_social.cli.asked import Asked
    from somos_social.core.clashes import Beside
    from somos_social.core.model.campaign import Campaign
    from somos_social.core.model.delivery import Delivery
    from somos_social.core.people import Consent
    from somos_social.core.prices import Bill
    from somos_social.flows.campaign import Plan
    from somos_social.settings import Settings

Campaigns = Annotated[
    list[str],
    typer.Argument(
        help="Campaign files, or their names: X means campaigns/X.toml.",
        autocompletion=completion.campaigns,
    ),
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


def check(
    ctx: typer.Context,
    campaigns: Annotated[
        list[str] | None,
        typer.Argument(
            help="Campaign files, or their names: X means campaigns/X.toml.",
            show_default=False,
            autocompletion=completion.campaigns,
        ),
    ] = None,
    media: Media = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 3 also where there are only warnings.")
    ] = False,
    rules: Annotated[
        bool,
        typer.Option("--rules", help="List the rules of the desk instead, each with its source."),
    ] = False,
) -> None:
    """Find every problem in campaign files and their media. Needs no config, writes nothing.

    The rules of a humanitarian desk are part of it. What some of them find is told as a warning
    only; every finding can be accepted in the files by its name and a reason.
    """
    call = asked(ctx)
    if rules:
        _list_rules(call)
        return
    if not campaigns:
        raise UsageError("Name a campaign file, as in `somos check campaigns/X.toml`.")
    _check(call, [campaign_path(name) for name in campaigns], media, strict=strict)


def _check(call: "Asked", paths: list[Path], media: Path | None, *, strict: bool) -> None:
    from datetime import UTC, datetime

    from somos_social.cli import clashes, documents, rendering
    from somos_social.cli.configured import load_if_any
    from somos_social.core.campaign import deliveries
    from somos_social.core.model.delivery import Policy
    from somos_social.flows.campaign import check as find_problems
    from somos_social.flows.clashes import of_campaigns

    found, now = load_if_any(call), datetime.now(UTC)
    known, consents, around = known_of(call, found, paths)
    read = find_problems(
        paths,
        media_root=media or (found.media_root if found else media_beside(paths[0])),
        channels=found.channels.keys() if found else None,
        now=now,
        known=known,
        consents=consents,
        pictures_are_public=found is None or found.shows_pictures,
    )
    if found is not None and found.public_url is not None:
        _fetch_a_picture(found, read.campaigns)
    told = clashes.documents(of_campaigns(read.campaigns, around, now=now), _files(paths))
    if call.json:
        rendering.document(documents.checked([], read.warnings, read.accepted, told))
        _show_notices(call, read.campaigns)
    else:
        for campaign in read.campaigns:
            rendering.say(_summary(campaign))
            _show_renditions(deliveries(campaign, Policy()))
            _show_notices(call, [campaign])
        rendering.warnings(read.warnings)
        rendering.accepted(read.accepted if call.verbose else ())
        clashes.tell(told)
    if strict and (read.warnings or told):
        raise typer.Exit(InvalidFiles.exit_code)


def _list_rules(call: "Asked") -> None:
    from somos_social.cli import documents, rendering
    from somos_social.core.desk.rules import RULES

    if call.json:
        rendering.document([documents.rule(rule) for rule in RULES.values()])
        return
    for rule in RULES.values():
        rendering.heading(rule.name, rule.level.value)
        rendering.facts(
            [
                ("looks for", rule.looks_for),
                ("says", rule.problem.es),
                ("", rule.problem.en),
                ("what to do", rule.hint.es),
                ("", rule.hint.en),
                ("source", rule.source),
            ]
        )


def _files(paths: Sequence[Path]) -> dict[str, Path]:
    """The files of campaigns by their slugs."""
    return {path.stem: path for path in paths}


def _with(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The warnings of a document, where there are any."""
    return {"warnings": told} if told else {}


def _fetch_a_picture(found: "Settings", campaigns: "Iterable[Campaign]") -> None:
    """As Instagram would; only looks, and so lays nothing where nothing is."""
    from somos_social import wiring
    from somos_social.core.campaign import deliveries
    from somos_social.core.model.delivery import Policy
    from somos_social.flows.pictures import look

    wanted = [delivery for campaign in campaigns for delivery in deliveries(campaign, Policy())]
    look(wiring.pictures_of(found), found.media_root, wanted)


def known_of(
    call: "Asked", found: "Settings | None", paths: Sequence[Path]
) -> "tuple[Collection[str], Mapping[str, Consent] | None, Beside]":
    """What a database knows, where there is one: the keys scheduled already, and the consents.

    The times of the former may be past. Third, what else the campaigns are held against.
    """
    from somos_social.core.clashes import Beside

    if found is None or not database_exists(found.store_url):
        return (), None, Beside()
    from somos_social.cli import rendering
    from somos_social.cli.opening import opened
    from somos_social.flows.clashes import beside

    try:
        with opened(call) as app:
            slugs = {path.stem for path in paths}
            keys = {key for slug in slugs for key in app.store.of_campaign(slug)}
            return keys, app.store.consents.known(), beside(app, slugs)
    except StoreError as error:
        rendering.note(
            "What is scheduled already is not known, so every time that is past is a problem here: "
            f"{error}"
        )
        return (), None, Beside()


def database_exists(store_url: str) -> bool:
    """False for an SQLite file that is still to be made: checking makes none."""
    scheme, _, file = store_url.partition(":///")
    return scheme != "sqlite" or lexists(file)


def _summary(campaign: "Campaign") -> str:
    from zoneinfo import ZoneInfo

    from somos_social.cli import rendering
    from somos_social.core.campaign import deliveries
    from somos_social.core.model.delivery import Policy

    wanted = len(list(deliveries(campaign, Policy())))
    dues = sorted(post.due for post in campaign.posts)
    counts = (
        f"{rendering.counted(len(dues), 'post')}, "
        f"{rendering.counted(wanted, 'delivery', 'deliveries')}, "
        f"{rendering.counted(len(campaign.handoffs), 'hand-off')}"
    )
    if not dues:
        return f"{campaign.slug}: no problems. {counts}."
    _, (first, last) = rendering.local_times([dues[0], dues[-1]], ZoneInfo(campaign.timezone))
    return f"{campaign.slug}: no problems. {counts}, from {first} to {last} ({campaign.timezone})."


def _show_renditions(wanted: "Iterable[Delivery]") -> None:
    """What is done to media, so that a person sees it before it goes out."""
    from somos_social.cli import rendering
    from somos_social.cli.renditions import notes

    if lines := notes(wanted):
        rendering.say("What is made of the media:", *(f"  {line}" for line in lines))


def _show_notices(call: "Asked", campaigns: "Iterable[Campaign]") -> None:
    """What channels show otherwise than it is written, so that nobody is surprised."""
    from somos_social.cli import rendering

    say = rendering.note if call.json else rendering.say
    lines = [
        f"  {post.key} on {channel}: {notice}"
        for campaign in campaigns
        for post in campaign.posts
        for channel in post.notices
        for notice in post.notices[channel]
    ]
    if lines:
        say("What is shown otherwise than it is written:", *lines)


def plan(ctx: typer.Context, campaigns: Campaigns, empty: Empty = False) -> None:
    """Show what scheduling these campaigns would change, and what blocks it. Writes nothing."""
    from somos_social.cli import clashes
    from somos_social.cli.opening import opened
    from somos_social.flows.campaign import plan as make_plan
    from somos_social.flows.clashes import of_plan

    call = asked(ctx)
    paths = [campaign_path(name) for name in campaigns]
    with opened(call) as app:
        made = make_plan(app, paths, allow_empty=empty)
        told = clashes.documents([*made.freed, *of_plan(app, made)], _files(paths))
    _show(call, made, told, done=False)
    if not call.json:
        _show_renditions(line.planned.wanted for line in made.lines if line.planned.wanted)
    _show_notices(call, made.campaigns)


def schedule(ctx: typer.Context, campaigns: Campaigns, empty: Empty = False) -> None:
    """Make it so: add, amend and withdraw deliveries. Done twice, the second changes nothing."""
    from somos_social.cli import clashes
    from somos_social.cli.opening import opened
    from somos_social.cli.uploads import Uploads
    from somos_social.flows.campaign import schedule as make_it_so
    from somos_social.flows.clashes import of_plan

    call = asked(ctx)
    paths = [campaign_path(name) for name in campaigns]
    with opened(call, acting=True) as app, Uploads.of_renditions() as bars:
        made = make_it_so(app, paths, allow_empty=empty, progress=bars.progress)
        told = clashes.documents([*made.freed, *of_plan(app, made)], _files(paths))
    _show(call, made, told, done=True)


_WILL = {"add": "to add", "amend": "to amend", "withdraw": "to withdraw"}
_DONE = {"add": "added", "amend": "amended", "withdraw": "withdrawn"}
_EITHER = {"too-late": "too late to change", "untouched": "untouched"}


def _show(
    call: "Asked", made: "Plan", hardly_meant: Sequence[dict[str, Any]], *, done: bool
) -> None:
    from somos_social.cli import clashes, documents, rendering
    from somos_social.core.prices import bill_of_x
    from somos_social.flows.campaign import news

    changes = [documents.change(line) for line in made.lines]
    bill = bill_of_x(news(made))
    if call.json:
        billed = {"x_bill": documents.bill(bill)} if bill.posts else {}
        rendering.document({"changes": changes, **billed, **_with(hardly_meant)})
    elif told := [
        c for c in changes if call.verbose or c["change"] != "untouched" or c["blocked_by"]
    ]:
        rendering.table(
            ["change", "delivery", "blocked by"],
            [[c["change"], c["key"], "; ".join(c["blocked_by"])] for c in told],
        )
    words = {**(_DONE if done else _WILL), **_EITHER}
    kinds = [change["change"] for change in changes]
    counts = [f"{kinds.count(kind):,} {words[kind]}" for kind in words if kind in kinds]
    answer = rendering.note if call.json else rendering.say
    answer(f"{', '.join(counts) or 'Nothing to schedule'}.")
    if bill.posts and not done and not call.json:
        rendering.say(_billed(bill))
    late = [change["key"] for change in changes if change["change"] == "too-late"]
    if late:
        rendering.note(
            f"WARNING: {rendering.counted(len(late), 'delivery', 'deliveries')} can no longer be "
            "changed, because they are public or may be. The campaign file now says something "
            "else than what went out:",
            *(f"  {key}" for key in late),
        )
    if made.warnings:
        rendering.note(
            f"The desk has {rendering.counted(len(made.warnings), 'warning')}, which keep nothing "
            "back: `somos check` tells."
        )
    if blocked := sum(1 for change in changes if change["blocked_by"]):
        rendering.note(f"{blocked:,} wait for people; none of them goes out before that.")
    if not call.json:
        clashes.tell(hardly_meant)


def _billed(bill: "Bill") -> str:
    """What X bills for what is added and amended."""
    from somos_social.cli import rendering
    from somos_social.core.prices import X

    with_url = rendering.counted(bill.with_url, "of them holds a URL", "of them hold a URL")
    return (
        f"X will bill about ${bill.usd:.3f} for {rendering.counted(bill.posts, 'post')}: "
        f"{with_url} (${X.with_url} each; ${X.post} without)."
    )
