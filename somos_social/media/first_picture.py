"""A small picture to begin with: two bars that are the same."""

import io

from PIL import Image, ImageDraw

SIZE = 1080
ALT = "Dos barras del mismo tamaño, una junto a la otra, forman un signo igual sobre fondo claro."

_GROUND = "#fbf3e4"
_BARS = (("#d2452d", "#1f8a85"), ("#27406b", "#e0a526"))


def picture(number: int) -> bytes:
    """A JPEG of about ten kilobytes; each number has its own colours."""
    image = Image.new("RGB", (SIZE, SIZE), _GROUND)
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate(_BARS[number % len(_BARS)]):
        top = 330 + place * 260
        draw.rounded_rectangle((190, top, 890, top + 160), radius=40, fill=colour)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    return written.getvalue()
