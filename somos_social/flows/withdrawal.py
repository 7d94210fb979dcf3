"""Those who are seen may take their word back: what waits is stopped, what is public taken down."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from somos_social.core.delivery import ON_ITS_WAY, WITHDRAWABLE
from somos_social.core.handoff import OPEN, PUBLIC
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.handoff import Handoff
from somos_social.core.people import Consent
from somos_social.errors import NotAllowed, SomosError, UsageError
from somos_social.flows import App, by_hand
from somos_social.flows.consent import grant
from somos_social.store.requests import Request

_OVER = (Status.CANCELLED.value, Status.REMOVED.value)
_MAYBE_PUBLIC = (Status.PUBLISHED, *ON_ITS_WAY)
_ANY_BUT_OVER = (*WITHDRAWABLE, *_MAYBE_PUBLIC)

TRIES = 5
"""So often what moves at this very moment is looked at again, before a person is told to."""

IT_MOVES = "It moves at this very moment: withdraw once more, or let `somos run` do it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Honoured:
    """What a withdrawal meant for one thing: how it stood, how it stands, and how long that took.

    `request` is opened where a person must take it down.
    """

    subject: str
    was: str
    now: str
    took: timedelta
    url: str | None = None
    reason: str | None = None
    request: Request | None = None

    @property
    def is_left_to_people(self) -> bool:
        return self.request is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it waits, and nothing of it can be public."""
        return self.now in _OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """What shows someone who has withdrawn, and may be public at this moment."""

    person: str
    subject: str
    status: str
    url: str | None


def withdraw(app: App, person: str, reason: str) -> tuple[Consent, bool]:
    """From this moment on nothing that shows the person is claimed; False where it was so already.

    Someone of whom nothing is known may withdraw as well. Raises UsageError for nobody at all.
    """
    known = app.store.consents.known().get(person)
    if known is None:
        if not (app.store.showing(person) or app.store.handoffs_showing(person)):
            names = ", ".join(app.store.consents.known()) or "nobody"
            raise UsageError(f"Nothing is known of {person}. Known are: {names}.")
        known = grant(app, _nothing(app, person))
    if known.withdrawn_at is not None:
        return known, False
    now = app.now()
    app.store.consents.withdraw(known, reason=reason, now=now, actor=app.actor)
    return replace(known, withdrawn_at=now, reason=reason), True


def _nothing(app: App, person: str) -> Consent:
    return Consent(
        person=person,
        form="",
        scope=("nothing",),
        channels=("nowhere",),
        until=None,
        guardian=False,
        granted_at=app.now(),
        granted_by=app.actor,
    )


def honour(app: App, consent: Consent) -> Iterator[Honoured]:
    """Whatever shows the person is cancelled or taken down, with all that follows it.

    Each is told once, as it is done. What is on its way at this moment is told, too, and is looked
    after once it has arrived. What influencers have posted, they are asked to take down.
    """
    # They know what is told here, so here they can be known only once they are needed.
    from somos_social.flows import handoff

    told: set[str] = set()
    for delivery in app.store.showing(consent.person):
        if delivery.key in told:
            continue
        for done in _honoured(app, consent, delivery):
            told.add(done.subject)
            yield done
    yield from handoff.honour(app, consent)


def honour_arrival(app: App, key: str) -> list[Honoured]:
    """What now stands otherwise, although someone in it had withdrawn, is put right at once."""
    done: list[Honoured] = []
    delivery = app.store.get(key)
    said = {} if delivery is None else app.store.said_of([delivery]).consents
    for consent in said.values():
        current = app.store.get(key)
        if current is None or consent.withdrawn_at is None:
            continue
        if not _is_asked_for(app, consent, current):
            done += _honoured(app, consent, current)
    return done


def honour_all(app: App) -> None:
    """What a program that ended left half done, and what stands otherwise since it looked."""
    from somos_social.flows import handoff

    for consent in _withdrawn(app):
        posts, asked = _undone(app, consent)
        for delivery in posts:
            if app.stopping():
                return
            _honoured(app, consent, delivery)
        if asked:
            for _ in handoff.honour(app, consent):
                pass


def is_under_way(app: App, consent: Consent) -> bool:
    """Whether anything that shows the person still stands where a program could do something."""
    return any(_undone(app, consent))


def still_public(app: App) -> list[Still]:
    """What shows people who have withdrawn, may be public, and is asked of nobody yet."""
    found = []
    for consent in _withdrawn(app):
        posts, asked = _undone(app, consent)
        seen = [(it.key, it.status.value, _url(it)) for it in posts if it.status in _MAYBE_PUBLIC]
        seen += [(it.subject, it.status.value, it.url) for it in asked if it.status in PUBLIC]
        found += [
            Still(person=consent.person, subject=subject, status=status, url=url)
            for subject, status, url in seen
        ]
    return found


def _withdrawn(app: App) -> list[Consent]:
    everybody = app.store.consents.known().values()
    return [consent for consent in everybody if consent.withdrawn_at is not None]


def _undone(app: App, consent: Consent) -> tuple[list[Delivery], list[Handoff]]:
    """What shows the person and waits, or may be public with nobody being asked to see to it."""
    return (
        [
            it
            for it in app.store.showing(consent.person, _ANY_BUT_OVER)
            if it.status is not Status.PUBLISHED or not _is_asked_for(app, consent, it)
        ],
        [
            it
            for it in app.store.handoffs_showing(consent.person)
            if it.status in OPEN
            or (it.status in PUBLIC and not asked_for(app, consent, it.subject, it.url))
        ],
    )


