# /// script
# requires-python = ">=3.11"
# dependencies = ["av==18.1.0", "pillow==13.0.0", "font-rhd==0.1.3", "font-source-serif-pro==0.0.1"]
# ///
"""Draws every picture and clip of the campaigns into media/, the same bytes for a picture each time.

Run with `uv run scripts/draw_media.py [NAME...]`; a NAME is a path below media/, none means all.
Lengths are pixels of the finished picture; everything is drawn twice as large and reduced.
"""

import math
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from random import Random

import av
from PIL import Image, ImageDraw, ImageFont

MEDIA = Path(__file__).parent.parent / "media"
SCALE = 2
FPS = 30
RATE = 48_000

INK, CREAM, PAPER = "#1B1B3A", "#FFF3DC", "#FBE3BE"
RED, MANGO, TEAL, SKY, ROSE = "#D93A3F", "#F8A92B", "#0F8B8D", "#2E6FB5", "#EE7C86"
PLUM, LEAF = "#5B2A6E", "#5E9A45"
MOLA = (RED, MANGO, TEAL, CREAM, ROSE, SKY)
ANDES = ("#E4572E", "#F3B61F", "#3AA6A0", "#F6EFE4", "#B65FCF")
NIGHT = "#2C1A45"

Point = tuple[float, float]
Box = tuple[float, float, float, float]


# --- the sheet -------------------------------------------------------------------------------

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
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
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


# --- cloth: the patterns both campaigns are made of ------------------------------------------


def slits(
    s: Sheet,
    box: Box,
    colors: Sequence[str],
    seed: int,
    skip: Callable[[Point], bool],
    pitch: float = 40,
) -> None:
    """Rows of short upright cuts, the way a mola fills its ground; `skip` keeps places free."""
    rng = Random(seed)
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


# --- people made of shapes -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How an invented person is drawn; the face has a light and a shaded half."""

    skin: str
    shade: str
    hair: str
    cloth: str
    trim: tuple[str, ...]
    style: str  # bun, long, short, curls, scarf, hat, beard


CARMEN = Look(
    skin="#C98355",
    shade="#A9623C",
    hair="#2A1A1F",
    cloth=RED,
    trim=(MANGO, CREAM, TEAL),
    style="bun",
)
SAMUEL = Look(
    skin="#7A4A33",
    shade="#5C3424",
    hair="#1A1216",
    cloth=SKY,
    trim=(CREAM, MANGO, RED),
    style="short",
)
NADIA = Look(
    skin="#E0AE86",
    shade="#C48A62",
    hair="#14606B",
    cloth=PLUM,
    trim=(ROSE, CREAM, MANGO),
    style="scarf",
)
MARISOL = Look(
    skin="#8C5638",
    shade="#6C3E28",
    hair="#22151A",
    cloth=MANGO,
    trim=(RED, CREAM, TEAL),
    style="curls",
)
YELINA = Look(
    skin="#B9774D",
    shade="#965A37",
    hair="#1C1420",
    cloth=TEAL,
    trim=(CREAM, RED, MANGO),
    style="long",
)
EUSEBIO = Look(
    skin="#AE6C45", shade="#8A5032", hair="#F3DFB5", cloth=CREAM, trim=(RED, INK, TEAL), style="hat"
)
MATEO = Look(
    skin="#EBC19B",
    shade="#D09B72",
    hair="#4B2B20",
    cloth=LEAF,
    trim=(CREAM, MANGO, INK),
    style="beard",
)


def bust(s: Sheet, x: float, base: float, size: float, look: Look, blink: float = 0) -> None:
    """Head and shoulders, `size` from crown to base; `blink` from 0 (calm) to 1 (smiling)."""
    u = size / 10
    head = (x, base - 6.1 * u)
    hair_behind(s, head, u, look)
    shoulders = around(
        x,
        base,
        [
            (-4.3, 0),
            (-4.1, -1.5),
            (-2.9, -2.5),
            (-1.2, -3.0),
            (0, -3.05),
            (1.2, -3.0),
            (2.9, -2.5),
            (4.1, -1.5),
            (4.3, 0),
        ],
        u,
    )
    s.shape(smooth(shoulders), look.cloth)
    s.box((x - 1.0 * u, base - 4.2 * u, x + 1.0 * u, base - 2.6 * u), look.shade, 0.5 * u)
    s.disc(x, base - 2.75 * u, 1.0 * u, look.shade, 0.75 * u)
    for number, color in enumerate(look.trim):
        s.arc(x, base - 3.35 * u, (1.75 + 0.42 * number) * u, (14, 166), 0.24 * u, color)
    face(s, head, u, look, blink)
    hair_before(s, head, u, look)


def face(s: Sheet, head: Point, u: float, look: Look, smile: float) -> None:
    x, y = head
    oval = around(
        x,
        y,
        [
            (0, -2.55),
            (1.5, -2.05),
            (2.02, -0.5),
            (1.75, 1.1),
            (0.9, 2.3),
            (0, 2.65),
            (-0.9, 2.3),
            (-1.75, 1.1),
            (-2.02, -0.5),
            (-1.5, -2.05),
        ],
        u,
    )
    curve = smooth(oval, closed=True)
    s.shape(curve, look.skin)
    s.shape([p for p in curve if p[0] >= x - 0.01], look.shade)
    for side in (-1, 1):
        s.disc(
            x + side * 2.0 * u,
            y + 0.25 * u,
            0.32 * u,
            look.skin if side < 0 else look.shade,
            0.5 * u,
        )
        s.arc(x + side * 0.98 * u, y - 0.35 * u, 0.52 * u, (25, 155), 0.16 * u, INK)
        s.arc(x + side * 0.98 * u, y - 0.55 * u, 0.85 * u, (225, 315), 0.17 * u, INK)
        s.disc(x + side * 1.15 * u, y + 0.75 * u, 0.36 * u, ROSE)
    s.line(
        smooth(around(x, y, [(-0.34, -0.75), (0.06, -0.1), (0.32, 0.72), (-0.12, 0.86)], u)),
        0.15 * u,
        INK,
    )
    width = (0.62 + 0.22 * smile) * u
    s.arc(x, y + (1.45 - width / u * 0.55) * u, width * 1.15, (35, 145), 0.2 * u, RED)


def hair_behind(s: Sheet, head: Point, u: float, look: Look) -> None:
    x, y = head
    match look.style:
        case "bun":
            s.disc(x, y - 3.2 * u, 1.15 * u, look.hair)
            s.arc(x, y - 3.2 * u, 0.7 * u, (200, 340), 0.16 * u, look.trim[0])
            s.disc(x, y - 0.55 * u, 2.3 * u, look.hair, 2.35 * u)
        case "long":
            s.disc(x, y - 0.6 * u, 2.4 * u, look.hair, 2.45 * u)
            s.box((x - 2.4 * u, y - 0.7 * u, x + 2.4 * u, y + 3.9 * u), look.hair, 0.9 * u)
        case "curls":
            for k in range(11):
                angle = math.radians(150 + k * 24)
                s.disc(
                    x + 2.1 * u * math.cos(angle),
                    y - 0.6 * u + 2.1 * u * math.sin(angle),
                    1.05 * u,
                    look.hair,
                )
        case "scarf":
            s.disc(x, y - 0.1 * u, 2.65 * u, look.hair, 2.95 * u)
            s.shape(
                smooth(
                    around(x, y, [(-2.5, 0.5), (-2.4, 3.2), (0, 4.3), (2.4, 3.2), (2.5, 0.5)], u)
                ),
                look.hair,
            )
        case _:
            s.disc(x, y - 0.75 * u, 2.12 * u, look.hair, 2.1 * u)


