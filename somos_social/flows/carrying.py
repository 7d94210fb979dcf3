"""What a restore must not forget: what is public, and what people have said since the copy."""

from collections.abc import Iterable
from dataclasses import replace

from somos_social.core.delivery import ON_ITS_WAY, WITHDRAWABLE, decide
from somos_social.core.events import Cancelled, Event, Published, Removed
from somos_social.core.handoff import PUBLIC
from somos_social.core.model.delivery import Delivery, Status
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.flows.recovery import recover
from somos_social.store import Lost, Store
from somos_social.store.approvers import Lock
from somos_social.store.chain import Heads
from somos_social.store.verification import Witness

_ENDED = (Status.PUBLISHED, Status.REMOVED, Status.CANCELLED)
_MAY_BE_PUBLIC = (Status.PUBLISHED, Status.REMOVED, *ON_ITS_WAY)


def carry_over(app: App, former: Store) -> bool:
    """Brings it into the database that is put back. Returns whether all of it was.

    Where the log of the former database is whole and goes on where the copy ends, all stands again
    as it stood. Else its rows are nobody's word: what may be public is carried, and what keeps
    something back; the rest is in doubt, and nothing that shows anyone goes out before a person
    has looked.
    """
    is_whole = _goes_on(former, app)
    _carry_consents(app, former, is_whole=is_whole)
    _carry_pauses_and_requests(app, former)
    _carry_approvers(app, former, is_whole=is_whole)
    _carry_approvals(app, former, is_whole=is_whole)
    _carry_handoffs(app, former, is_whole=is_whole)
    known = former.listed()
    if is_whole:
        app.store.carry_deliveries(known, now=app.now(), actor=_by(app))
    else:
        _add_unknown(app, former)
        _move_ended(app, former)
    sure = {delivery.key for delivery in known} if is_whole else ()
    recover(app, beginning=False, carried=is_whole, sure=sure)
    return is_whole


def _goes_on(former: Store, app: App) -> bool:
    if former.snapshot_taken_at() is not None:
        return False  # A copy itself, of which the networks were never asked.
    with app.store.log_and_heads() as (_, heads):
        copy = Witness("the copy", Heads(heads, app.now()))
    return not former.broken_links(copy)


def _add_unknown(app: App, former: Store) -> None:
    """What the copy has never heard of, and may be public."""
    known = {delivery.key for delivery in app.store.listed()}
    added = [d for d in former.listed(statuses=_MAY_BE_PUBLIC) if d.key not in known]
    app.store.schedule(
        [replace(d, version=0) for d in added], (), (), now=app.now(), actor=_by(app)
    )


def _move_ended(app: App, former: Store) -> None:
    for ended in former.listed(statuses=_ENDED):
        current = app.store.get(ended.key)
        for event in _way(current, ended):
            current = app.store.get(ended.key)
            if current is None or not _moved(app, current, event):
                break


def _moved(app: App, current: Delivery, event: Event) -> bool:
    try:
        move = decide(current, event, app.now(), app.policy)
        app.store.apply(move, now=app.now(), actor=_by(app))
    except (Lost, NotAllowed):
        # What stands here is looked for, and nothing else is to be kept from being carried.
        return False
    return True


def _way(current: Delivery | None, ended: Delivery) -> Iterable[Event]:
    """What leads from how it stands in the copy to how it ended."""
    if current is None or current.status is ended.status or current.status is Status.REMOVED:
        return
    if ended.status is Status.CANCELLED:
        if current.status in WITHDRAWABLE:
            yield Cancelled(ended.reason or "It was cancelled before the restore.")
        return
    if ended.receipt is not None and current.status is not Status.PUBLISHED:
        yield Published(ended.receipt)
    if ended.status is Status.REMOVED:
        yield Removed()


def _carry_consents(app: App, former: Store, *, is_whole: bool) -> None:
    ours, known = app.store.consents, app.store.consents.known()
    for person, consent in former.consents.known().items():
        before = known.get(person)
        if before == consent or (consent.withdrawn_at is None and not is_whole):
            continue
        if before is None or before.granted_at != consent.granted_at:
            ours.grant(replace(consent, withdrawn_at=None, reason=None))
        if consent.withdrawn_at is not None:
            ours.withdraw(
                consent, reason=consent.reason or "", now=consent.withdrawn_at, actor=_by(app)
            )


def _carry_pauses_and_requests(app: App, former: Store) -> None:
    ours = app.store
    scopes = {(it.campaign, it.channel, it.person, it.since) for it in ours.pauses.in_force()}
    for pause in former.pauses.in_force():
        if (pause.campaign, pause.channel, pause.person, pause.since) not in scopes:
            ours.pauses.begin(pause)
    for request in former.requests.known(open_only=True):
        ours.requests.open(
            request.subject,
            person=request.person,
            url=request.url,
            reason=request.reason,
            now=app.now(),
            actor=_by(app),
        )


def _carry_approvers(app: App, former: Store, *, is_whole: bool) -> None:
    """Each with the key that was theirs last."""
    ours, last = app.store.approvers, {_opens(lock): lock for lock in former.approvers.locks()}
    known = {_opens(lock): lock for lock in ours.locks()}
    for gone in known.keys() - last.keys():
        ours.remove(known[gone].approver, now=app.now(), actor=_by(app))
    if is_whole:
        for new in sorted(last.keys() - known.keys()):
            ours.add(last[new].approver, salt=last[new].salt, key=last[new].key)


def _opens(lock: Lock) -> tuple[str, str, str]:
    return str(lock.approver), lock.salt, lock.key


def _carry_approvals(app: App, former: Store, *, is_whole: bool) -> None:
    ours, theirs = app.store.approvals, former.approvals
    now, actor = app.now(), _by(app)
    given = theirs.given()
    stands = {(it.delivery, it.organisation, it.variant.digest) for it in given}
    gone = [
        it for it in ours.given() if (it.delivery, it.organisation, it.variant.digest) not in stands
    ]
    if gone:
        why = "It was taken back, or given to other content, before the restore."
        ours.take_back(gone, now=now, person=actor, reason=why)
    if is_whole:
        ours.give(given)
        ours.ask_for_changes(theirs.change_requests())
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
