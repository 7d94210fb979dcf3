"""What a restore must not forget: what is public, and what people have said since the copy."""

from collections.abc import Iterable
from dataclasses import replace

from somos_social.core.delivery import decide
from somos_social.core.events import Amended, Cancelled, Event, Published, Removed
from somos_social.core.handoff import PUBLIC
from somos_social.core.model.delivery import Delivery, Status
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.flows.recovery import recover
from somos_social.store import Lost, Store
from somos_social.store.chain import Heads
from somos_social.store.verification import Witness

_PUBLIC = (Status.PUBLISHED, Status.REMOVED)
_ENDED = (*_PUBLIC, Status.CANCELLED)
_AMENDABLE = (Status.SCHEDULED, Status.FAILED, Status.MISSED, Status.CANCELLED)
_SURELY_NOT = (
    Status.SCHEDULED,
    Status.CLAIMED,
    Status.FAILED,
    Status.MISSED,
    Status.CANCELLED,
)


def carry_over(app: App, former: Store) -> int:
    """Brings it into the database that was put back. Returns how many deliveries were mended.

    What remains in doubt is then marked as such, and looked for: nothing that a whole log, which
    goes on where the copy ends, says to be not public.
    """
    is_whole = _goes_on(former, app)
    sure = _not_public(former) if is_whole else frozenset()
    _carry_words(app, former)
    _carry_handoffs(app, former, is_whole=is_whole)
    mended = _add_unknown(app, former, is_whole=is_whole)
    mended += _move_ended(app, former, is_whole=is_whole)
    if is_whole:
        mended += _amend_waiting(app, former)
    recover(app, beginning=False, carried=True, sure=sure)
    return mended


def _goes_on(former: Store, app: App) -> bool:
    with app.store.log_and_heads() as (_, heads):
        copy = Witness("the copy", Heads(heads, app.now()))
    return not former.broken_links(copy, but_for_its_seal=True)


def _not_public(former: Store) -> frozenset[str]:
    known = former.listed(statuses=_SURELY_NOT)
    return frozenset(delivery.key for delivery in known if not delivery.suspect)


def _add_unknown(app: App, former: Store, *, is_whole: bool) -> int:
    """What the copy has never heard of; of a log that is not whole, only what may be public.

    What a worker has in hand comes as it is, and is mended as whatever a dead worker held.
    """
    known = {delivery.key for delivery in app.store.listed()}
    statuses = set(Status) if is_whole else set(Status).difference(_SURELY_NOT)
    added = [d for d in former.listed(statuses=statuses) if d.key not in known]
    app.store.schedule(
        [replace(d, version=0) for d in added], (), (), now=app.now(), actor=_by(app)
    )
    return len(added)


def _amend_waiting(app: App, former: Store) -> int:
    """What was edited or moved since the copy goes out as it was wanted last."""
    mended = 0
    for wanted in former.listed(statuses=[Status.SCHEDULED, Status.CLAIMED]):
        current = app.store.get(wanted.key)
        if current is None or current.status not in _AMENDABLE or _is_same(current, wanted):
            continue
        event = Amended(variant=wanted.variant, due_at=wanted.due_at, grace=wanted.grace)
        mended += _moved(app, replace(current, suspect=wanted.suspect), event)
    return mended


def _moved(app: App, current: Delivery, event: Event) -> bool:
    """Whether it could be. What a log that goes on has looked for is not in doubt any more."""
    try:
        move = decide(current, event, app.now(), app.policy)
        app.store.apply(move, now=app.now(), actor=_by(app))
    except (Lost, NotAllowed):
        # What stands here is looked for, and nothing else is to be kept from being carried.
        return False
    return True


def _is_same(current: Delivery, wanted: Delivery) -> bool:
    return (current.variant, current.due_at, current.grace, current.status) == (
        wanted.variant,
        wanted.due_at,
        wanted.grace,
        Status.SCHEDULED,
    )


def _move_ended(app: App, former: Store, *, is_whole: bool) -> int:
    mended = 0
    for ended in former.listed(statuses=_ENDED):
        current = app.store.get(ended.key)
        for event in _way(current, ended):
            current = app.store.get(ended.key)
            if current is None:
                break
            suspect = ended.suspect if is_whole else current.suspect
            if not _moved(app, replace(current, suspect=suspect), event):
                break
            mended += 1
    return mended


def _way(current: Delivery | None, ended: Delivery) -> Iterable[Event]:
    """What leads from how it stands in the copy to how it ended."""
    if current is None or current.status is ended.status or current.status is Status.REMOVED:
        return
    if ended.status is Status.CANCELLED:
        if current.status in (Status.SCHEDULED, Status.FAILED, Status.MISSED, Status.CLAIMED):
            yield Cancelled(ended.reason or "It was cancelled before the restore.")
        return
    if ended.receipt is not None and current.status is not Status.PUBLISHED:
        yield Published(ended.receipt)
    if ended.status is Status.REMOVED:
        yield Removed()


def _carry_words(app: App, former: Store) -> None:
    """Consents, pauses, approvals and who may give them, as they stood last."""
    ours, now, actor = app.store, app.now(), _by(app)
    known = ours.consents.known()
    for person, consent in former.consents.known().items():
        before = known.get(person)
        if before == consent:
            continue
        if before is None or before.granted_at != consent.granted_at:
            ours.consents.grant(replace(consent, withdrawn_at=None, reason=None))
        if consent.withdrawn_at is not None:
            ours.consents.withdraw(
                consent, reason=consent.reason or "", now=consent.withdrawn_at, actor=actor
            )
    scopes = {(it.campaign, it.channel, it.person, it.since) for it in ours.pauses.in_force()}
    for pause in former.pauses.in_force():
        if (pause.campaign, pause.channel, pause.person, pause.since) not in scopes:
            ours.pauses.begin(pause)
    _carry_approvals(app, former)
    for request in former.requests.known(open_only=True):
        ours.requests.open(
            request.subject,
            person=request.person,
            url=request.url,
            reason=request.reason,
            now=now,
            actor=actor,
        )


def _carry_approvals(app: App, former: Store) -> None:
    ours, theirs = app.store.approvals, former.approvals
    now, actor = app.now(), _by(app)
    valid = {str(approver): approver for approver in former.approvers.known()}
    for approver in app.store.approvers.known():
        if str(approver) not in valid:
            app.store.approvers.remove(approver, now=now, actor=actor)
    given = theirs.given()
    stands = {(it.delivery, it.organisation, it.variant.digest) for it in given}
    gone = [
        it for it in ours.given() if (it.delivery, it.organisation, it.variant.digest) not in stands
    ]
    if gone:
        why = "It was taken back, or given to other content, before the restore."
        ours.take_back(gone, now=now, person=actor, reason=why)
    ours.give(given)
    ours.require(theirs.required(), now=now, actor=actor)


def _carry_handoffs(app: App, former: Store, *, is_whole: bool) -> None:
    """How far each had come since; of a log that is not whole, only what may be public of them.

    An approval of a draft that the log does not bear out is given anew.
    """
    later = [it for it in former.handoffs() if is_whole or it.status in PUBLIC]
    app.store.carry_handoffs(later, now=app.now(), actor=_by(app))
    app.store.carry_tellings(former.tellings())


def _by(app: App) -> str:
    return f"{app.actor} (restore)"
