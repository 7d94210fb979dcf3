"""`somos queue add`: a post from the terminal, into its campaign file and into the schedule."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli import completion
from somos_social.cli.asked import Asked, asked
from somos_social.errors import InvalidFiles, SomosError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from somos_social.cli.editing import Editing
    from somos_social.core.clashes import Clash
    from somos_social.errors import Problem
    from somos_social.files.new_post import Said
    from somos_social.flows import App
    from somos_social.flows.campaign import Plan
    from somos_social.flows.queueing import Draft

Campaign = Annotated[
    str,
    typer.Argument(help="The campaign file, or its name.", autocompletion=completion.campaigns),
]
WHEN = "When, on the campaign's clocks: 2026-12-05T18:00, 'tomorrow 18:00', 'viernes 9:00', "
WHEN += "'in 2 hours', 'next slot'."


def add(
    ctx: typer.Context,
    campaign: Campaign,
    text: Annotated[str, typer.Option(help="The words.")] = "",
    asset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="A picture or a video of the media folder; may be given several times.",
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL",
            help="Only there: a channel of the campaign, or a network; may be given several times.",
            autocompletion=completion.channels,
        ),
    ] = None,
    at: Annotated[str | None, typer.Option(metavar="WHEN", help=WHEN)] = None,
    key: Annotated[
        str, typer.Option(help="The post's name.  [default: from the first words of the text]")
    ] = "",
    goal: Annotated[str, typer.Option(help="What it is for, in your words.")] = "",
    link: Annotated[str, typer.Option(metavar="URL", help="A link that goes with it.")] = "",
    format: Annotated[str, typer.Option("--format", help="feed, reel or story.")] = "",
    first_comment: Annotated[
        str, typer.Option(metavar="TEXT", help="Posted below it once it is public.")
    ] = "",
    edit: Annotated[
        bool, typer.Option("--edit", "-e", help="Write it in $EDITOR, with all keys explained.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
) -> None:
    """Add a post to a campaign file, checked as each network will see it, and schedule it.

    Everything else in the file stays as it is, to the letter. Only this post is scheduled; what
    else was edited waits for `somos schedule`.
    """
    from somos_social.cli.campaign import campaign_path
    from somos_social.cli.opening import opened
    from somos_social.files.new_post import Said
    from somos_social.flows.queueing import in_media

    if at is None and not edit:
        raise UsageError("Say when, as in --at 'friday 9:00', or write all of it with --edit.")
    call, path = asked(ctx), campaign_path(campaign)
    with opened(call, acting=True) as app:
        assets, outside = in_media(app.media_root, asset or ())
        due, dues, channels = _when_and_where(app, path, at, to or ())
        said = Said(
            key=key,
            due=due,
            dues=dues,
            goal=goal,
            channels=channels,
            text=text.strip(),
            link=link,
            assets=assets,
            format=format,
            first_comment=first_comment,
        )
        if edit:
            _edited(app, call, path, said, outside, yes=yes)
        else:
            from somos_social.files.new_post import block
            from somos_social.flows.queueing import draft

            made = draft(app, path, block(said), where=f"the new post of {path}", outside=outside)
            _put(app, call, made, yes=yes, is_said=True)


def _when_and_where(
    app: "App", path: Path, at: str | None, to: "Sequence[str]"
) -> "tuple[datetime | None, dict[str, datetime], list[str]]":
    """The time, those of channels that have one of their own, and the channels; all as written.

    Times are on the campaign's clocks, and are said back at once.
    """
    from somos_social.cli import moments
    from somos_social.files.clock import as_written
    from somos_social.files.rewriting import CampaignFile
    from somos_social.flows.slots import next_free

    zone = moments.zone_of(path)
    every = CampaignFile(path).head.get("channels", [])
    names = [str(name) for name in every] if isinstance(every, list) else []
    chosen = _chosen(names, to)
    if at is None:
        return None, {}, chosen
    if not moments.asks_for_a_slot(at):
        due = moments.read(at, zone, app.now())
        moments.say_back(due, zone)
        return as_written(due, zone), {}, chosen
    times = next_free(app, path, chosen or names)
    moments.say_back_each(times, zone)
    first = min(times.values())
    own = {name: as_written(due, zone) for name, due in times.items() if due != first}
    return as_written(first, zone), own, chosen


def _chosen(names: "Sequence[str]", to: "Sequence[str]") -> list[str]:
    """The channels that are meant; none where all of the campaign's are. Raises UsageError."""
    from somos_social.document import near

    chosen: list[str] = []
    for asked_for in to:
        found = [it for it in names if asked_for in (it, it.partition(":")[0])]
        if not found:
            known = [*names, *(it.partition(":")[0] for it in names)]
            hint = near(asked_for, known) or f"It has {', '.join(names)}."
            raise UsageError(f"--to {asked_for!r} is no channel of this campaign. {hint}")
        chosen += found
    wanted = [it for it in names if it in chosen]
    return wanted if len(wanted) < len(names) else []


