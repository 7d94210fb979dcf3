"""A campaign of texts, pictures, albums, clips and comments, as a seed decides it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.files.desk import draw, film

CHANNELS = ("facebook:torture", "instagram:torture", "x:torture")
SLUG = "torture"
CLIP = "clip.mp4"
PICTURES = ("uno.jpg", "dos.jpg", "tres.jpg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One post: what it says and shows, and what is said below it."""

    key: str
    text: str
    assets: tuple[str, ...] = ()
    comment: str | None = None


def stories(dice: Random, number: int, seed: int) -> list[Story]:
    """`number` posts whose texts are like no other's."""
    return [_story(dice, place, seed) for place in range(number)]


def _story(dice: Random, place: int, seed: int) -> Story:
    said = f"Historia {place} de la ronda {seed}"
    kind = dice.choices(("text", "picture", "album", "clip"), (4, 4, 1, 1))[0]
    commented = dice.random() < 0.3
    return Story(
        key=f"post-{place}",
        text=said,
        assets={"text": (), "picture": PICTURES[:1], "album": PICTURES, "clip": (CLIP,)}[kind],
        comment=f"Más: {said}" if commented else None,
    )


def texts(told: list[Story]) -> dict[str, str]:
    """What each delivery says, by its key."""
    return dict(_texts(told))


def _texts(told: list[Story]) -> Iterator[tuple[str, str]]:
    for story in told:
        for channel in CHANNELS:
            key = f"{SLUG}/{story.key}@{channel}"
            yield key, story.text
            if story.comment:
                yield f"{key}#comment", story.comment


def write(folder: Path, told: list[Story], due: dict[str, datetime]) -> None:
    """campaigns/torture.toml, whose posts are due as `due` says by their keys."""
    lines = ['name = "Torture"', 'timezone = "UTC"', f"channels = {json.dumps(CHANNELS)}"]
    for story in told:
        lines += ["[[post]]", f'key = "{story.key}"', f"due = {due[story.key]:%Y-%m-%dT%H:%M:%S}"]
        lines += [f'text = "{story.text}"', f"assets = {json.dumps(story.assets)}"]
        if story.comment:
            lines.append(f'first_comment = "{story.comment}"')
        if not story.assets:
            lines += ["[post.variant.instagram]", f"assets = {json.dumps(PICTURES[:1])}"]
    file = folder / "campaigns" / f"{SLUG}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_media(folder: Path) -> None:
    media = folder / "media"
    for name in PICTURES:
        draw(media / name, (400, 400))
    (media / CLIP).write_bytes(_clip())


@cache
def _clip() -> bytes:
    """Made once: that takes longer than all the rest."""
    with TemporaryDirectory() as folder:
        return film(Path(folder) / CLIP).read_bytes()


def lengthen_clip(folder: Path, size: int) -> None:
    """Makes the clip a file of so many bytes by a box of free space, as MP4 allows."""
    with (folder / "media" / CLIP).open("ab") as file:
        space = size - file.tell()
        file.write(space.to_bytes(4, "big") + b"free" + bytes(space - 8))
