"""Lets people in to the board: a signed personal link that opens once, then a visit that ends.

What a link or a browser holds is known to nobody else: here, only fingerprints of it are kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from somos_social.core.guests import Guest, Role, Stay
from somos_social.core.people import Approver
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App, approval

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

LONGEST = timedelta(days=90)
"""No link waits longer than this for the one to whom it was sent."""

SECRET_BYTES = 32

Why = Literal["unknown", "expired", "used"]


class Refused(Exception):
    """The link opens nothing: it is none of ours, its time is over, or it was used or replaced."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who signs the links, and how long those who come in by them may stay."""

    key: str
    stay: Stay

    @property
    def signer(self) -> "URLSafeSerializer":
        from itsdangerous import URLSafeSerializer

        return URLSafeSerializer(
            self.key, salt="invitation", signer_kwargs={"digest_method": hashlib.sha256}
        )


def invite(app: App, door: Door, name: str, role: Role, lasts: timedelta) -> tuple[Guest, str]:
    """The guest, and what the personal link ends in: it is told this once and kept nowhere.

    Whoever is to approve becomes an approver, and stays one until `somos approver remove`. Raises
    UsageError, and NotAllowed for someone who speaks for another organisation.
    """
    organisation, person = approval.parse(name)
    if not timedelta(0) < lasts <= LONGEST:
        raise UsageError(f"Let the link end after 1 to {LONGEST.days} days.")
    known = app.store.guests.named(person)
    if known is not None and known.organisation != organisation:
        raise NotAllowed(
            f"{person} is a guest of {known.organisation} already, and nobody is one of two "
            f"organisations. First: somos board revoke {known}"
        )
    approval.refuse_another(app, organisation, person)
    if role is Role.APPROVER and app.store.approvers.lock_of(person) is None:
        approval.add_without_a_key(app, name)
    now = app.now()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    guest = Guest(
        organisation=organisation,
        person=person,
        role=role,
        invited_at=now,
        invited_by=app.actor,
        link_until=now + lasts,
    )
    app.store.guests.invite(guest, link=_fingerprint(secret))
    end = door.signer.dumps([secret, int((now + lasts).timestamp())])
    return guest, end if isinstance(end, str) else end.decode()


def holder(app: App, door: Door, link: str) -> Guest:
    """Whose link this is; it stays good. Raises Refused."""
    guest = app.store.guests.holder(_fingerprint(_secret(app, door, link)), app.now())
    if guest is None:
        raise Refused("used")
    return guest


def enter(app: App, door: Door, link: str) -> tuple[Guest, str]:
    """Uses the link up: the guest, and what the browser is to keep. Raises Refused."""
    secret, visit = _secret(app, door, link), secrets.token_urlsafe(SECRET_BYTES)
    guest = app.store.guests.enter(
        _fingerprint(secret), visit=_fingerprint(visit), now=app.now(), stay=door.stay
    )
    if guest is None:
        raise Refused("used")
    return guest, visit


def visitor(app: App, door: Door, visit: str, *, noted: bool = True) -> Guest | None:
    """Who has come in and keeps this, unless the visit is over; `noted` as being there still."""
    return app.store.guests.visitor(_fingerprint(visit), app.now(), door.stay, noted=noted)


def leave(app: App, visit: str) -> None:
    app.store.guests.leave(_fingerprint(visit))


def listed(app: App, door: Door) -> list[Guest]:
    """All guests, each with when they were last there."""
    return app.store.guests.listed(app.now(), door.stay)


def revoke(app: App, name: str) -> tuple[Guest, int]:
    """Ends the guest's link and visits at once; how many visits there were. Raises UsageError."""
    organisation, person = approval.parse(name)
    guest = app.store.guests.named(person)
    if guest is None or guest.organisation != organisation:
        raise UsageError(f"There is no guest {name}. See `somos board invites`.")
    return guest, app.store.guests.revoke(guest, now=app.now(), actor=app.actor)


def speaks(app: App, guest: Guest) -> Approver:
    """The approver that the guest is. Raises NotAllowed for a reader, and for one removed since."""
    lock = app.store.approvers.lock_of(guest.person)
    if guest.role is Role.APPROVER and lock and lock.approver.organisation == guest.organisation:
        return lock.approver
    raise NotAllowed(f"{guest} may look, and not approve.")


def _secret(app: App, door: Door, link: str) -> str:
    from itsdangerous import BadData

    try:
        secret, ends = door.signer.loads(link)
        until = datetime.fromtimestamp(ends, UTC)
    except (BadData, OSError, OverflowError, TypeError, ValueError):
        raise Refused("unknown") from None
    if until <= app.now() or not isinstance(secret, str):
        raise Refused("expired")
    return secret


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
