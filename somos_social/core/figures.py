"""What each network takes as a person reads it: every limit in words, with its source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from somos_social.core.limits import LIMITS, SOURCES, Limits, Sourced, TextLimits
from somos_social.core.model.asset import Trait
from somos_social.core.rules import CODECS, FORMATS, named, sides, unit_of

TRAITS: Mapping[Trait, str] = {
    Trait.GPS: "GPS position",
    Trait.EXIF: "EXIF data",
    Trait.XMP: "XMP data",
    Trait.IPTC: "IPTC data",
    Trait.NOTES: "notes, such as dates and comments",
    Trait.TRACKS: "further pictures or tracks",
    Trait.TURNED: "mark that turns it",
    Trait.CMYK: "colours for print",
    Trait.PROFILE: "colour profile",
    Trait.TRANSPARENT: "transparent parts",
    Trait.INDEX_LAST: "index at the end",
    Trait.EDIT_LIST: "edit list",
    Trait.HIDDEN: "frames that were cut away",
    Trait.INTERLACED: "interlaced frames",
    Trait.OBLONG: "oblong pixels",
    Trait.DEEP: "more than 8 bits a colour",
    Trait.CHROMA: "chroma other than 4:2:0",
    Trait.HDR: "HDR colours",
    Trait.SURROUND: "more than two channels of sound",
    Trait.FAST_SOUND: "sound above 48 kHz",
}

KINDS: Mapping[str, str] = {
    "text": "text",
    "comment": "first comment",
    "image": "picture",
    "gif": "moving GIF",
    "video": "video",
    "beside": "video among others",
    "reel": "reel",
    "story": "picture in a story",
    "moving_story": "video in a story",
    "cover": "cover of a reel",
    "extras": "post",
}
"""What each table of a network's limits speaks of."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One limit: of which `network` and `kind` of thing, of `what`, how much is `taken`."""

    network: str
    kind: str
    what: str
    taken: str
    source: str


def figures(network: str) -> Iterator[Figure]:
    """All limits of a network, by its name as in a channel's."""
    limits = LIMITS[network]
    items = f"{limits.items:,}, mixed" if limits.mixed else f"{limits.items:,} pictures, or 1 video"
    yield Figure(network, "post", "media", items, SOURCES[limits.source])
    if limits.one_ratio:
        yield Figure(network, "post", "ratio", "that of the first for all", SOURCES[limits.source])
    for name, kind in KINDS.items():
        table = getattr(limits, name, None)
        if isinstance(table, Sourced) and not isinstance(table, Limits):
            yield from _of_table(network, kind, table)


def _of_table(network: str, kind: str, table: Sourced) -> Iterator[Figure]:
    for each in fields(table):
        value = getattr(table, each.name)
        if each.name in _WORDS and value:
            what, worded = _WORDS[each.name]
            taken = worded(value)
            if isinstance(table, TextLimits) and each.name == "length" and table.weighted:
                taken += ", a link counted as 23 and an emoji as 2"
            yield Figure(network, kind, what, taken, SOURCES[table.source_of(each.name)])


def _span(unit: str, digits: str = ",") -> Callable[[Any], str]:
    def worded(span: tuple[float, float]) -> str:
        low, high = (f"{bound:{digits}}{unit}" for bound in span)
        return low if low == high else f"{low} to {high}"

    return worded


def _most(unit: str) -> Callable[[Any], str]:
    return lambda value: f"at most {value:,} {unit}".rstrip()


def _size(most: int) -> str:
    unit, name = unit_of(most)
    return f"at most {most // unit:,} {name}"


_WORDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "length": ("length", _most("characters")),
    "hashtags": ("hashtags", _most("")),
    "mentions": ("mentions", _most("")),
    "cashtags": ("cashtags", _most("")),
    "formats": ("format", lambda taken: named(taken, FORMATS)),
    "max_bytes": ("size", _size),
    "ratio": ("ratio", _span(":1", ".2f")),
    "least_sides": ("pixels", lambda least: f"at least {sides(least)}"),
    "greatest_sides": ("pixels", lambda most: f"at most {sides(most)}"),
    "advised_sides": ("pixels of what is made", lambda most: f"at most {sides(most)}"),
    "width": ("width", _most("pixels")),
    "height": ("height", _most("pixels")),
    "seconds": ("length", _span(" s")),
    "fps": ("frames a second", _span("")),
    "video_codecs": ("picture", lambda codecs: named(codecs, CODECS)),
    "audio_codecs": ("sound", lambda codecs: named(codecs, CODECS)),
    "frames": ("frames", _most("")),
    "pixels": ("pixels of all frames", _most("")),
    "megabits": ("megabits a second", _most("")),
    "refused": ("not taken", lambda traits: ", ".join(TRAITS[it] for it in Trait if it in traits)),
    "alt": ("description", _most("characters")),
    "collaborators": ("collaborators", _most("")),
    "tags": ("tags", _most("on one picture or video")),
}
"""How each figure is called, and its value in words."""


def as_page() -> str:
    """All limits of all networks as a page of the documentation, in Markdown."""
    lines = [
        "# What each network takes",
        "",
        "Written by `python scripts/write_limits.py` from the tables that `somos check` reads; "
        "`somos channel limits` shows the same.",
    ]
    for network, limits in LIMITS.items():
        lines += ["", f"## {limits.name}", "", "| of a | what | taken | source |"]
        lines += ["|---|---|---|---|"]
        lines += [
            f"| {it.kind} | {it.what} | {it.taken} | {it.source} |" for it in figures(network)
        ]
    return "\n".join(lines) + "\n"
