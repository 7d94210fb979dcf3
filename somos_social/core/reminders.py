"""What people are to be told of a hand-off by now; each kind of it is told once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from somos_social.core.handoff import OPEN, PUBLIC, STORY_LIFE, UNDER_WAY
from somos_social.core.model.handoff import Handoff
from somos_social.core.model.handoff import HandoffStatus as Status
from somos_social.core.model.post import Format
from somos_social.core.people import Consent

DAY = timedelta(days=1)

BEFORE_DRAFT = (7 * DAY, 2 * DAY, timedelta(0))
BEFORE_LIVE = DAY
AFTER_LIVE = DAY
BEFORE_RIGHTS_END = 14 * DAY
BEFORE_CONSENT_ENDS = 14 * DAY
STORY_PROOF_AFTER = timedelta(hours=12)
"""Half the time in which a story can be seen."""

NEWS = 3 * DAY
"""What somebody did is told for so long; after that, it is known or no matter any more."""

STALE = 30 * DAY
"""What should have been told earlier than that is not told any more."""


class To(StrEnum):
    """Who is told."""

    INFLUENCER = "influencer"
    DESK = "desk"


class About(StrEnum):
    """What is told. The words are stored, so they are part of the format."""

    OFFER = "offer"
    AMENDED = "amended"
    CHANGES = "changes"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"
    DRAFT = "draft"
    REVIEW = "review"
    LIVE = "live"
    PROOF = "proof"
    STORY = "story"
    RIGHTS = "rights"
    TAKE_DOWN = "take-down"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One message that is due; `kind` names it among all that are ever due of its subject."""

    about: About
    to: To
    kind: str


def due(handoff: Handoff, now: datetime) -> list[Telling]:
    """All that is to be told of the hand-off by now, whether it was told already or not."""
    return [*_news(handoff, now), *_reminders(handoff, now)]


def due_of_consent(consent: Consent, now: datetime) -> list[Telling]:
    """The desk is told once of a consent that ends within two weeks."""
    until = consent.until
    if until is None or consent.withdrawn_at is not None:
        return []
    if not until - BEFORE_CONSENT_ENDS <= now < until:
        return []
    return [_telling(About.CONSENT, To.DESK, until)]


def take_down(request: int) -> Telling:
    """The influencer is asked to take down what a person does not allow any more."""
    return Telling(about=About.TAKE_DOWN, to=To.INFLUENCER, kind=f"{About.TAKE_DOWN}@{request}")


def _telling(about: About, to: To, moment: datetime, stage: str = "") -> Telling:
    return Telling(about=about, to=to, kind=f"{about}{stage}>{to}@{moment.isoformat()}")


_OF_STATUS = {
    Status.OFFERED: About.OFFER,
    Status.CHANGES_REQUESTED: About.CHANGES,
    Status.APPROVED: About.APPROVED,
    Status.CANCELLED: About.CANCELLED,
}


def _news(h: Handoff, now: datetime) -> Iterator[Telling]:
    """What the desk did, told to the influencer; of what was never offered they know nothing."""
    if not h.offers:
        return
    if (about := _OF_STATUS.get(h.status)) and h.moved_at and now - h.moved_at < NEWS:
        yield _telling(about, To.INFLUENCER, h.moved_at)
    if h.status in UNDER_WAY and h.agreed != h.asked:
        # By the content, not by a time: an edit that is undone again needs no word.
        kind = f"{About.AMENDED}>{To.INFLUENCER}@{h.asked}"
        yield Telling(about=About.AMENDED, to=To.INFLUENCER, kind=kind)


def _reminders(h: Handoff, now: datetime) -> Iterator[Telling]:
    if h.status in OPEN:
        yield from _before_it_is_public(h, now)
    unproved = h.status is Status.LIVE or h.status in UNDER_WAY
    if unproved and _is_time(h.live_due + AFTER_LIVE, now):
        to = To.DESK if h.status is Status.LIVE else To.INFLUENCER
        yield _telling(About.PROOF, to, h.live_due)
    if h.status is Status.LIVE and h.ask.format is Format.STORY and h.live_at:
        since = h.live_at + STORY_PROOF_AFTER
        if since <= now < h.live_at + STORY_LIFE:
            yield _telling(About.STORY, To.INFLUENCER, h.live_at)
            yield _telling(About.STORY, To.DESK, h.live_at)
    end = h.ask.rights_until
    if h.status in PUBLIC and end and _is_time(end - BEFORE_RIGHTS_END, now):
        yield _telling(About.RIGHTS, To.DESK, end)


def _before_it_is_public(h: Handoff, now: datetime) -> Iterator[Telling]:
    if h.status is Status.OFFERED:
        by = (h.draft_due if h.review else None) or h.live_due
        if stage := _stage(by, now):
            yield _telling(About.UNANSWERED, To.DESK, by, stage)
        return
    awaits_draft = h.review and h.status in {Status.ACCEPTED, Status.CHANGES_REQUESTED}
    if awaits_draft and h.draft_due and (stage := _stage(h.draft_due, now)):
        yield _telling(About.DRAFT, To.INFLUENCER, h.draft_due, stage)
    if h.live_due + AFTER_LIVE > now and _is_time(h.live_due - BEFORE_LIVE, now):
        if h.status is Status.SUBMITTED:
            yield _telling(About.REVIEW, To.DESK, h.live_due)
        else:
            yield _telling(About.LIVE, To.INFLUENCER, h.live_due)


def _stage(by: datetime, now: datetime) -> str:
    """Which of the reminders before a due time is the one for now; the earlier ones are past."""
    past = [before for before in BEFORE_DRAFT if _is_time(by - before, now)]
    return f"-{min(past).days}d" if past else ""


def _is_time(since: datetime, now: datetime) -> bool:
    return since <= now < since + STALE
