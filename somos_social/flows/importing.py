"""Lays many posts into a campaign file, checked as they will stand: all of them, or none."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from somos_social.core.model.post import Post
from somos_social.core.occurrences import parts_of
from somos_social.errors import InvalidFiles, Problem
from somos_social.files import Reading
from somos_social.files.new_post import Said, block
from somos_social.files.rewriting import CampaignFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A post that comes from rows of a sheet, with the keys that campaign files have.

    `is_named` says that a person gave it its key; else it was made from the words of the row.
    """

    key: str
    is_named: bool
    rows: tuple[int, ...]
    values: Mapping[str, Any]
    variants: Mapping[str, Mapping[str, Any]]

    @property
    def place(self) -> str:
        """The row in the words of a problem."""
        return f"row {self.rows[0]}"


class Fate(StrEnum):
    """What becomes of a post of a sheet."""

    ADD = "add"
    AMEND = "amend"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The campaign file as it will stand, which was not touched yet, and what was found in it."""

    file: CampaignFile
    fates: Mapping[str, Fate]
    reading: Reading


Check = Callable[[str], Reading]
"""The campaign whose file holds this. Raises InvalidFiles."""


def draft(
    sheet: Path,
    campaign: Path,
    posts: Sequence[Incoming],
    *,
    check: Check,
    known: Collection[str],
    update: bool,
    problems: Sequence[Problem] = (),
) -> Draft:
    """What the posts of a sheet would make of the campaign. Writes nothing.

    `known` are the keys of posts that were scheduled once. A post that is there is left alone where
    the sheet says the same of it. Raises InvalidFiles with every problem, of what comes from the
    sheet by its row there; `problems` are those of rows that became no post.
    """
    file = CampaignFile(campaign)
    there = There(file, known)
    fates = {each.key: there.first_sight(each) for each in posts}
    differing = [each for each in posts if fates[each.key] is Fate.AMEND]
    for each in _said_otherwise(campaign, differing, check):
        fates[each.key] = Fate.UNTOUCHED
    problems = list(problems)
    for each in posts:
        if (found := there.in_the_way(each, fates[each.key], update=update)) is not None:
            problem, hint = found
            problems.append(Problem(file=str(sheet), key=each.place, problem=problem, hint=hint))
    _write(file, posts, fates)
    try:
        reading = check(file.text)
    except InvalidFiles as invalid:
        written = {it.key: it for it in posts if fates[it.key] is not Fate.UNTOUCHED}
        told = [_of_the_sheet(it, sheet, written) for it in invalid.problems]
        raise InvalidFiles(
            [*problems, *told], warnings=invalid.warnings, accepted=invalid.accepted
        ) from None
    if problems:
        raise InvalidFiles(problems)
    return Draft(file=file, fates=fates, reading=reading)


class There:
    """What a campaign file holds before anything is added to it."""

    def __init__(self, file: CampaignFile, known: Collection[str]) -> None:
        self._tables = file.tables
        self._known = known
        self._every = list(file.head.get("channels", []))
        # A post may stand in a list, too, where no program changes it.
        written = file.head.get("post", [])
        self._keys = {it.get("key") for it in written if isinstance(it, dict)}
        self._dues: dict[Any, list[str]] = {}
        for key, table in self._tables.items():
            self._dues.setdefault(table.get("due"), []).append(key)

    def first_sight(self, each: Incoming) -> Fate:
        """Whether the file says to the letter what the sheet says, or has no such post."""
        table = self._tables.get(each.key)
        if table is None:
            return Fate.ADD
        variants = table.get("variant", {})
        same = all(table.get(name) == value for name, value in each.values.items())
        own = all(
            variants.get(channel, {}).get(name) == value
            for channel, said in each.variants.items()
            for name, value in said.items()
        )
        return Fate.UNTOUCHED if same and own else Fate.AMEND

    def in_the_way(self, each: Incoming, fate: Fate, *, update: bool) -> tuple[str, str] | None:
        """Why a post of the sheet may not be written as it is, and what to do about it."""
        if fate is Fate.AMEND and not each.is_named:
            return (
                f"would get the key `{each.key}` from its words, which another post has.",
                f"Write it into a column `key`: `{each.key}` to change that post, else another.",
            )
        if fate is Fate.AMEND and not update:
            return (
                f"says otherwise than the post `{each.key}` that is there.",
                "Add --update to change that post, or give the row another key.",
            )
        if fate is Fate.ADD and (each.key in self._keys or each.key in self._known):
            return f"has the key `{each.key}` of another post.", "Give the row another key."
        if fate is Fate.ADD and not each.is_named and (twin := self._twin(each)):
            return (
                f"is due on the same channel at the very time of the post `{twin}`.",
                f"If it is that post, write `{twin}` into a column `key`; else give it a key or a "
                "time of its own.",
            )
        return None

    def _twin(self, each: Incoming) -> str | None:
        """A post that is there already, at the same time and on one of the same channels."""
        channels = set(each.values.get("channels", self._every))
        for key in self._dues.get(each.values["due"], ()):
            if channels.intersection(self._tables[key].get("channels", self._every)):
                return key
        return None


def _said_otherwise(campaign: Path, posts: Sequence[Incoming], check: Check) -> list[Incoming]:
    """Those of which the same goes out, such as with a hashtag that the campaign adds by itself."""
    if not posts:
        return []
    try:
        changed = CampaignFile(campaign)
        before = check(changed.text)
        for each in posts:
            _amend(changed, each)
        after = check(changed.text)
    except InvalidFiles:
        return []
    return [it for it in posts if _shown(before, it.key) == _shown(after, it.key)]


def _shown(read: Reading, key: str) -> list[Post]:
    [campaign] = read.campaigns
    return [replace(it, notices={}) for it in campaign.posts if parts_of(it.key)[0] == key]


def _amend(file: CampaignFile, each: Incoming) -> None:
    values = {name: value for name, value in each.values.items() if name != "key"}
    file.change(each.key, values, each.variants)


def _write(file: CampaignFile, posts: Sequence[Incoming], fates: Mapping[str, Fate]) -> None:
    for each in posts:
        if fates[each.key] is Fate.AMEND:
            _amend(file, each)
    added = [
        block(Said(**each.values, variants=each.variants))
        for each in posts
        if fates[each.key] is Fate.ADD
    ]
    if added:
        file.add("\n".join(added))


def _of_the_sheet(problem: Problem, sheet: Path, written: Mapping[str, Incoming]) -> Problem:
    """A problem of a post that comes from the sheet is told of its row."""
    named = re.match(r"post\[([^\]]*)\]\.?", problem.key)
    each = written.get(parts_of(named[1])[0]) if named else None
    if named is None or each is None:
        return problem
    part = problem.key[named.end() :]
    return replace(problem, file=str(sheet), key=f"{each.place}: {part}" if part else each.place)
