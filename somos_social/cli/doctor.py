"""`somos doctor`: what is missing on this machine and in this config, and what mends it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import Asked, asked
from somos_social.core.health import Found, Level, ok, problem, warning, worst
from somos_social.errors import InvalidFiles, NeedsPerson, StoreError

if TYPE_CHECKING:
    from somos_social.settings import Settings


def doctor(
    ctx: typer.Context,
    online: Annotated[
        bool,
        typer.Option("--online", help="Also compare the clock with that of a network."),
    ] = False,
) -> None:
    """Look whether all is in place to publish, and say of each thing what mends it.

    Changes nothing, shows no secret, and asks no network unless --online is given. Ends with 3
    where files or the config are not valid, and with 6 where something else needs a person.
    """
    from somos_social.cli import rendering

    call = asked(ctx)
    found = list(_found(call, online=online))
    level = worst(found)
    if call.json:
        checks = [
            {"about": it.about, "level": it.level.value, "told": it.told, "mend": it.mend}
            for it in found
        ]
        rendering.document({"level": level.value, "checks": checks})
    else:
        _show(found)
    problems = [it for it in found if it.level is Level.PROBLEM]
    if any(it.is_invalid for it in problems):
        raise typer.Exit(InvalidFiles.exit_code)
    if problems:
        raise typer.Exit(NeedsPerson.exit_code)


def _show(found: list[Found]) -> None:
    from somos_social.cli import rendering

    width = max(len(it.about) for it in found)
    for each in found:
        rendering.say(f"{each.level.value:<8} {each.about:<{width}}  {each.told}")
        if each.mend:
            rendering.say(f"{'':<8} {'':<{width}}  -> {each.mend}")
    levels = [it.level for it in found]
    rendering.say(
        "",
        f"{levels.count(Level.OK)} ok, "
        f"{rendering.counted(levels.count(Level.WARNING), 'warning')}, "
        f"{rendering.counted(levels.count(Level.PROBLEM), 'problem')}.",
    )


def _found(call: Asked, *, online: bool) -> Iterator[Found]:
    from somos_social.cli import inspecting, machine
    from somos_social.cli.configured import load_if_any

    settings: Settings | None = None
    invalid: list[Found] = []
    try:
        settings = load_if_any(call)
    except InvalidFiles as error:
        invalid = [
            problem("config", f"{it.file}: {it.key} {it.problem}", it.hint, is_invalid=True)
            for it in error.problems
        ]
    yield from machine.found(settings.source.parent if settings else Path())
    if online:
        yield machine.clock(settings)
    yield from invalid
    if settings is not None:
        yield from inspecting.found(settings)
        yield from _database(call, settings)
    elif not invalid:
        told = "there is none here, which checking and rehearsing do not need."
        yield warning("config", told, "`somos init` makes one; or name yours with --config.")
    yield from _campaigns(settings)


def _database(call: Asked, settings: "Settings") -> Iterator[Found]:
    """What it says, unless a question would change it first."""
    from somos_social.cli.campaign import database_exists
    from somos_social.cli.opening import opened
    from somos_social.flows import health
    from somos_social.store.engine import REVISION, revision_of

    if not database_exists(settings.store_url):
        yield ok("database", "is made by the first command that needs it.")
        return
    try:
        revision = revision_of(settings.store_url)
        if revision is None:
            yield ok("database", "is empty; the first command that needs it makes its tables.")
            return
        if revision < REVISION:
            told = f"is of revision {revision}; the next command brings it to {REVISION}."
            yield warning("database", told, "`somos backup FILE` first.")
            return
        with opened(call) as app:
            yield ok("database", f"can be reached, and is of revision {REVISION}.")
            yield from health.of_database(app)
            yield health.of_daemon(app)
            yield from health.of_people(app)
            yield from health.of_channels(app)
    except StoreError as error:
        yield problem("database", str(error), f"See [store] url in {settings.source}.")


def _campaigns(settings: "Settings | None") -> Iterator[Found]:
    """The files of this folder, each as `somos check` reads it, whatever of them is past."""
    from somos_social.cli import rendering
    from somos_social.cli.campaign import campaigns_here, media_beside
    from somos_social.flows.campaign import check

    for path in campaigns_here():
        try:
            [read] = check(
                [path],
                media_root=settings.media_root if settings else media_beside(path),
                channels=settings.channels.keys() if settings else None,
                now=None,
                known=(),
                pictures_are_public=settings is None or settings.shows_pictures,
            ).campaigns
        except InvalidFiles as invalid:
            number = rendering.counted(len(invalid.problems), "problem")
            mend = f"`somos check {path.stem}` names them."
            yield problem(f"{path}", f"has {number}.", mend, is_invalid=True)
        else:
            yield ok(f"{path}", f"{rendering.counted(len(read.posts), 'post')}, all sound.")
