"""The four pictures of the table, which lie side by side on one cloth."""

import math
from collections.abc import Sequence
from random import Random

from drawing.cloth import anywhere, slits, weave
from drawing.frame import eyebrow, footer, sun
from drawing.palette import CREAM, INK, LEAF, MANGO, PLUM, RED, ROSE, SKY, TEAL
from drawing.sheet import BLACK, BOLD, MEDIUM, Point, Sheet, around, smooth


def plate(s: Sheet, x: float, y: float, r: float, rim: str) -> None:
    s.disc(x + 8, y + 12, r, "#0A6567")
    sun(s, x, y, r, (CREAM, rim, CREAM, "#FFF9EC"))
    for k in range(32):
        angle = math.pi * k / 16
        s.disc(x + r * 0.955 * math.cos(angle), y + r * 0.955 * math.sin(angle), r * 0.02, rim)


def table_cloth(s: Sheet, y: float, ground: str, tones: Sequence[str], seed: int) -> None:
    """A table cloth that runs on from one picture of the carousel to the next."""
    s.box((0, y, s.width, s.height), ground)
    weave(s, y, 56, (CREAM, MANGO, RED), INK)
    slits(s, (0, y + 76, s.width, s.height), tones, seed, anywhere, 45)


def course(number: str, ground: str, title: str, words: str, ink: str = CREAM) -> Sheet:
    s = Sheet(1080, 1350, ground)
    table_cloth(s, 640, TEAL, ("#0C7779", "#1A9B9D"), int(number))
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
    for left, top, r, rim in ((540, 916, 206, RED), (172, 985, 128, MANGO), (908, 985, 128, SKY)):
        plate(s, left, top, r, rim)
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
    rng = Random(77)  # noqa: S311 (a pattern, the same each time)
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
