"""Walks over the boxes that an MP4 or MOV is made of (ISO/IEC 14496-12, 4.2)."""

import struct
from collections.abc import Iterator
from io import BufferedReader

MOST_BOXES = 10_000
"""At the top of a file; a whole film in fragments has fewer."""


def boxes(file: BufferedReader) -> Iterator[tuple[bytes, bytes]]:
    """The name of each box at the top of a file, and the 16 bytes that its content begins with.

    Ends quietly where there are no boxes, or none any more.
    """
    at = 0
    for _ in range(MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return
        size, name = struct.unpack(">I4s", head[:8])
        begin = at + 8
        if size == 1 and len(head) == 16:
            size, begin = struct.unpack(">Q", head[8:])[0], at + 16
        file.seek(begin)
        yield name, file.read(16)
        if size < 8:
            return
        at += size
