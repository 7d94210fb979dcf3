"""The life of a delivery: which moves are legal, and what follows from what happens to one.

The law: we write down that a call may make something public before making it. Hence whatever
follows that call and is not a documented "no" leads to `unconfirmed`, never back to a retry.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from somos_social.core.events import (
    Abandoned,
    Absent,
    Accepted,
    Amended,
    Blocked,
    Busy,
    Cancelled,
    Duplicate,
    Event,
    Kept,
    NotReady,
    Overdue,
    PassedBy,
    Prepared,
    Published,
    Refused,
    Removed,
    Restored,
    Retried,
    Returned,
    Settled,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
    Withheld,
)
from somos_social.core.model.channel import Hold
from somos_social.core.model.delivery import Delivery, Policy, Receipt, Status, Upload
from somos_social.errors import NotAllowed

MOVES: dict[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset(
        {
            Status.SCHEDULED,
            Status.CLAIMED,
            Status.UNCONFIRMED,
            Status.CANCELLED,
            Status.MISSED,
            Status.PUBLISHED,
        }
    ),
    Status.CLAIMED: frozenset(
        {
            Status.SCHEDULED,
            Status.PUBLISHING,
            Status.UNCONFIRMED,
            Status.FAILED,
            Status.MISSED,
            Status.CANCELLED,
            Status.PUBLISHED,
        }
    ),
    Status.PUBLISHING: frozenset(
        {Status.PUBLISHED, Status.SCHEDULED, Status.UNCONFIRMED, Status.FAILED, Status.MISSED}
    ),
    Status.UNCONFIRMED: frozenset(
        {
            Status.UNCONFIRMED,
            Status.PUBLISHED,
            Status.SCHEDULED,
            Status.FAILED,
            Status.MISSED,
            Status.CANCELLED,
        }
    ),
    Status.PUBLISHED: frozenset({Status.PUBLISHED, Status.REMOVED}),
    Status.FAILED: frozenset(
        {
            Status.FAILED,
            Status.SCHEDULED,
            Status.UNCONFIRMED,
            Status.CANCELLED,
            Status.PUBLISHED,
        }
    ),
    Status.MISSED: frozenset(
        {
            Status.MISSED,
            Status.SCHEDULED,
            Status.UNCONFIRMED,
            Status.CANCELLED,
            Status.PUBLISHED,
        }
    ),
    Status.CANCELLED: frozenset(
        {Status.CANCELLED, Status.SCHEDULED, Status.UNCONFIRMED, Status.PUBLISHED}
    ),
    Status.REMOVED: frozenset(),
}

LOOKS_FOR_ABSENT = 2
"""How many looks, each late enough to count, must find nothing before "not there" is believed."""

LONGEST_PAUSE = timedelta(hours=1)
BLOCKED_PAUSE = timedelta(minutes=5)
UNKNOWABLE_PAUSE = timedelta(hours=1)
PROCESSING = timedelta(minutes=30)
"""How long a network may work on a video that it has accepted before a person is asked to look."""

_TOO_LATE = "Its hour passed by more than its grace. It goes out only if someone asks for it again."
_RESTORED = "The database was restored from a backup; it may be public already."
_IN_DOUBT = "It may be public already."
_UNSEEN = "Could not look: "
_NOT_THERE = "We looked: it is not there."

_ONE_CALL = timedelta(minutes=1)
"""Longer than from writing down that we ask to the answer; shorter than to any repeat of it."""

_IN_HAND = {Status.CLAIMED, Status.PUBLISHING}
_NOT_PUBLIC = set(Status).difference({Status.PUBLISHED})
_ENDED = {Status.FAILED, Status.MISSED, Status.CANCELLED}
WITHDRAWABLE = {Status.SCHEDULED, Status.CLAIMED, Status.FAILED, Status.MISSED}
"""What surely is not public and was not given up: it can be cancelled."""
ON_ITS_WAY = {Status.PUBLISHING, Status.UNCONFIRMED}
"""What may be public by now: it can be neither cancelled nor taken down before that is known."""
_AMENDABLE = WITHDRAWABLE | {Status.CANCELLED}

_WAY_OUT = {
    Status.SCHEDULED: "It waits for its time; it can be cancelled.",
    Status.CLAIMED: "It is being prepared; it can still be cancelled.",
    Status.PUBLISHING: "It is going out at this moment; look again in a minute.",
    Status.PUBLISHED: "It is public; `somos queue remove` takes it down.",
    Status.UNCONFIRMED: (
        "It may be public: look on the channel, then say what you saw with `somos queue settle`."
    ),
    Status.FAILED: "It can be retried or cancelled.",
    Status.MISSED: "It can be retried with a new time, or cancelled.",
    Status.CANCELLED: "It was withdrawn; give its post a new time in the campaign file.",
    Status.REMOVED: "It was taken down.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One legal step: the delivery as it was seen, as it is to be, and what made it so.

    `hold` is what its whole channel must wait for from now on.
    """

    before: Delivery
    after: Delivery
    event: str
    hold: Hold | None = None

    def __post_init__(self) -> None:
        if self.after.status not in MOVES[self.before.status]:
            raise _illegal(self.before, self.event)


