"""`somos import`: a spreadsheet becomes posts of a campaign file, all of them or none."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion
from somos_social.cli.asked import Asked, asked
from somos_social.errors import InvalidFiles, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from somos_social.cli.sheet_rows import Around
    from somos_social.files.columns import Columns
    from somos_social.files.sheets import Cell, Sheet
    from somos_social.flows.importing import Check, Draft, Incoming

WIDEST_TEXT = 60


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A spreadsheet: .csv or .xlsx.")],
    campaign: Annotated[
        str | None,
        typer.Option(
            help="The campaign file, or its name.  [default: the only one in campaigns/]",
            autocompletion=completion.campaigns,
        ),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="KEY=COLUMN",
            help="What a column holds, as in date=Salida or text@x=Tuit; -=COLUMN leaves it out. "
            "May be given several times.",
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="The sheet of a workbook.  [default: the first]")
    ] = None,
    dates: Annotated[
        str | None,
        typer.Option(
            metavar="ORDER",
            help="day-first or month-first, where the dates do not show it themselves.",
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Change posts that are there already, by their keys.")
    ] = False,
    media: Annotated[
        Path | None,
        typer.Option(
            help="The media folder.  [default: the config's, ./media, or beside the campaign]"
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
) -> None:
    """Write the rows of a spreadsheet into a campaign file as posts: all of them, or none.

    Columns are known by their headers, in Spanish and English. Times are on the campaign's clocks.
    What the file holds besides stays as it is; the same sheet again adds nothing.
    """
    from somos_social.cli import sheet_rows
    from somos_social.files.sheets import read
    from somos_social.flows.importing import draft

    call, path = asked(ctx), _campaign(campaign)
    may_ask = not (yes or call.json) and sys.stdin.isatty()
    around, check, known = _surroundings(call, path, media)
    found = read(file, sheet)
    columns = _columns(found, around.channels, map_ or (), may_ask=may_ask)
    around = _with_order(around, found, columns, dates, may_ask=may_ask)
    rows = sheet_rows.posts(found, columns, around)
    posts, over = rows.sound, rows.over
    made = draft(file, path, posts, check=check, known=known, update=update, problems=rows.problems)
    if not call.json:
        _show(found, columns, posts, made, over, around)
    news = any(fate != "untouched" for fate in made.fates.values())
    if news and not dry_run:
        if may_ask:
            typer.confirm(f"Write this into {path}?", abort=True, err=True)
        made.file.save()
    _answer(call, path, found, columns, posts, made, over, is_written=news and not dry_run)


def _campaign(named: str | None) -> Path:
    from somos_social.cli.campaign import campaign_path, campaigns_here

    if named is not None:
        return campaign_path(named)
    match campaigns_here():
        case [only]:
            return only
        case []:
            raise UsageError("Name the campaign, as in --campaign campaigns/X.toml.")
        case several:
            names = ", ".join(it.stem for it in several)
            raise UsageError(f"Which campaign? Say --campaign, with one of {names}.")


def _surroundings(
    call: Asked, path: Path, media: Path | None
) -> "tuple[Around, Check, Collection[str]]":
    """What rows are read against, how the file is checked, and the keys that were scheduled."""
    from datetime import UTC, datetime

    from somos_social.cli import moments
    from somos_social.cli.campaign import known_of, media_beside
    from somos_social.cli.configured import load_if_any
    from somos_social.cli.sheet_rows import Around
    from somos_social.core.occurrences import parts_of
    from somos_social.files import Reading
    from somos_social.files.rewriting import CampaignFile
    from somos_social.flows.campaign import check as find_problems

    settings, now = load_if_any(call), datetime.now(UTC)
    known, consents, _ = known_of(call, settings, [path])
    root = media or (settings.media_root if settings else media_beside(path))
    head = CampaignFile(path).head
    every = head.get("channels", [])
    names = [str(it) for it in every] if isinstance(every, list) else []
    around = Around(
        names=(path.stem, str(head.get("name", ""))),
        zone=moments.zone_of(path),
        channels=names,
        media_root=root,
        now=now,
    )

    def check(text: str) -> Reading:
        return find_problems(
            [path],
            media_root=root,
            channels=settings.channels.keys() if settings else None,
            now=now,
            known=known,
            consents=consents,
            pictures_are_public=settings is None or settings.shows_pictures,
            allow_empty=True,
            instead={path: text},
        )

    posts = {parts_of(key.partition("/")[2].partition("@")[0])[0] for key in known}
    return around, check, posts


# Columns


def _columns(
    sheet: "Sheet", channels: "Sequence[str]", said: "Sequence[str]", *, may_ask: bool
) -> "Columns":
    """What each column holds; what is not clear is asked for, or told with the option to give."""
    from somos_social.files.columns import guessed

    named = _said(sheet, said)
    columns = guessed(sheet.headers, named, channels)
    if may_ask:
        for place in columns.unclear:
            named |= _asked_about(sheet, place, columns.unclear[place])
        columns = guessed(sheet.headers, named, channels)
        if (missing := _missing(columns)) and columns.unused:
            named |= _asked_for(sheet, columns, missing)
            columns = guessed(sheet.headers, named, channels)
    if problems := _unclear(sheet, columns) or _lacking(sheet, columns):
        raise InvalidFiles(problems)
    return columns


def _said(sheet: "Sheet", said: "Sequence[str]") -> "dict[str, str]":
    """The columns by what a person said that they hold. Raises UsageError."""
    from somos_social.document import near
    from somos_social.files.columns import KEYS, NOTHING

    found: dict[str, str] = {}
    for each in said:
        key, sign, header = each.partition("=")
        if not sign or not header:
            raise UsageError(f"--map {each!r} is not understood. Write it as in date=Salida.")
        if key.partition("@")[0] not in (*KEYS, NOTHING):
            hint = near(key, KEYS) or f"Known are {', '.join(KEYS)}."
            raise UsageError(f"--map {each!r}: `{key}` is no key. {hint}")
        exact = [it for it in sheet.headers if it.casefold() == header.strip().casefold()]
        if not exact:
            hint = near(header, sheet.headers)
            hint = hint or f"It has {', '.join(it for it in sheet.headers if it)}."
            raise UsageError(f"--map {each!r}: the sheet has no such column. {hint}")
        # Several may be left out; each of the others is one.
        found[key if key != NOTHING else f"{NOTHING}{len(found)}"] = exact[0]
    return found


def _asked_about(sheet: "Sheet", place: int, hint: str) -> "dict[str, str]":
    from somos_social.cli import rendering
    from somos_social.files.columns import KEYS, NOTHING

    header = sheet.headers[place]
    rendering.note(f"The column {header!r} is not clear. {hint}", f"  e.g. {_sample(sheet, place)}")
    key = _choice(f"What is it ({', '.join(KEYS)}, or {NOTHING} for nothing)?", [*KEYS, NOTHING])
    return {key if key != NOTHING else f"{NOTHING}{place}": header}


def _asked_for(sheet: "Sheet", columns: "Columns", missing: str) -> "dict[str, str]":
    from somos_social.cli import rendering

    rendering.note(f"No column is the {missing}. These are left:")
    for header in columns.unused:
        rendering.note(f"  {header}: {_sample(sheet, sheet.headers.index(header))}")
    return {missing: _choice(f"Which column is the {missing}?", columns.unused)}


def _choice(question: str, known: "Sequence[str]") -> str:
    from somos_social.cli import rendering

    while True:
        answer = str(typer.prompt(rendering.clean(question), err=True)).strip()
        if found := next((it for it in known if it.casefold() == answer.casefold()), None):
            return found


def _sample(sheet: "Sheet", place: int) -> str:
    cells = (str(row.cells[place]) for row in sheet.rows if place < len(row.cells))
    return next((cell[:WIDEST_TEXT] for cell in cells if cell), "(empty)")


def _missing(columns: "Columns") -> str:
    held = set(columns.held.values())
    if not held & {"due", "date"}:
        return "date"
    if not any(it.partition("@")[0] in ("text", "assets") for it in held):
        return "text"
    return ""


def _lacking(sheet: "Sheet", columns: "Columns") -> "list[Problem]":
    missing = _missing(columns)
    if not missing:
        return []
    left = ", ".join(f"`{it}`" for it in columns.unused)
    hint = f"Say which it is, as in --map {missing}=COLUMN."
    if left:
        hint += f" Not known are {left}."
    return [
        Problem(file=str(sheet.file), key="", problem=f"has no column of the {missing}.", hint=hint)
    ]


def _unclear(sheet: "Sheet", columns: "Columns") -> "list[Problem]":
    return [
        Problem(
            file=str(sheet.file),
            key=f"column {sheet.headers[place]}",
            problem="is not clear.",
            hint=f"{hint} Say what it holds, as in --map 'text={sheet.headers[place]}', or "
            f"--map '-={sheet.headers[place]}' to leave it out.",
        )
        for place, hint in columns.unclear.items()
    ]


# Dates


def _with_order(
    around: "Around", sheet: "Sheet", columns: "Columns", said: str | None, *, may_ask: bool
) -> "Around":
    """In which order the dates are written: as said, as they show, or as a person answers."""
    from dataclasses import replace

    from somos_social.cli import rendering
    from somos_social.cli.sheet_times import Order, evidence

    if said is not None:
        if said not in list(Order):
            raise UsageError(f"--dates {said!r} is not known. Write {' or '.join(Order)}.")
        return replace(around, order=Order(said))
    seen = evidence(_dates(sheet, columns))
    if seen.order is not None:
        shown = seen.shown[seen.order]
        if seen.unclear:
            rendering.note(f"Dates are read {seen.order}: {shown!r} shows it.")
        return replace(around, order=seen.order)
    if seen.unclear and may_ask:
        rendering.note(f"{seen.unclear!r} can be read in two ways, and no other date tells.")
        question = f"How is it written ({' or '.join(Order)})?"
        return replace(around, order=Order(_choice(question, list(Order))))
    return around


def _dates(sheet: "Sheet", columns: "Columns") -> "list[Cell]":
    places = [place for place, key in columns.held.items() if key in ("due", "date")]
    return [row.cells[at] for row in sheet.rows for at in places if at < len(row.cells)]


# The answer


def _show(
    sheet: "Sheet",
    columns: "Columns",
    posts: "Sequence[Incoming]",
    made: "Draft",
    over: "Sequence[int]",
    around: "Around",
) -> None:
    """What was understood, and what comes of each row."""
    from somos_social.cli import rendering

    held = ", ".join(f"{sheet.headers[place]} = {key}" for place, key in columns.held.items())
    rendering.note(f"{sheet.file.name} ({sheet.told}): {held}.")
    if columns.unused:
        rendering.note(f"Not read: {', '.join(columns.unused)}.")
    if over:
        number = rendering.counted(len(over), "row is", "rows are")
        rendering.note(
            f"{number} left out: over or not to go out by their status, of another campaign, or a "
            "day of a post that repeats."
        )
    rendering.table(
        ["row", "change", "post", f"due ({around.zone.key})", "channels", "text"],
        [
            [
                str(each.rows[0]),
                made.fates[each.key].value,
                each.key,
                f"{each.values['due']:%a %Y-%m-%d %H:%M}",
                _letters(each.values.get("channels", around.channels)),
                _start(each),
            ]
            for each in posts
        ],
    )


def _letters(channels: "Sequence[str]") -> str:
    return " ".join(dict.fromkeys(it.partition(":")[0] for it in channels))


def _start(each: "Incoming") -> str:
    said = (each.values, *each.variants.values())
    text = next((str(it["text"]) for it in said if it.get("text")), "")
    text = text or ", ".join(each.values.get("assets", []))
    flat = " ".join(text.split())
    return flat if len(flat) <= WIDEST_TEXT else f"{flat[: WIDEST_TEXT - 1]}…"


def _answer(
    call: Asked,
    path: Path,
    sheet: "Sheet",
    columns: "Columns",
    posts: "Sequence[Incoming]",
    made: "Draft",
    over: "Sequence[int]",
    *,
    is_written: bool,
) -> None:
    from somos_social.cli import rendering

    if call.json:
        rendering.document(_document(path, sheet, columns, posts, made, over, is_written))
        return
    rendering.warnings(made.reading.warnings)
    kinds = [it.value for it in made.fates.values()]
    words = {"add": "new", "amend": "changed", "untouched": "there already"}
    counts = ", ".join(f"{kinds.count(it):,} {words[it]}" for it in words if it in kinds)
    if not is_written:
        rendering.say(f"{counts}. Nothing was written.")
        return
    rendering.say(f"{counts}. They stand in {path}.")
    rendering.say(
        f"Next: `somos plan {path}` shows what it means, `somos schedule {path}` does it."
    )


def _document(
    path: Path,
    sheet: "Sheet",
    columns: "Columns",
    posts: "Sequence[Incoming]",
    made: "Draft",
    over: "Sequence[int]",
    is_written: bool,
) -> "Mapping[str, Any]":
    from zoneinfo import ZoneInfo

    from somos_social.cli import documents
    from somos_social.files import clock

    [campaign] = made.reading.campaigns
    zone = ZoneInfo(campaign.timezone)
    return {
        "file": str(path),
        "written": is_written,
        "columns": {sheet.headers[place]: key for place, key in columns.held.items()},
        "unused": list(columns.unused),
        "left_out": list(over),
        "posts": [
            {
                "rows": list(each.rows),
                "change": made.fates[each.key].value,
                "post": each.key,
                "due_at": documents.utc(clock.utc(each.values["due"], zone)),
            }
            for each in posts
        ],
        **documents.checked([], made.reading.warnings, ()),
    }
