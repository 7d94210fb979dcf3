"""The life of a hand-off: which moves are legal, what may happen to one, and what is late.

Two sentences hold in it: nothing is approved but the very draft that was submitted last, and
nothing is confirmed without a look that found what must be there, or a screenshot's fingerprint.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from somos_social.core.model.handoff import Compensation, Draft, Handoff, Proof
from somos_social.core.model.handoff import HandoffStatus as Status
from somos_social.core.model.post import Format
from somos_social.errors import NotAllowed

MOVES: dict[Status, frozenset[Status]] = {
    Status.OFFERED: frozenset(
        {Status.OFFERED, Status.ACCEPTED, Status.DECLINED, Status.CANCELLED},
    ),
    Status.ACCEPTED: frozenset(
        {Status.ACCEPTED, Status.SUBMITTED, Status.LIVE, Status.CANCELLED},
    ),
    Status.DECLINED: frozenset({Status.DECLINED, Status.OFFERED}),
    Status.SUBMITTED: frozenset(
        {Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.APPROVED, Status.CANCELLED},
    ),
    Status.CHANGES_REQUESTED: frozenset(
        {Status.CHANGES_REQUESTED, Status.SUBMITTED, Status.CANCELLED},
    ),
    Status.APPROVED: frozenset(
        {
            Status.APPROVED,
            Status.SUBMITTED,
            Status.CHANGES_REQUESTED,
            Status.LIVE,
            Status.CANCELLED,
        },
    ),
    Status.LIVE: frozenset({Status.LIVE, Status.CONFIRMED}),
    Status.CONFIRMED: frozenset({Status.CONFIRMED}),
    # The kit was in their hands: they may have posted it all the same.
    Status.CANCELLED: frozenset({Status.CANCELLED, Status.LIVE}),
}

OPEN = frozenset(status for status in Status if Status.CANCELLED in MOVES[status]) - {
    Status.CANCELLED
}
"""From these it can still be cancelled: nothing of it is public."""

PUBLIC = frozenset({Status.LIVE, Status.CONFIRMED})

UNDER_WAY = OPEN - {Status.OFFERED}
"""The influencer has said yes."""

_UNSEEN = frozenset({Status.OFFERED, Status.DECLINED})
"""Nothing is in the influencer's hands yet, but for a kit."""

STORY_LIFE = timedelta(hours=24)
"""How long a story can be seen, and so be proved."""

HASHTAG, DISCLOSURE = "hashtag", "disclosure"
"""What a look looks for."""

_WAY_OUT = {
    Status.OFFERED: "It waits for an answer: `somos handoff accept`, `decline` or `cancel`.",
    Status.ACCEPTED: "It waits for a draft: `somos handoff submit`.",
    Status.DECLINED: "It was declined; `somos handoff offer` asks anew.",
    Status.SUBMITTED: "Its draft waits for you: `somos handoff approve` or `request-changes`.",
    Status.CHANGES_REQUESTED: "It waits for a new draft: `somos handoff submit`.",
    Status.APPROVED: "It is to be posted now; then `somos handoff live`.",
    Status.LIVE: "It is public: `somos handoff confirm` looks at it.",
    Status.CONFIRMED: "It is public and confirmed; nothing is left to do.",
    Status.CANCELLED: "It was withdrawn; for another try, give the campaign file another key. If "
    "it was posted all the same: `somos handoff live`.",
}


# What people do. Names are stored in the log, so they are part of the format.


@dataclass(frozen=True, slots=True)
class Offered:
    """The influencer is asked, once more or anew."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The influencer said yes to what is asked now."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The influencer said no."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """There is a draft, in place of any before it; what was approved is so no more."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ChangesRequested:
    """The draft is not to be posted like this."""

    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The draft of this digest may be posted."""

    digest: str


@dataclass(frozen=True, slots=True)
class WentLive:
    """The influencer has posted it; or the address was corrected."""

    url: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It is there, and has what it must have."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It is not wanted any more, or may not be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Amended:
    """The campaign file now asks for something else, or by another time."""

    wanted: Handoff


Event = (
    Offered
    | Accepted
    | Declined
    | Submitted
    | ChangesRequested
    | Approved
    | WentLive
    | Confirmed
    | Cancelled
    | Amended
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One legal step: the hand-off as it was seen, as it is to be, and what made it so."""

    before: Handoff
    after: Handoff
    event: str

    def __post_init__(self) -> None:
        if self.after.status not in MOVES[self.before.status]:
            raise _illegal(self.before, self.event)


def decide(handoff: Handoff, event: Event, now: datetime) -> Move:
    """What follows from `event`. Raises NotAllowed where the event makes no sense in this state."""
    after = _follow(handoff, event, now)
    if handoff.status not in _UNSEEN:
        after = remembering(after, handoff.people)
    if after.status is not handoff.status or isinstance(event, Offered | Submitted):
        after = replace(after, moved_at=now)
    return Move(before=handoff, after=after, event=type(event).__name__.lower())


def remembering(handoff: Handoff, people: Set[str]) -> Handoff:
    """These people were shown, whatever the campaign file or another draft says from now on."""
    forgotten = people - handoff.people
    return replace(handoff, shown=tuple(sorted({*handoff.shown, *forgotten})))


