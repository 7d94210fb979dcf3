# /// script
# requires-python = ">=3.11"
# dependencies = ["av==18.1.0", "pillow==13.0.0", "font-rhd==0.1.3", "font-source-serif-pro==0.0.1"]
# ///
"""Draws every picture and clip of the campaigns into media/, a picture the same to the byte.

Run with `uv run scripts/draw_media.py [NAME...]`; a NAME is a path below media/, none means all.
Lengths are pixels of the finished picture; everything is drawn twice as large and reduced.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from drawing.clips import Frames, carmen_clip, court_clip, origins_clip, samuel_clip
from drawing.dates import (
    anniversary,
    black_heritage_day,
    chinese_day,
    christmas,
    migrants_day,
    mujer,
    new_year,
    racism,
    refugee_day,
    samuel,
)
from drawing.encuentro import community, diversity, garden, inclusion, school
from drawing.film import write_clip, write_greetings
from drawing.graphics import equal, guide, hello, origins
from drawing.sheet import Sheet
from drawing.table import table_cover, table_dimsum, table_guandu, table_pati
from PIL import Image

MEDIA = Path(__file__).parent.parent / "media"
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