def hair_before(s: Sheet, head: Point, u: float, look: Look) -> None:
    x, y = head
    match look.style:
        case "bun" | "long":
            for side in (-1, 1):
                lock = around(
                    x,
                    y,
                    [
                        (0, -2.62),
                        (side * 1.3, -2.3),
                        (side * 2.12, -1.1),
                        (side * 2.16, 0.1),
                        (side * 1.55, -0.95),
                        (side * 0.7, -1.6),
                    ],
                    u,
                )
                s.shape(smooth(lock, closed=True), look.hair)
                s.disc(x + side * 2.05 * u, y + 1.05 * u, 0.34 * u, look.trim[0])
        case "curls":
            for k in range(6):
                s.disc(
                    x + (-1.5 + k * 0.6) * u,
                    y - (2.15 + 0.3 * math.sin(k * 0.63)) * u,
                    0.62 * u,
                    look.hair,
                )
            for side in (-1, 1):
                s.arc(x + side * 2.05 * u, y + 1.25 * u, 0.5 * u, (0, 360), 0.16 * u, look.trim[1])
        case "scarf":
            s.arc(x, y - 0.1 * u, 2.45 * u, (195, 345), 0.5 * u, look.hair)
            s.arc(x, y - 0.05 * u, 2.62 * u, (198, 342), 0.14 * u, look.trim[0])
            s.arc(x, y + 0.2 * u, 3.0 * u, (215, 325), 0.14 * u, look.trim[2])
        case "hat":
            s.disc(x, y - 1.75 * u, 3.5 * u, look.hair, 0.55 * u)
            s.box((x - 1.75 * u, y - 3.7 * u, x + 1.75 * u, y - 1.75 * u), look.hair, 0.6 * u)
            for k, color in enumerate((INK, RED, INK)):
                s.box(
                    (
                        x - 1.75 * u,
                        y - (2.3 + 0.36 * k) * u,
                        x + 1.75 * u,
                        y - (2.12 + 0.36 * k) * u,
                    ),
                    color,
                )
        case _:
            cap = around(
                x,
                y,
                [
                    (-2.1, -0.5),
                    (-2.05, -1.7),
                    (-1.2, -2.65),
                    (0, -2.85),
                    (1.2, -2.65),
                    (2.05, -1.7),
                    (2.1, -0.5),
                    (1.65, -1.45),
                    (0, -1.75),
                    (-1.65, -1.45),
                ],
                u,
            )
            s.shape(smooth(cap, closed=True), look.hair)
            if look.style == "beard":
                jaw = around(
                    x,
                    y,
                    [
                        (-1.9, 0.5),
                        (-1.55, 1.9),
                        (0, 2.95),
                        (1.55, 1.9),
                        (1.9, 0.5),
                        (1.2, 1.35),
                        (0, 1.0),
                        (-1.2, 1.35),
                    ],
                    u,
                )
                s.shape(smooth(jaw, closed=True), look.hair)
                s.arc(x, y + 1.1 * u, 0.75 * u, (40, 140), 0.2 * u, ROSE)


def joined(s: Sheet, x: float, base: float, size: float, left: Look, right: Look) -> None:
    """One person made of the halves of two."""
    other = s.copy()
    bust(s, x, base, size, left)
    bust(other, x, base, size, right)
    edge = round(x * SCALE)
    half = other.image.crop((edge, 0, other.image.width, other.image.height))
    s.image.paste(half, (edge, 0))
    s.line([(x, base - size * 0.97), (x, base)], size * 0.008, CREAM)


# --- the frame every picture shares ----------------------------------------------------------


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


# --- pictures: Somos Lo Mismo ----------------------------------------------------------------


def samuel() -> Sheet:
    """A person's words above the person."""
    s = Sheet(1080, 1350, TEAL)
    patterned_sun(s, 540, 930, 430, INK, (MANGO, INK, ROSE), (MANGO, ROSE, SKY), 66)
    eyebrow(s, "Samuel, barbero", CREAM)
    quote = "«En mi silla nadie\npregunta de dónde eres.\nPreguntan quién sigue.»"
    s.lines(64, 170, quote, VOICE, 74, CREAM, 1.16)
    bust(s, 540, 1160, 640, SAMUEL)
    footer(s)
    return s


def mujer() -> Sheet:
    s = Sheet(1080, 1350, PLUM)
    slits(s, (0, 560, 1080, 1160), ("#6F3A84", "#7E4794"), 8, anywhere, 42)
    eyebrow(s, "8 de marzo · Día de la Mujer", MANGO)
    s.lines(64, 166, "Cruzar fronteras.\nAbrir puertas.\nSeguir.", BLACK, 104, CREAM, 1.0)
    for x, base, size, look in (
        (228, 1170, 560, YELINA),
        (852, 1170, 560, MARISOL),
        (540, 1200, 640, NADIA),
    ):
        sun(s, x, base - size * 0.6, size * 0.36, (MANGO, RED) if look is NADIA else (ROSE, SKY))
        bust(s, x, base, size, look)
    footer(s)
    return s


def anniversary() -> Sheet:
    s = Sheet(1080, 1350, CREAM)
    patterned_sun(s, 540, 860, 470, INK, (RED, MANGO, TEAL), (RED, MANGO, TEAL, ROSE), 31)
    joined(s, 540, 1160, 690, CARMEN, SAMUEL)
    eyebrow(s, "8 de diciembre · 2018 – 2026", RED)
    s.lines(64, 166, "Ocho años diciendo", BOLD, 60, INK)
    s.lines(64, 236, "somos lo mismo.", BLACK, 117, INK)
    footer(s)
    return s


