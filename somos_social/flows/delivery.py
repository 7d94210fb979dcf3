"""Takes claimed deliveries through preparing and the one visible call, and mends what was left."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from somos_social import media
from somos_social.core.clearance import obstacles
from somos_social.core.delivery import decide
from somos_social.core.events import (
    Abandoned,
    Absent,
    Accepted,
    Blocked,
    Busy,
    Cancelled,
    Duplicate,
    Event,
    Overdue,
    Prepared,
    Published,
    Refused,
    Removed,
    Retried,
    Returned,
    Settled,
    Suspected,
    Throttled,
    Unanswered,
    Unreachable,
    Unread,
    Withheld,
)
from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.errors import NotAllowed, SomosError, UsageError
from somos_social.flows import App
from somos_social.flows.renditions import as_it_goes_out
from somos_social.platforms import HandBack, Unfulfilled
from somos_social.store import ChannelBusy, Lost, NotCleared

_PUBLIC = (Status.PUBLISHED, Status.REMOVED)
_WAITING = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)

UPLOAD_LIFE = timedelta(hours=20)
"""Platforms drop unpublished media after about 24 hours; what is older is looked at again."""

BATCH = 200

_TAMPERED = (
    "Its content in the database is not what was scheduled: it was changed there by hand. Look at "
    "it with `somos queue show`, then run `somos schedule` again."
)
_FORGED = (
    "Its state in the database was changed there by hand: the log says otherwise. Look with `somos "
    "log --delivery` what became of it, then cancel it."
)
_SUSPECT = "It may be public already: it is looked for before it goes out."
_SURE_NO = Refused | Throttled | Blocked | Unreachable


def work(app: App, delivery: Delivery) -> None:
    """Takes one claimed delivery as far as it goes now.

    What a network does never raises. Whoever finds the delivery moved by someone else stops.
    """
    try:
        event = _prepare(app, delivery)
        try:
            prepared = _record(app, delivery, event)
        except ChannelBusy:
            if not isinstance(event, Prepared):
                raise
            prepared = _record(app, delivery, Busy(event.upload))
        except NotCleared as kept:
            if not isinstance(event, Prepared):
                raise
            prepared = _record(app, delivery, Withheld(_kept_back(kept.reasons), event.upload))
    except Lost:
        return
    if prepared.status is not Status.PUBLISHING or prepared.upload is None:
        return
    # Whoever froze since the intent was written may find that others have settled it; its lease
    # alone does not tell, for the clock may have gone back.
    current = app.store.get(prepared.key)
    if current is not None and current.version == prepared.version:
        _record_outcome(app, prepared, _publish(app, prepared, prepared.upload))


def _prepare(app: App, delivery: Delivery) -> Event:
    upload = delivery.upload
    if app.stopping():
        return Returned(upload)
    if doubt := _doubt(app, delivery):
        return doubt
    try:
        # Of what is prepared, too: whose consent it takes may have been corrected since then.
        if changed := _changed_people(app, delivery):
            return Blocked(changed)
        if delivery.prepared and upload and app.now() - upload.begun_at < UPLOAD_LIFE:
            return Prepared(upload, app.tick())
        if changed := _changed_asset(app, delivery):
            return Blocked(changed)
        ready = app.platform(delivery.channel).prepare(as_it_goes_out(app, delivery), upload)
        return Returned(ready) if app.stopping() else Prepared(ready, app.tick())
    except HandBack:
        current = app.store.get(delivery.key)
        return Returned(current.upload if current else upload)
    except Unfulfilled as failure:
        return failure.event
    except SomosError as error:
        return Blocked(str(error))
    except Exception as error:  # noqa: BLE001 - nothing is public yet: whatever it was, try again
        reason = f"Preparing failed unexpectedly ({type(error).__name__})."
        # What lies at the network may be what it stumbled over; after a call it is evidence.
        empty = Upload(begun_at=app.now(), parts={})
        return Unanswered(reason, empty if delivery.asked_at is None else None)


def _doubt(app: App, delivery: Delivery) -> Suspected | Blocked | None:
    """Why what stands in the database is not to be gone by."""
    if delivery.suspect and not _is_surely_absent(app, delivery):
        return Suspected(_SUSPECT)
    if not delivery.is_intact:
        return Blocked(_TAMPERED)
    return None if app.store.is_continuous(delivery.key) else Blocked(_FORGED)


def _is_surely_absent(app: App, delivery: Delivery) -> bool:
    """Whether a look that is late enough, long after the only try, finds nothing."""
    late = delivery.absent_after is not None and app.now() >= delivery.absent_after
    return late and isinstance(_look(app, delivery), Absent)


def _changed_asset(app: App, delivery: Delivery) -> str | None:
    """What was approved is what goes out: a file that changed since scheduling stops it."""
    for asset in delivery.variant.files:
        if media.fingerprint(app.media_root, asset.path) != asset.sha256:
            return f"{asset.path} changed since it was scheduled. Run `somos schedule` again."
    return None


def _changed_people(app: App, delivery: Delivery) -> str | None:
    """Whose consents were asked for is who is seen: who is named anew beside a file stops it."""
    for asset in delivery.variant.files:
        now = media.depicted(app.media_root, asset.path)
        then = media.Depicted(
            people=frozenset(asset.people),
            shows=frozenset(asset.shows),
            minors=frozenset(asset.minors),
        )
        if now != then:
            return (
                f"Who is seen in {asset.path}, or how, was changed in the file beside it since it "
                "was scheduled. Run `somos schedule` again."
            )
    return None


def _publish(app: App, delivery: Delivery, upload: Upload) -> Event:
    """The irrevocable call. Only a documented no is a no; all else may be public."""
    if delivery.lease_until is None or app.now() + app.policy.timeout >= delivery.lease_until:
        return Unreachable("The worker woke up too late for its lease; the call was not made.")
    try:
        platform = app.platform(delivery.channel)
    except SomosError as error:
        return Blocked(str(error))
    try:
        return Published(platform.publish(delivery, upload))
    except Unfulfilled as failure:
        if isinstance(failure.event, _SURE_NO | Accepted | Duplicate | Unanswered):
            return failure.event
        return Unanswered(str(failure))
    except Exception as error:  # noqa: BLE001 - the call may have left: never a retry
        return Unanswered(f"The call ended unexpectedly ({type(error).__name__}).")


def _record(
    app: App, delivery: Delivery, event: Event, happened: datetime | None = None
) -> Delivery:
    now = app.now()
    move = decide(delivery, event, happened or now, app.policy)
    after = app.store.apply(move, now=now, actor=app.actor)
    app.heard(replace(move, after=after))
    return after


def _record_outcome(app: App, delivery: Delivery, event: Event) -> None:
    """A yes is never thrown away: whoever was quicker, it is told to what they left."""
    try:
        _record(app, delivery, event)
    except Lost:
        current = app.store.get(delivery.key)
        if isinstance(event, Published) and current and current.status not in _PUBLIC:
            # Others move it too, so this may lose again.
            _record_outcome(app, current, event)


def expire(app: App) -> int:
    """What waited beyond its grace becomes missed, and is never sent by itself."""
    now = app.now()
    overdue = app.store.overdue(now, limit=BATCH)
    if not overdue:
        return 0
    holds, said = app.store.holds(now), app.store.said_of(overdue)
    for delivery in overdue:
        hold, kept = holds.get(delivery.channel), obstacles(delivery, said, now)
        why = _kept_back(kept) if kept else None
        if hold:
            why = f"Its channel could not publish: {hold.reason}"
        _record_unless_lost(app, delivery, Overdue(why))
    return len(overdue)


def _kept_back(reasons: Sequence[str]) -> str:
    """One sentence, whether the last of the reasons ends as one or not."""
    return f"People keep it back: {'; '.join(reasons)}".removesuffix(".") + "."


def rescue(app: App) -> int:
    """What a dead or frozen worker held: back to waiting, or in doubt if its call may have left."""
    abandoned = app.store.abandoned(app.now(), limit=BATCH)
    for delivery in abandoned:
        _record_unless_lost(app, delivery, Abandoned())
    return len(abandoned)


def _record_unless_lost(
    app: App, delivery: Delivery, event: Event, happened: datetime | None = None
) -> None:
    with suppress(Lost):
        _record(app, delivery, event, happened)


def reconcile(app: App) -> list[Delivery]:
    """Looks for what may be public. Returns what was looked for, as it stood before."""
    doubtful = app.store.doubtful(app.now(), limit=BATCH)
    for delivery in doubtful:
        if app.stopping():
            break
        # A slow look may end late: what it saw is as old as its beginning.
        began = app.now()
        _record_unless_lost(app, delivery, _look(app, delivery), began)
    return doubtful


def _look(app: App, delivery: Delivery) -> Event:
    try:
        receipt = app.platform(delivery.channel).find(delivery, delivery.upload)
    except Unfulfilled as failure:
        return failure.event
    except SomosError as error:
        return Blocked(str(error))
    except Exception as error:  # noqa: BLE001 - a look that failed says nothing either way
        return Unread(f"the look ended unexpectedly ({type(error).__name__}).")
    if receipt is not None:
        return Published(receipt)
    return Absent(app.since(delivery.asked_tick))


# What people ask for.


def cancel(app: App, key: str, reason: str) -> list[Delivery]:
    """Withdraws a delivery and what would follow it. Raises NotAllowed, UsageError."""
    found = known(app, key)
    # A comment that may be public already is looked for once its post is found.
    followers = [
        each
        for each in _below(app, found)
        if each.status in _WAITING and not (each.suspect and each.parent_id is None)
    ]
    return [_ask(app, delivery, Cancelled(reason)) for delivery in (found, *followers)]


Done = Callable[[Delivery], None]
"""Hears of each delivery as it is done with."""


def remove(app: App, key: str, done: Done = lambda _: None) -> list[Delivery]:
    """Takes down what is public, the last link of a thread first, and withdraws what would follow.

    Each ends as removed only when a look agreed; else it says what a person must see to. `done`
    hears of each, also where the next cannot be asked for. Raises NotAllowed, UsageError, and
    SomosError where the channel cannot be spoken to.
    """
    found = known(app, key)
    if found.status is not Status.PUBLISHED:
        return [_ask(app, found, Removed())]  # Refused, with the words that its state calls for.
    moved = [each for d in _followers(app, found) for each in _undone(app, d, done)]
    after = _taken_down(app, found)
    done(after)
    return [after, *moved]


def _undone(app: App, follower: Delivery, done: Done) -> list[Delivery]:
    if follower.status is Status.PUBLISHED:
        return remove(app, follower.key, done)
    if follower.status in _WAITING:
        after = _ask(app, follower, Cancelled(f"{follower.after} was taken down."))
        done(after)
        return [after]
    return []


def _taken_down(app: App, delivery: Delivery) -> Delivery:
    return _ask(app, delivery, app.platform(delivery.channel).remove(delivery))


def _followers(app: App, delivery: Delivery) -> list[Delivery]:
    campaign = app.store.of_campaign(delivery.campaign)
    return [each for each in campaign.values() if each.after == delivery.key]


def _below(app: App, delivery: Delivery) -> Iterator[Delivery]:
    """All that follows it, each link of a thread above what follows that."""
    for follower in _followers(app, delivery):
        yield follower
        yield from _below(app, follower)


def retry(app: App, key: str) -> Delivery:
    """Another try, now, of what failed, was missed or is blocked. Raises NotAllowed, UsageError."""
    found = known(app, key)
    hold = app.store.holds(app.now()).get(found.channel)
    if hold and hold.stopped and found.status is Status.SCHEDULED:
        raise NotAllowed(
            f"{found.channel} is stopped: {hold.reason} Once that is mended, run `somos channel "
            f"verify {found.channel}`: all that waits for it then goes out by itself."
        )
    return _ask(app, found, Retried())


def settle(app: App, key: str, receipt: Receipt | None) -> Delivery:
    """Records what a person saw. Raises NotAllowed, UsageError."""
    return _ask(app, known(app, key), Settled(receipt))


def known(app: App, key: str) -> Delivery:
    """The delivery of this key, or a UsageError that names the likeliest ones."""
    found = app.store.get(key)
    if found is not None:
        return found
    part = key.strip().lower()
    alike = [d.key for d in app.store.listed() if part and part in d.key.lower()][:5]
    hint = f" Did you mean: {', '.join(alike)}?" if alike else " See `somos queue list`."
    raise UsageError(f"No delivery is called {key!r}.{hint}")


def _ask(app: App, delivery: Delivery, event: Event) -> Delivery:
    try:
        return _record(app, delivery, event)
    except Lost:
        raise NotAllowed(
            f"{delivery.key} moved at this very moment; look again with `somos queue show`."
        ) from None
