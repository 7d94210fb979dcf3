"""Rows of a spreadsheet become posts as a campaign file has them, with every problem by its row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from somos_social.cli import sheet_times
from somos_social.core.keys import free_key
from somos_social.core.occurrences import SIGN
from somos_social.document import Report, Unfit, fitted, near
from somos_social.errors import Problem
from somos_social.files.columns import NETWORKS, Columns, plain
from somos_social.files.shapes import PostShape, VariantShape
from somos_social.files.sheets import Cell, Row, Sheet
from somos_social.flows.importing import Incoming
from somos_social.flows.queueing import in_media

_EVERYWHERE = frozenset({"todas", "todos", "todas las redes", "all", "ambas", "ambos", "both"})
_OVER = frozenset({"published", "removed", "cancelled", "unconfirmed", "publishing", "missed"})
"""What an export says of deliveries that no file can change any more."""

_GOES_OUT = frozenset({
    "scheduled", "claimed", "failed", "programado", "programada", "aprobado", "aprobada",
    "approved", "listo", "lista", "ready", "ok",
})  # fmt: skip
_STAYS = _OVER | {
    "publicado", "publicada", "cancelado", "cancelada", "borrador", "draft", "no publicar",
    "do not publish", "pendiente", "pending", "rechazado", "rechazada", "rejected",
}  # fmt: skip
"""What the cell of a row says that is not to go out, or not yet; any other word is a problem."""

_PARTED = re.compile(r"\s*(?:[,;/|+&\n]|\sy\s|\sand\s)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the rows are read against: the campaign, by its `names`, and where its media lie."""

    names: Sequence[str]
    zone: ZoneInfo
    channels: Sequence[str]
    media_root: Path
    now: datetime
    order: sheet_times.Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """The posts of the rows that are sound, the rows that are over, and what is wrong elsewhere."""

    sound: Sequence[Incoming]
    over: Sequence[int]
    problems: Sequence[Problem]


@dataclass(slots=True)
class _Read:
    """One row as a post, before rows of one key are laid together."""

    row: int
    key: str
    is_named: bool
    values: dict[str, Any]
    variants: dict[str, dict[str, Any]]
    part: str = ""
    channels: list[str] = field(default_factory=list)


def posts(sheet: Sheet, columns: Columns, around: Around) -> Posts:
    """What the rows mean, with every problem of every row."""
    report = Report(str(sheet.file))
    reading = _Reading(columns, around, report)
    read, over = [], []
    for row in sheet.rows:
        if reading.is_left_out(row):
            over.append(row.number)
        elif (found := reading.row(row)) is not None:
            read.append(found)
    if not read and not report.problems:
        hint = "What stands there is over, or of another campaign." if over else ""
        report.add("", "holds no row that could be a post.", hint)
    joined = _joined(_with_keys(read), around, report)
    return Posts(sound=joined, over=over, problems=report.problems)