def _edited(
    app: "App",
    call: Asked,
    path: Path,
    said: "Said",
    outside: "Sequence[Problem]",
    *,
    yes: bool,
) -> None:
    from somos_social.cli import rendering
    from somos_social.cli.editing import Editing
    from somos_social.files.new_post import template

    editing = Editing("post.toml", template(said, path.stem))
    try:
        made = _drafted(app, call, path, editing, outside)
        if made is None:
            rendering.note("Nothing was changed.")
            if call.json:
                rendering.document({"changes": []})
        else:
            _put(app, call, made, yes=yes)
    except (SomosError, typer.Abort):
        if editing.is_worth_keeping:
            rendering.note(f"What you wrote is kept in {editing.path}.")
        else:
            editing.throw_away()
        raise
    editing.throw_away()


def _drafted(
    app: "App", call: Asked, path: Path, editing: "Editing", outside: "Sequence[Problem]"
) -> "Draft | None":
    """What was written, once it is sound; on a terminal, a person may mend it."""
    from somos_social.cli import rendering
    from somos_social.files.new_post import taken_over
    from somos_social.flows.queueing import draft

    while editing.edit():
        try:
            written = taken_over(editing.text, path.stem)
            return draft(app, path, written, where=str(editing.path), outside=outside)
        except InvalidFiles as invalid:
            if call.json or not sys.stdin.isatty():
                raise
            rendering.problems(invalid.problems)
            typer.confirm("Edit it again?", default=True, abort=True, err=True)
    return None


def _put(app: "App", call: Asked, made: "Draft", *, yes: bool, is_said: bool = False) -> None:
    """`is_said` says that its times were said back already."""
    from somos_social.cli.uploads import Uploads
    from somos_social.flows.queueing import put

    if not is_said:
        _say_times_back(made)
    if not call.json:
        _show(made)
    if not (yes or call.json) and sys.stdin.isatty():
        typer.confirm("Write it into the file, and schedule it?", abort=True, err=True)
    with Uploads.of_renditions() as bars:
        done = put(app, made, bars.progress)
    _answer(app, call, made, done)


def _say_times_back(made: "Draft") -> None:
    from zoneinfo import ZoneInfo

    from somos_social.cli import moments

    [campaign] = made.plan.campaigns
    wanted = [line.planned.wanted for line in made.lines if line.planned.wanted]
    posts = dict.fromkeys(each.post for each in wanted)
    for post in posts:
        times = {it.channel: it.due_at for it in wanted if it.post == post}
        moments.say_back_each(times, ZoneInfo(campaign.timezone))


def _show(made: "Draft") -> None:
    """What will go out where, and when."""
    from somos_social.cli import content, rendering

    for line in made.lines:
        wanted = line.planned.wanted
        if wanted is None:
            continue
        rendering.heading(wanted.key, "to be added")
        content.show(content.lines(wanted.variant, wanted.due_at))
        if line.blocked_by:
            rendering.say(f"  waits: {'; '.join(line.blocked_by)}")
        rendering.say("")


def _answer(app: "App", call: Asked, made: "Draft", done: "Plan") -> None:
    from somos_social.cli import clashes, documents, rendering
    from somos_social.flows.clashes import of_plan

    path = made.file.path
    posts = {line.planned.wanted.post for line in made.lines if line.planned.wanted}
    found = [it for it in of_plan(app, done) if _is_about(it, posts)]
    told = clashes.documents(found, {path.stem: path})
    if call.json:
        changes = [documents.change(line) for line in done.lines]
        more = {"warnings": told} if told else {}
        rendering.document({"file": str(path), "post": made.post, "changes": changes, **more})
        return
    number = rendering.counted(len(done.lines), "delivery is", "deliveries are")
    rendering.say(f"{made.post} stands in {path}; {number} scheduled.")
    if blocked := sum(1 for line in done.lines if line.blocked_by):
        rendering.note(f"{blocked:,} wait for people, and do not go out before that.")
    if made.others:
        number = rendering.counted(made.others, "other change", "other changes")
        rendering.note(f"{number} of the file wait for: somos schedule {path}")
    clashes.tell(told)


def _is_about(warning: "Clash", posts: "set[str]") -> bool:
    """Whether it is told of one of these posts, or of another one for their sake."""
    return any(warning.key == f"post[{it}]" or f"`{it}`" in warning.problem for it in posts)
