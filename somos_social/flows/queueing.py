"""Adds a post to a campaign: to its file, where it is checked first, and to the schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from somos_social.core.campaign import Change
from somos_social.core.keys import free_key
from somos_social.core.occurrences import is_of, parts_of
from somos_social.errors import InvalidFiles, NotAllowed, Problem, StoreError, UsageError
from somos_social.files import new_post
from somos_social.files.rewriting import CampaignFile
from somos_social.flows import App
from somos_social.flows import campaign as campaign_flow
from somos_social.flows.campaign import Line, Plan
from somos_social.media import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A post as it will stand in its file, which was not touched yet, and what comes of it."""

    post: str
    file: CampaignFile
    plan: Plan

    @property
    def lines(self) -> list[Line]:
        """What is to be scheduled of the plan: the post, and nothing else."""
        return [line for line in self.plan.lines if self.has(line.planned.key)]

    @property
    def others(self) -> int:
        """How much else of the file waits to be scheduled."""
        news = (Change.ADD, Change.AMEND, Change.WITHDRAW)
        others = [line for line in self.plan.lines if not self.has(line.planned.key)]
        return sum(line.planned.change in news for line in others)

    def has(self, delivery: str) -> bool:
        """Whether a delivery is one of the post."""
        return is_of(delivery.partition("/")[2].partition("@")[0], self.post)


def draft(
    app: App, campaign: Path, written: str, *, where: str, outside: Sequence[Problem] = ()
) -> Draft:
    """What a post, as one [[post]], would mean at the end of the posts of this campaign.

    A post without a key gets one. Writes nothing. Raises InvalidFiles with every problem of the
    file as it would stand: `where` is of what those are told that lie in the post's own TOML, and
    `outside` are the assets that lie outside of the media folder.
    """
    try:
        written.encode()
    except UnicodeEncodeError:
        raise UsageError("What was written holds half a character: it is no text.") from None
    table = new_post.read(written, where)
    file = CampaignFile(campaign)
    known = app.store.of_campaign(campaign.stem).values()
    used = {*file.keys, *(parts_of(it.post)[0] for it in known)}
    if "key" not in table:
        table["key"] = free_key(_first_words(table), _stem_of_asset(table), used)
        written = new_post.named(written, table["key"])
    file.add(written)
    try:
        plan = campaign_flow.plan(app, [campaign], instead={campaign: file.text})
    except InvalidFiles as invalid:
        named = [f"`{it.file}`" for it in outside]
        rest = [it for it in invalid.problems if not any(name in it.problem for name in named)]
        raise InvalidFiles([*outside, *rest]) from None
    if outside:
        raise InvalidFiles(outside)
    made = Draft(post=str(table["key"]), file=file, plan=plan)
    if any(line.planned.change is not Change.ADD for line in made.lines):
        raise _used_before(campaign, made.post)
    return made


def _first_words(table: dict[str, Any]) -> str:
    repeat = table.get("repeat")
    texts = repeat.get("texts") if isinstance(repeat, dict) else None
    return str(texts[0] if isinstance(texts, list) and texts else table.get("text", ""))


def _stem_of_asset(table: dict[str, Any]) -> str:
    assets = table.get("assets")
    first = assets[0] if isinstance(assets, list) and assets else ""
    return PurePosixPath(str(first)).stem


def _used_before(campaign: Path, post: str) -> InvalidFiles:
    return InvalidFiles(
        [
            Problem(
                file=str(campaign),
                key=f"post[{post}].key",
                problem="was the key of another post, which the log knows.",
                hint="Choose another one.",
            )
        ]
    )


def put(app: App, made: Draft, progress: Progress) -> Plan:
    """The post stands in its file and is scheduled. What can be known to fail is tried before that.

    Raises InvalidFiles before anything was written; after that, NotAllowed or StoreError say that
    the file has the post and the schedule has not.
    """
    wanted = [line.planned.wanted for line in made.lines if line.planned.wanted]
    campaign_flow.make_ready(app, wanted, progress)
    made.file.save()
    try:
        return campaign_flow.schedule(app, [made.file.path], only=made.has, progress=progress)
    except (InvalidFiles, NotAllowed, StoreError) as error:
        kind = StoreError if isinstance(error, StoreError) else NotAllowed
        raise kind(
            f"{made.file.path} has {made.post} now, but it is not scheduled yet: {error} Once that "
            f"is mended, run `somos schedule {made.file.path}`."
        ) from None


def in_media(root: Path, named: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """The paths as campaign files have them, and what is to be said of those that lie elsewhere.

    Named may be a path below the media folder, or one from the current folder that leads there.
    """
    found = [_in_media(root, name) for name in named]
    return [path for path, _ in found], [problem for _, problem in found if problem]


def _in_media(root: Path, named: str) -> tuple[str, Problem | None]:
    try:
        path, folder = Path(named), root.resolve()
        leads_out = path.is_absolute() or ".." in path.parts
        if not leads_out and (root / path).exists():
            return named, None
        if not path.exists():
            return named, None
        # A link in the folder is a file of the folder, wherever it leads; reading it tells.
        there = path.parent.resolve() / path.name
        if there.is_relative_to(folder):
            return there.relative_to(folder).as_posix(), None
    except (OSError, RuntimeError, ValueError):
        return named, None
    return named, Problem(
        file=named,
        key="",
        problem=f"lies outside of the media folder {root}; nothing is copied by itself.",
        hint=f"Copy it there, describe it in {path.name}.toml beside it, and name the copy.",
    )
