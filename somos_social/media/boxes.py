"""Walks over the boxes that an MP4 or MOV is made of (ISO/IEC 14496-12, 4.2)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MOST_BOXES = 10_000
"""Beside one another; a whole film in fragments has fewer."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its name, and where its content begins and ends in the file."""

    name: bytes
    begin: int
    end: int


def boxes(file: IO[bytes], begin: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes that stand in a stretch of a file; ends quietly where there are none any more."""
    at, end = begin, file.seek(0, 2) if end is None else end
    for _ in range(MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if at + 8 > end or len(head) < 8:
            return
        size, name = struct.unpack(">I4s", head[:8])
        content = at + 8
        if size == 1 and len(head) == 16:
            size, content = struct.unpack(">Q", head[8:])[0], at + 16
        yield Box(name, content, min(at + size, end) if size else end)
        if size < 8:
            return
        at += size


def holds(file: IO[bytes], *path: bytes) -> bool:
    """Whether a box lies in the boxes that the path names, from the outermost to itself."""
    stretches: list[tuple[int, int | None]] = [(0, None)]
    for name in path:
        stretches = [
            (box.begin, box.end)
            for stretch in stretches
            for box in boxes(file, *stretch)
            if box.name == name
        ]
    return bool(stretches)
