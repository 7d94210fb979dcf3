"""Hand-offs that tests start from."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from somos_social.core.handoff import Accepted, Approved, Event, Submitted, WentLive, decide
from somos_social.core.model.handoff import Ask, Caption, Compensation, Draft, DraftFile, Handoff
from somos_social.core.model.post import Format
from tests.samples import NOW, an_asset

DAY = timedelta(days=1)
URL = "https://x.com/ana/status/1790000000000000001"
TEXT = "Carmen me enseñó a amasar. #SomosLoMismo #Publicidad"
DRAFT = Draft(text=TEXT, files=(DraftFile(name="reel.mp4", sha256="ab" * 32, size=10),))

ASK = Ask(
    campaign="Somos Lo Mismo Panamá",
    hashtag="#SomosLoMismo",
    stop="mesa@example.org",
    desk="America/Panama",
    timezone="America/Bogota",
    format=Format.FEED,
    compensation=Compensation.PAID,
    captions={
        "instagram": Caption(text="Cuéntalo con tus palabras.\n\n#SomosLoMismo"),
        "x": Caption(text="Somos iguales. #SomosLoMismo", verbatim=True),
    },
    media={"instagram": (an_asset(),), "x": (an_asset(),)},
    rights="Canales propios de ACNUR y OIM.",
    rights_until=NOW + 200 * DAY,
)

ASKED = Handoff(
    key="ana-reel",
    campaign="somos-lo-mismo",
    influencer="@ana",
    contact="ana@example.org",
    draft_due=NOW + 10 * DAY,
    live_due=NOW + 12 * DAY,
    brief="Cuenta quién te enseñó una receta.",
    review=True,
    ask=ASK,
)

TO_LIVE: tuple[Event, ...] = (
    Accepted(),
    Submitted(DRAFT),
    Approved(DRAFT.digest),
    WentLive(URL),
)


def led(handoff: Handoff, *events: Event) -> Handoff:
    """The hand-off once all of this has happened to it, each an hour after the other."""
    now = NOW
    for event in events:
        now += timedelta(hours=1)
        handoff = decide(handoff, event, now).after
    return handoff


def asked(**changes: Any) -> Handoff:
    """`changes` replace single fields, of the hand-off or of what it asks for."""
    own = {name: value for name, value in changes.items() if hasattr(ASKED, name)}
    rest = {name: value for name, value in changes.items() if name not in own}
    return replace(ASKED, ask=replace(ASK, **rest), **own)