def bird(s: Sheet, x: float, y: float, size: float, tones: tuple[str, str]) -> None:
    """A swallow flying left, cut from cloth: body, two wings and a forked tail."""
    light, dark = tones
    far_wing = [(0.05, -0.05), (0.2, -0.75), (0.75, -1.15), (0.62, -0.5), (0.5, 0.0)]
    tail = [(0.55, 0.0), (1.35, -0.12), (0.95, 0.1), (1.25, 0.38), (0.5, 0.2)]
    body = [
        (-1.0, 0.02),
        (-0.78, -0.2),
        (-0.45, -0.24),
        (0.1, -0.16),
        (0.7, 0.06),
        (0.3, 0.26),
        (-0.3, 0.26),
        (-0.72, 0.14),
    ]
    near_wing = [(-0.3, 0.0), (-0.42, -0.7), (-0.1, -1.35), (0.12, -0.7), (0.42, 0.02)]
    s.shape(smooth(around(x, y, far_wing, size), closed=True), dark)
    s.shape(around(x, y, tail, size), dark)
    s.shape(smooth(around(x, y, body, size), closed=True), light)
    s.shape(around(x, y, [(-0.94, -0.06), (-1.16, 0.04), (-0.92, 0.08)], size), INK)
    s.shape(smooth(around(x, y, near_wing, size), closed=True), light)
    for k in (0, 1):
        s.line(
            smooth(
                around(
                    x,
                    y,
                    [
                        (-0.18 + k * 0.2, -0.08),
                        (-0.25 + k * 0.22, -0.5),
                        (-0.14 + k * 0.12, -0.9 + k * 0.2),
                    ],
                    size,
                )
            ),
            size * 0.05,
            dark,
        )
    s.disc(x - size * 0.7, y - size * 0.06, size * 0.05, INK)


def waves(s: Sheet, y: float, bottom: float, colors: Sequence[str], shift: float = 0) -> None:
    for row, color in enumerate(colors):
        level = y + row * (bottom - y) / len(colors)
        crest = [
            (x, level + 16 * math.sin((x + shift) / 74 + row * 1.7))
            for x in range(-10, s.width + 20, 10)
        ]
        s.shape([*crest, (s.width, bottom), (0, bottom)], color)


def migrants_day() -> Sheet:
    s = Sheet(1080, 1350, SKY)
    sun(s, 760, 790, 300, (MANGO, CREAM, RED))
    waves(s, 960, 1160, (TEAL, INK, "#13777A", PLUM))
    for x, y, size, tones in (
        (300, 860, 170, (MANGO, RED)),
        (620, 700, 110, (CREAM, MANGO)),
        (790, 900, 140, (CREAM, MANGO)),
        (930, 690, 84, (ROSE, CREAM)),
        (150, 690, 74, (CREAM, ROSE)),
    ):
        bird(s, x, y, size, tones)
    s.text(56, 330, "18", BLACK, 330, CREAM, "ls")
    s.lines(468, 108, "de diciembre", BOLD, 50, MANGO)
    s.lines(468, 168, "Día Internacional\ndel Migrante", BLACK, 62, CREAM, 1.06)
    s.lines(64, 420, "Migrar es llevar la casa\nen la memoria.", VOICE, 62, CREAM, 1.15)
    footer(s)
    return s


def christmas() -> Sheet:
    s = Sheet(1080, 1350, RED)
    slits(s, (0, 400, 1080, 1160), ("#C22C36", "#E4504F"), 12, within_disc(540, 768, 390), 44)
    eyebrow(s, "24 de diciembre", MANGO)
    s.lines(64, 166, "Siempre cabe\nuna silla más.", BLACK, 118, CREAM, 0.98)
    for k in range(10):
        angle = math.radians(k * 36 - 54)
        x, y = 540 + 318 * math.cos(angle), 768 + 318 * math.sin(angle)
        s.disc(x, y, 56, MANGO if k == 3 else INK)
        s.disc(x, y, 34, CREAM if k == 3 else PLUM)
    sun(s, 540, 768, 276, (INK, MANGO, TEAL, CREAM))
    for k in range(10):
        angle = math.radians(k * 36 - 54)
        x, y = 540 + 160 * math.cos(angle), 768 + 160 * math.sin(angle)
        sun(s, x, y, 37, (MOLA[k % 3], CREAM, MOLA[(k + 1) % 3], CREAM, MOLA[k % 3]))
    star(s, 540, 768, 84, (INK, RED, MANGO, CREAM))
    footer(s)
    return s


def within_disc(x: float, y: float, r: float) -> Callable[[Point], bool]:
    return lambda p: math.hypot(p[0] - x, p[1] - y) < r


def star(s: Sheet, x: float, y: float, r: float, colors: Sequence[str]) -> None:
    tips = [
        (
            math.sin(math.pi * k / 8) * (1 if k % 2 == 0 else 0.52),
            -math.cos(math.pi * k / 8) * (1 if k % 2 == 0 else 0.52),
        )
        for k in range(16)
    ]
    for number, color in enumerate(colors):
        s.shape(around(x, y, tips, r * (1 - 0.22 * number)), color)


def burst(s: Sheet, x: float, y: float, r: float, colors: Sequence[str]) -> None:
    for k in range(20):
        angle = math.pi * k / 10
        near, far = r * 0.36, r * (1 if k % 2 else 0.76)
        s.line(
            [
                (x + near * math.cos(angle), y + near * math.sin(angle)),
                (x + far * math.cos(angle), y + far * math.sin(angle)),
            ],
            r * 0.075,
            colors[k % len(colors)],
        )
    sun(s, x, y, r * 0.22, (colors[0], INK, colors[1]))


def new_year() -> Sheet:
    s = Sheet(1080, 1080, INK)
    burst(s, 890, 180, 190, (MANGO, ROSE, RED))
    burst(s, 1010, 470, 120, (TEAL, CREAM, SKY))
    eyebrow(s, "Propósitos 2027", MANGO)
    s.lines(64, 164, "Este año,\nmás cerca.", BLACK, 116, CREAM, 0.98)
    for k, (row, color) in enumerate(
        (
            ("Aprender un nombre nuevo.", RED),
            ("Preguntar antes de juzgar.", MANGO),
            ("No reenviar rumores.", TEAL),
            ("Saludar primero.", ROSE),
        )
    ):
        y = 492 + k * 96
        s.disc(92, y, 30, color)
        s.line([(78, y + 2), (89, y + 13), (108, y - 11)], 8, INK)
        s.text(150, y, row, BOLD, 50, CREAM, "lm")
    footer(s, CREAM, INK)
    return s


def plate(s: Sheet, x: float, y: float, r: float, rim: str) -> None:
    s.disc(x + 8, y + 12, r, "#0A6567")
    sun(s, x, y, r, (CREAM, rim, CREAM, "#FFF9EC"))
    for k in range(32):
        angle = math.pi * k / 16
        s.disc(x + r * 0.955 * math.cos(angle), y + r * 0.955 * math.sin(angle), r * 0.02, rim)


def cloth(s: Sheet, y: float, ground: str, tones: Sequence[str], seed: int) -> None:
    """A table cloth that runs on from one picture of the carousel to the next."""
    s.box((0, y, s.width, s.height), ground)
    weave(s, y, 56, (CREAM, MANGO, RED), INK)
    slits(s, (0, y + 76, s.width, s.height), tones, seed, anywhere, 45)


def course(number: str, ground: str, title: str, words: str, ink: str = CREAM) -> Sheet:
    s = Sheet(1080, 1350, ground)
    cloth(s, 640, TEAL, ("#0C7779", "#1A9B9D"), int(number))
    s.text(1016, 96, f"{number} / 4", BOLD, 30, ink, "rs")
    eyebrow(s, "Sabores que llegaron", ink, 96)
    end = s.lines(64, 148, title, BLACK, 108, ink, 0.98)
    s.lines(64, end + 46, words, MEDIUM, 42, ink, 1.26)
    return s


