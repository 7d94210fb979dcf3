"""How a network shows a text: what stands out in it, and where it is cut until a reader asks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from somos_social.core import tweet_text

SEEN = {"facebook": 477, "instagram": 125}
"""Characters that are seen at once. Common practice; neither network documents its figure."""

PATH_SHOWN = 15
"""So much of a link's path is shown on X, as in the `display_url` of docs.x.com's examples."""

_NAME_ON_INSTAGRAM = re.compile(r"(?<![\w.@/])@(?=[A-Za-z0-9_])[A-Za-z0-9_.]{0,29}[A-Za-z0-9_]")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_JOINS = "\u200d\ufe0e\ufe0f\u20e3"
_SKINS = ("\U0001f3fb", "\U0001f3ff")


class Mark(StrEnum):
    """What a part of a text is, where the network sets it off from the rest."""

    PLAIN = "plain"
    LINK = "link"
    HASHTAG = "hashtag"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as it is shown, and what it is."""

    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text in its pieces: what is seen at once, and what only a reader sees who asks for more."""

    seen: tuple[Piece, ...]
    more: tuple[Piece, ...] = ()


def shown(text: str, platform: str, *, whole: bool = False) -> Shown:
    """The text as the network shows it below a post; nothing is cut off where it is `whole`.

    X shortens links. On Instagram a link is mere text, on Facebook a name with its @ is.
    """
    end = len(text) if whole else seen_until(text, platform)
    spans = list(_spans(text, platform))
    return Shown(
        seen=tuple(_pieces(text, 0, end, spans, platform)),
        more=tuple(_pieces(text, end, len(text), spans, platform)),
    )


def seen_until(text: str, platform: str) -> int:
    """Where the network cuts the text, between words where it can: its length, where it does not.

    X cuts a text that weighs more than a post may.
    """
    most = SEEN.get(platform)
    end = _weighing(text, tweet_text.MAX_WEIGHTED_LENGTH) if most is None else most
    return len(text) if end >= len(text) else _between_words(text, end)


def _weighing(text: str, most: int) -> int:
    """How many characters of the text weigh no more than this, as X counts."""
    if tweet_text.weighted_length(text) <= most:
        return len(text)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if tweet_text.weighted_length(text[:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def _between_words(text: str, end: int) -> int:
    """The last place up to `end` where a word ends, unless that leaves out more than half of it."""
    if text[end : end + 1].isspace():
        return end
    gap = max((place for place in range(end // 2, end) if text[place].isspace()), default=0)
    while not gap and end > 1 and _belongs_together(text, end):
        end -= 1
    return gap or end


def _belongs_together(text: str, place: int) -> bool:
    """Whether no reader would take what stands before and after the place for two characters."""
    before, after = text[place - 1], text[place]
    is_on_top = unicodedata.combining(after) > 0 or _SKINS[0] <= after <= _SKINS[1]
    return is_on_top or after in _JOINS or before == "\u200d"


Marked = tuple[int, int, Mark]


def _spans(text: str, platform: str) -> Iterator[Marked]:
    """Where what stands out begins and ends, in order, none within another."""
    found = [*_found(text, platform)]
    position = 0
    for start, end, mark in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= position:
            position = end
            yield start, end, mark


def _found(text: str, platform: str) -> Iterator[Marked]:
    for start, end in tweet_text.hashtag_places(text):
        yield start, end, Mark.HASHTAG
    if platform == "instagram":
        for name in _NAME_ON_INSTAGRAM.finditer(text):
            yield *name.span(), Mark.MENTION
        return
    for link in tweet_text.urls(text):
        yield link.start, link.end, Mark.LINK
    if platform == "x":
        for start, end in tweet_text.mention_places(text):
            yield start, end, Mark.MENTION


def _pieces(
    text: str, begin: int, end: int, spans: Iterable[Marked], platform: str
) -> Iterator[Piece]:
    position = begin
    for start, stop, mark in spans:
        first, last = max(start, begin), min(stop, end)
        if first >= last:
            continue
        if first > position:
            yield Piece(text[position:first])
        is_whole_link = mark is Mark.LINK and (first, last) == (start, stop)
        part = text[first:last]
        yield Piece(_short(part) if is_whole_link and platform == "x" else part, mark)
        position = last
    if position < end:
        yield Piece(text[position:end])


def _short(url: str) -> str:
    """A link as X shows it: without its scheme, and only the beginning of its path."""
    bare = url[found.end() :] if (found := _SCHEME.match(url)) else url
    host, slash, path = bare.partition("/")
    shown = slash + path
    return host + (shown if len(shown) <= PATH_SHOWN else f"{shown[:PATH_SHOWN]}…")
