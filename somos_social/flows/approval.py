"""Who may say yes for an organisation, how they prove who they are, and what they say yes to."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.occurrences import is_of
from somos_social.core.people import Approval, Approver, ChangeRequest
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App
from somos_social.store.approvers import Lock, NameTaken

_KEY_BYTES = 20
_GROUP = 5
_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
"""Of scrypt: about 50 ms and 16 MiB for each try."""

_OPENED_BY_NO_KEY = "no key"
"""In the place of a hash, which it never equals."""

_OPEN = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)
"""States in which a yes still says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One delivery that an organisation is asked for, and its last yes to it, if it ever gave one.

    `is_given` says that this yes is to what stands there now.
    """

    delivery: Delivery
    before: Approval | None
    is_given: bool


def parse(name: str) -> tuple[str, str]:
    """Organisation and person of "ORG:NAME". Raises UsageError."""
    organisation, _, person = (part.strip() for part in name.partition(":"))
    if not organisation or not person or not name.isprintable() or len(name) > 150:
        raise UsageError(f"Write {name!r} as ORGANISATION:NAME, as in UNHCR:Ana.")
    return organisation, person


def add(app: App, name: str) -> tuple[Approver, str]:
    """The approver and the key, which is told this once and kept nowhere. Raises NotAllowed."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    drawn = "".join(secrets.choice(alphabet) for _ in range(_KEY_BYTES))
    key = "-".join(drawn[at : at + _GROUP] for at in range(0, _KEY_BYTES, _GROUP))
    salt = secrets.token_hex(16)
    return _added(app, name, salt, _hash(key, salt)), key


def add_without_a_key(app: App, name: str) -> Approver:
    """The approver, who can say yes on the board and nowhere else. Raises NotAllowed."""
    return _added(app, name, secrets.token_hex(16), _OPENED_BY_NO_KEY)


def _added(app: App, name: str, salt: str, hashed: str) -> Approver:
    organisation, person = parse(name)
    guest = app.store.guests.named(person)
    if guest is not None and guest.organisation != organisation:
        raise NotAllowed(
            f"{person} is a guest of {guest.organisation} on the board, and one person speaks for "
            f"one organisation only. First: somos board revoke {guest}"
        )
    approver = Approver(
        organisation=organisation, person=person, added_at=app.now(), added_by=app.actor
    )
    try:
        app.store.approvers.add(approver, salt=salt, key=hashed)
    except NameTaken:
        lock = app.store.approvers.lock_of(person)
        theirs = lock.approver.organisation if lock else organisation
        raise NotAllowed(
            f"{person} is an approver of {theirs} already, and one person speaks for one "
            f"organisation only. For a new key, first: somos approver remove {theirs}:{person}"
        ) from None
    return approver


def refuse_another(app: App, organisation: str, person: str) -> None:
    """Raises NotAllowed for someone who is an approver of another organisation."""
    lock = app.store.approvers.lock_of(person)
    if lock is not None and lock.approver.organisation != organisation:
        raise NotAllowed(
            f"{person} is an approver of {lock.approver.organisation}, and one person speaks for "
            f"one organisation only. First: somos approver remove {lock.approver}"
        )


def remove(app: App, name: str) -> Approver:
    """Raises UsageError where there is none."""
    organisation, person = parse(name)
    lock = app.store.approvers.lock_of(person)
    if lock is None or lock.approver.organisation != organisation:
        raise UsageError(f"There is no approver {name}. See `somos approver list`.")
    app.store.approvers.remove(lock.approver, now=app.now(), actor=app.actor)
    return lock.approver


