"""A surface to draw on, twice as large as the finished picture, and the curves drawn on it."""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from drawing.palette import INK

SCALE = 2
Point = tuple[float, float]
Box = tuple[float, float, float, float]
BLACK, BOLD, MEDIUM = "RedHatDisplay-Black", "RedHatDisplay-Bold", "RedHatDisplay-Medium"
VOICE = "SourceSerifPro-SemiboldIt"


@cache
def font_bytes(name: str) -> bytes:
    package = "font_rhd" if name.startswith("RedHat") else "font_source_serif_pro"
    with as_file(files(package) / "files" / f"{name}.ttf") as path:
        return path.read_bytes()


@cache
def typeface(name: str, size: float) -> ImageFont.FreeTypeFont:
    # The basic layout engine is part of every Pillow; Raqm is not, and would set lines differently.
    return ImageFont.truetype(
        BytesIO(font_bytes(name)), round(size * SCALE), layout_engine=ImageFont.Layout.BASIC
    )


class Sheet:
    """A surface of width x height pixels, kept twice as large until `finished`."""

    def __init__(self, width: int, height: int, color: str) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), color)
        self.pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def copy(self) -> "Sheet":
        twin = Sheet(1, 1, INK)
        twin.width, twin.height = self.width, self.height
        twin.image = self.image.copy()
        twin.pen = ImageDraw.Draw(twin.image)
        return twin

    def box(self, box: Box, color: str, radius: float = 0) -> None:
        self.pen.rounded_rectangle([v * SCALE for v in box], radius * SCALE, color)

    def disc(self, x: float, y: float, r: float, color: str, ry: float | None = None) -> None:
        ry = r if ry is None else ry
        if r > 0 and ry > 0:
            self.pen.ellipse([v * SCALE for v in (x - r, y - ry, x + r, y + ry)], color)

    def half(self, x: float, y: float, r: float, start: float, color: str) -> None:
        """Half a disc, clockwise from `start` degrees (0 is three o'clock)."""
        corners = [v * SCALE for v in (x - r, y - r, x + r, y + r)]
        self.pen.pieslice(corners, start, start + 180, color)

    def arc(self, x: float, y: float, r: float, span: Point, width: float, color: str) -> None:
        corners = [v * SCALE for v in (x - r, y - r, x + r, y + r)]
        self.pen.arc(corners, span[0], span[1], color, round(width * SCALE))

    def shape(self, points: Sequence[Point], color: str) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], color)

    def line(self, points: Sequence[Point], width: float, color: str) -> None:
        """A line with round joints and round ends."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, color, round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, color)

    def text(
        self, x: float, y: float, words: str, face: str, size: float, color: str, anchor: str = "la"
    ) -> None:
        at = (x * SCALE, y * SCALE)
        self.pen.text(at, words, color, typeface(face, size), anchor=anchor)

    def lines(
        self,
        x: float,
        y: float,
        words: str,
        face: str,
        size: float,
        color: str,
        leading: float = 1.05,
        anchor: str = "ls",
    ) -> float:
        """Lines set on base lines, the first cap height touching y; returns the last base line."""
        base = y + size * 0.7
        for number, row in enumerate(words.split("\n")):
            level = base + number * size * leading
            if row.startswith("«"):
                # An opening quotation mark hangs in the margin, so that the letters align.
                self.text(x - size * 0.08, level, "«", face, size, color, "rs")
            self.text(x, level, row.removeprefix("«"), face, size, color, anchor)
        return base + words.count("\n") * size * leading

    def spaced(self, x: float, y: float, words: str, size: float, color: str) -> float:
        """Small capitals' stand-in: spaced bold capitals; returns where they end."""
        for letter in words.upper():
            self.text(x, y, letter, BOLD, size, color, "ls")
            x += typeface(BOLD, size).getlength(letter) / SCALE + size * 0.13
        return x

    def layers(self, points: Sequence[Point], colors: Sequence[str], step: float) -> None:
        """A shape with nested outlines, outermost colour first, as cloth is laid on cloth."""
        closed = [*points, points[0], points[1]]
        for number, color in enumerate(colors[:-1]):
            self.line(closed, 2 * step * (len(colors) - 1 - number), color)
        self.shape(points, colors[-1])

    def strands(self, points: Sequence[Point], colors: Sequence[str], step: float) -> None:
        """One line inside another, outermost colour first."""
        for number, color in enumerate(colors):
            self.ribbon(points, step * (2 * (len(colors) - number) - 1), color)

    def ribbon(self, points: Sequence[Point], width: float, color: str) -> None:
        """A wide curve as one polygon, which Pillow fills without the seams of a wide line."""
        left: list[Point] = []
        right: list[Point] = []
        for (x0, y0), (x1, y1) in pairwise(points):
            length = math.hypot(x1 - x0, y1 - y0) or 1
            dx, dy = (y1 - y0) / length * width / 2, (x0 - x1) / length * width / 2
            left.append((x1 + dx, y1 + dy))
            right.append((x1 - dx, y1 - dy))
        self.shape([*left, *reversed(right)], color)


def smooth(points: Sequence[Point], closed: bool = False, steps: int = 14) -> list[Point]:
    """The Catmull-Rom curve through the points."""
    n = len(points)
    curve: list[Point] = []
    for i in range(n if closed else n - 1):
        if closed:
            a, b, c, d = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2))
        for s in range(steps):
            t = s / steps
            curve.append((spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)))
    return curve if closed else [*curve, points[-1]]


def spline(a: float, b: float, c: float, d: float, t: float) -> float:
    square, cube = t * t, t * t * t
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * square + (3 * b - a - 3 * c + d) * cube
    )


def around(x: float, y: float, points: Iterable[Point], size: float = 1) -> list[Point]:
    return [(x + px * size, y + py * size) for px, py in points]
