"""How people see a delivery: in a table, and as a line that says what just happened to it."""

import shlex
from collections.abc import Mapping, Sequence

from somos_social.cli import rendering
from somos_social.core.delivery import Move
from somos_social.core.model.delivery import Delivery, Status

_PAGES = {
    "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}/",
    "x": "https://x.com/{}",
}


def page(delivery: Delivery) -> str:
    """The address at which people see what the channel has published."""
    return _PAGES[delivery.platform].format(delivery.channel.partition(":")[2])


def table(found: Sequence[Delivery], lacking: Mapping[str, Sequence[str]] | None = None) -> None:
    """One line per delivery, with its time on this machine's clock.

    `lacking` says by key whose yes is missing.
    """
    zone, dues = rendering.local_times([delivery.due_at for delivery in found])
    rendering.table(
        [f"due ({zone})", "delivery", "status", "where, or why"],
        [
            [
                due,
                delivery.key,
                delivery.status.value,
                _where_or_why(delivery) or "; ".join((lacking or {}).get(delivery.key, ())),
            ]
            for due, delivery in zip(dues, found, strict=True)
        ],
    )


def _where_or_why(delivery: Delivery) -> str:
    if delivery.receipt:
        return delivery.receipt.url or f"id {delivery.receipt.remote_id}"
    if delivery.status is Status.SCHEDULED and delivery.after and not delivery.parent_id:
        return "goes out once its post is public"
    return f"blocked: {delivery.reason}" if delivery.blocked else delivery.reason or ""


def line(move: Move) -> str:
    """What a move means, in one line: the delivery, what happened, and where it is to be seen."""
    return f"{move.after.key}  {_happened(move)}"


def _happened(move: Move) -> str:
    after = move.after
    why = f": {after.reason}" if after.reason else ""
    if move.hold and after.status is Status.SCHEDULED:
        until = f"waits until {rendering.local_time(move.hold.until)} with"
        return f"{'needs a person, as does' if move.hold.stopped else until} all its channel{why}"
    match after.status:
        case Status.PUBLISHED if after.receipt:
            return f"published  {after.receipt.url or after.receipt.remote_id}"
        case Status.SCHEDULED if after.blocked:
            return f"blocked, needs a person{why}"
        case Status.SCHEDULED if move.event == "prepared":
            return "prepared, waits for its time"
        case Status.SCHEDULED if after.run_at:
            return f"waits until {rendering.local_time(after.run_at)}{why}"
        case Status.PUBLISHING:
            return "is going out"
        case Status.UNCONFIRMED if move.before.status is not Status.UNCONFIRMED:
            return f"may be public; we look for it{why}"
        case Status.UNCONFIRMED:
            return f"still not found, still not sure{why}"
        case status:
            return f"{status.value}{why}"


def needs_a_person(delivery: Delivery) -> bool:
    """Whether nothing more happens by itself, or nobody knows yet whether it is public."""
    stuck = (Status.FAILED, Status.MISSED, Status.UNCONFIRMED)
    return delivery.status in stuck or delivery.blocked


def ways_out(delivery: Delivery, *, waits: bool = False) -> list[tuple[str, str]]:
    """What a person can do about it: when to do so, and the command.

    `waits` says that nothing but a time that is to come is in the way of the next try.
    """
    key = shlex.quote(delivery.key)
    public = f"somos queue settle {key} --published URL"
    retry = f"somos queue retry {key}"
    cancel = f"somos queue cancel {key} --reason WHY"
    match delivery.status:
        case Status.UNCONFIRMED:
            # A person may say so only once it can no longer appear.
            since = delivery.absent_after
            absent = f"If it is not there after {since.astimezone():%H:%M:%S}" if since else ""
            return [
                ("If it is there", public),
                (absent or "If it is not there", f"somos queue settle {key} --not-published"),
            ]
        case Status.FAILED | Status.MISSED:
            return [
                ("To send it now", retry),
                ("To give it up", cancel),
                ("If someone posted it by hand", public),
            ]
        case Status.PUBLISHED:
            where = delivery.receipt.url if delivery.receipt else None
            return [
                ("To try again", f"somos queue remove {key}"),
                ("Or delete it there by hand", where or page(delivery)),
                ("Once it is gone", f"somos queue settle {key} --not-published"),
            ]
        case Status.CLAIMED:
            return [("To give it up", cancel)]
        case Status.SCHEDULED if waits:
            another = f"somos queue move {key} --at WHEN"
            return [("To give it another time", another), ("To give it up", cancel)]
        case Status.SCHEDULED if not delivery.blocked:
            return [("To publish what is due", "somos run --once"), ("To give it up", cancel)]
        case _:
            return [
                ("To test the channel", f"somos channel verify {shlex.quote(delivery.channel)}"),
                ("Once the cause is gone", retry),
                ("To give it up", cancel),
            ]
