"""One legal step of a delivery, written only where it still stands as it was seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from somos_social.core.delivery import Move, follow
from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import publishing_log, rows
from somos_social.store.tables import deliveries

_d = deliveries.c


class Lost(Exception):
    """Someone else moved the delivery since it was read; nothing was written."""


def compare_and_set(connection: Connection, move: Move, now: datetime) -> Delivery:
    """The delivery as it is now. Raises Lost."""
    before = move.before
    after = replace(joined(connection, move.after, now), version=before.version + 1)
    changed = connection.execute(
        update(deliveries)
        .where(
            _d.key == before.key,
            _d.version == before.version,
            _d.status == before.status.value,
        )
        .values(rows.from_delivery(after))
    )
    if changed.rowcount != 1:
        raise Lost(before.key)
    return after


def make(
    connection: Connection, moves: Sequence[Move], now: datetime, actor: str
) -> list[dict[str, Any]]:
    """Makes all of them, and returns what the log is to say of it. Raises Lost."""
    entries = []
    for move in moves:
        after = compare_and_set(connection, move, now)
        entries.append(publishing_log.entry(move.before, after, move.event, now, actor))
    return entries


def carry(
    connection: Connection, later: Sequence[Delivery], now: datetime, actor: str
) -> list[dict[str, Any]]:
    """Each stands as another database had it, where that is further on than this one.

    It is no move, so that all of its own times stay. Returns what the log is to say of it.
    """
    query = select(deliveries)
    known = {row["key"]: rows.to_delivery(row) for row in connection.execute(query).mappings()}
    entries = []
    for after in later:
        before = known.get(after.key)
        if before is not None and before.version >= after.version:
            continue
        this = _d.key == after.key
        change = insert(deliveries) if before is None else update(deliveries).where(this)
        connection.execute(change.values(rows.from_delivery(after)))
        entries.append(publishing_log.entry(before, after, publishing_log.CARRIED, now, actor))
    return entries


def joined(connection: Connection, delivery: Delivery, now: datetime) -> Delivery:
    """What waits for a delivery that is public already is due at once."""
    if delivery.status is not Status.SCHEDULED or not delivery.after or delivery.parent_id:
        return delivery
    # Locked, and before the follower: else it could become public unseen in between.
    followed = (
        connection.execute(select(deliveries).where(_d.key == delivery.after).with_for_update())
        .mappings()
        .first()
    )
    if followed is None or followed["status"] != Status.PUBLISHED.value:
        return delivery
    receipt = rows.to_delivery(followed).receipt
    return delivery if receipt is None else follow(delivery, receipt, now)


def wake_followers(connection: Connection, parent: Delivery, now: datetime) -> None:
    """What follows a delivery that has just become public is due at once."""
    if parent.receipt is None:
        return
    waiting = connection.execute(
        select(deliveries)
        .where(_d.after == parent.key, _d.status == Status.SCHEDULED.value)
        .with_for_update()
    ).mappings()
    for follower in [rows.to_delivery(row) for row in waiting]:
        woken = follow(follower, parent.receipt, now)
        connection.execute(
            update(deliveries)
            .where(_d.key == woken.key)
            .values(
                parent_id=woken.parent_id,
                run_at=woken.run_at,
                expires_at=woken.expires_at,
                # Whoever read it before must lose, else it would wait for ever.
                version=follower.version + 1,
            )
        )
