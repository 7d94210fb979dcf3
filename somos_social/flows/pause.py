"""Stops what is to go out at once, and lets it go on without a flood of what fell due meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from somos_social import media
from somos_social.core.campaign import moved
from somos_social.core.delivery import Move, decide
from somos_social.core.events import Event, PassedBy
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.store import Lost

ATTEMPTS = 5
"""How often it is tried anew when deliveries move at the very same moment."""


def pause(app: App, asked: Pause) -> tuple[Pause, list[Delivery]]:
    """From now on nothing of it is claimed; the deliveries were going out at this very moment."""
    begun = app.store.pauses.begin(replace(asked, since=app.now(), by=app.actor))
    return begun, app.store.pauses.going_out(begun)


def campaigns(app: App) -> set[str]:
    """Those of which anything was ever scheduled."""
    return {*app.store.pages.campaigns(), *(it.campaign for it in app.store.listed())}


def people(app: App) -> set[str]:
    """All who are known: by what was scheduled, by a consent, or beside a file."""
    shown = (it.variant.people for it in app.store.listed())
    known = set().union(*shown, app.store.consents.known())
    return known | media.people_named(app.media_root)


def kept_back(app: App, pause: Pause) -> int:
    """How many deliveries wait that it covers."""
    waiting = app.store.listed(statuses=[Status.SCHEDULED, Status.CLAIMED])
    return sum(pause.covers(delivery) for delivery in waiting)


def matching(app: App, asked: Pause) -> list[Pause]:
    """The pauses of exactly this; of everything, where nothing is named. Raises NotAllowed.

    A blackout is none of them: its campaign file ends it.
    """
    now = app.now()
    known = [it for it in app.store.pauses.in_force() if it.since <= now and it.until is None]
    scope = (asked.campaign, asked.channel, asked.person)
    found = [it for it in known if (it.campaign, it.channel, it.person) == scope]
    if found:
        return found
    silent = " ".join(map(going_on_of, going_on(app, [asked])))
    if not known:
        raise NotAllowed(silent or "Nothing is paused.")
    names = "; ".join(f"{it.of} ({it.reason})" for it in known)
    raise NotAllowed(f"There is no pause of {asked.of}. Paused are: {names}. {silent}".rstrip())


def going_on(app: App, ended: Sequence[Pause]) -> list[Pause]:
    """The blackouts that keep something of these back now, whether they end or not."""
    now = app.now()
    return [
        it
        for it in app.store.pauses.in_force()
        if it.until is not None
        and it.since <= now < it.until
        and any(it.meets(pause) for pause in ended)
    ]


def going_on_of(blackout: Pause) -> str:
    """Until when a blackout goes on, and how it ends before."""
    slug = blackout.campaign
    return (
        f"The blackout of {blackout.of} ({blackout.reason}) goes on until "
        f"{blackout.until:%Y-%m-%d %H:%M} UTC. To end it sooner, edit its [[blackout]] in "
        f"campaigns/{slug}.toml, then run `somos schedule {slug}`."
    )


def fell_due(app: App, ended: Sequence[Pause], by: datetime) -> list[Delivery]:
    """What waits although its time has come by then, and that no other pause keeps back."""
    numbers = {pause.number for pause in ended}
    others = [
        it for it in app.store.pauses.in_force() if it.number not in numbers and it.since <= by
    ]
    return [
        delivery
        for delivery in app.store.listed(statuses=[Status.SCHEDULED])
        if delivery.due_at <= by
        and not (delivery.after and delivery.parent_id is None)
        and any(pause.covers(delivery) for pause in ended)
        and not any(pause.covers(delivery) for pause in others)
    ]


def resume(
    app: App, ended: Sequence[Pause], times: Mapping[str, datetime] | None = None
) -> list[Delivery]:
    """Ends these pauses. What fell due meanwhile is missed, or gets its new time by its key.

    What waits for a delivery that gets another time gets that as well, as in its file.
    """
    new = times or {}
    why = "; ".join(dict.fromkeys(pause.reason for pause in ended))

    def event(delivery: Delivery) -> Event:
        if delivery.key in new:
            return moved(delivery, new[delivery.key])
        return PassedBy(f"It fell due in a pause: {why}. Give it a new time, or cancel it.")

    def following(delivery: Delivery) -> Event | None:
        above, _, below = delivery.key.partition("#")
        return moved(delivery, new[above]) if below and above in new else None

    return _end(app, ended, app.now(), event, following)


def lift(app: App) -> int:
    """Ends the blackouts that are over: what fell due in one is missed. Returns how many."""
    now = app.now()
    over = [it for it in app.store.pauses.in_force() if it.until is not None and it.until <= now]
    for pause in over:
        why = f"It fell due in a blackout: {pause.reason}. Give it a new time, or cancel it."

        def event(_delivery: Delivery, why: str = why) -> Event:
            return PassedBy(why)

        _end(app, [pause], pause.until or now, event)
    return len(over)


def _nothing(_delivery: Delivery) -> Event | None:
    return None


def _end(
    app: App,
    ended: Sequence[Pause],
    by: datetime,
    event: Callable[[Delivery], Event],
    following: Callable[[Delivery], Event | None] = _nothing,
) -> list[Delivery]:
    """Returns what fell due as it stands now, without what follows it."""
    for _ in range(ATTEMPTS):
        now = app.now()
        moves = [decide(it, event(it), now, app.policy) for it in fell_due(app, ended, by)]
        fell = {move.before.key for move in moves}
        along = [
            decide(it, told, now, app.policy)
            for it in app.store.listed(statuses=[Status.SCHEDULED])
            if it.key not in fell and (told := following(it))
        ]
        try:
            app.store.pauses.end(ended, [*moves, *along], now=now, actor=app.actor)
        except Lost:
            continue
        return [_heard(app, move) for move in (*moves, *along)][: len(moves)]
    raise NotAllowed("A daemon keeps moving these deliveries; try again in a minute.")


def _heard(app: App, move: Move) -> Delivery:
    app.heard(move)
    return move.after
