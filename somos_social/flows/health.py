"""Asks the database whether it is whole, whether a daemon works on it, and who must be asked."""

from collections.abc import Iterator
from datetime import timedelta

from somos_social.core.health import Found, ok, problem, warning
from somos_social.flows import App
from somos_social.flows.attention import DEAD, SLOW, UNATTENDED, foreseen, needs_a_person

STALE = timedelta(days=30)
"""What a network said longer ago than this is asked for again."""


def of_database(app: App) -> Iterator[Found]:
    """Whether it is the newest one, and whether its seal says so."""
    taken = app.store.snapshot_taken_at()
    if taken is not None:
        told = f"is a copy of {taken:%Y-%m-%d %H:%M} UTC that was put in place."
        yield warning("restore", told, "`somos run` asks the networks what went out since.")
    if app.store.is_behind_its_seal():
        told = "is older than its seal: an older database was put in place."
        yield problem("seal", told, "`somos log verify`, then `somos restore` of the newest copy.")
    elif app.store.has_lost_its_seal():
        told = "has lost its seal, so nothing tells whether it is the newest."
        yield warning("seal", told, "`somos log verify --seal`, after a look at an export.")
    else:
        yield ok("seal", f"goes with the log of {app.store.log_length():,} entries.")


def of_daemon(app: App) -> Found:
    """Whether someone takes what is due. Where nothing is, nobody can tell."""
    stuck = needs_a_person(app)
    for late in (it for it in stuck if it.reason in (UNATTENDED, DEAD)):
        told = f"{late.key} was due at {late.due_at:%Y-%m-%d %H:%M} UTC, and is left alone."
        return problem("daemon", told, "`somos run`, as a service or from cron: see the README.")
    for late in (it for it in stuck if it.reason == SLOW):
        told = f"{late.key} was due at {late.due_at:%Y-%m-%d %H:%M} UTC, and is still in hand."
        return warning("daemon", told, "If it stays so, end `somos run` and start it anew.")
    counts = app.store.counts()
    if counts.get("scheduled"):
        mend = "`somos run`, as a service or from cron; or `somos run --once` each minute."
        return warning("daemon", "nothing is left alone, so nothing tells whether one runs.", mend)
    return ok("daemon", "nothing waits for one.")


def of_people(app: App) -> Iterator[Found]:
    """What stands still until someone decides."""
    number = len(needs_a_person(app))
    if number:
        yield problem("deliveries", f"{number:,} need a person.", "`somos status` says how.")
    for hold in app.store.holds(app.now()).values():
        if hold.stopped:
            told = "is stopped: its network no longer takes its secret."
            mend = f"`somos channel login {hold.channel}`, or a new secret, then "
            yield problem(hold.channel, told, f"{mend}`somos channel verify`.")


def of_channels(app: App) -> Iterator[Found]:
    """What the networks said of each channel of the config when they were asked last."""
    known, now = app.store.introductions(), app.now()
    for channel in sorted(app.channels):
        found = known.get(channel)
        if found is None:
            yield warning(channel, "was never asked for.", f"`somos channel verify {channel}`")
        elif now - found.checked_at > STALE:
            told = f"was last accepted on {found.checked_at:%Y-%m-%d}."
            yield warning(channel, told, f"`somos channel verify {channel}`")
        else:
            end = found.identity.expires_at
            until = f", until {end:%Y-%m-%d}" if end else ""
            yield ok(channel, f"was accepted on {found.checked_at:%Y-%m-%d}{until}.")
    for each in foreseen(app):
        yield warning(each.channel, each.message, "`somos channel verify` asks again.")
