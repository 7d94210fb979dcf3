"""The words of each message about a hand-off or a consent, as people get them.

Influencers are written to in Spanish, the desk in its own language.

No message holds a secret, an address of anybody, or more of a person who is seen than what stands
for them, such as P-014; an influencer is not told even that.
"""

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import NamedTuple

from somos_social.core import english, spanish
from somos_social.core.alerts import Language
from somos_social.core.handoff import STORY_LIFE
from somos_social.core.model.handoff import Handoff
from somos_social.core.people import Consent
from somos_social.core.reminders import About, Telling, To


class Message(NamedTuple):
    """A line that says what it is about, and the rest."""

    title: str
    body: str


def of_consent(consent: Consent, zone: tzinfo, language: Language = Language.ES) -> Message:
    """To the desk: a consent ends soon."""
    # It ends with that day, not before it.
    last = consent.until - timedelta(seconds=1) if consent.until else None
    if language is Language.EN:
        ends = english.day(last, zone) if last else ""
        return Message(
            f"The consent of {consent.person} ends soon",
            f"The consent of {consent.person} ends on {ends}. After that nothing goes out in which "
            "they can be recognised. Talk to the person; if they want to go on, record the new "
            f"form: somos consent grant {consent.person}",
        )
    ends = spanish.day(last, zone) if last else ""
    return Message(
        f"El consentimiento de {consent.person} termina pronto",
        f"El consentimiento de {consent.person} termina el {ends}. Después no sale nada "
        "donde se le reconozca. Hablen con la persona; si quiere seguir, registren el nuevo "
        f"formulario: somos consent grant {consent.person}",
    )


def of_handoff(
    telling: Telling,
    handoff: Handoff,
    *,
    theirs: tzinfo,
    desk: tzinfo,
    language: Language = Language.ES,
) -> Message:
    """What is told of a hand-off, with its times in the zones of those who read them.

    `language` is that of the desk.
    """
    if telling.to is To.DESK:
        return _to_desk(telling.about, handoff, desk, language)
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

_TO_DESK_IN_ENGLISH: Mapping[About, tuple[str, ...]] = {
    About.UNANSWERED: (
        "No answer: {who}",
        "There was no answer yet. Once there is one: somos handoff accept {name}",
        "{live}",
    ),
    About.REVIEW: (
        "A draft to be reviewed: {who}",
        "The draft waits: somos handoff show {name}",
        "{live}",
    ),
    About.PROOF: (
        "Not confirmed: {who}",
        "It is public and not confirmed: somos handoff confirm {name}",
        "{url}",
    ),
    About.STORY: (
        "A screenshot is missing: {who}",
        "The story can be seen until: {gone}. Ask for a screenshot: "
        "somos handoff confirm {name} --screenshot FILE",
    ),
    About.RIGHTS: (
        "Rights of use are ending: {who}",
        "The rights of use end on {end}:",
        "{rights}",
        "{url}",
    ),
}

_NEVER_OFFERED = {
    Language.ES: (
        "Sin proponer: {who}",
        "Nadie se lo ha propuesto todavía: somos handoff offer {name}",
        "{live}",
    ),
    Language.EN: (
        "Not offered: {who}",
        "Nobody has offered it yet: somos handoff offer {name}",
        "{live}",
    ),
}

_DUES = {
    Language.ES: ("Publicación: {}.", "Borrador: {}."),
    Language.EN: ("To be posted: {}.", "Draft: {}."),
}


def _words(h: Handoff, zone: tzinfo, language: Language) -> dict[str, str]:
    """What stands in the places of the texts above; no template is read out of a value."""
    is_english = language is Language.EN
    moment = english.moment if is_english else spanish.moment
    day = english.day if is_english else spanish.day
    of_live, of_draft = _DUES[language]
    live = of_live.format(moment(h.live_due, zone))
    draft = of_draft.format(moment(h.draft_due, zone)) if h.draft_due and h.review else ""
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


def _filled(
    parts: tuple[str, ...], h: Handoff, zone: tzinfo, language: Language = Language.ES
) -> tuple[str, list[str]]:
    title, *paragraphs = (part.format_map(_words(h, zone, language)) for part in parts)
    return " ".join(title.split()), [it for it in paragraphs if it]


def _to_desk(about: About, h: Handoff, zone: tzinfo, language: Language) -> Message:
    never = about is About.UNANSWERED and not h.offers
    of_desk = _TO_DESK_IN_ENGLISH if language is Language.EN else _TO_DESK
    parts = _NEVER_OFFERED[language] if never else of_desk[about]
    title, paragraphs = _filled(parts, h, zone, language)
    return Message(title, "\n\n".join(paragraphs))


_PASSED_ON = {
    Language.ES: ("Para", "No hay correo al que escribirle: avísenle ustedes."),
    Language.EN: ("For", "There is no mail address of theirs: pass this on yourselves."),
}


def passed_on(about: About, h: Handoff, zone: tzinfo, language: Language = Language.ES) -> Message:
    """To the desk: what the influencer should be told and could not be, as they would read it."""
    title, paragraphs = _filled(_TO_INFLUENCER[about], h, zone)
    to, told = _PASSED_ON[language]
    return Message(f"{to} {h.influencer}: {title}", "\n\n".join([told, *paragraphs]))