def decide(delivery: Delivery, event: Event, now: datetime, policy: Policy) -> Move:
    """What follows from `event`. Raises NotAllowed where the event makes no sense in this state."""
    return Move(
        before=delivery,
        after=_follow(delivery, event, now, policy),
        event=type(event).__name__.lower(),
        hold=_hold(delivery, event, now, policy),
    )


def _hold(d: Delivery, event: Event, now: datetime, policy: Policy) -> Hold | None:
    match event:
        case Blocked(reason, whole_channel=True):
            until, stopped = now + min(policy.backoff, BLOCKED_PAUSE), True
        case Throttled(until, reason, whole_channel=True) if d.status in _IN_HAND:
            stopped = False
        case Unanswered(reason, rest_until=datetime() as until):
            stopped = False
        case _:
            return None
    return Hold(channel=d.channel, reason=reason, since=now, until=until, stopped=stopped)


def _follow(d: Delivery, event: Event, now: datetime, policy: Policy) -> Delivery:
    match event:
        case Prepared() | NotReady() | Busy() | Withheld() | Returned() | Suspected():
            return _while_preparing(d, event, now, policy)
        case Published() | Accepted():
            return _after_a_yes(d, event, now, policy)
        case Refused() | Throttled() | Unreachable() | Unanswered() | Duplicate() | Blocked():
            if d.status is Status.UNCONFIRMED:
                return _looked_in_vain(d, event, now, policy)
            return _attempted(_only(d, event, _IN_HAND), event, now, policy)
        case Absent() | Unread() | Unknowable():
            return _looked_in_vain(_only(d, event, {Status.UNCONFIRMED}), event, now, policy)
        case Removed():
            return _removed(_only(d, event, {Status.PUBLISHED}), reason=None)
        case Kept(reason):
            return replace(_only(d, event, {Status.PUBLISHED}), blocked=True, reason=reason)
        case Abandoned() | Overdue() | PassedBy() | Restored():
            return _found_so(d, event, now, policy)
        case Amended() | Cancelled() | Retried() | Settled():
            return _by_a_person(d, event, now, policy)
        case _:  # pragma: no cover
            assert_never(event)


def _after_a_yes(
    d: Delivery, event: Published | Accepted, now: datetime, policy: Policy
) -> Delivery:
    match event:
        case Published(receipt):
            # A yes counts whenever it is heard: others may have settled the delivery meanwhile.
            return _published(_only(d, event, _NOT_PUBLIC), receipt)
        case Accepted(receipt, reason):
            doubtful = _unconfirmed(_only(d, event, {Status.PUBLISHING}), reason, now, policy)
            return replace(doubtful, receipt=receipt)


