"""`somos calendar`: a month or a week in the terminal, from the schedule and the files together."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli import completion
from somos_social.cli.asked import Asked, asked
from somos_social.errors import InvalidFiles, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from somos_social.core.model.campaign import Campaign
    from somos_social.core.model.delivery import Delivery
    from somos_social.flows.calendar import Day
    from somos_social.settings import Settings


def calendar(
    ctx: typer.Context,
    campaign: Annotated[
        str | None,
        typer.Argument(
            help="The campaign file, or its name.  [default: all of them]",
            autocompletion=completion.campaigns,
        ),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="This month.  [default: the current one]")
    ] = None,
    week: Annotated[
        str | None, typer.Option(metavar="YYYY-Www", help="This week, such as 2026-W49.")
    ] = None,
) -> None:
    """Show a month or a week: each day its posts, with their times, networks and states.

    What stands in a file only, and is not scheduled yet, is marked. Times are on the campaign's
    clocks. Needs no config.
    """
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from somos_social.cli import calendar_grid, rendering
    from somos_social.cli.campaign import campaign_path, campaigns_here
    from somos_social.cli.configured import load_if_any
    from somos_social.core.model.delivery import Policy
    from somos_social.flows.calendar import days, wanted_only

    if month and week:
        raise UsageError("Say --month or --week.")
    call = asked(ctx)
    paths = [campaign_path(campaign)] if campaign else campaigns_here()
    settings = load_if_any(call)
    known, zones = _known(call, settings, paths if campaign else None)
    read = _read(settings, paths, {it.campaign for it in known})
    zones |= {it.slug: ZoneInfo(it.timezone) for it in read}
    if not zones:
        raise UsageError("There is no campaign here. `somos init` makes one.")
    zone = next(
        (zones[path.stem] for path in paths if path.stem in zones), next(iter(zones.values()))
    )
    today = datetime.now(UTC).astimezone(zone).date()
    of = _month(month, today)
    first, number = _week(week) if week else _weeks_of(of)
    policy = settings.policy if settings else Policy()
    by_slug: dict[str, dict[str, Delivery]] = {it.slug: {} for it in read}
    for each in known:
        by_slug.setdefault(each.campaign, {})[each.key] = each
    wanted = [one for it in read for one in wanted_only(it, by_slug[it.slug], policy)]
    found = days(first, number, known=known, wanted=wanted, campaigns=read, zones=zones)
    if call.json:
        rendering.document(_document(found if week else _of(found, of), zones))
        return
    names = ", ".join(zones) if len(zones) < 4 else f"{len(zones)} campaigns"
    clocks = " and ".join(dict.fromkeys(it.key for it in zones.values()))
    if week:
        title = f"{first:%G-W%V}: {names} ({clocks})"
        calendar_grid.week(title, found, today=today)
    else:
        title = f"{of:%B %Y}: {names} ({clocks})"
        calendar_grid.month(title, _blank(found, of), of=of, today=today)


def _month(written: str | None, today: date) -> date:
    """The first of the month. Raises UsageError."""
    if written is None:
        return today.replace(day=1)
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", written)
    try:
        if found and 2000 <= int(found[1]) < 2200:
            return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise UsageError(f"--month {written!r} is no month. Write it as in 2026-12.")


def _week(written: str) -> tuple[date, int]:
    """Its Monday, and how many days it has. Raises UsageError."""
    found = re.fullmatch(r"([0-9]{4})-W([0-9]{1,2})", written.upper())
    try:
        if found and 2000 <= int(found[1]) < 2200:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1), 7
    except ValueError:
        pass
    raise UsageError(f"--week {written!r} is no week. Write it as in 2026-W49.")


def _weeks_of(first: date) -> tuple[date, int]:
    """The Monday at or before the first of a month, and the days up to the Sunday at its end."""
    begin = first - timedelta(days=first.weekday())
    after = (first + timedelta(days=32)).replace(day=1)
    number = (after - begin).days
    return begin, number + -number % 7


def _of(days: "Sequence[Day]", of: date) -> "list[Day]":
    return [it for it in days if (it.day.year, it.day.month) == (of.year, of.month)]


def _blank(days: "Sequence[Day]", of: date) -> "list[Day]":
    """The days of other months hold nothing: neither is seen, nor explained."""
    from dataclasses import replace

    inside = {it.day for it in _of(days, of)}
    return [it if it.day in inside else replace(it, entries=[], silences=[]) for it in days]


def _known(
    call: Asked, settings: "Settings | None", paths: "Sequence[Path] | None"
) -> "tuple[list[Delivery], dict[str, ZoneInfo]]":
    """What a database knows of these campaigns, or of all, and their clocks."""
    from somos_social.cli.campaign import database_exists
    from somos_social.cli.opening import opened

    if settings is None or not database_exists(settings.store_url):
        return [], {}
    with opened(call) as app:
        slugs = None if paths is None else {path.stem for path in paths}
        found = [it for it in app.store.listed() if slugs is None or it.campaign in slugs]
        known = app.store.pages.campaigns()
    return found, {slug: it.zone for slug, it in known.items() if slugs is None or slug in slugs}


def _read(
    settings: "Settings | None", paths: "Sequence[Path]", scheduled: set[str]
) -> "list[Campaign]":
    """The campaigns of the files that have no problems; the others are told of.

    Raises InvalidFiles where nothing is known of any of them.
    """
    from somos_social.cli import rendering
    from somos_social.cli.campaign import media_beside
    from somos_social.files import read_campaign

    found: list[Campaign] = []
    broken: list[InvalidFiles] = []
    for path in paths:
        root = settings.media_root if settings else media_beside(path)
        try:
            found.append(read_campaign(path, media_root=root))
        except InvalidFiles as invalid:
            broken.append(invalid)
            rendering.note(f"{path} has problems, so only what is scheduled is shown of it.")
    if broken and not found and not scheduled:
        raise InvalidFiles([problem for each in broken for problem in each.problems])
    return found


def _document(days: "Sequence[Day]", zones: "dict[str, ZoneInfo]") -> object:
    from somos_social.cli import documents

    return {
        "from": f"{days[0].day}",
        "to": f"{days[-1].day}",
        "timezones": {slug: zone.key for slug, zone in zones.items()},
        "days": [
            {
                "date": f"{day.day}",
                "posts": [
                    {
                        "campaign": it.campaign,
                        "post": it.post,
                        "due_at": documents.utc(it.at),
                        "local": it.at.replace(tzinfo=None).isoformat(),
                        "channels": dict(it.states),
                    }
                    for it in day.entries
                ],
                "blackouts": [
                    {"campaign": it.campaign, "reason": it.reason} for it in day.silences
                ],
            }
            for day in days
        ],
    }
