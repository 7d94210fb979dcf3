"""Which column of a spreadsheet holds what, by its header in Spanish or English; never by guess."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

KEYS: Mapping[str, str] = {
    "key": "clave|key|id|slug|identificador|nombre corto",
    "due": "fecha y hora|fecha hora|due|when|cuando|datetime|date and time|date time|publicar el",
    "date": "fecha|date|dia|day|fecha de publicacion|publication date|publish date",
    "time": "hora|time|hora de publicacion|publish time|hour",
    "text": "texto|text|copy|caption|copia|mensaje|contenido|redaccion|pie de foto",
    "channels": "red|redes|red social|redes sociales|canal|canales|channel|channels|to|network"
    "|networks|plataforma|plataformas|platform|platforms",
    "assets": "archivo|archivos|imagen|imagenes|video|videos|media|medios|asset|assets|foto|fotos"
    "|image|images|file|files|picture|pictures|arte|material",
    "goal": "objetivo|objetivos|goal|goals|proposito",
    "link": "enlace|link|url|liga|vinculo|web",
    "first_comment": "primer comentario|first comment|comentario|comment",
    "format": "formato|format",
    "status": "estado|status|estatus",
    "part": "part|parte",
    "campaign": "campaign",
}
"""What a column may hold, and the headers that say so, without accents."""

UNUSED = frozenset({"campana", "timezone", "zona horaria", "due at", "public at", "reason", "utc"})
"""Known, and not read: they follow from the others."""

NOTHING = "-"
"""`--map -=Column` leaves a column out."""

NETWORKS: Mapping[str, str] = {
    **dict.fromkeys(("facebook", "fb", "face"), "facebook"),
    **dict.fromkeys(("instagram", "ig", "insta"), "instagram"),
    **dict.fromkeys(("x", "twitter", "tw", "x twitter", "twitter x"), "x"),
}
"""The networks by the names that people give them."""

_NAMES = {name: key for key, names in KEYS.items() for name in names.split("|")}
_OWN = ("text", "first_comment", "link", "assets", "format")
"""A network can have these of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """By place: the key that a column holds, or one of a network such as "text@x".

    `unused` are the headers that are not read. `unclear` says of each header what could be meant.
    """

    held: Mapping[int, str]
    unused: Sequence[str]
    unclear: Mapping[int, str]


def plain(header: str) -> str:
    """A header without accents, signs and what stands in brackets."""
    bare = re.sub(r"\(.*?\)", " ", header)
    split = unicodedata.normalize("NFKD", (bare if bare.strip() else header).casefold())
    letters = "".join(it for it in split if not unicodedata.combining(it))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def recognised(headers: Iterable[str]) -> int:
    """How many of them say what they hold."""
    return sum(1 for header in headers if len(header) < 100 and _meant(header, ()) is not None)


def guessed(
    headers: Sequence[str], said: Mapping[str, str], channels: Sequence[str] = ()
) -> Columns:
    """What each column holds; `said` are headers by what a person said that they hold.

    `channels` are those of the campaign: a column may be that of one of them.
    """
    named = {header: key for key, header in said.items()}
    held: dict[int, str] = {}
    unclear: dict[int, str] = {}
    unused: list[str] = []
    for place, header in enumerate(headers):
        key = named.get(header) or _meant(header, channels)
        if not header:
            continue
        if key == "" or (key is not None and key.startswith(NOTHING)):
            unused.append(header)
        elif key is not None and (key not in said or said[key] == header):
            held[place] = key
        elif key is None and (alike := _alike(header)):
            unclear[place] = alike
        else:
            unused.append(header)
    for key in sorted({it for it in held.values() if [*held.values()].count(it) > 1}):
        for place in [at for at, it in held.items() if it == key]:
            if key != "assets":
                unclear[place] = f"Several columns look like `{key}`."
                del held[place]
    return Columns(held=held, unused=unused, unclear=unclear)


def _alike(header: str) -> str:
    """A hint at the header that was probably meant; empty where none is so near."""
    close = difflib.get_close_matches(plain(header), _NAMES, n=1, cutoff=0.82)
    return f"Did you mean `{close[0]}`?" if close else ""


def _meant(header: str, channels: Sequence[str]) -> str | None:
    """What a header says, "" for what is known and not read, None for what is not known."""
    words = plain(header)
    if words in UNUSED or header.strip().casefold() in UNUSED:
        return ""
    if words in _NAMES:
        return _NAMES[words]
    for network in sorted(NETWORKS, key=len, reverse=True):
        for name, key in _NAMES.items():
            joined = (f"{name} {network}", f"{name} de {network}", f"{name} para {network}")
            if key in _OWN and words in (*joined, f"{name} en {network}", f"{network} {name}"):
                return f"{key}@{NETWORKS[network]}"
    for channel in channels:
        for name, key in _NAMES.items():
            if key in _OWN and header.casefold().strip() == f"{name} {channel}".casefold():
                return f"{key}@{channel}"
    return None
