"""The words of each message about a hand-off or a consent, in Spanish, as people get them.

No message holds a secret, an address of anybody, or more of a person who is seen than what stands
for them, such as P-014; an influencer is not told even that.
"""

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import NamedTuple

from somos_social.core.handoff import STORY_LIFE
from somos_social.core.model import Handoff
from somos_social.core.people import Consent
from somos_social.core.reminders import About, Telling, To
from somos_social.core.spanish import day, moment


class Message(NamedTuple):
    """A line that says what it is about, and the rest."""

    title: str
    body: str


def of_consent(consent: Consent, zone: tzinfo) -> Message:
    """To the desk: a consent ends soon."""
    # It ends with that day, not before it.
    ends = day(consent.until - timedelta(seconds=1), zone) if consent.until else ""
    return Message(
        f"El consentimiento de {consent.person} termina pronto",
        f"El consentimiento de {consent.person} termina el {ends}. Después no sale nada "
        "donde se le reconozca. Hablen con la persona; si quiere seguir, registren el nuevo "
        f"formulario: somos consent grant {consent.person}",
    )


def of_handoff(telling: Telling, handoff: Handoff, *, theirs: tzinfo, desk: tzinfo) -> Message:
    """What is told of a hand-off, with its times in the zones of those who read them."""
    if telling.to is To.DESK:
        return _to_desk(telling.about, handoff, desk)
    title, lines = _filled(_TO_INFLUENCER[telling.about], handoff, theirs)
    whom = handoff.ask.stop
    end = f"Para cualquier duda: {whom}" if whom else "Para cualquier duda, responde este mensaje."
    greeting = f"Hola, {handoff.influencer}:"
    return Message(title, "\n\n".join([greeting, *lines, end, handoff.ask.campaign]).strip())


_TO_INFLUENCER: Mapping[About, tuple[str, ...]] = {
    About.OFFER: (
        "Una propuesta: {named}",
        "Te proponemos publicar esto en tus redes:",
        "{brief}",
        "{dues}",
        "Responde si aceptas o no. Si aceptas, te enviamos el material.",
    ),
    About.AMENDED: (
        "Cambió lo acordado: {named}",
        "Cambió algo de lo que te pedimos. Pide el material nuevo antes de seguir.",
        "{brief}",
        "{dues}",
    ),
    About.CHANGES: (
        "Cambios en tu borrador: {named}",
        "Vimos tu borrador. Antes de publicarlo, por favor cambia esto:",
        "{reason}",
        "{dues}",
    ),
    About.APPROVED: (
        "Borrador aprobado: {named}",
        "Tu borrador está aprobado. Publícalo así, sin cambios, y envíanos el enlace.",
        "{live}",
    ),
    About.CANCELLED: (
        "Cancelado: {named}",
        "Ya no necesitamos esta publicación. Por favor, no la publiques y borra el material.",
    ),
    About.DRAFT: (
        "Tu borrador: {named}",
        "Esperamos tu borrador. Si ya lo enviaste, gracias.",
        "{dues}",
    ),
    About.LIVE: (
        "Tu publicación: {named}",
        "Se acerca la hora de publicar. Después, envíanos el enlace.",
        "{live}",
    ),
    About.PROOF: (
        "¿Ya publicaste? {named}",
        "Todavía no tenemos el enlace de tu publicación. Envíanoslo, o cuéntanos qué pasó.",
        "{live}",
    ),
    About.STORY: (
        "Una captura de tu historia: {named}",
        "Tu historia se ve hasta: {gone}. Envíanos antes una captura de pantalla.",
    ),
    About.TAKE_DOWN: (
        "Urgente: borra esta publicación, {named}",
        "Una persona que aparece en esta publicación pidió que no se muestre más. Por favor, "
        "bórrala hoy y borra también el material. Gracias por cuidarla.",
        "{url}",
    ),
}
"""The title and the paragraphs."""

_TO_DESK: Mapping[About, tuple[str, ...]] = {
    About.UNANSWERED: (
        "Sin respuesta: {who}",
        "No ha respondido. Cuando responda: somos handoff accept {name}",
        "{live}",
    ),
    About.REVIEW: (
        "Borrador por revisar: {who}",
        "Su borrador espera: somos handoff show {name}",
        "{live}",
    ),
    About.PROOF: (
        "Sin confirmar: {who}",
        "Está publicado y sin confirmar: somos handoff confirm {name}",
        "{url}",
    ),
    About.STORY: (
        "Falta la captura: {who}",
        "La historia se ve hasta: {gone}. Pidan una captura: "
        "somos handoff confirm {name} --screenshot ARCHIVO",
    ),
    About.RIGHTS: (
        "Derechos de uso por terminar: {who}",
        "Los derechos de uso terminan el {end}:",
        "{rights}",
        "{url}",
    ),
}

_NEVER_OFFERED = (
    "Sin proponer: {who}",
    "Nadie se lo ha propuesto todavía: somos handoff offer {name}",
    "{live}",
)


def _words(h: Handoff, zone: tzinfo) -> dict[str, str]:
    """What stands in the places of the texts above; no template is read out of a value."""
    live = f"Publicación: {moment(h.live_due, zone)}."
    draft = f"Borrador: {moment(h.draft_due, zone)}." if h.draft_due and h.review else ""
    return {
        "named": f"«{h.key}», {h.ask.campaign or h.campaign}",
        "who": f"{h.influencer} ({h.name})",
        "name": h.name,
        "brief": h.brief,
        "reason": h.reason or "",
        "url": h.url or "",
        "live": live,
        "dues": "\n".join(filter(None, (draft, live))),
        "gone": moment(h.live_at + STORY_LIFE, zone) if h.live_at else "",
        "end": day(h.ask.rights_until, zone) if h.ask.rights_until else "",
        "rights": h.ask.rights,
    }


def _filled(parts: tuple[str, ...], h: Handoff, zone: tzinfo) -> tuple[str, list[str]]:
    title, *paragraphs = (part.format_map(_words(h, zone)) for part in parts)
    return " ".join(title.split()), [it for it in paragraphs if it]


def _to_desk(about: About, h: Handoff, zone: tzinfo) -> Message:
    never = about is About.UNANSWERED and not h.offers
    title, paragraphs = _filled(_NEVER_OFFERED if never else _TO_DESK[about], h, zone)
    return Message(title, "\n\n".join(paragraphs))


def passed_on(about: About, h: Handoff, zone: tzinfo) -> Message:
    """To the desk: what the influencer should be told and could not be."""
    title, paragraphs = _filled(_TO_INFLUENCER[about], h, zone)
    told = "No hay correo al que escribirle: avísenle ustedes."
    return Message(f"Para {h.influencer}: {title}", "\n\n".join([told, *paragraphs]))
