"""Takes all that nobody sees out of a picture and leaves every pixel as it is."""

import re
from collections.abc import Callable, Iterator, Mapping

_MARK = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
"""In the packed part of a JPEG, where another marker begins (ITU-T T.81, B.1.1.5)."""

_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI "
    b"pHYs bKGD hIST sPLT acTL fcTL fdAT".split()
)
_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"))
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def stripped(content: bytes, mime: str) -> bytes:
    """A picture without EXIF, XMP, IPTC, comments, further pictures and what follows its end."""
    return b"".join(_PARTS[mime](content))


def _of_jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while at + 4 <= len(content):
        kind = content[at + 1]
        if content[at] != 0xFF or kind == 0xD9:
            break
        if kind == 0xFF:  # Filling.
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if kind == 0xDA:
            mark = _MARK.search(content, end)
            end = mark.start() if mark else len(content)
        if _is_seen(kind, content[at + 4 : at + 20]):
            yield content[at:end]
        at = end
    yield b"\xff\xd9"


def _is_seen(kind: int, start: bytes) -> bool:
    """Whether a segment bears on what is seen: not so comments and most of what programs add."""
    match kind:
        case 0xE0:
            return start.startswith(b"JFIF\0")
        case 0xE2:
            return start.startswith(b"ICC_PROFILE\0")
        case 0xEE:
            return start.startswith(b"Adobe")
        case 0xFE:
            return False
        case _:
            return not 0xE0 <= kind <= 0xEF


def _of_png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at = 8
    while at + 8 <= len(content):
        name = content[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if name in _PNG:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end


def _of_webp(content: bytes) -> Iterator[bytes]:
    body = b"".join(_chunks_of_webp(content))
    yield b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP"
    yield body


def _chunks_of_webp(content: bytes) -> Iterator[bytes]:
    at = 12
    whole = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at + 8 <= whole:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if name == b"VP8X":
            # The flags that promise EXIF and XMP.
            yield content[at : at + 8] + bytes([content[at + 8] & ~0x0C]) + content[at + 9 : end]
        elif name in _WEBP:
            yield content[at:end]
        at = end


def _of_gif(content: bytes) -> Iterator[bytes]:
    at = 13 + _colours(content[10])
    yield content[:at]
    while at < len(content) and content[at] in b"\x21\x2c":
        begin = at
        if content[at] == 0x2C:
            at = _past_blocks(content, at + 11 + _colours(content[at + 9]))
            yield content[begin:at]
            continue
        kind = content[at + 1]
        at = _past_blocks(content, at + 2)
        is_note = kind == 0xFE or (kind == 0xFF and content[begin + 3 : begin + 14] not in _LOOPS)
        if not is_note:
            yield content[begin:at]
    yield b"\x3b"


def _colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 * 2 ** (flags % 8 + 1) if flags & 0x80 else 0


def _past_blocks(content: bytes, at: int) -> int:
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


_PARTS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "image/jpeg": _of_jpeg,
    "image/png": _of_png,
    "image/webp": _of_webp,
    "image/gif": _of_gif,
}
