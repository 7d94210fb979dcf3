"""The captions of a video: a file of the media folder, or part of the picture."""

from pathlib import Path

from somos_social.document import Unfit
from somos_social.media.locating import locate

BURNED_IN = "burned in"
"""What a sidecar says of captions that the picture itself shows."""

ENDINGS = (".srt", ".vtt")
_ARROW = b"-->"
"""It stands between the two times of each caption, in SubRip as in WebVTT."""

_MOST_READ = 64 * 1024


def named(root: Path, words: str) -> str:
    """Where captions are, as a sidecar says it; raises Unfit where there are none."""
    if words.casefold() == BURNED_IN:
        return BURNED_IN
    if not words.casefold().endswith(ENDINGS):
        raise Unfit(
            "is neither a .srt nor a .vtt file.",
            f'Name one, or write "{BURNED_IN}"; where none are needed, say why, as in '
            '[accept] no-captions = "El video no tiene voz."',
        )
    if not _holds_captions(locate(root, words)):
        raise Unfit("holds no captions.", "Export it again.")
    return words


def beside(root: Path, file: Path) -> str:
    """The captions that lie beside a video under its name, such as carmen.srt or carmen.es.vtt.

    Empty where there are none.
    """
    try:
        names = sorted(other.name for other in file.parent.iterdir())
    except OSError:
        return ""
    for name in names:
        if name.startswith(f"{file.stem}.") and name.casefold().endswith(ENDINGS):
            path = file.with_name(name).relative_to(root).as_posix()
            try:
                if _holds_captions(locate(root, path)):
                    return path
            except Unfit:
                continue
    return ""


def _holds_captions(file: Path) -> bool:
    """Whether it begins as captions do, in UTF-8 or UTF-16; raises Unfit where nobody may look."""
    try:
        with file.open("rb") as opened:
            return _ARROW in opened.read(_MOST_READ).replace(b"\0", b"")
    except OSError as error:
        raise Unfit(f"cannot be read: {error.strerror}.") from None
