"""What people were told: written down before it is sent, so that nobody is told twice.

Whoever dies between the two leaves it as being told, and it is not told again: better a reminder
too few than one too many each minute.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from somos_social.store.tables import told

_t = told.c

SENDING, SENT, FAILED = "sending", "sent", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing that was to be told, and how that stands: `state` is one of the three above.

    `at` is when it was last tried, `again_at` when it may be next, `reason` why it did not go out.
    """

    subject: str
    kind: str
    state: str
    attempts: int
    at: datetime
    again_at: datetime | None
    reason: str | None


def records(connection: Connection) -> list[Record]:
    """All of them, what was tried last first."""
    query = select(told).order_by(_t.at.desc(), _t.subject, _t.kind)
    return [Record(**row) for row in connection.execute(query).mappings()]


def carry(connection: Connection, others: Sequence[Record]) -> None:
    """Records of another database, where this one has none of the same or has not told it."""
    known = {(it.subject, it.kind): it for it in records(connection)}
    for each in others:
        ours = known.get((each.subject, each.kind))
        if ours is None:
            connection.execute(insert(told).values(asdict(each)))
        elif ours.state == FAILED and each.state != FAILED:
            this = and_(_t.subject == each.subject, _t.kind == each.kind)
            connection.execute(update(told).where(this).values(asdict(each)))


def may_begin(connection: Connection, subject: str, kind: str, now: datetime, *, most: int) -> bool:
    """Whether it was not told yet, or surely failed, and is to be tried again by now."""
    query = select(told).where(_t.subject == subject, _t.kind == kind)
    return _is_open(connection.execute(query).first(), now, most)


def _is_open(row: Row[Any] | None, now: datetime, most: int) -> bool:
    if row is None:
        return True
    waits = row.again_at is not None and row.again_at > now
    return row.state == FAILED and row.attempts < most and not waits


def begin(connection: Connection, subject: str, kind: str, now: datetime, *, most: int) -> int:
    """Which try it is that is ours now, 0 for none; a clear failure has up to `most` of them."""
    this = and_(_t.subject == subject, _t.kind == kind)
    row = connection.execute(select(told).where(this).with_for_update()).first()
    if row is None:
        connection.execute(
            insert(told).values(subject=subject, kind=kind, state=SENDING, attempts=1, at=now)
        )
        return 1
    if not _is_open(row, now, most):
        return 0
    tries: int = row.attempts + 1
    connection.execute(update(told).where(this).values(state=SENDING, attempts=tries, at=now))
    return tries


def end(
    connection: Connection,
    subject: str,
    kind: str,
    *,
    reason: str | None = None,
    again_at: datetime | None = None,
) -> int:
    """It was told, or with a reason, surely not. Returns how often it was tried."""
    state = SENT if reason is None else FAILED
    attempts: int = connection.execute(
        update(told)
        .where(_t.subject == subject, _t.kind == kind)
        .values(state=state, reason=reason, again_at=again_at)
        .returning(_t.attempts)
    ).scalar_one()
    return attempts