class _Reading:
    """Reads rows by what their columns hold."""

    def __init__(self, columns: Columns, around: Around, report: Report) -> None:
        self._columns = columns
        self._around = around
        self._report = report

    def is_left_out(self, row: Row) -> bool:
        """Whether it is over, of another campaign, or a day of a post that repeats by a rule."""
        cells = self._cells(row)
        campaign = str(cells.get("campaign", ""))
        return (
            plain(str(cells.get("status", ""))) in _STAYS
            or campaign not in ("", *self._around.names)
            or SIGN in str(cells.get("key", ""))
        )

    def row(self, row: Row) -> _Read | None:
        """The post of a row; the report tells of what is wrong with it."""
        cells = self._cells(row)
        at, before = f"row {row.number}", len(self._report.problems)
        values: dict[str, Any] = {}
        variants: dict[str, dict[str, Any]] = {}
        self._refuse_unclear(str(cells.get("status", "")), at)
        if key := str(cells.get("key", "")):
            values["key"] = key
        if (due := self._due(cells, at)) is not None:
            values["due"] = due
        if cells.get("goal"):
            values["goal"] = str(cells["goal"])
        channels = self._channels(str(cells.get("channels", "")), at)
        if channels and set(channels) != set(self._around.channels):
            values["channels"] = channels
        for name in ("text", "link", "assets", "format", "first_comment"):
            self._put(values, name, str(cells.get(name, "")), at)
        for column, cell in cells.items():
            name, _, place = column.partition("@")
            if place and cell != "":
                self._put(variants.setdefault(place, {}), name, str(cell), at)
        self._fit(values, variants, at)
        if len(self._report.problems) > before:
            return None
        if not (values.keys() & {"text", "assets"}) and not variants:
            self._report.add(at, "has neither a text nor a file.", "Write one, or clear the row.")
            return None
        return _Read(
            row=row.number,
            key=key,
            is_named=bool(key),
            values=values,
            variants=variants,
            part=str(cells.get("part", "")),
            channels=channels or list(self._around.channels),
        )

    def _refuse_unclear(self, status: str, at: str) -> None:
        """A word that may mean "do not publish" is not for us to pass over."""
        if status and plain(status) not in _GOES_OUT:
            self._report.add(
                f"{at}: status",
                f"`{status}` says neither that it goes out nor that it does not.",
                "Write aprobado or borrador, or leave the column out with --map -=NAME.",
            )

    def _cells(self, row: Row) -> dict[str, Cell]:
        """What the row holds, by key. Several columns of files are one."""
        found: dict[str, Cell] = {}
        for place, key in self._columns.held.items():
            cell = row.cells[place] if place < len(row.cells) else ""
            if key in found and cell != "":
                found[key] = f"{found[key]}\n{cell}".strip()
            elif key not in found:
                found[key] = cell
        return found

    def _due(self, cells: Mapping[str, Cell], at: str) -> datetime | None:
        day = cells.get("due") or cells.get("date", "")
        when = "" if cells.get("due") else cells.get("time", "")
        around = self._around
        try:
            return sheet_times.moment(day, when, around.zone, around.now, around.order)
        except Unfit as unfit:
            self._report.add(f"{at}: due", unfit.problem, unfit.hint)
            return None

    def _channels(self, written: str, at: str) -> list[str]:
        """The channels that are named, in the order of the campaign; none means all."""
        if not written or written.casefold() in _EVERYWHERE:
            return []
        known = self._around.channels
        found: set[str] = set()
        names = [written] if plain(written) in NETWORKS else _PARTED.split(written)
        for name in filter(None, names):
            network = NETWORKS.get(plain(name), "")
            here = [it for it in known if it == name or it.partition(":")[0] == network]
            if not here:
                hint = near(name, (*known, *NETWORKS)) or f"It has {', '.join(known)}."
                self._report.add(f"{at}: channels", f"`{name}` is no channel of it.", hint)
            found.update(here)
        return [it for it in known if it in found]

    def _put(self, values: dict[str, Any], name: str, cell: str, at: str) -> None:
        if not cell:
            return
        if name == "assets":
            named = [it.strip() for it in re.split(r"[,;|\n]", cell) if it.strip()]
            paths, outside = in_media(self._around.media_root, named)
            for problem in outside:
                self._report.add(f"{at}: assets", f"{problem.file} {problem.problem}", problem.hint)
            values[name] = paths
        elif name == "format":
            values[name] = {"carrusel": "feed", "carousel": "feed", "historia": "story"}.get(
                cell.casefold(), cell.casefold()
            )
        else:
            values[name] = cell

    def _fit(
        self, values: dict[str, Any], variants: Mapping[str, Mapping[str, Any]], at: str
    ) -> None:
        """Holds what a row says against the shape of a post; the report tells of the row."""
        found = Report(self._report.file)
        fitted(PostShape, values, found)
        for name, said in variants.items():
            fitted(VariantShape, said, found, name)
        for problem in found.problems:
            self._report.tell(replace(problem, key=f"{at}: {problem.key}"))