def _while_preparing(
    d: Delivery,
    event: Prepared | NotReady | Busy | Withheld | Returned | Suspected,
    now: datetime,
    policy: Policy,
) -> Delivery:
    match event:
        case Returned(upload):
            claimed = _only(d, event, {Status.CLAIMED})
            return _wait(replace(claimed, upload=upload or d.upload), now, reason=None)
        case Busy(upload):
            # The intent was refused by the database, so nothing left: still surely not public.
            waiting = replace(_only(d, event, {Status.CLAIMED}), upload=upload, prepared=True)
            return _wait(waiting, now, reason=None)
        case Withheld(reason, upload):
            # Not prepared: nothing behind it in its channel is to wait for people.
            waiting = replace(_only(d, event, {Status.CLAIMED}), upload=upload, prepared=False)
            return _wait(waiting, now, reason)
        case Prepared(upload=upload) if now < _only(d, event, {Status.CLAIMED}).due_at:
            return _wait(replace(d, upload=upload, prepared=True), d.due_at, reason=None)
        case Prepared() if now >= d.expires_at:
            return _missed(d, _TOO_LATE)
        case Prepared(upload, tick):
            return replace(
                d,
                status=Status.PUBLISHING,
                upload=upload,
                prepared=True,
                # The first asking, not the latest: a look must also see what an earlier try left.
                asked_at=d.asked_at or now,
                asked_tick=tick,
                suspect=False,
                lease_until=now + policy.lease,
                reason=None,
                blocked=False,
            )
        case NotReady(until, upload):
            waiting = replace(_only(d, event, {Status.CLAIMED}), upload=upload, prepared=False)
            return _wait(waiting, until, reason="The network is still processing what it was sent.")
        case Suspected(reason):
            return _unconfirmed(_only(d, event, {Status.CLAIMED}), reason, now, policy)


def _attempted(
    d: Delivery,
    event: Refused | Throttled | Unreachable | Unanswered | Duplicate | Blocked,
    now: datetime,
    policy: Policy,
) -> Delivery:
    """An attempt that did not end in a yes."""
    match event:
        case Duplicate() if d.status is Status.CLAIMED:
            # Nothing was asked for yet that could be there twice.
            raise _illegal(d, type(event).__name__.lower())
        case Duplicate(reason):
            # No call is repeated sooner than it is looked for, however short that is set.
            repeated = min(_ONE_CALL, policy.look_after)
            before = d.asked_at is not None and now - d.asked_at >= repeated
            # Whatever a look finds, what is refused so is never sent again.
            resting = Status.UNCONFIRMED if before else Status.FAILED
            return replace(_unconfirmed(d, reason, now, policy), resting=resting)
        case Refused(reason):
            return replace(_released(d), status=Status.FAILED, reason=reason)
        case Blocked(reason) if now >= d.expires_at:
            return _missed(d, reason)
        case Blocked(reason, whole_channel):
            # What its channel waits for, it need not wait for once more by itself.
            # A visible call that is refused for a person is not repeated every few minutes.
            pause = LONGEST_PAUSE if d.status is Status.PUBLISHING else BLOCKED_PAUSE
            until = now if whole_channel else now + pause
            return replace(_wait(d, until, reason), blocked=not whole_channel)
        case Throttled(until, reason, upload):
            return _wait(_keeping(d, upload), until, reason)
        case Unanswered(reason, upload) if d.status is Status.PUBLISHING:
            return _unconfirmed(_keeping(d, upload), reason, now, policy)
        case Unanswered(reason, upload) | Unreachable(reason, upload):
            kept = _keeping(d, upload)
            if _moved_on(d, kept):
                # Large media over a poor line: what gets further each time is not to be given up.
                return _wait(kept, now + policy.backoff, reason)
            return _again(kept, reason, now, policy)


