"""What was changed since somebody looked: the words, and what else differs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from somos_social.core.model.asset import Asset
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Variant

_WORDS = re.compile(r"\S+\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")

MOST_WORDS = 2000
"""Texts of more are held against each other line by line; finding less takes for ever."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`name` is a key of our words: what of a delivery differs, and how, where that is words."""

    name: str
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an organisation said something of: a yes, or a wish for changes with its `comment`."""

    organisation: str
    person: str
    at: datetime
    variant: Variant
    due_at: datetime
    comment: str | None = None


def changes(before: Seen, now: Delivery) -> list[Changed]:
    """All that differs between what was seen and what stands there now."""
    return list(_changes(before.variant, now.variant, before.due_at, now.due_at))


def _changes(
    before: Variant, now: Variant, due_before: datetime, due_now: datetime
) -> Iterator[Changed]:
    if before.text != now.text:
        yield Changed(name="changed-text", parts=tuple(parts(before.text, now.text)))
    if before.link != now.link:
        yield Changed(
            name="changed-link", parts=tuple(_instead(before.link or "—", now.link or "—"))
        )
    if before.format is not now.format:
        yield Changed(name="changed-format")
    if _seen(before.files) != _seen(now.files):
        yield Changed(name="changed-media")
    if _told(before.files) != _told(now.files):
        old, new = "\n".join(_told(before.files)), "\n".join(_told(now.files))
        yield Changed(name="changed-alt", parts=tuple(parts(old, new)))
    if before.extras.to_raw() != now.extras.to_raw():
        yield Changed(name="changed-extras")
    if due_before != due_now:
        yield Changed(name="changed-due")


def parts(before: str, now: str) -> Iterator[Part]:
    """The words of both texts, in the order of the new one, what is gone before what is new."""
    cut = _WORDS if max(len(before), len(now)) < MOST_WORDS * 5 else _LINES
    old, new = cut.findall(before), cut.findall(now)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from _instead(before, now)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part("same", "".join(new[c:d]))
            continue
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        gap = _common_end(gone, come)
        yield from _instead(gone.removesuffix(gap), come.removesuffix(gap))
        if gap:
            yield Part("same", gap)


def _common_end(one: str, other: str) -> str:
    """The space that both end with: it was not changed."""
    space = one[len(one.rstrip()) :]
    while not other.endswith(space):
        space = space[1:]
    return space


def _instead(gone: str, new: str) -> Iterator[Part]:
    if gone:
        yield Part("gone", gone)
    if new:
        yield Part("new", new)


def _seen(files: Sequence[Asset]) -> list[object]:
    return [(asset.sha256, asset.cover, asset.fit) for asset in files]


def _told(files: Sequence[Asset]) -> list[str]:
    return [asset.alt for asset in files]
