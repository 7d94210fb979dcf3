"""The pictures of the days of the calendar, and of one story."""

import math
from collections.abc import Sequence

from drawing.cloth import anywhere, slits, weave, within_disc
from drawing.frame import eyebrow, footer, patterned_sun, sun
from drawing.graphics import house
from drawing.palette import CREAM, INK, LEAF, MANGO, MOLA, PAPER, PLUM, RED, ROSE, SKY, TEAL
from drawing.people import CARMEN, EUSEBIO, MARISOL, MATEO, NADIA, SAMUEL, YELINA, bust, joined
from drawing.sheet import BLACK, BOLD, SCALE, VOICE, Sheet, around, smooth


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
    sun(s, 760, 790, 300, (MANGO, RED))
    waves(s, 960, 1160, (TEAL, INK, "#13777A", PLUM))
    for x, y, size, tones in (
        (300, 860, 170, (MANGO, RED)),
        (620, 700, 110, (CREAM, MANGO)),
        (790, 900, 140, (CREAM, MANGO)),
        (900, 690, 84, (ROSE, PLUM)),
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
        r = (1.14 - 0.09 * number) * size
        s.disc(x, y - 1.2 * size, r, color, r * 0.36)


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