def identify(app: App, name: str, key: Callable[[], str]) -> Approver:
    """The approver of this name, who proves it by the key. Raises UsageError, NotAllowed."""
    organisation, person = parse(name)
    lock = app.store.approvers.lock_of(person)
    if lock is None or lock.approver.organisation != organisation:
        raise UsageError(
            f"There is no approver {name}. Whoever runs this program adds one: "
            f"somos approver add {name}"
        )
    _refuse_locked(lock, app.now())
    told = key()
    # Counted before it is compared, which takes a while: others may try at the same time.
    if not app.store.approvers.begin_try(person, app.now()):
        _refuse_locked(app.store.approvers.lock_of(person) or lock, app.now())
        raise NotAllowed(f"{lock.approver} was changed at this very moment; try again.")
    if not secrets.compare_digest(_hash(told, lock.salt), lock.key):
        raise NotAllowed(f"That is not the key of {lock.approver}. Nothing was approved.")
    app.store.approvers.end_try(person)
    return lock.approver


def _refuse_locked(lock: Lock, now: datetime) -> None:
    if lock.until is not None and lock.until > now:
        raise NotAllowed(
            f"Too many wrong keys for {lock.approver}: no key is tried again before "
            f"{lock.until.astimezone():%H:%M}."
        )


def _hash(key: str, salt: str) -> str:
    plain = "".join(character for character in key.casefold() if character.isalnum())
    return hashlib.scrypt(plain.encode(), salt=bytes.fromhex(salt), **_COST).hex()


def asked(
    app: App,
    wanted: Collection[Delivery],
    organisation: str,
    *,
    required: Collection[str],
    post: str | None = None,
) -> list[Asked]:
    """What of the wanted deliveries awaits a word of the organisation, or has its yes.

    What is public already, or given up, is asked of nobody. Raises NotAllowed, UsageError.
    """
    if organisation not in required:
        names = ", ".join(required) or "nobody"
        raise NotAllowed(f"This campaign asks {names} for approval, not {organisation}.")
    if post is not None and not any(is_of(delivery.post, post) for delivery in wanted):
        names = ", ".join(dict.fromkeys(delivery.post for delivery in wanted))
        raise UsageError(f"The campaign has no post {post!r}. Its posts: {names}.")
    known = {key: it for slug in {d.campaign for d in wanted} for key, it in _known(app, slug)}
    chosen = [
        delivery
        for delivery in wanted
        if (post is None or is_of(delivery.post, post))
        and (delivery.key not in known or known[delivery.key].status in _OPEN)
    ]
    given = {
        approval.delivery: approval
        for approval in app.store.approvals.given([delivery.key for delivery in chosen])
        if approval.organisation == organisation
    }
    binds_time = app.store.binds_time
    return [
        Asked(
            delivery=delivery,
            before=(before := given.get(delivery.key)),
            is_given=before is not None and before.covers(delivery, binds_time=binds_time),
        )
        for delivery in chosen
    ]


def _known(app: App, slug: str) -> list[tuple[str, Delivery]]:
    return list(app.store.of_campaign(slug).items())


def approve(app: App, approver: Approver, chosen: Sequence[Delivery]) -> list[Approval]:
    """A yes to each of these deliveries, exactly as they were shown."""
    now = app.now()
    given = [
        Approval(
            delivery=delivery.key,
            organisation=approver.organisation,
            person=approver.person,
            variant=delivery.variant,
            due_at=delivery.due_at,
            at=now,
        )
        for delivery in chosen
    ]
    app.store.approvals.give(given)
    return given


def take_back(
    app: App, approver: Approver, chosen: Sequence[Approval], reason: str
) -> list[Approval]:
    """These yeses are none any more; what is public stays public."""
    app.store.approvals.take_back(chosen, now=app.now(), person=approver.person, reason=reason)
    return list(chosen)


def ask_for_changes(
    app: App, approver: Approver, chosen: Sequence[Delivery], comment: str
) -> list[ChangeRequest]:
    """The organisation wants these deliveries otherwise; a yes it gave to any of them is none."""
    now = app.now()
    asked = [
        ChangeRequest(
            delivery=delivery.key,
            organisation=approver.organisation,
            person=approver.person,
            variant=delivery.variant,
            due_at=delivery.due_at,
            at=now,
            comment=comment,
        )
        for delivery in chosen
    ]
    app.store.approvals.ask_for_changes(asked)
    return asked
