"""What stands in a kit, in Spanish, before anybody decides how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from somos_social.core import disclosure
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.handoff import Compensation, Handoff
from somos_social.core.model.post import Format
from somos_social.core.networks import ANY, NETWORKS
from somos_social.core.spanish import day, listed, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file of the kit: its name there, and where it lies now.

    `asset` is as it goes out, `original` as the campaign names it; `preview` is a small JPEG.
    """

    network: str
    name: str
    source: Path
    asset: Asset
    original: Asset
    preview: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A hand-off, and the files that go with it."""

    handoff: Handoff
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, with the lines that it has."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words to be posted, under the name of their network, with how freely they may be used."""

    title: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A file, with what is to be said of it."""

    piece: Piece
    facts: tuple[tuple[str, str], ...]


Block = Text | Facts | Items | Quote | Shown


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading."""

    title: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


_FORMATS = {
    Format.FEED: "publicación",
    Format.REEL: "video vertical (reel)",
    Format.STORY: "historia",
    Format.COMMENT: "comentario",
}
_KINDS = {Kind.IMAGE: "Imagen", Kind.GIF: "Imagen animada", Kind.VIDEO: "Video"}
_SHOWN = {
    "face": "el rostro",
    "voice": "la voz",
    "name": "el nombre",
    "first name": "el nombre de pila",
    "changed name": "un nombre cambiado",
    "place": "el lugar",
}
_CHANGED_NAME = "changed name"

_ALWAYS = (
    "No etiquetes ni menciones a quien aparece, ni busques sus redes.",
    "No des más nombres que los que están en los textos de este material.",
    "No digas ni muestres dónde vive, trabaja, estudia o reza nadie, y no pongas ubicación.",
    "Ningún rostro de menores de edad: ni en el material propio, ni al fondo, ni en fotos viejas.",
    "No preguntes por la situación migratoria de nadie ni cuentes cómo llegó.",
    "Di «persona refugiada» o «persona migrante» según el caso; nadie es «ilegal».",
    "Si alguien insulta o amenaza en los comentarios, no discutas: ocúltalo y avísanos.",
)
_REMOVAL = (
    "Si una persona que aparece, o alguien de su familia, te pide que la quites: borra la "
    "publicación ese mismo día, sin preguntar por qué, y avísanos."
)
_STOP = "Si te pedimos parar, no publiques; si ya publicaste, bórralo y avísanos."


def page_of(kit: Kit) -> Page:
    """The page of a kit; the same kit has the same page whenever it is made."""
    h = kit.handoff
    sections = (
        Section("Lo esencial", (Facts(tuple(_essentials(h))),)),
        Section("Qué te pedimos", (Text(h.brief or "Lo acordamos contigo."),)),
        Section("Textos", tuple(_captions(h))),
        Section("Archivos", tuple(_files(kit))),
        Section("Qué debe verse en la publicación", (Items(tuple(_musts(h))),)),
        Section("Derechos de uso", tuple(_rights(h))),
        Section("Cuidado de las personas", tuple(_care(kit))),
        Section("Cuando hayas publicado", (Items(tuple(_afterwards(h))),)),
    )
    title = h.ask.campaign or h.campaign
    return Page(title, f"Material para {h.influencer}: {h.key}", sections)


def _essentials(h: Handoff) -> Iterator[tuple[str, str]]:
    theirs, desk = ZoneInfo(h.ask.timezone), ZoneInfo(h.ask.desk)
    yield "Para", h.influencer
    yield "Redes", listed([network_name(it) for it in h.ask.networks]) or network_name(ANY)
    yield "Formato", _FORMATS[h.ask.format]
    dues = [("Borrador", h.draft_due)] if h.draft_due and h.review else []
    for name, at in [*dues, ("Publicación", h.live_due)]:
        yield f"{name}, a más tardar", moment(at, theirs)
        if at.astimezone(theirs).utcoffset() != at.astimezone(desk).utcoffset():
            yield f"{name}, en la hora de la mesa", moment(at, desk)
    if h.review:
        yield "Revisión", "Envíanos el borrador y espera nuestra aprobación antes de publicar."
    if h.ask.hashtag:
        yield "Etiqueta", h.ask.hashtag
    yield "Aviso", disclosure_of(h) or "No hace falta: no recibes nada a cambio."
    yield "Para parar o preguntar", stop_of(h)


def network_name(network: str) -> str:
    """How a network is called."""
    return NETWORKS.get(network, "la que elijas")


def disclosure_of(h: Handoff) -> str | None:
    """What must be said of the compensation; None where there is none."""
    return disclosure.label(h.ask.compensation, h.ask.campaign or h.campaign)


