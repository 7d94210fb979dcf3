"""A post that is yet to stand in a campaign file: as said on the command line, or to be edited."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from somos_social.errors import InvalidFiles, Problem

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(?:post|\"post\"|'post')[ \t]*\]\].*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of a post; what is empty is left out. Times are local to the campaign.

    `dues` are the times of channels that have one of their own, `variants` what else is said to a
    network or a channel alone.
    """

    key: str = ""
    due: datetime | None = None
    dues: Mapping[str, datetime] = field(default_factory=dict)
    goal: str = ""
    channels: Sequence[str] = ()
    text: str = ""
    link: str = ""
    assets: Sequence[str] = ()
    format: str = ""
    first_comment: str = ""
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def values(self) -> Iterator[tuple[str, Any]]:
        """Keys and values in the order in which people read them."""
        for name in _EXPLAINED:
            value = getattr(self, name)
            if value:
                yield name, value


_EXPLAINED = {
    "key": ("historia-carmen", "its name, which stays; left out, it is taken from the text"),
    "due": (datetime(2026, 12, 1, 9), "when it goes out, on the campaign's clocks"),  # noqa: DTZ001
    "goal": ("empathy", "what it is for, in your words"),
    "channels": (["facebook:somoslomismo"], "only these of the campaign's channels"),
    "text": ("...", 'the words; several lines stand in """..."""'),
    "link": ("https://www.somoslomismo.com/", "a card on Facebook, elsewhere a line of the text"),
    "assets": (["historias/carmen.mp4"], "pictures and videos of the media folder"),
    "format": ("feed", "feed, reel or story"),
    "first_comment": ("...", "posted below it once it is public"),
}
"""Of each key an example, and what it says."""

_INTRODUCTION = """\
# A post for {campaign}. Save it and close the editor to go on; with nothing in it, or as it is now,
# nothing changes. What is told here behind # is left out of the campaign file.
#
# What differs on one network stands below the post: [post.variant.x], then text = "...".
# All keys: docs/campaign-files.md
"""


def block(said: Said) -> str:
    """The post as it is to stand in the file."""
    lines = ["[[post]]", *(_line(name, value) for name, value in said.values())]
    for name in dict.fromkeys((*said.dues, *said.variants)):
        own = ({"due": said.dues[name]} if name in said.dues else {}) | {
            **said.variants.get(name, {})
        }
        lines.append(f'[post.variant."{name}"]' if ":" in name else f"[post.variant.{name}]")
        lines += [_line(key, value) for key, value in own.items()]
    return "\n".join(lines) + "\n"


def template(said: Said, campaign: str) -> str:
    """What is said so far, and of the rest what could be said."""
    values = dict(said.values())
    lines = [*_INTRODUCTION.format(campaign=campaign).splitlines(), "[[post]]"]
    for name, (example, told) in _EXPLAINED.items():
        lines.append(f"# {name}: {told}")
        lines.append(_line(name, values[name]) if name in values else f"# {_line(name, example)}")
    for channel, due in said.dues.items():
        lines += [f'[post.variant."{channel}"]', _line("due", due)]
    return "\n".join(lines) + "\n"


def taken_over(edited: str, campaign: str) -> str:
    """What people wrote, without the explanations that were offered to them."""
    told = {*_INTRODUCTION.format(campaign=campaign).splitlines()}
    for name, (example, explanation) in _EXPLAINED.items():
        told |= {f"# {name}: {explanation}", f"# {_line(name, example)}"}
    return "\n".join(line for line in edited.splitlines() if line not in told).strip() + "\n"


def read(written: str, file: str) -> dict[str, Any]:
    """The table of the one post. Raises InvalidFiles, which speaks of `file`, for anything else."""
    try:
        tables = tomllib.loads(written)
    except (ValueError, RecursionError) as error:
        raise _cannot(file, f"is not valid TOML: {error}.") from None
    posts = tables.get("post")
    if tables.keys() != {"post"} or not isinstance(posts, list) or len(posts) != 1:
        raise _cannot(file, "is not one [[post]] and nothing else.")
    if not isinstance(posts[0], dict) or not _HEADER.search(written):
        raise _cannot(file, "does not begin with [[post]].")
    return dict(posts[0])


def named(written: str, key: str) -> str:
    """The post with this key in its first line."""
    line = _line("key", key)
    return _HEADER.sub(lambda header: f"{header[0].rstrip()}\n{line}\n", written, count=1)


def item(value: Any) -> Any:
    """A value as it stands behind its key; each line of a text of several is one of its own."""
    import tomlkit

    if isinstance(value, str) and "\n" in value:
        return tomlkit.parse(_line("text", value))["text"]
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        tables = tomlkit.array()
        for each in value:
            table = tomlkit.inline_table()
            table.update(each)
            tables.append(table)
        return tables
    return tomlkit.item(value)


def _line(name: str, value: Any) -> str:
    import tomlkit

    if isinstance(value, str) and "\n" in value:
        lines = tomlkit.string(value, multiline=True).as_string().removeprefix('"""')
        return f'{name} = """\n{lines}'
    return f"{name} = {item(value).as_string()}"


def _cannot(file: str, problem: str) -> InvalidFiles:
    return InvalidFiles([Problem(file=file, key="", problem=problem, hint="Edit it again.")])