def _looked_in_vain(
    d: Delivery,
    event: Absent
    | Unread
    | Unknowable
    | Refused
    | Throttled
    | Unreachable
    | Unanswered
    | Duplicate
    | Blocked,
    now: datetime,
    policy: Policy,
) -> Delivery:
    """A look that did not find it. Only `Absent`, late enough and often enough, is a "no"."""
    next_look = now + policy.look_after / 3
    match event:
        case Absent(since_asked) if _is_too_early(d, since_asked, now, policy):
            return replace(d, run_at=next_look)
        case Absent() if d.looks + 1 < LOOKS_FOR_ABSENT:
            return replace(d, run_at=next_look, looks=d.looks + 1)
        case Absent():
            return _absent(d, now, policy)
        case Throttled(until):
            return replace(d, run_at=max(until, next_look))
        case Blocked(reason, whole_channel=True):
            return replace(d, run_at=next_look, reason=_unseen(d, reason), blocked=True)
        case Unknowable(reason) | Blocked(reason):
            later = now + UNKNOWABLE_PAUSE
            return replace(d, run_at=later, reason=_unseen(d, reason), blocked=True)
        case (
            Unread(reason)
            | Refused(reason)
            | Unreachable(reason)
            | Unanswered(reason)
            | Duplicate(reason)
        ):
            return replace(d, run_at=next_look, reason=_unseen(d, reason))


def _unseen(d: Delivery, trouble: str) -> str:
    """Why it is in doubt, and what kept the last look from telling."""
    return f"{_doubt(d)} {_UNSEEN}{trouble}".strip()


def _doubt(d: Delivery) -> str:
    """Why it is in doubt, without what looks had to say of it."""
    return (d.reason or "").partition(_UNSEEN)[0].strip().removesuffix(_NOT_THERE).strip()


def _is_too_early(
    d: Delivery, since_asked: timedelta | None, now: datetime, policy: Policy
) -> bool:
    """The call may still be alive at the network. The time of day jumps: both must have passed."""
    seen_by = _seen_by(d)
    by_the_day = seen_by is None or now < seen_by
    return by_the_day or (since_asked is not None and since_asked < policy.look_after)


def _absent(d: Delivery, now: datetime, policy: Policy) -> Delivery:
    """It is not there: it is tried again, unless it was not to be."""
    why = f"{_doubt(d)} {_NOT_THERE}".strip()
    sure = replace(d, prepared=False, receipt=None, suspect=False, outdated=False, resting=None)
    match d.resting:
        case None:
            return _again(sure, why, now, policy)
        case Status.UNCONFIRMED:
            return replace(d, run_at=now + UNKNOWABLE_PAUSE, reason=why, blocked=True)
        case Status.FAILED as resting if not d.suspect:
            return replace(_released(sure), status=resting, reason=why)
        case resting:
            before = _doubt(d).removeprefix(_RESTORED).removeprefix(_IN_DOUBT).strip()
            return replace(_released(sure), status=resting, reason=before or why)


def _found_so(
    d: Delivery, event: Abandoned | Overdue | PassedBy | Restored, now: datetime, policy: Policy
) -> Delivery:
    """What the clock brought about while nobody acted."""
    match event:
        case Abandoned() if d.status is Status.PUBLISHING:
            return _unconfirmed(d, "The worker ended during the call.", now, policy)
        case Abandoned():
            _only(d, event, {Status.CLAIMED})
            return _again(d, "The worker ended while preparing.", now, policy)
        case Overdue() | PassedBy() if _only(d, event, {Status.SCHEDULED, Status.CLAIMED}).suspect:
            return _unconfirmed(d, d.reason or _IN_DOUBT, now, policy)
        case PassedBy(reason):
            return _missed(d, reason)
        case Overdue(held):
            return _missed(d, f"{_TOO_LATE} {held}" if held else _TOO_LATE)
        case Restored():
            return _restored(d, event, now, policy)