def _follow(h: Handoff, event: Event, now: datetime) -> Handoff:
    match event:
        case Offered():
            asked = _only(h, event, {Status.OFFERED, Status.DECLINED})
            return replace(asked, status=Status.OFFERED, offers=h.offers + 1, reason=None)
        case Accepted():
            asked = _only(h, event, {Status.OFFERED})
            return replace(asked, status=Status.ACCEPTED, agreed=h.asked, reason=None)
        case Declined(reason):
            asked = _only(h, event, {Status.OFFERED})
            return replace(asked, status=Status.DECLINED, reason=reason)
        case Submitted() | ChangesRequested() | Approved():
            return _in_review(h, event)
        case WentLive(url):
            return _live(h, event, url, now)
        case Confirmed(proof):
            return _confirmed(_only(h, event, {Status.LIVE}), proof)
        case Cancelled(reason):
            return replace(_only(h, event, OPEN), status=Status.CANCELLED, reason=reason)
        case Amended(wanted):
            return _amended(h, wanted)
        case _:  # pragma: no cover
            assert_never(event)


def _in_review(h: Handoff, event: Submitted | ChangesRequested | Approved) -> Handoff:
    match event:
        case Submitted(draft):
            asked = _only(h, event, UNDER_WAY)
            return replace(asked, status=Status.SUBMITTED, draft=draft, approved=None, reason=None)
        case ChangesRequested(reason):
            seen = _only(h, event, {Status.SUBMITTED, Status.APPROVED})
            return replace(seen, status=Status.CHANGES_REQUESTED, approved=None, reason=reason)
        case Approved(digest):
            seen = _only(h, event, {Status.SUBMITTED})
            if seen.draft is None or seen.draft.digest != digest:
                raise NotAllowed(
                    f"The draft of {h.name} is another one by now. Look at it with "
                    f"`somos handoff show {h.name}`, then approve that."
                )
            return replace(seen, status=Status.APPROVED, approved=digest, reason=None)


def _live(h: Handoff, event: WentLive, url: str, now: datetime) -> Handoff:
    """Posted at the address, also against a word; a public one has its address corrected."""
    agreed = {Status.APPROVED} if h.review else {Status.ACCEPTED, Status.APPROVED}
    _only(h, event, agreed | {Status.LIVE, Status.CANCELLED})
    since = h.live_at if h.status is Status.LIVE and h.live_at else now
    return replace(h, status=Status.LIVE, url=url, live_at=since, reason=None)


def _confirmed(h: Handoff, proof: Proof) -> Handoff:
    if proof.url != h.url:
        raise NotAllowed(f"{h.name} is at another address by now: look at that.")
    if proof.screenshot is None and (lacking := missing(h, proof.seen)):
        raise NotAllowed(f"{h.name} lacks its {' and its '.join(lacking)}: it is not confirmed.")
    return replace(h, status=Status.CONFIRMED, proof=proof, reason=None)


def _amended(h: Handoff, wanted: Handoff) -> Handoff:
    """What the campaign file says; its life goes on, but for a yes to what is no longer asked."""
    amended = replace(
        h,
        influencer=wanted.influencer,
        contact=wanted.contact,
        draft_due=wanted.draft_due,
        live_due=wanted.live_due,
        brief=wanted.brief,
        review=wanted.review,
        ask=wanted.ask,
    )
    if h.status is Status.APPROVED and _content(amended) != _content(h):
        return replace(amended, status=Status.SUBMITTED, approved=None)
    return amended


def _content(h: Handoff) -> tuple[object, ...]:
    return h.influencer, h.brief, h.ask


def is_wanted_so(known: Handoff, wanted: Handoff) -> bool:
    """Whether the campaign file asks for nothing else than what is recorded."""
    return known.asked == wanted.asked and known.contact == wanted.contact


def required(h: Handoff) -> tuple[str, ...]:
    """What a post of it must show."""
    found = []
    if h.ask.hashtag:
        found.append(HASHTAG)
    if h.ask.compensation is not Compensation.NONE:
        found.append(DISCLOSURE)
    return tuple(found)


def missing(h: Handoff, seen: tuple[str, ...]) -> list[str]:
    """What it must show and a look did not find."""
    return [what for what in required(h) if what not in seen]


def is_late(h: Handoff, now: datetime) -> bool:
    """Whether something of it should be there by now; never stored.

    A draft, by `draft_due`; the post, by `live_due`; a story's proof, before it is gone.
    """
    if h.status in OPEN:
        drafted = h.status in {Status.SUBMITTED, Status.APPROVED}
        draft_due = h.draft_due if h.review and not drafted else None
        return h.live_due < now or (draft_due is not None and draft_due < now)
    if h.status is Status.LIVE and h.ask.format is Format.STORY and h.live_at:
        return h.live_at + STORY_LIFE < now
    return False


def only_live(h: Handoff) -> Handoff:
    """The hand-off, where there is something to look at. Raises NotAllowed."""
    if h.status is not Status.LIVE:
        raise _illegal(h, "confirmed")
    return h


def _only(h: Handoff, event: Event, states: Set[Status]) -> Handoff:
    if h.status not in states:
        raise _illegal(h, type(event).__name__.lower())
    return h


def _illegal(h: Handoff, event: str) -> NotAllowed:
    state = h.status.replace("_", " ")
    return NotAllowed(f"{h.name} is {state}: {event} is not possible now. {_WAY_OUT[h.status]}")
