"""Tells people what is due, each thing once: also across restarts, and with several daemons."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from somos_social.core import messages, reminders
from somos_social.core.alerts import Kind, Language
from somos_social.core.messages import Message
from somos_social.core.model.handoff import Handoff
from somos_social.core.people import Consent
from somos_social.core.reminders import Telling, To
from somos_social.errors import SomosError, StoreError
from somos_social.flows import App
from somos_social.notify import NoAddress, Untold
from somos_social.store.requests import Request

logger = logging.getLogger("somos")

MOST_TRIES = 3
PAUSE = timedelta(minutes=10)
"""Before what surely failed is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of one message: `reason` says why it did not go out, None where it did.

    `to` is who got it: the desk, too, where the influencer has no mail address.
    """

    telling: Telling
    to: To
    reason: str | None = None


def remind(app: App) -> list[Told]:
    """All that is due now and was not told yet. Where nobody can be told, nothing is written."""
    if not app.notifier.is_heard:
        return []
    told = [it for handoff in app.store.handoffs() for it in tell_of(app, handoff)]
    for consent in app.store.consents.known().values():
        told += _tell_of_consent(app, consent)
    for request in app.store.requests.known(open_only=True):
        told += tell_of_request(app, request)
    return told


def tell_of(app: App, handoff: Handoff) -> list[Told]:
    """All that is to be told of one hand-off by now."""
    if not app.notifier.is_heard:
        return []
    due = reminders.due(handoff, app.now())
    return [it for telling in due for it in _tell_of_handoff(app, handoff, telling)]


def tell_of_request(app: App, request: Request) -> list[Told]:
    """The influencer is asked to take down what they posted, where that is what is asked for."""
    if not app.notifier.is_heard:
        return []
    found = [it for it in app.store.handoffs() if it.subject == request.subject]
    telling = reminders.take_down(request.number)
    return [it for handoff in found for it in _tell_of_handoff(app, handoff, telling)]


def _tell_of_consent(app: App, consent: Consent) -> list[Told]:
    here = app.now().astimezone().tzinfo
    told = []
    for telling in reminders.due_of_consent(consent, app.now()):
        words = partial(messages.of_consent, consent, here or ZoneInfo("UTC"))
        send = partial(_to_desk, app, Kind.CONSENT_ENDS, words)
        told += _tell(app, f"consent/{consent.person}", telling, send, Kind.CONSENT_ENDS)
    return told


def _tell_of_handoff(app: App, handoff: Handoff, telling: Telling) -> list[Told]:
    told = _tell(app, handoff.subject, telling, partial(_send, app, handoff, telling))
    for each in told:
        if each.reason is None:
            words = f"{telling.about} told to the {each.to}"
            app.store.note_handoff(handoff, "told", words, now=app.now(), actor=app.actor)
    return told


def _tell(
    app: App,
    subject: str,
    telling: Telling,
    send: Callable[[], To],
    kind: Kind = Kind.HANDOFF,
) -> list[Told]:
    """What came of it; nothing where it was told before, or is being told by another daemon."""
    now = app.now()
    if telling.to is To.DESK and not _is_heard(app, kind):
        return []
    if app.stopping() or not app.store.begin_telling(subject, telling.kind, now, most=MOST_TRIES):
        return []
    try:
        to = send()
    except StoreError:
        raise
    except (Untold, SomosError) as error:
        reason, again_at = str(error), now + PAUSE
        tries = app.store.end_telling(subject, telling.kind, reason=reason, again_at=again_at)
        if tries >= MOST_TRIES:
            logger.error("%s: nobody was told of %s: %s", subject, telling.about, reason)
        return [Told(telling=telling, to=telling.to, reason=reason)]
    except Exception as error:  # noqa: BLE001 - it may have gone out: it is not told again
        reason = f"It is not known whether it went out ({type(error).__name__})."
        logger.error("%s: %s: %s", subject, telling.about, reason)
        return [Told(telling=telling, to=telling.to, reason=reason)]
    app.store.end_telling(subject, telling.kind)
    return [Told(telling=telling, to=to)]


def _send(app: App, handoff: Handoff, telling: Telling) -> To:
    """Returns who got it. Raises Untold, and SomosError where a secret is not there."""
    theirs, desk = _zone(handoff.ask.timezone), _zone(handoff.ask.desk)

    def words(language: Language) -> Message:
        return messages.of_handoff(telling, handoff, theirs=theirs, desk=desk, language=language)

    if telling.to is To.DESK:
        return _to_desk(app, Kind.HANDOFF, words)
    try:
        app.notifier.tell(handoff.contact, *words(Language.ES))
    except NoAddress:
        passed_on = partial(messages.passed_on, telling.about, handoff, desk)
        return _to_desk(app, Kind.HANDOFF, passed_on)
    return To.INFLUENCER


def _is_heard(app: App, kind: Kind) -> bool:
    """Where nobody is to hear of a kind, nothing of it is written either."""
    audiences = app.notifier.audiences
    return not audiences or any(audience.hears(kind) for audience in audiences)


def _to_desk(app: App, kind: Kind, words: Callable[[Language], Message]) -> To:
    """Each audience that hears of the kind gets it, in its language; one that took it is enough."""
    took = False
    failure: Exception = Untold("The config names no address of the desk under [notify] urls.")
    for audience in app.notifier.audiences:
        if not audience.hears(kind):
            continue
        try:
            app.notifier.tell_desk(*words(audience.language), audience)
            took = True
        except (Untold, SomosError) as error:
            # Else those who heard it would hear it again.
            failure = error
    if not took:
        raise failure
    return To.DESK


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return ZoneInfo("UTC")