def _restored(d: Delivery, event: Restored, now: datetime, policy: Policy) -> Delivery:
    """What was due may have gone out; of the rest, a person may have brought some forward.

    A person may also have asked again for what had ended: it is looked for, and not sent.
    """
    asked_at = min(d.asked_at or event.taken_at, event.taken_at)
    suspect = replace(
        d, asked_at=asked_at, asked_tick=None, absent_after=None, prepared=False, suspect=True
    )
    follows = d.after is not None and d.parent_id is None
    if d.status in _ENDED and follows:
        # It can be looked for only once its post is known.
        return suspect
    if d.status in _ENDED:
        why = f"{_RESTORED} {d.reason or ''}".strip()
        doubtful = _unconfirmed(suspect, why, now, policy)
        return replace(doubtful, resting=d.status, run_at=now)
    suspect = replace(suspect, outdated=True)
    if d.status in WITHDRAWABLE and (follows or d.due_at > now):
        return replace(_released(suspect), status=Status.SCHEDULED, reason=None)
    return replace(_unconfirmed(suspect, _RESTORED, now, policy), run_at=now)


def _by_a_person(
    d: Delivery, event: Amended | Cancelled | Retried | Settled, now: datetime, policy: Policy
) -> Delivery:
    match event:
        case Amended() | Cancelled() if d.suspect:
            return _withdrawn_in_doubt(_only(d, event, WITHDRAWABLE), event, now, policy)
        case Amended(variant, due_at, grace):
            amended = replace(
                _only(d, event, _AMENDABLE),
                variant=variant,
                digest="",
                upload=None,
                asked_at=None,
                due_at=due_at,
                grace=grace,
                expires_at=due_at + grace,
            )
            return _anew(amended, due_at - policy.ahead)
        case Cancelled(reason):
            return replace(
                _released(_only(d, event, WITHDRAWABLE)), status=Status.CANCELLED, reason=reason
            )
        case Retried():
            if d.status is not Status.SCHEDULED or not d.blocked:
                _only(d, event, {Status.FAILED, Status.MISSED})
            if d.asked_at is not None and d.status is Status.FAILED:
                # A refusal has been wrong: before the next try, a look, late enough to count.
                d = replace(d, suspect=True, absent_after=d.asked_at + policy.look_after)
            return _anew(replace(d, expires_at=max(now, d.due_at) + d.grace), now)
        case Settled(receipt):
            return _settled(d, event, receipt, now)


def _withdrawn_in_doubt(
    d: Delivery, event: Amended | Cancelled, now: datetime, policy: Policy
) -> Delivery:
    """It is looked for as it was asked for, and not sent if it is not there."""
    if isinstance(event, Amended) or (d.after and d.parent_id is None):
        raise NotAllowed(
            f"{d.key} may be public already: it is looked for before it goes out. To change it, "
            "cancel it first."
        )
    doubtful = _unconfirmed(d, f"{_IN_DOUBT} {event.reason}", now, policy)
    return replace(doubtful, run_at=now, resting=Status.CANCELLED)


def _settled(d: Delivery, event: Settled, receipt: Receipt | None, now: datetime) -> Delivery:
    if receipt is not None:
        settled = {Status.UNCONFIRMED, Status.FAILED, Status.MISSED}
        return _published(_only(d, event, settled), receipt)
    if d.status is Status.PUBLISHED and d.blocked:
        return _removed(d, "A person looked: it is not public any more.")
    absent = _released(_only(d, event, {Status.UNCONFIRMED}))
    late = _seen_by(d)
    if late is not None and now < late:
        # The call may still be alive at the network: a retry beside it would double the post.
        raise NotAllowed(
            f"{d.key} may still appear. Look again after {late:%H:%M:%S} UTC, "
            "then say that it is not there."
        )
    why = "A person looked: it is not public."
    # Their word is as good as any look: what is asked for again was never asked for before.
    sure = replace(absent, receipt=None, suspect=False, outdated=False, resting=None, asked_at=None)
    return replace(sure, status=Status.FAILED, reason=why)


