"""The invented people of the campaigns, made of shapes."""

import math
from dataclasses import dataclass

from drawing.palette import CREAM, INK, LEAF, MANGO, PLUM, RED, ROSE, SKY, TEAL
from drawing.sheet import SCALE, Point, Sheet, around, smooth


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