def table_cover() -> Sheet:
    s = course(
        "1",
        RED,
        "Tu plato tiene\nmuchos apellidos.",
        "Desliza y prueba la historia de Panamá,\nbocado a bocado.",
    )
    for x, y, r, rim in ((540, 916, 206, RED), (172, 985, 128, MANGO), (908, 985, 128, SKY)):
        plate(s, x, y, r, rim)
    for k in range(8):
        angle = math.pi * k / 4
        x, y = 540 + 82 * math.cos(angle), 916 + 82 * math.sin(angle)
        petal = around(
            x,
            y,
            [
                (
                    0.9 * math.cos(angle + t) if i % 2 else 0.5 * math.cos(angle + t),
                    0.9 * math.sin(angle + t) if i % 2 else 0.5 * math.sin(angle + t),
                )
                for i, t in enumerate((0, 1.05, 2.1, 3.14, 4.2, 5.24))
            ],
            46,
        )
        s.shape(smooth(petal, closed=True), (LEAF, MANGO, RED, PLUM)[k % 4])
    sun(s, 540, 916, 54, (INK, MANGO, RED, CREAM))
    sun(s, 172, 985, 66, (LEAF, MANGO, LEAF))
    sun(s, 908, 985, 66, (PLUM, ROSE, PLUM))
    footer(s)
    return s


def table_pati() -> Sheet:
    s = course(
        "2",
        PLUM,
        "El patí",
        "Lo trajeron familias antillanas que\nvinieron a construir el ferrocarril y el\n"
        "Canal. Con ellas llegó su picante, y\ntambién su manera de decir «wapín».",
    )
    plate(s, 540, 918, 206, MANGO)
    for dx, dy in ((-30, -14), (24, 112)):
        x, y, turn = 540 + dx, 918 + dy, 172
        s.half(x, y, 122, turn, "#B9701F")
        s.half(x, y, 112, turn, "#E9A23B")
        for k in range(11):
            angle = math.radians(turn + 9 + k * 16.2)
            s.line(
                [
                    (x + 90 * math.cos(angle), y + 90 * math.sin(angle)),
                    (x + 106 * math.cos(angle), y + 106 * math.sin(angle)),
                ],
                8,
                "#B9701F",
            )
        for k in (50, 90, 130):
            angle = math.radians(turn + k)
            s.disc(x + 50 * math.cos(angle), y + 50 * math.sin(angle), 7, RED)
    footer(s)
    return s


def table_dimsum() -> Sheet:
    s = course(
        "3",
        SKY,
        "El dim sum",
        "Las primeras familias chinas llegaron\nen 1854. Hoy el desayuno del domingo\n"
        "huele a jengibre y a casa llena.",
    )
    wood = ("#8A5A2B", "#C98F4E", "#8A5A2B", "#E7C48D")
    s.disc(548, 930, 212, "#0A6567")
    sun(s, 540, 918, 212, wood)
    for k in range(7):
        x = 540 + (k - 3) * 46
        reach = math.sqrt(156**2 - (x - 540) ** 2)
        s.line([(x, 918 - reach), (x, 918 + reach)], 6, "#C98F4E")
    for k in range(4):
        angle = math.radians(45 + 90 * k)
        bun(s, 540 + 82 * math.cos(angle), 918 + 82 * math.sin(angle), 62)
    footer(s)
    return s


def bun(s: Sheet, x: float, y: float, r: float) -> None:
    s.disc(x + 4, y + 6, r, "#B98548")
    s.disc(x, y, r, CREAM)
    for fold in range(9):
        turn = 2 * math.pi * fold / 9
        s.line(
            smooth(
                [
                    (x + r * k * math.cos(turn + twist), y + r * k * math.sin(turn + twist))
                    for k, twist in ((0.22, 0), (0.52, 0.35), (0.8, 0.4))
                ]
            ),
            4,
            "#DDBF8C",
        )
    s.disc(x, y, 9, RED)


def table_guandu() -> Sheet:
    s = course(
        "4",
        MANGO,
        "El arroz\ncon guandú",
        "El guandú cruzó el océano con los\npueblos africanos. Aquí encontró coco,\n"
        "arroz… y todas nuestras fiestas.",
        INK,
    )
    plate(s, 540, 922, 206, LEAF)
    rng = Random(77)
    s.disc(540, 922, 136, "#EAD2A0")
    for _ in range(230):
        x, y = scattered(rng, 540, 922, 126)
        turn = rng.uniform(0, 3)
        s.line(
            [
                (x - 8 * math.cos(turn), y - 8 * math.sin(turn)),
                (x + 8 * math.cos(turn), y + 8 * math.sin(turn)),
            ],
            6,
            rng.choice(("#FFF6E0", "#F1DDB2", "#FFFDF4")),
        )
    for _ in range(52):
        x, y = scattered(rng, 540, 922, 124)
        s.disc(x, y, 9, rng.choice(("#6E4A2A", "#7E6A2C", "#55351F")))
        s.disc(x - 3, y - 3, 2.5, "#B89A62")
    footer(s)
    return s


def scattered(rng: Random, x: float, y: float, r: float) -> Point:
    angle, reach = rng.uniform(0, 2 * math.pi), r * math.sqrt(rng.random())
    return x + reach * math.cos(angle), y + reach * math.sin(angle)


def house(s: Sheet, x: float, base: float, size: float, colors: Sequence[str]) -> None:
    outline = around(x, base, [(-0.9, 0), (-0.9, -0.95), (0, -1.75), (0.9, -0.95), (0.9, 0)], size)
    s.layers(outline, colors, size * 0.075)


def guide() -> Sheet:
    s = Sheet(1080, 1080, TEAL)
    slits(s, (0, 360, 1080, 900), ("#0C7779", "#1A9B9D"), 19, inside((0, 360, 560, 660)), 45)
    house(s, 784, 870, 232, (INK, MANGO, INK, RED, CREAM))
    s.box((704, 646, 864, 900), INK, 80)
    s.box((724, 666, 844, 900), MANGO, 60)
    s.disc(820, 790, 9, INK)
    bust(s, 330, 900, 250, MATEO)
    bust(s, 170, 900, 270, YELINA)
    bust(s, 440, 900, 180, MARISOL)
    eyebrow(s, "Guía para recién llegados", MANGO)
    s.lines(64, 164, "¿Acabas\nde llegar?", BLACK, 124, CREAM, 0.98)
    s.lines(
        64,
        450,
        "Documentos, escuela,\nsalud y trabajo:\nempieza por aquí.",
        MEDIUM,
        46,
        CREAM,
        1.22,
    )
    footer(s)
    return s