def asked_for(app: App, consent: Consent, subject: str, url: str | None) -> Request | None:
    """What a person was asked to take down since this withdrawal, at the address where it is now.

    One that a person has closed since then stays closed: they looked, and know better.
    """
    since = consent.withdrawn_at
    return next(
        (
            request
            for request in reversed(app.store.requests.known())
            if (request.subject, request.person, request.url) == (subject, consent.person, url)
            and (request.closed_at is None or since is None or request.opened_at >= since)
        ),
        None,
    )


def _is_asked_for(app: App, consent: Consent, delivery: Delivery) -> bool:
    return asked_for(app, consent, delivery.key, _url(delivery)) is not None


def _url(delivery: Delivery) -> str | None:
    return delivery.receipt.url if delivery.receipt else None


def _honoured(app: App, consent: Consent, delivery: Delivery) -> list[Honoured]:
    """What was done about it and about what follows it, in the order in which it was done."""
    told = Honoured(
        subject=delivery.key,
        was=delivery.status.value,
        now=delivery.status.value,
        took=timedelta(0),
        url=_url(delivery),
    )
    if delivery.status in WITHDRAWABLE:
        return _cancelled(app, consent, delivery, told)
    if delivery.status in ON_ITS_WAY:
        why = "It may be public: it is looked for, and then taken down."
        return [replace(told, reason=why)]
    request = asked_for(app, consent, delivery.key, told.url)
    if request and request.closed_at is not None:
        return []
    if delivery.status is Status.PUBLISHED:
        return _taken_down(app, consent, delivery, told, request)
    if request and delivery.status is Status.REMOVED:
        _close(app, request)
    return []


def reason_of(consent: Consent) -> str:
    """What the log says of whatever is done for it."""
    return f"{consent.person} has withdrawn consent: {consent.reason}"


def _cancelled(app: App, consent: Consent, delivery: Delivery, told: Honoured) -> list[Honoured]:
    """A worker may move it meanwhile; then it is honoured as it stands by then."""
    began, current, stood = app.now(), delivery, _stood(app, delivery)
    for _ in range(TRIES):
        with suppress(NotAllowed):
            moved = by_hand.cancel(app, delivery.key, reason_of(consent))
            took = app.now() - began
            return [
                *(_also(each, stood, took) for each in moved[1:]),
                replace(told, now=moved[0].status.value, took=took),
            ]
        current = app.store.get(delivery.key) or current
        if current.status not in WITHDRAWABLE:
            done = _honoured(app, consent, current)
            own = [replace(it, was=told.was) for it in done if it.subject == told.subject]
            return [it for it in done if it.subject != told.subject] + (
                own or [replace(told, now=current.status.value)]
            )
    return [replace(told, now=current.status.value, reason=IT_MOVES)]


def _taken_down(
    app: App, consent: Consent, delivery: Delivery, told: Honoured, request: Request | None
) -> list[Honoured]:
    began, stood = app.now(), _stood(app, delivery)
    followed: list[Honoured] = []

    def done(moved: Delivery) -> None:
        if moved.key != delivery.key:
            followed.append(_also(moved, stood, app.now() - began))

    try:
        after = by_hand.remove(app, delivery.key, done)[0]
        why = after.reason
    except SomosError as error:
        after, why = app.store.get(delivery.key) or delivery, str(error)
    told = replace(told, now=after.status.value, took=app.now() - began)
    if after.status is Status.REMOVED:
        if request:
            _close(app, request)
        return [*followed, told]
    request = request or app.store.requests.open(
        delivery.key,
        person=consent.person,
        url=told.url,
        reason=reason_of(consent),
        now=app.now(),
        actor=app.actor,
    )
    return [*followed, replace(told, reason=why, request=request)]


def _stood(app: App, delivery: Delivery) -> dict[str, Status]:
    """How all of its campaign stands before anything is done."""
    return {key: it.status for key, it in app.store.of_campaign(delivery.campaign).items()}


def _also(moved: Delivery, stood: Mapping[str, Status], took: timedelta) -> Honoured:
    """A comment or a link of a thread that went with what it follows."""
    kept = None if moved.status.value in _OVER else moved.reason
    return Honoured(
        subject=moved.key,
        was=stood.get(moved.key, moved.status).value,
        now=moved.status.value,
        took=took,
        url=_url(moved),
        reason=kept,
    )


def _close(app: App, request: Request) -> None:
    app.store.requests.close(request, outcome="gone", reason=None, now=app.now(), actor=app.actor)


def close(app: App, number: int, outcome: str, reason: str | None) -> Request:
    """What came of a request, as a person says. Raises UsageError."""
    found = {request.number: request for request in app.store.requests.known()}.get(number)
    if found is None or found.closed_at is not None:
        state = "is not known" if found is None else "is closed already"
        raise UsageError(f"Request {number} {state}. See `somos consent requests`.")
    now = app.now()
    app.store.requests.close(found, outcome=outcome, reason=reason, now=now, actor=app.actor)
    return replace(found, closed_at=now, outcome=outcome, closed_by=app.actor)
