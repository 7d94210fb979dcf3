"""What needs a person, each with the reason why, and what soon will."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from somos_social.core.clearance import missing, obstacles, unapproved
from somos_social.core.delivery import is_looked_for
from somos_social.core.foresight import DAY, Foreseen, foresee
from somos_social.core.handoff import is_late
from somos_social.core.model.delivery import Delivery, Status, Waiting
from somos_social.core.model.handoff import Handoff
from somos_social.core.people import ChangeRequest
from somos_social.flows import App

LATE = timedelta(minutes=10)
"""Longer than a tick of cron usually is: whoever publishes has not come by."""

_OPEN = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)

DEAD = (
    "Its worker ended and nothing has looked after it since. Is `somos run` running? Start it, or "
    "run `somos run --once`."
)
UNATTENDED = (
    "Its time has come and nothing has taken it. Is `somos run` running? Start it, or run "
    "`somos run --once`."
)
SLOW = (
    "It is late, and a worker has it in hand: it makes ready a large file, or waits for its "
    "network. If it stays so, end `somos run` and start it anew."
)
WAITING = "It is late: its time has come and it did not go out."


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWanted:
    """A post of which some delivery lacks the yes of these organisations, and its first time."""

    campaign: str
    post: str
    due_at: datetime
    organisations: tuple[str, ...]


def needs_a_person(app: App) -> list[Delivery]:
    """What stands still by itself, what a stopped channel keeps back, and what is late.

    In the order of the promised times. What people keep back is told by `waits_for_people`, and by
    the pauses; what a network's request for patience keeps back, by the hold of its channel.
    """
    now = app.now()
    holds, due, late = app.store.holds(now), app.store.due(now), app.store.late(now - LATE)
    said = app.store.said_of([*due, *late])
    stuck = {
        delivery.key: delivery
        for delivery in app.store.needs_a_person()
        if not is_looked_for(delivery, now)
    }
    for delivery in due:
        hold = holds.get(delivery.channel)
        if hold and hold.stopped:
            stuck[delivery.key] = replace(delivery, blocked=True, reason=hold.reason)
        elif hold is None and now >= _in_hand_by(delivery) and not obstacles(delivery, said, now):
            stuck.setdefault(delivery.key, replace(delivery, reason=UNATTENDED))
    for delivery in late:
        if delivery.status is Status.CLAIMED:
            stuck[delivery.key] = replace(delivery, reason=SLOW)
        elif delivery.channel not in holds and not obstacles(delivery, said, now):
            why = delivery.reason or WAITING
            stuck.setdefault(delivery.key, replace(delivery, reason=why))
    for delivery in app.store.abandoned(now - LATE):
        stuck[delivery.key] = replace(delivery, reason=DEAD)
    return sorted(stuck.values(), key=lambda delivery: (delivery.due_at, delivery.key))


def lacking(app: App, found: Sequence[Delivery]) -> dict[str, list[str]]:
    """By key, whose yes each of those that are scheduled still lacks, however far off it is."""
    waiting = [delivery for delivery in found if delivery.status is Status.SCHEDULED]
    said, now = app.store.said_of(waiting), app.now()
    each = ((delivery.key, missing(delivery, said, now)) for delivery in waiting)
    return {key: whose for key, whose in each if whose}


def waits_for_people(app: App) -> list[tuple[Delivery, list[str]]]:
    """What is to be prepared within a day and lacks someone's yes, with whose; the earliest first.

    Those that a pause keeps back anyway are among them.
    """
    now = app.now()
    soon = app.store.due(now + DAY)
    whose = lacking(app, soon)
    return [(delivery, whose[delivery.key]) for delivery in soon if delivery.key in whose]


def approvals_wanted(app: App) -> list[ApprovalWanted]:
    """Posts due before long that lack the yes of organisations, with whose; the earliest first."""
    soon = app.store.promised(app.now() + app.wanted.approval_before)
    said = app.store.said_of(soon)
    posts: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    lacking: dict[tuple[str, str], set[str]] = defaultdict(set)
    for delivery in soon:
        if whose := unapproved(delivery, said):
            posts[delivery.campaign, delivery.post].append(delivery)
            lacking[delivery.campaign, delivery.post].update(whose)
    found = [
        ApprovalWanted(
            campaign=campaign,
            post=post,
            due_at=min(each.due_at for each in deliveries),
            organisations=tuple(sorted(lacking[campaign, post])),
        )
        for (campaign, post), deliveries in posts.items()
    ]
    return sorted(found, key=lambda each: (each.due_at, each.campaign, each.post))


def late_handoffs(app: App) -> list[Handoff]:
    """Of which something should be there by now, in the order in which they are to be live."""
    now = app.now()
    return [handoff for handoff in app.store.handoffs() if is_late(handoff, now)]


def changes_wanted(app: App) -> list[tuple[Delivery, ChangeRequest]]:
    """What an organisation wants otherwise and nobody has changed yet; the earliest first."""
    found = [(app.store.get(each.delivery), each) for each in app.store.approvals.change_requests()]
    unanswered = [
        (delivery, wish)
        for delivery, wish in found
        if delivery
        and delivery.status in _OPEN
        and delivery.variant.digest == wish.variant.digest
        and delivery.due_at == wish.due_at
    ]
    return sorted(unanswered, key=lambda each: (each[0].due_at, each[0].key))


def foreseen(app: App, channels: Iterable[str] | None = None) -> list[Foreseen]:
    """What will keep posts from going out, by what the networks said last and what waits now.

    Of these channels, or of all in the config. No network is asked.
    """
    now = app.now()
    introductions = app.store.introductions()
    queues: dict[str, list[Waiting]] = defaultdict(list)
    for each in app.store.waiting():
        queues[each.channel].append(each)
    published: dict[str, list[datetime]] = defaultdict(list)
    for channel, moment in app.store.published_since(now - DAY):
        published[channel].append(moment)
    return [
        warning
        for name in (sorted(app.channels) if channels is None else channels)
        for warning in foresee(
            name, introductions.get(name), queues[name], now=now, published=published[name]
        )
    ]


def _in_hand_by(delivery: Delivery) -> datetime:
    return max(delivery.run_at or delivery.due_at, delivery.due_at) + LATE