def _seen_by(d: Delivery) -> datetime | None:
    """When at the latest it is shown if it ever is: what was accepted is worked on first."""
    if d.absent_after is None or d.receipt is None:
        return d.absent_after
    return d.absent_after + PROCESSING


def _anew(d: Delivery, run_at: datetime) -> Delivery:
    """As if just scheduled; what lies at the platform already is kept and looked at again."""
    return replace(
        _released(d),
        status=Status.SCHEDULED,
        run_at=None if d.after and d.parent_id is None else run_at,
        attempts=0,
        prepared=False,
        reason=None,
    )


def _again(d: Delivery, reason: str, now: datetime, policy: Policy) -> Delivery:
    """Try again after a pause that doubles, or stop when the attempts are used up."""
    if d.attempts >= policy.attempts:
        return replace(_released(d), status=Status.FAILED, reason=reason)
    pause = min(policy.backoff * 2 ** max(d.attempts - 1, 0), LONGEST_PAUSE)
    return replace(_released(d), status=Status.SCHEDULED, run_at=now + pause, reason=reason)


def _wait(d: Delivery, until: datetime, reason: str | None) -> Delivery:
    """Nothing went wrong on our side: the attempt is given back."""
    return replace(
        _released(d),
        status=Status.SCHEDULED,
        run_at=until,
        attempts=max(d.attempts - 1, 0),
        reason=reason,
    )


def _unconfirmed(d: Delivery, reason: str, now: datetime, policy: Policy) -> Delivery:
    return replace(
        _released(d),
        status=Status.UNCONFIRMED,
        run_at=now + policy.look_after / 12,
        absent_after=now + policy.look_after,
        reason=reason,
    )


def follow(d: Delivery, parent: Receipt, now: datetime) -> Delivery:
    """A comment or the next link of a thread, once what it follows is public: due at once."""
    return replace(
        d, parent_id=parent.remote_id, run_at=now, expires_at=max(now, d.due_at) + d.grace
    )


def _published(d: Delivery, receipt: Receipt) -> Delivery:
    sure = replace(_released(d), suspect=False, outdated=False, resting=None)
    return replace(sure, status=Status.PUBLISHED, receipt=receipt, run_at=None, reason=None)


def is_looked_for(d: Delivery, now: datetime) -> bool:
    """Whether nobody else needs to look yet: what was accepted is given time to be shown, and what
    had ended before a restore is not to go out anyway."""
    return (
        d.status is Status.UNCONFIRMED
        and (d.receipt is not None or d.resting in _ENDED)
        and not d.blocked
        and d.absent_after is not None
        and now < d.absent_after + PROCESSING
    )


def is_late_by_itself(reason: str | None) -> bool:
    """Whether this is why a delivery was missed that nothing and nobody kept back."""
    return reason == _TOO_LATE


def _removed(d: Delivery, reason: str | None) -> Delivery:
    return replace(_released(d), status=Status.REMOVED, reason=reason)


def _missed(d: Delivery, reason: str) -> Delivery:
    return replace(_released(d), status=Status.MISSED, reason=reason)


def _released(d: Delivery) -> Delivery:
    return replace(d, lease=None, lease_until=None, blocked=False, looks=0)


def _keeping(d: Delivery, upload: Upload | None) -> Delivery:
    """A failure that brings an upload says: look at what lies there before going on."""
    return d if upload is None else replace(d, upload=upload, prepared=False)


def _moved_on(before: Delivery, after: Delivery) -> bool:
    """Whether more lies at the platform now; files are bounded, so this cannot go on for ever."""
    had = before.upload.reach if before.upload else (0, 0)
    return after.upload is not None and after.upload.reach > had


def _only(d: Delivery, event: Event, states: Set[Status]) -> Delivery:
    if d.status not in states:
        raise _illegal(d, type(event).__name__.lower())
    return d


def _illegal(d: Delivery, event: str) -> NotAllowed:
    return NotAllowed(f"{d.key} is {d.status}: {event} is not possible now. {_WAY_OUT[d.status]}")
