"""The pictures of Somos Encuentro."""

from collections.abc import Sequence

from drawing.cloth import diamonds, steps
from drawing.frame import eyebrow, southern_footer, sun
from drawing.palette import ANDES, NIGHT
from drawing.people import ANTU, JEAN, ROSA, TOMAS, WIDLINE, Look, bust
from drawing.sheet import BLACK, VOICE, Sheet, around, smooth


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
