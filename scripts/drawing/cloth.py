"""The patterns of cloth that both campaigns are made of."""

import math
from collections.abc import Callable, Sequence
from random import Random

from drawing.sheet import Box, Point, Sheet


def slits(
    s: Sheet,
    box: Box,
    colors: Sequence[str],
    seed: int,
    skip: Callable[[Point], bool],
    pitch: float = 40,
) -> None:
    """Rows of short upright cuts, the way a mola fills its ground; `skip` keeps places free."""
    rng = Random(seed)  # noqa: S311 (a pattern, the same each time)
    x0, y0, x1, y1 = box
    for row in range(int((y1 - y0) // (pitch * 1.5))):
        for column in range(int((x1 - x0) // pitch)):
            x = x0 + (column + 0.5) * pitch + (pitch / 2 if row % 2 else 0)
            y = y0 + (row + 0.5) * pitch * 1.5
            color = rng.choice(colors)
            if x < x1 - pitch / 3 and not skip((x, y)):
                s.line([(x, y - pitch * 0.36), (x, y + pitch * 0.36)], pitch * 0.3, color)


def anywhere(_: Point) -> bool:
    return False


def beyond(x: float, y: float, r: float) -> Callable[[Point], bool]:
    return lambda p: math.hypot(p[0] - x, p[1] - y) > r


def inside(*boxes: Box) -> Callable[[Point], bool]:
    return lambda p: any(a < p[0] < c and b < p[1] < d for a, b, c, d in boxes)


def weave(s: Sheet, y: float, height: float, colors: Sequence[str], ground: str) -> None:
    """A band of nested diamonds and triangles across the whole width."""
    s.box((0, y, s.width, y + height), ground)
    unit = s.width / round(s.width / (height * 1.5))
    for i in range(-1, round(s.width / unit) + 1):
        x, mid = (i + 0.5) * unit, y + height / 2
        tone = colors[i % len(colors)], colors[(i + 2) % len(colors)]
        for k, color in ((0.44, tone[0]), (0.28, ground), (0.15, tone[1])):
            s.shape(
                [
                    (x - unit * k, mid),
                    (x, mid - height * k),
                    (x + unit * k, mid),
                    (x, mid + height * k),
                ],
                color,
            )
        edge = x + unit / 2
        for tip, base in ((y + height * 0.34, y), (y + height * 0.66, y + height)):
            s.shape(
                [(edge - unit * 0.26, base), (edge + unit * 0.26, base), (edge, tip)],
                colors[(i + 1) % len(colors)],
            )


def steps(s: Sheet, x: float, y: float, unit: float, colors: Sequence[str], size: int = 4) -> None:
    """Stepped diamonds one in another, as on the looms of the southern Andes."""
    for ring, color in enumerate(colors):
        reach = size - ring
        for row in range(-reach, reach + 1):
            half = (reach - abs(row) + 0.5) * unit
            top = y + (row - 0.5) * unit
            s.box((x - half, top, x + half, top + unit), color)


def loom(s: Sheet, y: float, height: float, colors: Sequence[str], ground: str) -> None:
    """A band of stepped diamonds across the whole width."""
    s.box((0, y, s.width, y + height), ground)
    unit = height / 8
    count = round(s.width / (height * 1.25))
    for i in range(count + 1):
        x = i * s.width / count
        steps(
            s,
            x,
            y + height / 2,
            unit,
            (colors[i % len(colors)], ground, colors[(i + 2) % len(colors)]),
            3,
        )
        middle = x + s.width / count / 2
        steps(s, middle, y + height / 2, unit, (colors[(i + 1) % len(colors)],), 1)


def within_disc(x: float, y: float, r: float) -> Callable[[Point], bool]:
    return lambda p: math.hypot(p[0] - x, p[1] - y) < r


def diamonds(s: Sheet, y: float, bottom: float, tones: Sequence[str]) -> None:
    for row in range(int((bottom - y) // 150) + 1):
        for column in range(6):
            steps(
                s,
                column * 216 + (108 if row % 2 else 0),
                y + row * 150,
                18,
                (tones[row % 2], tones[2], tones[(row + 1) % 2]),
                4,
            )
