"""What every picture shares: the sign, the footer, the line above the title, the sun."""

from collections.abc import Sequence

from drawing.cloth import beyond, loom, slits, weave
from drawing.palette import ANDES, CREAM, INK, MANGO, NIGHT, RED, ROSE, TEAL
from drawing.sheet import BLACK, BOLD, MEDIUM, SCALE, Sheet, typeface


def mark(s: Sheet, x: float, y: float, r: float, left: str, right: str) -> None:
    """Two halves that nearly make one: the sign of both campaigns."""
    gap = r * 0.09
    s.half(x - gap, y + r * 0.16, r, 90, left)
    s.half(x + gap, y - r * 0.16, r, 270, right)


def footer(s: Sheet, ground: str = INK, words: str = CREAM) -> float:
    """Weave, sign, hashtag and who speaks; returns the height where the picture above it ends."""
    k = s.width / 1080
    top = s.height - 150 * k
    s.box((0, top, s.width, s.height), ground)
    weave(s, top - 44 * k, 44 * k, (RED, MANGO, TEAL, CREAM, ROSE), INK)
    mark(s, 92 * k, top + 75 * k, 32 * k, MANGO, RED)
    s.text(146 * k, top + 76 * k, "#SomosLoMismo", BLACK, 42 * k, words, "lm")
    s.text(s.width - 64 * k, top + 76 * k, "ACNUR · OIM  Panamá", MEDIUM, 28 * k, words, "rm")
    return top - 44 * k


def southern_footer(s: Sheet) -> float:
    k = s.width / 1080
    top = s.height - 150 * k
    s.box((0, top, s.width, s.height), NIGHT)
    loom(s, top - 72 * k, 72 * k, ANDES, "#3D2660")
    mark(s, 92 * k, top + 75 * k, 32 * k, ANDES[1], ANDES[2])
    s.text(146 * k, top + 76 * k, "#SomosEncuentro", BLACK, 42 * k, ANDES[3], "lm")
    s.text(s.width - 64 * k, top + 76 * k, "OIM · ACNUR  Chile", MEDIUM, 28 * k, ANDES[3], "rm")
    return top - 72 * k


def eyebrow(s: Sheet, words: str, color: str, y: float = 118) -> None:
    s.box((64, y - 32, 76, y + 6), color)
    s.spaced(94, y, words, 30, color)


def sun(s: Sheet, x: float, y: float, r: float, colors: Sequence[str]) -> None:
    for number, color in enumerate(colors):
        s.disc(x, y, r * (1 - 0.085 * number), color)


def patterned_sun(
    s: Sheet,
    x: float,
    y: float,
    r: float,
    ground: str,
    rings: Sequence[str],
    tones: Sequence[str],
    seed: int,
) -> None:
    sun(s, x, y, r, [*rings, ground])
    within = r * (1 - 0.085 * len(rings)) - 26
    slits(s, (x - r, y - r, x + r, y + r), tones, seed, beyond(x, y, within), 38)


def pill(s: Sheet, x: float, y: float, word: str, ground: str, ink: str) -> None:
    wide = typeface(BOLD, 34).getlength(word) / SCALE
    s.box((x, y - 32, x + wide + 48, y + 32), ground, 32)
    s.text(x + 24, y + 1, word, BOLD, 34, ink, "lm")
