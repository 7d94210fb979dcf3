"""A database put back from a copy publishes nothing of which the networks were not asked first."""

from collections.abc import Collection
from datetime import datetime

from somos_social.core.delivery import decide
from somos_social.core.events import Restored
from somos_social.core.model.delivery import Status
from somos_social.core.people import ANYONE, Pause
from somos_social.flows import App
from somos_social.store import Lost

_KNOWN_TO_BE_PUBLIC = (Status.PUBLISHED, Status.REMOVED)


def recover(
    app: App,
    *,
    beginning: bool,
    carried: bool = False,
    sure: Collection[str] = (),
) -> int:
    """Puts in doubt all that may have gone out since the copy was taken; 0 where there is none.

    A database that knows less than the seal of its log is a copy, too, whoever put it there; one
    whose seal is gone, or was put there with it, may be, and is taken for one by whoever is
    `beginning`. Until it is done nothing can be claimed, and what is cut short begins anew. Unless
    all that people said since is `carried` over, nothing that shows anyone goes out before a person
    has looked: some of them may have taken their word back. Of the keys that are `sure` not to be
    public, nothing is in doubt.
    """
    lost = beginning and app.store.has_lost_its_seal()
    placed = beginning and app.store.was_put_back()
    if lost or placed or app.store.is_behind_its_seal():
        app.store.take_for_a_copy(app.now())
    while (taken_at := app.store.snapshot_taken_at()) is not None:
        now = app.now()
        found = app.store.listed(statuses=set(Status).difference(_KNOWN_TO_BE_PUBLIC))
        moves = [
            decide(delivery, Restored(taken_at), now, app.policy)
            for delivery in found
            if delivery.key not in sure
        ]
        try:
            app.store.schedule((), moves, (), now=now, actor=app.actor)
        except Lost:
            continue
        if not carried and app.store.consents.known():
            _wait_for_their_word(app, taken_at)
        app.store.forget_snapshot(now)
        return len(moves)
    return 0


def _wait_for_their_word(app: App, taken_at: datetime) -> None:
    if any(pause.person == ANYONE for pause in app.store.pauses.in_force()):
        return
    app.store.pauses.begin(
        Pause(
            reason=(
                f"The database was put back from a copy of {taken_at:%Y-%m-%d %H:%M} UTC, and does "
                "not know who has withdrawn consent since, nor what was paused or cancelled. "
                "Record that again first"
            ),
            since=app.now(),
            person=ANYONE,
            by=app.actor,
        )
    )