RIVERS: tuple[tuple[str, tuple[Point, ...]], ...] = (
    (RED, ((-0.05, 0.10), (0.18, 0.14), (0.40, 0.40), (0.62, 0.455), (0.82, 0.40), (1.05, 0.405))),
    (
        MANGO,
        ((-0.05, 0.34), (0.20, 0.30), (0.42, 0.48), (0.62, 0.485), (0.82, 0.44), (1.05, 0.445)),
    ),
    (TEAL, ((-0.05, 0.56), (0.18, 0.62), (0.42, 0.53), (0.62, 0.515), (0.82, 0.48), (1.05, 0.485))),
    (ROSE, ((-0.05, 0.80), (0.20, 0.74), (0.40, 0.60), (0.62, 0.545), (0.82, 0.52), (1.05, 0.525))),
    (SKY, ((-0.05, 1.02), (0.16, 0.92), (0.40, 0.68), (0.62, 0.575), (0.82, 0.56), (1.05, 0.565))),
)


def rivers(s: Sheet, box: Box, thick: float, grown: float = 1) -> None:
    """Five currents that become one braid; `grown` from 0 to 1 lets them run in."""
    x0, y0, x1, y1 = box
    for color, course_of in RIVERS:
        bed = smooth([(x0 + px * (x1 - x0), y0 + py * (y1 - y0)) for px, py in course_of], steps=40)
        run = bed[: max(2, round(len(bed) * grown))]
        s.strands(run, (INK, color, INK, color), thick / 7)


def origins() -> Sheet:
    s = Sheet(1080, 1350, CREAM)
    rivers(s, (0, 400, 1080, 1120), 84)
    eyebrow(s, "De dónde venimos", RED)
    s.lines(64, 166, "Somos muchos ríos\ny un solo mar.", BLACK, 98, INK, 1.02)
    for y, word in (
        (490, "Pueblos originarios"),
        (624, "África"),
        (836, "Las Antillas"),
        (950, "Asia"),
        (1076, "Europa"),
    ):
        pill(s, 64, y, word, INK, CREAM)
    pill(s, 820, 746, "Panamá", CREAM, INK)
    footer(s)
    return s


def pill(s: Sheet, x: float, y: float, word: str, ground: str, ink: str) -> None:
    wide = typeface(BOLD, 34).getlength(word) / SCALE
    s.box((x, y - 32, x + wide + 48, y + 32), ground, 32)
    s.text(x + 24, y + 1, word, BOLD, 34, ink, "lm")


def equal() -> Sheet:
    s = Sheet(1080, 1350, CREAM)
    for number, (y, color) in enumerate(((590, RED), (810, TEAL))):
        s.layers(smooth_box(170, y, 910, y + 110), (INK, MANGO, INK, color), 16)
        slits(s, (180, y + 12, 900, y + 112), (CREAM, MANGO), 5 + number, anywhere, 48)
    eyebrow(s, "Constitución de Panamá · artículo 20", RED)
    s.lines(64, 170, "Iguales\nante la Ley.", BLACK, 146, INK, 0.98)
    s.lines(
        64,
        1016,
        "«Los panameños y los extranjeros son\niguales ante la Ley.»",
        VOICE,
        52,
        INK,
        1.18,
    )
    footer(s)
    return s