def stop_of(h: Handoff) -> str:
    """Whom to call."""
    return h.ask.stop or "Responde el mensaje con el que recibiste este material."


def caption_of(h: Handoff, network: str) -> str:
    """The words for a network with all that must be in them; empty where there are none."""
    caption = h.ask.captions[network]
    said = disclosure_of(h)
    if not caption.text or caption.verbatim or said is None:
        return caption.text
    if disclosure.discloses(caption.text, h.ask.compensation):
        return caption.text
    return f"{said}\n\n{caption.text}"


def _captions(h: Handoff) -> Iterator[Block]:
    for network, caption in h.ask.captions.items():
        note = (
            "Palabra por palabra, sin cambios."
            if caption.verbatim
            else "Es una propuesta: cuéntalo con tus palabras."
        )
        if text := caption_of(h, network):
            yield Quote(network_name(network), text, note)
    if not any(caption.text for caption in h.ask.captions.values()):
        yield Text("El texto es tuyo.")


def _files(kit: Kit) -> Iterator[Block]:
    if not kit.pieces:
        yield Text("El material lo haces tú.")
        return
    yield Text("SHA256SUMS tiene la huella de cada archivo, para saber que llegó entero.")
    for piece in kit.pieces:
        yield Shown(piece, tuple(_about(piece)))


def _about(piece: Piece) -> Iterator[tuple[str, str]]:
    asset, original = piece.asset, piece.original
    lasts = f", {asset.seconds:.0f} s" if asset.kind is Kind.VIDEO else ""
    yield "Red", network_name(piece.network)
    yield "Qué es", f"{_KINDS[asset.kind]}, {asset.width} × {asset.height} px{lasts}"
    if original.alt:
        yield "Texto alternativo", original.alt
    if original.credit:
        yield "Crédito", original.credit
    yield "SHA-256", asset.sha256


def _musts(h: Handoff) -> Iterator[str]:
    if h.ask.hashtag:
        yield f"La etiqueta {h.ask.hashtag}, escrita así."
    if said := disclosure_of(h):
        yield f"Al principio y a la vista, no escondido entre etiquetas: «{said}»"
        yield "Además, la marca de colaboración pagada de la red, donde la haya."
        if h.ask.format is not Format.FEED:
            yield "En un video o una historia, también escrito sobre la imagen."
    credits = dict.fromkeys(asset.credit for asset in h.ask.assets if asset.credit)
    if credits:
        yield f"El crédito de cada archivo que uses: {'; '.join(credits)}."
    if any(asset.alt for asset in h.ask.assets):
        yield "El texto alternativo de cada archivo, donde la red lo permita."
    if not h.ask.hashtag and h.ask.compensation is Compensation.NONE and not credits:
        yield "Lo que dice el encargo."


def _rights(h: Handoff) -> Iterator[Block]:
    if not h.ask.rights:
        yield Text("No acordamos ningún uso de tu publicación por nuestra parte.")
    else:
        yield Text(h.ask.rights)
        if until := h.ask.rights_until:
            yield Text(f"Hasta el {day(until, ZoneInfo(h.ask.desk))}, ese día incluido.")
        else:
            yield Text("Sin fecha de fin acordada.")
    yield Text("Tú puedes usar este material solo para esta publicación.")


def _care(kit: Kit) -> Iterator[Block]:
    shown = [it for it in kit.handoff.ask.assets if it.people]
    if shown:
        yield Text("En este material aparecen personas reales que confiaron en nosotros:")
        yield Items(tuple(_of_people(asset) for asset in shown))
    yield Items(_ALWAYS)
    yield Text(_REMOVAL)
    yield Text(_STOP)
    yield Facts((("Para parar o preguntar", stop_of(kit.handoff)),))


def _of_people(asset: Asset) -> str:
    number = len(asset.people)
    who = "una persona" if number == 1 else f"{number} personas"
    shows = listed([_SHOWN.get(it, it) for it in asset.shows or ("face",)])
    parts = [f"{Path(asset.path).name}: {who}. Solo puede verse u oírse {shows}, y nada más."]
    if _CHANGED_NAME in asset.shows:
        parts.append("Escribe «nombre cambiado para proteger su identidad».")
    if asset.minors:
        parts.append("Hay menores de edad: usa el archivo tal cual, sin recortes ni otras tomas.")
    return " ".join(parts)


def _afterwards(h: Handoff) -> Iterator[str]:
    yield "Envíanos el enlace ese mismo día."
    if h.ask.format is Format.STORY:
        yield "Una historia se ve 24 horas: envíanos antes una captura de pantalla."
    yield "No la edites ni la borres sin avisarnos, salvo que una persona te pida quitarla."
