"""What people ask of one delivery: to cancel, take down, retry or settle it."""

from collections.abc import Callable, Iterator

from somos_social.core.delivery import ON_ITS_WAY, WITHDRAWABLE
from somos_social.core.events import Cancelled, Event, Removed, Retried, Settled
from somos_social.core.model.delivery import Delivery, Receipt, Status
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App
from somos_social.flows.recording import record
from somos_social.store import Lost


def cancel(app: App, key: str, reason: str) -> list[Delivery]:
    """Withdraws a delivery and what would follow it. Raises NotAllowed, UsageError."""
    found = known(app, key)
    # What may be public already is looked for once that which it follows is found.
    followers = [
        each for each in _below(app, found) if each.status in WITHDRAWABLE and not each.suspect
    ]
    return [_ask(app, delivery, Cancelled(reason)) for delivery in (found, *followers)]


Done = Callable[[Delivery], None]
"""Hears of each delivery as it is done with."""


def remove(app: App, key: str, done: Done = lambda _: None) -> list[Delivery]:
    """Takes down what is public, the last link of a thread first, and withdraws what would follow.

    Each ends as removed only when a look agreed; else it says what a person must see to, as does
    what may be public. `done` hears of each, also where the next cannot be asked for. Raises
    NotAllowed, UsageError, and SomosError where the channel cannot be spoken to.
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
    # Networks keep the replies to what is gone.
    below = [each for d in _followers(app, follower) for each in _undone(app, d, done)]
    if follower.status in WITHDRAWABLE:
        follower = _ask(app, follower, Cancelled(f"{follower.after} was taken down."))
    elif follower.status not in ON_ITS_WAY:
        return below
    done(follower)
    return [follower, *below]


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
        return record(app, delivery, event)
    except Lost:
        raise NotAllowed(
            f"{delivery.key} moved at this very moment; look again with `somos queue show`."
        ) from None
