"""Those who are seen may take their word back: what waits is stopped, what is public taken down."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from somos_social.core.handoff import OPEN, PUBLIC
from somos_social.core.model import Delivery, Handoff, Status
from somos_social.core.people import Consent
from somos_social.errors import NotAllowed, SomosError, UsageError
from somos_social.flows import App
from somos_social.flows import delivery as delivery_flow
from somos_social.flows.consent import grant
from somos_social.store.people import Request

_WITHDRAWABLE = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)
_ON_ITS_WAY = (Status.PUBLISHING, Status.UNCONFIRMED)
_MAYBE_PUBLIC = (Status.PUBLISHED, *_ON_ITS_WAY)
_ANY_BUT_OVER = (*_WITHDRAWABLE, *_MAYBE_PUBLIC)


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
    known = app.store.people.consents().get(person)
    if known is None:
        if not (app.store.people.showing(person) or app.store.handoffs_showing(person)):
            names = ", ".join(app.store.people.consents()) or "nobody"
            raise UsageError(f"Nothing is known of {person}. Known are: {names}.")
        known = grant(app, _nothing(app, person))
    if known.withdrawn_at is not None:
        return known, False
    now = app.now()
    app.store.people.withdraw(known, reason=reason, now=now, actor=app.actor)
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
    """Whatever shows the person is cancelled or taken down; each is told as it is done.

    What is on its way at this moment is told, too, and is looked after once it has arrived. What
    influencers have posted, they are asked to take down.
    """
    # They know what is told here, so here they can be known only once they are needed.
    from somos_social.flows import handoff

    for delivery in app.store.people.showing(consent.person):
        began = app.now()
        done = _honoured(app, consent, delivery)
        if done is not None:
            yield replace(done, took=app.now() - began)
    yield from handoff.honour(app, consent)


def honour_arrival(app: App, key: str) -> None:
    """What became public although someone in it had withdrawn meanwhile is taken down at once."""
    delivery = app.store.get(key)
    if delivery is None or delivery.status is not Status.PUBLISHED:
        return
    for consent in app.store.people.said_of([delivery]).consents.values():
        if consent.withdrawn_at is not None and not _is_asked_for(app, consent, delivery):
            _honoured(app, consent, delivery)


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
    everybody = app.store.people.consents().values()
    return [consent for consent in everybody if consent.withdrawn_at is not None]


def _undone(app: App, consent: Consent) -> tuple[list[Delivery], list[Handoff]]:
    """What shows the person and waits, or may be public with nobody being asked to see to it."""
    return (
        [
            it
            for it in app.store.people.showing(consent.person, _ANY_BUT_OVER)
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
            for request in reversed(app.store.people.requests())
            if (request.subject, request.person, request.url) == (subject, consent.person, url)
            and (request.closed_at is None or since is None or request.opened_at >= since)
        ),
        None,
    )


def _is_asked_for(app: App, consent: Consent, delivery: Delivery) -> bool:
    return asked_for(app, consent, delivery.key, _url(delivery)) is not None


def _url(delivery: Delivery) -> str | None:
    return delivery.receipt.url if delivery.receipt else None


def _honoured(app: App, consent: Consent, delivery: Delivery) -> Honoured | None:
    told = Honoured(
        subject=delivery.key,
        was=delivery.status.value,
        now=delivery.status.value,
        took=timedelta(0),
        url=_url(delivery),
    )
    reason = f"{consent.person} has withdrawn consent: {consent.reason}"
    if delivery.status in _WITHDRAWABLE:
        return _cancelled(app, delivery, reason, told)
    if delivery.status in _ON_ITS_WAY:
        return replace(told, reason="It may be public: it is looked for, and then taken down.")
    request = asked_for(app, consent, delivery.key, told.url)
    if request and request.closed_at is not None:
        return None
    if delivery.status is Status.PUBLISHED:
        return _taken_down(app, consent, delivery, told, request)
    if request and delivery.status is Status.REMOVED:
        _close(app, request)
    return None


def _cancelled(app: App, delivery: Delivery, reason: str, told: Honoured) -> Honoured:
    try:
        moved = delivery_flow.cancel(app, delivery.key, reason)
    except NotAllowed:
        # How it stands now is honoured next time.
        current = app.store.get(delivery.key) or delivery
        return replace(told, now=current.status.value, reason="It moved at this very moment.")
    return replace(told, now=moved[0].status.value)


def _taken_down(
    app: App, consent: Consent, delivery: Delivery, told: Honoured, request: Request | None
) -> Honoured:
    try:
        after = delivery_flow.remove(app, delivery.key)[0]
        why = after.reason
    except SomosError as error:
        after, why = app.store.get(delivery.key) or delivery, str(error)
    if after.status is Status.REMOVED:
        if request:
            _close(app, request)
        return replace(told, now=after.status.value)
    request = request or app.store.people.ask_to_take_down(
        delivery.key,
        person=consent.person,
        url=told.url,
        reason=f"{consent.person} has withdrawn consent: {consent.reason}",
        now=app.now(),
        actor=app.actor,
    )
    return replace(told, now=after.status.value, reason=why, request=request)


def _close(app: App, request: Request) -> None:
    app.store.people.close_request(
        request, outcome="gone", reason=None, now=app.now(), actor=app.actor
    )


def close(app: App, number: int, outcome: str, reason: str | None) -> Request:
    """What came of a request, as a person says. Raises UsageError."""
    found = {request.number: request for request in app.store.people.requests()}.get(number)
    if found is None or found.closed_at is not None:
        state = "is not known" if found is None else "is closed already"
        raise UsageError(f"Request {number} {state}. See `somos consent requests`.")
    now = app.now()
    app.store.people.close_request(found, outcome=outcome, reason=reason, now=now, actor=app.actor)
    return replace(found, closed_at=now, outcome=outcome, closed_by=app.actor)
