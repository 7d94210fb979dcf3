"""The words of each message about a hand-off or a consent, in Spanish, as people get them.

No message holds a secret, an address of anybody, or more of a person who is seen than what stands
for them, such as P-014; an influencer is not told even that.
"""

from datetime import tzinfo
from typing import NamedTuple, assert_never

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
    ends = day(consent.until, zone) if consent.until else ""
    return Message(
        f"El consentimiento de {consent.person} termina pronto",
        f"El consentimiento de {consent.person} termina el {ends}. Desde ese día no sale nada "
        "donde se le reconozca. Hablen con la persona; si quiere seguir, registren el nuevo "
        f"formulario: somos consent grant {consent.person}",
    )


def of_handoff(
    telling: Telling, handoff: Handoff, *, theirs: tzinfo, desk: tzinfo, stop: str = ""
) -> Message:
    """What is told of a hand-off, with its times in the zones of those who read them."""
    if telling.to is To.DESK:
        return _to_desk(telling.about, handoff, desk)
    title, lines = _to_influencer(telling.about, handoff, theirs)
    whom = stop or handoff.ask.stop
    end = f"Para cualquier duda: {whom}" if whom else "Para cualquier duda, responde este mensaje."
    greeting = f"Hola, {handoff.influencer}:"
    return Message(title, "\n\n".join([greeting, *lines, end, handoff.ask.campaign]).strip())


def _to_influencer(about: About, h: Handoff, zone: tzinfo) -> tuple[str, list[str]]:
    named = f"«{h.key}», {h.ask.campaign or h.campaign}"
    live = f"Publicación: {moment(h.live_due, zone)}."
    dues = [f"Borrador: {moment(h.draft_due, zone)}."] if h.draft_due and h.review else []
    match about:
        case About.OFFER:
            ask = "Te proponemos publicar esto en tus redes:"
            answer = "Responde si aceptas o no. Si aceptas, te enviamos el material."
            return f"Una propuesta: {named}", [ask, h.brief, "\n".join([*dues, live]), answer]
        case About.AMENDED:
            changed = "Cambió algo de lo que te pedimos. Pide el material nuevo antes de seguir."
            return f"Cambió lo acordado: {named}", [changed, h.brief, "\n".join([*dues, live])]
        case About.CHANGES:
            seen = "Vimos tu borrador. Antes de publicarlo, por favor cambia esto:"
            return f"Cambios en tu borrador: {named}", [seen, h.reason or "", "\n".join(dues)]
        case About.APPROVED:
            go = "Tu borrador está aprobado. Publícalo así, sin cambios, y envíanos el enlace."
            return f"Borrador aprobado: {named}", [go, live]
        case About.CANCELLED:
            stop = "Ya no necesitamos esta publicación. Por favor, no la publiques y borra el material."
            return f"Cancelado: {named}", [stop]
        case About.DRAFT:
            wait = "Esperamos tu borrador. Si ya lo enviaste, gracias."
            return f"Tu borrador: {named}", [wait, "\n".join(dues)]
        case About.LIVE:
            soon = "Se acerca la hora de publicar. Después, envíanos el enlace."
            return f"Tu publicación: {named}", [soon, live]
        case About.PROOF:
            where = "Todavía no tenemos el enlace de tu publicación. Envíanoslo, o cuéntanos qué pasó."
            return f"¿Ya publicaste? {named}", [where, live]
        case About.STORY:
            until = moment(h.live_at + STORY_LIFE, zone) if h.live_at else ""
            shot = f"Tu historia deja de verse: {until}. Envíanos antes una captura de pantalla."
            return f"Una captura de tu historia: {named}", [shot]
        case About.TAKE_DOWN:
            gone = (
                "Una persona que aparece en esta publicación pidió que no se muestre más. Por "
                "favor, bórrala hoy y borra también el material. Gracias por cuidarla."
            )
            return f"Urgente: borra esta publicación, {named}", [gone, h.url or ""]
        case About.UNANSWERED | About.REVIEW | About.RIGHTS | About.CONSENT:  # pragma: no cover
            raise ValueError(about)
        case _:  # pragma: no cover
            assert_never(about)


def _to_desk(about: About, h: Handoff, zone: tzinfo) -> Message:
    who, live = f"{h.influencer} ({h.name})", f"Publicación: {moment(h.live_due, zone)}."
    match about:
        case About.UNANSWERED if not h.offers:
            offer = f"Nadie se lo ha propuesto todavía: somos handoff offer {h.name}"
            return Message(f"Sin proponer: {who}", f"{offer}\n{live}")
        case About.UNANSWERED:
            answer = f"No ha respondido. Cuando responda: somos handoff accept {h.name}"
            return Message(f"Sin respuesta: {who}", f"{answer}\n{live}")
        case About.REVIEW:
            review = f"Su borrador espera: somos handoff show {h.name}"
            return Message(f"Borrador por revisar: {who}", f"{review}\n{live}")
        case About.PROOF:
            look = f"Está publicado y sin confirmar: somos handoff confirm {h.name}"
            return Message(f"Sin confirmar: {who}", f"{look}\n{h.url or ''}".strip())
        case About.STORY:
            until = moment(h.live_at + STORY_LIFE, zone) if h.live_at else ""
            shot = f"somos handoff confirm {h.name} --screenshot ARCHIVO"
            return Message(f"Falta la captura: {who}", f"La historia se ve hasta: {until}.\n{shot}")
        case About.RIGHTS:
            end = day(h.ask.rights_until, zone) if h.ask.rights_until else ""
            kept = f"Los derechos de uso terminan el {end}: {h.ask.rights}".rstrip(": ")
            return Message(f"Derechos por terminar: {who}", f"{kept}\n{h.url or ''}".strip())
        case _:
            return _passed_on(about, h, zone)


def _passed_on(about: About, h: Handoff, zone: tzinfo) -> Message:
    """What the influencer should be told and could not be."""
    title, lines = _to_influencer(about, h, zone)
    told = "No hay correo al que escribirle: avísenle ustedes."
    return Message(f"Para {h.influencer}: {title}", "\n\n".join([told, *filter(None, lines)]))