def smooth_box(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def racism() -> Sheet:
    s = Sheet(1080, 1350, INK)
    tones = (RED, MANGO, TEAL, SKY, ROSE, PLUM)
    looks = (YELINA, EUSEBIO, MARISOL, MATEO, NADIA, SAMUEL)
    for k, look in enumerate(looks):
        x, y = (k % 3) * 360, 476 + (k // 3) * 340
        cell = Sheet(360, 340, tones[(k * 5 + 1) % 6])
        sun(cell, 180, 170, 132, (INK, tones[(k * 5 + 3) % 6]))
        bust(cell, 180, 356, 330, look)
        s.image.paste(cell.image, (x * SCALE, y * SCALE))
    eyebrow(s, "21 de marzo · Contra el racismo", MANGO)
    s.lines(64, 166, "El racismo se aprende.", BLACK, 82, CREAM)
    s.lines(64, 264, "El respeto también.", BLACK, 82, MANGO)
    s.lines(64, 372, "¿Qué enseñamos hoy en casa?", VOICE, 52, CREAM)
    footer(s)
    return s


def lantern(s: Sheet, x: float, y: float, r: float, color: str) -> None:
    s.line([(x, 0), (x, y - r)], 6, INK)
    s.disc(x, y, r, INK, r * 0.86)
    s.disc(x, y, r * 0.92, color, r * 0.78)
    for k in (0.62, 0.26):
        s.disc(x, y, r * k, MANGO, r * 0.78)
        s.disc(x, y, r * (k - 0.06), color, r * 0.78)
    for side in (-1, 1):
        s.box(
            (
                x - r * 0.4,
                y + side * r * 0.86 - r * 0.1,
                x + r * 0.4,
                y + side * r * 0.86 + r * 0.1,
            ),
            MANGO,
            r * 0.06,
        )
    for k in (-1, 0, 1):
        s.line([(x + k * r * 0.16, y + r), (x + k * r * 0.16, y + r * 1.5)], r * 0.07, MANGO)


def chinese_day() -> Sheet:
    s = Sheet(1080, 1350, "#B3202F")
    slits(s, (0, 0, 1080, 640), ("#A21928", "#C22F3C"), 40, anywhere, 45)
    for x, y, r, color in ((190, 300, 130, RED), (540, 200, 150, "#F05A3C"), (890, 330, 130, RED)):
        lantern(s, x, y, r, color)
    s.box((0, 620, 1080, 1350), CREAM)
    weave(s, 592, 56, (RED, MANGO, TEAL), INK)
    eyebrow(s, "30 de marzo · Día de la Etnia China", RED, 744)
    s.lines(64, 796, "Su historia\nes la nuestra.", BLACK, 118, INK, 0.98)
    s.lines(64, 1066, "En Panamá desde 1854.", VOICE, 54, RED)
    footer(s)
    return s


def drum(s: Sheet, x: float, y: float, size: float) -> None:
    body = around(x, y, [(-1, -1.2), (1, -1.2), (0.62, 1.3), (-0.62, 1.3)], size)
    s.layers(body, (INK, MANGO, INK, RED), size * 0.07)
    for k in range(6):
        left, right = -0.95 + k * 0.317, -0.6 + k * 0.2
        zig = around(x, y, [(left, -1.0), (right + 0.1, 1.1), (left + 0.317, -1.0)], size)
        s.line(zig, size * 0.05, CREAM)
    for number, color in enumerate((INK, MANGO, INK, CREAM, PAPER)):
        k = 1.14 - 0.09 * number
        s.disc(x, y - 1.2 * size, k * size, color, k * size * 0.36)


def black_heritage_day() -> Sheet:
    s = Sheet(1080, 1350, LEAF)
    for k in range(28):
        angle = 2 * math.pi * k / 28
        near, far = 240, 1100
        wide = math.pi / 56
        s.shape(
            [
                (540 + near * math.cos(angle), 850 + near * math.sin(angle)),
                (540 + far * math.cos(angle - wide), 850 + far * math.sin(angle - wide)),
                (540 + far * math.cos(angle + wide), 850 + far * math.sin(angle + wide)),
            ],
            (MANGO, "#4C8636", RED, "#4C8636")[k % 4],
        )
    s.box((0, 0, 1080, 500), INK)
    weave(s, 500, 56, (RED, MANGO, LEAF), INK)
    s.disc(540, 856, 250, INK)
    s.disc(540, 856, 234, MANGO)
    drum(s, 540, 884, 136)
    eyebrow(s, "30 de mayo · Día de la Etnia Negra", MANGO)
    s.lines(64, 166, "Este tambor\ntambién late\nen ti.", BLACK, 112, CREAM, 0.98)
    footer(s)
    return s


def refugee_day() -> Sheet:
    s = Sheet(1080, 1350, "#123B6B")
    slits(s, (0, 420, 1080, 1160), ("#194A80", "#0E3159"), 20, anywhere, 45)
    house(s, 540, 1180, 356, (INK, MANGO, INK, RED, INK, CREAM))
    sun(s, 540, 930, 190, (MANGO, PAPER))
    bust(s, 430, 1180, 370, MATEO)
    bust(s, 650, 1180, 370, YELINA)
    bust(s, 540, 1190, 260, MARISOL)
    eyebrow(s, "20 de junio · Día Mundial del Refugiado", MANGO)
    s.lines(64, 166, "Nadie elige huir.", BLACK, 100, CREAM)
    s.lines(64, 276, "Acoger sí se elige.", BLACK, 100, MANGO)
    footer(s)
    return s


GREETINGS = (
    ("¡Hola!", RED, CREAM),
    ("Bonjou", MANGO, INK),
    ("Hello", TEAL, CREAM),
    ("Nuedi", CREAM, INK),
    ("Olá", ROSE, INK),
    ("Ciao", SKY, CREAM),
)


def bubble(
    s: Sheet, x: float, y: float, size: float, greeting: tuple[str, str, str], left: bool
) -> None:
    word, color, ink = greeting
    wide = typeface(BLACK, size).getlength(word) / SCALE / 2 + size * 0.6
    side = -1 if left else 1
    s.shape(
        [
            (x + side * wide * 0.3, y),
            (x + side * wide * 0.75, y + size * 1.35),
            (x + side * wide * 0.8, y),
        ],
        color,
    )
    s.box((x - wide, y - size * 0.85, x + wide, y + size * 0.85), color, size * 0.62)
    s.text(x, y + size * 0.35, word, BLACK, size, ink, "ms")


def hello() -> Sheet:
    s = Sheet(1080, 1080, INK)
    slits(s, (0, 300, 1080, 900), ("#26264C", "#2F2F5C"), 3, anywhere, 45)
    places = (
        (250, 440, 92),
        (760, 400, 84),
        (520, 590, 76),
        (880, 640, 72),
        (210, 720, 76),
        (600, 776, 76),
    )
    for k, (x, y, size) in enumerate(places):
        bubble(s, x, y, size, GREETINGS[k], k % 2 == 0)
    eyebrow(s, "Bienvenida, bienvenido", MANGO)
    s.lines(64, 164, "Un saludo abre la puerta.", BLACK, 76, CREAM)
    footer(s)
    return s


# --- pictures: Somos Encuentro ---------------------------------------------------------------

ROSA = Look(
    skin="#D79A6C",
    shade="#B97B50",
    hair="#2A1B1E",
    cloth="#E4572E",
    trim=("#F3B61F", "#F6EFE4", "#3AA6A0"),
    style="long",
)
WIDLINE = Look(
    skin="#6E4230",
    shade="#523022",
    hair="#1B1215",
    cloth="#B8336A",
    trim=("#F3B61F", "#F6EFE4", "#E4572E"),
    style="curls",
)
JEAN = Look(
    skin="#6A3F2C",
    shade="#4E2D20",
    hair="#181013",
    cloth="#3AA6A0",
    trim=("#F6EFE4", "#F3B61F", "#E4572E"),
    style="short",
)
TOMAS = Look(
    skin="#E7B78E",
    shade="#CB9468",
    hair="#7A6A5F",
    cloth="#7A4EAB",
    trim=("#F3B61F", "#F6EFE4", "#E4572E"),
    style="beard",
)
ANTU = Look(
    skin="#B97A50",
    shade="#98603B",
    hair="#1E1519",
    cloth="#2F5DA8",
    trim=("#F6EFE4", "#E4572E", "#F3B61F"),
    style="bun",
)


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


def pair(
    ground: str,
    words: str,
    tones: Sequence[str],
    label: str,
    title: str,
    below: str,
    people: tuple[Look, Look],
) -> Sheet:
    s = Sheet(1080, 1350, ground)
    diamonds(s, 640, 1160, tones)
    eyebrow(s, label, words)
    end = s.lines(64, 166, title, BLACK, 108, words, 1.0)
    s.lines(64, end + 46, below, VOICE, 50, words, 1.2)
    for x, look in zip((318, 762), people, strict=True):
        sun(s, x, 840, 210, (NIGHT, ANDES[3]))
        bust(s, x, 1150, 560, look)
    southern_footer(s)
    return s


def diversity() -> Sheet:
    return pair(
        "#F3B61F",
        NIGHT,
        ("#F8C94F", "#E9A50F", "#F3B61F"),
        "Diversidad",
        "Dos recetas,\nuna olla.",
        "Rosa puso el zapallo. Widline, el ají.\nEl barrio puso la mesa.",
        (ROSA, WIDLINE),
    )


def inclusion() -> Sheet:
    return pair(
        "#1F7D79",
        ANDES[3],
        ("#278C87", "#196A67", "#1F7D79"),
        "Inclusión",
        "Un oficio se\ncomparte.",
        "Don Tomás enseña a soldar.\nJean le enseña creole.",
        (TOMAS, JEAN),
    )


def community() -> Sheet:
    s = Sheet(1080, 1350, "#E4572E")
    diamonds(s, 560, 1160, ("#EC6A43", "#D4471F", "#E4572E"))
    eyebrow(s, "Comunidad", ANDES[3])
    s.lines(
        64, 166, "La junta de vecinos\nhabla con todos\nlos acentos.", BLACK, 92, ANDES[3], 1.02
    )
    for k, look in enumerate((TOMAS, WIDLINE, ANTU)):
        x = 200 + k * 340
        sun(s, x, 860, 178, (NIGHT, ANDES[1]))
        bust(s, x, 1140, 500, look)
    southern_footer(s)
    return s


def garden() -> Sheet:
    s = Sheet(1080, 1080, "#3D2660")
    diamonds(s, 480, 900, ("#4B3173", "#34204F", "#3D2660"))
    for k in range(5):
        x, top = 150 + k * 195, 640 - (k % 2) * 70
        s.line([(x, 880), (x, top)], 16, ANDES[2])
        for side, level in ((-1, 0.3), (1, 0.55)):
            y = top + (880 - top) * level
            s.shape(
                smooth(
                    around(
                        x,
                        y,
                        [(0, 0), (side * 0.5, -0.7), (side * 1.3, -0.75), (side * 0.8, 0.0)],
                        62,
                    ),
                    closed=True,
                ),
                ANDES[2],
            )
        steps(s, x, top - 10, 17, (ANDES[k % 2], ANDES[3], ANDES[4 - k % 2 * 4]), 3)
    eyebrow(s, "Comunidad", ANDES[1])
    s.lines(64, 164, "Lo que se siembra\nentre varios, crece.", BLACK, 92, ANDES[3], 1.02)
    southern_footer(s)
    return s


def school() -> Sheet:
    s = Sheet(1080, 1350, "#7A4EAB")
    diamonds(s, 580, 1160, ("#8658B8", "#6E449C", "#7A4EAB"))
    steps(s, 540, 850, 40, (NIGHT, ANDES[1], NIGHT, "#E4572E"), 9)
    eyebrow(s, "Inclusión", ANDES[1])
    s.lines(
        64,
        170,
        "«El primer día no\nentendí nada. El segundo,\nme guardaron puesto.»",
        VOICE,
        74,
        ANDES[3],
        1.16,
    )
    bust(s, 540, 1150, 600, JEAN)
    southern_footer(s)
    return s


# --- clips -----------------------------------------------------------------------------------

Frames = Iterator[Image.Image]


def ease(t: float, start: float, length: float) -> float:
    """0 before `start`, 1 after `start + length`, a gentle curve between; seconds."""
    k = min(max((t - start) / length, 0), 1)
    return k * k * (3 - 2 * k)


def blend(under: str, over: str, share: float) -> str:
    pairs = zip(bytes.fromhex(under[1:]), bytes.fromhex(over[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Words that come at `at` seconds and stay until `until`."""

    words: str
    at: float
    until: float


def speak(
    s: Sheet,
    t: float,
    captions: Sequence[Caption],
    at: Point,
    size: float,
    colors: tuple[str, str],
    face_name: str = BLACK,
) -> None:
    """Sets the caption of the moment; colours are ground and words."""
    for caption in captions:
        if caption.at <= t < caption.until:
            shown = ease(t, caption.at, 0.5) * (1 - ease(t, caption.until - 0.35, 0.35))
            color = blend(colors[0], colors[1], shown)
            s.lines(
                at[0],
                at[1] + 18 * (1 - ease(t, caption.at, 0.5)),
                caption.words,
                face_name,
                size,
                color,
                1.1,
            )


def told(
    label: str,
    ground: str,
    words: str,
    look: Look,
    rings: Sequence[str],
    captions: Sequence[Caption],
    seconds: float,
) -> Frames:
    """A vertical clip: a person, a turning sun, and what the person says."""
    s0 = Sheet(720, 1280, ground)
    s0.box((48, 96, 58, 128), words)
    s0.spaced(74, 124, label, 27, words)
    for number in range(round(seconds * FPS)):
        t = number / FPS
        s = s0.copy()
        pulse = 1 + 0.018 * math.sin(2 * math.pi * t / 2)
        sun(s, 360, 846, 326 * pulse, (*rings, INK))
        for k in range(32):
            angle = 2 * math.pi * (k / 32 + t / 48)
            reach = 214 + 17 * (k % 2)
            x, y = 360 + reach * math.cos(angle), 846 + reach * math.sin(angle)
            s.line([(x, y - 13), (x, y + 13)], 11, rings[k % len(rings)])
        rise = 70 * (1 - ease(t, 0, 0.9))
        bust(
            s,
            360,
            1190 + rise + 4 * math.sin(2 * math.pi * t / 3),
            560,
            look,
            ease(t, captions[-1].at, 0.8),
        )
        footer(s)
        speak(s, t, captions[:-1], (48, 178), 76, (ground, words), VOICE)
        speak(s, t, captions[-1:], (48, 178), 92, (ground, words), BLACK)
        yield s.finished()


def carmen_clip() -> Frames:
    return told(
        "Carmen, panadera",
        MANGO,
        INK,
        CARMEN,
        (RED, CREAM, TEAL),
        (
            Caption(words="«Llegué con una\nreceta y un miedo.", at=0.5, until=3.4),
            Caption(words="La receta gustó.\nEl miedo se fue.", at=3.4, until=6.4),
            Caption(words="Hoy mi vecina\ny yo amasamos\njuntas.»", at=6.4, until=9.2),
            Caption(words="Somos\nlo mismo.", at=9.2, until=99),
        ),
        11.5,
    )


def samuel_clip() -> Frames:
    return told(
        "Samuel, barbero",
        TEAL,
        CREAM,
        SAMUEL,
        (MANGO, ROSE, CREAM),
        (
            Caption(words="«En mi silla se\nsientan todos.", at=0.5, until=3.2),
            Caption(words="Nadie pregunta\nde dónde eres.", at=3.2, until=6.0),
            Caption(words="Preguntan\nquién sigue.»", at=6.0, until=8.4),
            Caption(words="Somos\nlo mismo.", at=8.4, until=99),
        ),
        10.5,
    )


def origins_clip() -> Frames:
    """A landscape clip: five rivers run in and become one."""
    captions = (
        Caption(words="Cada río trajo algo.", at=0.4, until=2.9),
        Caption(words="Un tambor. Un idioma. Un sabor.", at=2.9, until=5.6),
        Caption(words="Así nos hicimos Panamá.", at=5.6, until=99),
    )
    s0 = Sheet(1280, 720, CREAM)
    for number in range(9 * FPS):
        t = number / FPS
        s = s0.copy()
        rivers(s, (0, 120, 1280, 660), 50, 0.02 + 0.98 * ease(t, 0.1, 5.2))
        speak(s, t, captions, (64, 56), 68, (CREAM, INK))
        shown = ease(t, 6.2, 0.8)
        s.box((0, 720 - 92 * shown, 1280, 730), INK)
        mark(s, 100, 766 - 92 * shown, 24, MANGO, RED)
        s.text(142, 767 - 92 * shown, "#SomosLoMismo", BLACK, 34, CREAM, "lm")
        s.text(1216, 767 - 92 * shown, "ACNUR · OIM  Panamá", MEDIUM, 24, CREAM, "rm")
        yield s.finished()


def court_clip() -> Frames:
    """A vertical clip: stepped diamonds meet on a court where a ball goes round."""
    captions = (
        Caption(words="Tres idiomas\nen la cancha.", at=0.3, until=2.9),
        Caption(words="Una sola palabra:", at=2.9, until=4.6),
        Caption(words="¡Pásala!", at=4.6, until=99),
    )
    ground = "#1F7D79"
    s0 = Sheet(720, 1280, ground)
    diamonds(s0, 470, 1060, ("#278C87", "#196A67", ground))
    s0.spaced(48, 124, "Comunidad · la cancha", 27, ANDES[1])
    players = ((360, 560, ANDES[0]), (580, 860, ANDES[1]), (140, 860, ANDES[4]))
    for number in range(8 * FPS):
        t = number / FPS
        s = s0.copy()
        for x, y, color in players:
            steps(
                s,
                x,
                y + 10 * math.sin(2 * math.pi * (t / 2 + x / 720)),
                17,
                (NIGHT, color, NIGHT, ANDES[3]),
                5,
            )
        leg, share = int(t / 0.8) % 3, ease(t % 0.8, 0.05, 0.7)
        (ax, ay, _), (bx, by, _) = players[leg], players[(leg + 1) % 3]
        x, y = ax + (bx - ax) * share, ay + (by - ay) * share - 130 * math.sin(math.pi * share)
        s.disc(x, y, 40, NIGHT)
        s.disc(x, y, 33, CREAM)
        mark(s, x, y, 18, ANDES[1], ANDES[0])
        southern_footer(s)
        speak(s, t, captions, (48, 178), 78, (ground, ANDES[3]))
        yield s.finished()


def melody(seconds: float, root: float, seed: int) -> "array[int]":
    """Soft plucked notes of a pentatonic scale over a low chord; 16-bit stereo, interleaved."""
    rng = Random(seed)
    count = round(seconds * RATE)
    left, right = [0.0] * count, [0.0] * count
    scale = (1, 9 / 8, 5 / 4, 3 / 2, 5 / 3, 2)
    beat, when = 0.3, 0.0
    while when < seconds - 1.2:
        pluck(left, right, when, root * rng.choice(scale), 0.16, rng.uniform(0.25, 0.75))
        if round(when / beat) % 8 == 0:
            for ratio in (0.5, 0.75, 1.0):
                pluck(left, right, when, root * ratio, 0.12, 0.5, 2.2)
        when += beat * rng.choice((1, 1, 2))
    samples: "array[int]" = array("h")
    for i in range(count):
        fade = min(1, i / 4800, (count - i) / 24_000)
        samples.append(round(32_000 * fade * max(-0.9, min(0.9, left[i]))))
        samples.append(round(32_000 * fade * max(-0.9, min(0.9, right[i]))))
    return samples


def pluck(
    left: list[float],
    right: list[float],
    when: float,
    pitch: float,
    loud: float,
    pan: float,
    length: float = 1.1,
) -> None:
    start = round(when * RATE)
    for i in range(min(round(length * RATE), len(left) - start)):
        t = i / RATE
        swell = min(1, t / 0.012) * math.exp(-3.4 * t / length)
        turn = 2 * math.pi * pitch * t
        tone = loud * swell * (math.sin(turn) + 0.3 * math.sin(2 * turn) * math.exp(-5 * t))
        left[start + i] += tone * (1 - pan)
        right[start + i] += tone * pan


def write_clip(path: Path, frames: Frames, root: float) -> None:
    """H.264 High, closed groups of two seconds, AAC-LC stereo, index in front, no edit list."""
    options = {"movflags": "+faststart", "use_editlist": "0", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        first = next(frames)
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = first.width, first.height, "yuv420p"
        video.time_base = Fraction(1, FPS)
        video.options = {
            "profile": "high",
            "crf": "23",
            "preset": "medium",
            "threads": "1",
            "x264-params": "keyint=60:min-keyint=60:scenecut=0:open-gop=0:bframes=0",
            "color_primaries": "bt709",
            "color_trc": "bt709",
            "colorspace": "bt709",
        }
        audio = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 128_000
        number = 0
        for number, picture in enumerate(chain_first(first, frames)):
            frame = av.VideoFrame.from_image(picture).reformat(
                format="yuv420p", dst_colorspace="ITU709", src_colorspace="DEFAULT"
            )
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        sound = melody((number + 1) / FPS, root, round(root))
        for start in range(0, len(sound) // 2, 1024):
            piece = sound[start * 2 : (start + 1024) * 2]
            samples = av.AudioFrame(format="s16", layout="stereo", samples=len(piece) // 2)
            samples.planes[0].update(piece.tobytes())
            samples.sample_rate, samples.pts = RATE, start
            samples.time_base = Fraction(1, RATE)
            container.mux(audio.encode(samples))
        container.mux(audio.encode(None))


def chain_first(first: Image.Image, rest: Frames) -> Frames:
    yield first
    yield from rest


def write_greetings(path: Path) -> None:
    """An animated GIF: one greeting after another."""
    frames = []
    for k, greeting in enumerate(GREETINGS):
        for grown in (0.82, 1.0):
            s = Sheet(640, 640, INK)
            slits(s, (0, 0, 640, 520), ("#26264C", "#2F2F5C"), 3, anywhere, 40)
            bubble(s, 320, 250, 112 * grown, greeting, k % 2 == 0)
            footer(s)
            frames.append(s.finished().quantize(48, dither=Image.Dither.NONE))
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        loop=0,
        optimize=True,
        duration=[120, 780] * len(GREETINGS),
    )


# --- everything ------------------------------------------------------------------------------

PICTURES: dict[str, Callable[[], Sheet]] = {
    "historias/samuel.jpg": samuel,
    "fechas/aniversario.jpg": anniversary,
    "fechas/dia-del-migrante.jpg": migrants_day,
    "fechas/navidad.jpg": christmas,
    "fechas/ano-nuevo.jpg": new_year,
    "fechas/mujer.jpg": mujer,
    "fechas/contra-el-racismo.jpg": racism,
    "fechas/etnia-china.jpg": chinese_day,
    "fechas/etnia-negra.jpg": black_heritage_day,
    "fechas/dia-del-refugiado.jpg": refugee_day,
    "graficas/mesa-1.jpg": table_cover,
    "graficas/mesa-2.jpg": table_pati,
    "graficas/mesa-3.jpg": table_dimsum,
    "graficas/mesa-4.jpg": table_guandu,
    "graficas/guia.jpg": guide,
    "graficas/origenes.jpg": origins,
    "graficas/iguales.jpg": equal,
    "graficas/iguales.png": equal,
    "graficas/hola.jpg": hello,
    "encuentro/diversidad.jpg": diversity,
    "encuentro/inclusion.jpg": inclusion,
    "encuentro/comunidad.jpg": community,
    "encuentro/huerto.jpg": garden,
    "encuentro/liceo.jpg": school,
}
CLIPS: dict[str, tuple[Callable[[], Frames], float]] = {
    "historias/carmen.mp4": (carmen_clip, 262),
    "historias/samuel.mp4": (samuel_clip, 294),
    "graficas/origenes.mp4": (origins_clip, 220),
    "encuentro/cancha.mp4": (court_clip, 330),
}
GREETING = "graficas/hola.gif"


def draw(name: str) -> None:
    path = MEDIA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name in CLIPS:
        make, root = CLIPS[name]
        write_clip(path, make(), root)
    elif name == GREETING:
        write_greetings(path)
    elif path.suffix == ".png":
        # A flat drawing needs few colours: the file stays under the megabyte Facebook advises.
        PICTURES[name]().finished().quantize(128, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
    else:
        PICTURES[name]().finished().save(path, quality=84, subsampling=0, optimize=True)


if __name__ == "__main__":
    for each in sys.argv[1:] or [*PICTURES, GREETING, *CLIPS]:
        draw(each)
