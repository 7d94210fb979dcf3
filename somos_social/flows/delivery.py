"""Takes claimed deliveries through preparing and the one visible call."""

from datetime import timedelta

from somos_social import media
from somos_social.core.clearance import kept_back
from somos_social.core.events import (
    Absent,
    Accepted,
    Blocked,
    Busy,
    Duplicate,
    Event,
    Prepared,
    Published,
    Refused,
    Returned,
    Suspected,
    Throttled,
    Unanswered,
    Unreachable,
    Withheld,
)
from somos_social.core.model.delivery import Delivery, Status, Upload
from somos_social.errors import SomosError
from somos_social.flows import App
from somos_social.flows.mending import look
from somos_social.flows.recording import record
from somos_social.flows.renditions import as_it_goes_out
from somos_social.platforms import HandBack, Unfulfilled
from somos_social.store import ChannelBusy, Lost, NotCleared

_PUBLIC = (Status.PUBLISHED, Status.REMOVED)

UPLOAD_LIFE = timedelta(hours=20)
"""Platforms drop unpublished media after about 24 hours; what is older is looked at again."""

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
            prepared = record(app, delivery, event)
        except ChannelBusy:
            if not isinstance(event, Prepared):
                raise
            prepared = record(app, delivery, Busy(event.upload))
        except NotCleared as kept:
            if not isinstance(event, Prepared):
                raise
            prepared = record(app, delivery, Withheld(kept_back(kept.reasons), event.upload))
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
    return late and isinstance(look(app, delivery), Absent)


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


def _record_outcome(app: App, delivery: Delivery, event: Event) -> None:
    """A yes is never thrown away: whoever was quicker, it is told to what they left."""
    try:
        record(app, delivery, event)
    except Lost:
        current = app.store.get(delivery.key)
        if isinstance(event, Published) and current and current.status not in _PUBLIC:
            # Others move it too, so this may lose again.
            _record_outcome(app, current, event)
