"""The frames of each clip, one after another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from drawing.cloth import diamonds, steps
from drawing.frame import footer, mark, southern_footer, sun
from drawing.graphics import rivers
from drawing.palette import ANDES, CREAM, INK, MANGO, NIGHT, RED, ROSE, TEAL
from drawing.people import CARMEN, SAMUEL, Look, bust
from drawing.sheet import BLACK, MEDIUM, VOICE, Point, Sheet

FPS = 30
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
        Caption(words="Una sola\npalabra:", at=2.9, until=4.6),
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
        for at, level, color in players:
            steps(
                s,
                at,
                level + 10 * math.sin(2 * math.pi * (t / 2 + at / 720)),
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
