"""Leads hand-offs through their life: load, decide, record, and tell whom it concerns."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from somos_social.core.clearance import lacking
from somos_social.core.handoff import (
    OPEN,
    PUBLIC,
    Approved,
    Cancelled,
    Event,
    WentLive,
    decide,
)
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.handoff import Draft, DraftFile, Handoff
from somos_social.core.people import INFLUENCERS, Consent
from somos_social.document import Unfit, near, url
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App
from somos_social.flows.telling import tell_of, tell_of_request
from somos_social.flows.withdrawal import IT_MOVES, TRIES, Honoured, asked_for, reason_of
from somos_social.platforms.x_look import is_on_x, post_id
from somos_social.store import Lost


def known(app: App, key: str) -> Handoff:
    """The hand-off `campaign/key`, or just `key` where there is one. Raises UsageError."""
    wanted, everything = key.strip(), app.store.handoffs()
    named = [it for it in everything if it.name == wanted]
    found = named or [it for it in everything if it.key == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(it.name for it in found)
        raise UsageError(f"Several hand-offs are called {wanted!r}: {names}.")
    hint = near(wanted, [name for it in everything for name in (it.name, it.key)])
    raise UsageError(f"No hand-off is called {wanted!r}. {hint or 'See `somos handoff list`.'}")


def act(app: App, handoff: Handoff, event: Event, *, note: str | None = None) -> Handoff:
    """The hand-off as it then is, if it still stands as it was seen. Raises NotAllowed."""
    now = app.now()
    move = decide(handoff, event, now)
    try:
        return app.store.move_handoff(move, now=now, actor=app.actor, note=note)
    except Lost:
        raise NotAllowed(
            f"{handoff.name} moved at this very moment; look again with `somos handoff show`."
        ) from None


def approve(app: App, handoff: Handoff, digest: str | None = None) -> Handoff:
    """A yes to the draft that was seen; to one of this digest, or a beginning of it, if given.

    Raises NotAllowed, also where someone who is seen does not let influencers show them.
    """
    draft = handoff.draft
    if draft is not None and digest and not draft.digest.startswith(digest.lower()):
        raise NotAllowed(f"The draft of {handoff.name} is not {digest}, but {draft.digest}.")
    _refuse_unconsented(app, handoff)
    words = f"draft {draft.digest}" if draft else None
    return act(app, handoff, Approved(draft.digest if draft else ""), note=words)


def _refuse_unconsented(app: App, handoff: Handoff) -> None:
    drafted = () if handoff.draft is None else handoff.draft.files
    assets = (*handoff.ask.assets, *(_as_asset(file) for file in drafted))
    if why := lacking(assets, app.store.consents.known(), INFLUENCERS, app.now()):
        raise NotAllowed(f"{handoff.name} may not be posted: {'; '.join(why)}.")


def _as_asset(file: DraftFile) -> Asset:
    """As far as consent is concerned: the file itself is with the influencer."""
    return Asset(
        path=file.name,
        sha256=file.sha256,
        kind=Kind.IMAGE,
        mime="",
        size=file.size,
        width=0,
        height=0,
        people=file.people,
        shows=file.shows,
        minors=file.minors,
    )


def in_words(draft: Draft) -> str:
    """What the log says of a draft."""
    files = "".join(f", {file.name} {file.sha256}" for file in draft.files)
    where = f" for {draft.network}" if draft.network else ""
    return f"draft {draft.digest}{where}{files}"


def live(app: App, handoff: Handoff, address: str) -> Handoff:
    """Posted at this address; who posted it is asked at once to take down whom it may not show.

    Raises UsageError where that is no address, NotAllowed.
    """
    try:
        where = url(address.strip())
    except Unfit as unfit:
        raise UsageError(f"The address {unfit.problem} {unfit.hint}".strip()) from None
    if is_on_x(where) and post_id(where) is None:
        raise UsageError("The address names no post: write it as in https://x.com/ana/status/1.")
    after = act(app, handoff, WentLive(where))
    for consent in app.store.consents.known().values():
        if consent.withdrawn_at is not None and consent.person in after.people:
            _honoured(app, consent, after)
    return after


def honour(app: App, consent: Consent) -> Iterator[Honoured]:
    """What shows the person is cancelled, or its influencer is asked to take it down.

    Done twice, the second changes nothing more.
    """
    for handoff in app.store.handoffs_showing(consent.person):
        began = app.now()
        done = _honoured(app, consent, handoff)
        if done is not None:
            yield replace(done, took=app.now() - began)


def _honoured(app: App, consent: Consent, handoff: Handoff) -> Honoured | None:
    told = Honoured(
        subject=handoff.subject,
        was=handoff.status.value,
        now=handoff.status.value,
        took=timedelta(0),
        url=handoff.url,
    )
    if handoff.status in OPEN:
        return _cancelled(app, consent, handoff, told)
    if handoff.status in PUBLIC:
        return _to_be_taken_down(app, consent, told)
    return None


def _cancelled(app: App, consent: Consent, handoff: Handoff, told: Honoured) -> Honoured:
    """Somebody may move it meanwhile; then it is honoured as it stands by then."""
    for _ in range(TRIES):
        with suppress(NotAllowed):
            after = act(app, handoff, Cancelled(reason_of(consent)))
            tell_of(app, after)
            return replace(told, now=after.status.value)
        handoff = known(app, handoff.name)
        if handoff.status not in OPEN:
            done = _honoured(app, consent, handoff)
            return replace(done or told, was=told.was, now=handoff.status.value)
    return replace(told, now=handoff.status.value, reason=IT_MOVES)


def _to_be_taken_down(app: App, consent: Consent, told: Honoured) -> Honoured | None:
    request = asked_for(app, consent, told.subject, told.url)
    if request is not None and request.closed_at is not None:
        return None
    if request is None:
        request = app.store.requests.open(
            told.subject,
            person=consent.person,
            url=told.url,
            reason=reason_of(consent),
            now=app.now(),
            actor=app.actor,
        )
    tell_of_request(app, request)
    return replace(told, reason="Only the influencer can take it down.", request=request)
