"""The pictures that explain: the guide, the rivers, the law, the greetings."""

from collections.abc import Sequence

from drawing.cloth import anywhere, inside, slits
from drawing.frame import eyebrow, footer, pill
from drawing.palette import CREAM, INK, MANGO, RED, ROSE, SKY, TEAL
from drawing.people import MARISOL, MATEO, YELINA, bust
from drawing.sheet import BLACK, MEDIUM, SCALE, VOICE, Box, Point, Sheet, around, smooth, typeface


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