def _with_keys(read: Sequence[_Read]) -> Sequence[_Read]:
    """Each without a key gets one that it gets again, whenever the same sheet is read.

    Rows that begin with the same words are told apart by their days, then by their hours.
    """
    used = {it.key for it in read if it.is_named}
    for each in read:
        if each.is_named:
            continue
        text = next(
            (it["text"] for it in (each.values, *each.variants.values()) if "text" in it), ""
        )
        assets = each.values.get("assets", [""])
        plain_key = free_key(text, Path(assets[0]).stem if assets else "", ())
        due = each.values["due"]
        longer = (plain_key, f"{plain_key}-{due:%Y-%m-%d}", f"{plain_key}-{due:%Y-%m-%d-%H%M}")
        each.key = next((it for it in longer if it not in used), "")
        each.key = each.key or free_key(longer[-1], "", used)
        used.add(each.key)
        each.values = {"key": each.key, **each.values}
    return read


def _joined(read: Sequence[_Read], around: Around, report: Report) -> list[Incoming]:
    """Rows of one key, each for channels of its own, are one post."""
    by_key: dict[str, list[_Read]] = {}
    for each in read:
        by_key.setdefault(each.key, []).append(each)
    _refuse_twins(read, report)
    return [_post(rows, around, report) for rows in by_key.values()]


def _refuse_twins(read: Iterable[_Read], report: Report) -> None:
    seen: dict[object, int] = {}
    for each in read:
        same = {name: each.values[name] for name in each.values if name != "key"}
        sign = repr((sorted(same.items()), sorted(each.variants.items()), each.part))
        if sign in seen:
            hint = "Delete one of the two."
            report.add(f"row {each.row}", f"says the same as row {seen[sign]}.", hint)
        seen.setdefault(sign, each.row)


def _post(rows: Sequence[_Read], around: Around, report: Report) -> Incoming:
    first, *others = rows
    values, variants = dict(first.values), {name: dict(it) for name, it in first.variants.items()}
    covered = list(first.channels) if not first.part else []
    for each in others:
        if each.part:
            _below(each, variants, report)
            continue
        if twice := [it for it in each.channels if it in covered]:
            problem = f"has the key of row {first.row} and is for {', '.join(twice)}, too."
            report.add(f"row {each.row}", problem, "Give it another key, or other channels.")
        covered += each.channels
        for channel in each.channels:
            own = dict(_differing(each, values))
            if own:
                variants.setdefault(channel, {}).update(own)
        for name, said in each.variants.items():
            variants.setdefault(name, {}).update(said)
    if first.part:
        report.add(f"row {first.row}", "goes on below a post that is not there.", "Add its row.")
    values.pop("channels", None)
    if set(covered) != set(around.channels):
        values["channels"] = [it for it in around.channels if it in covered]
    return Incoming(
        key=first.key,
        is_named=first.is_named,
        rows=tuple(it.row for it in rows),
        values=values,
        variants=variants,
    )


def _differing(row: _Read, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a row says otherwise than the first; what only the first says, it takes away."""
    empty: dict[str, Any] = {"link": "", "assets": [], "first_comment": ""}
    for name in ("due", "text", "link", "assets", "format", "first_comment"):
        said = row.values.get(name, empty.get(name))
        if said is not None and said != values.get(name, empty.get(name)):
            yield name, said


def _below(row: _Read, variants: dict[str, dict[str, Any]], report: Report) -> None:
    """A row that goes on below a post: the link of a thread. A comment stands with its post."""
    if row.part == "comment":
        return
    if row.part != "thread":
        report.add(f"row {row.row}: part", "is neither thread nor comment.", "Clear it.")
        return
    link = {name: row.values[name] for name in ("text", "assets") if name in row.values}
    for channel in row.channels:
        variants.setdefault(channel, {}).setdefault("thread", []).append(link)
