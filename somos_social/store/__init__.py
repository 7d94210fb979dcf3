"""What happened: every write is one transaction, and every move of a delivery stands in the log.

A move is a compare-and-set on the version and the status that were seen. Whoever saw something
older simply loses, so any number of daemons may share one database.

What stays impossible to exclude: a worker frozen after its last look at the lease and before its
call, for longer than the lease plus the grace, may publish what others have since settled. Hence
the lease exceeds the sum of the timeouts, and the grace exceeds the lease.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from somos_social.core.delivery import Move, follow
from somos_social.core.model import Delivery, Handoff, Status
from somos_social.store import publishing_log, rows
from somos_social.store.claimable import claimable
from somos_social.store.engine import open_engine, told
from somos_social.store.tables import IN_HAND, deliveries, handoffs

_d = deliveries.c


class Lost(Exception):
    """Someone else moved the delivery since it was read; nothing was written."""


class ChannelBusy(Exception):
    """Another delivery of the channel is making its visible call; nothing was written."""


class Store:
    """The deliveries and their log in one database. Threads may share it. Raises StoreError."""

    def __init__(self, url: str, *, threads: int = 5) -> None:
        self._engine = open_engine(url, pool_size=threads)
        self._reading = self._engine.execution_options(reading=True)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with told(), self._reading.connect() as connection:
            yield connection

    # What a campaign file changes.

    def schedule(
        self,
        added: Sequence[Delivery],
        moves: Sequence[Move],
        asked: Sequence[Handoff],
        *,
        now: datetime,
        actor: str,
    ) -> None:
        """All of a plan or nothing of it.

        Raises Lost when a delivery was moved, or added by someone else, since the plan was made.
        """
        with self._write() as connection:
            entries = [
                publishing_log.entry(None, delivery, "scheduled", now, actor) for delivery in added
            ]
            if added:
                _add(connection, [_joined(connection, delivery, now) for delivery in added])
            for move in moves:
                self._compare_and_set(connection, move, now)
                entries.append(
                    publishing_log.entry(move.before, move.after, move.event, now, actor)
                )
            publishing_log.append(connection, entries)
            for handoff in asked:
                _put_handoff(connection, handoff)

    # What workers do.

    def claim(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        actor: str,
        due_by: datetime | None = None,
    ) -> list[Delivery]:
        """Takes up to `limit` deliveries whose time to be looked at has come, the earliest first.

        What is prepared is taken one at a time per channel, in the order of the promised times.
        """
        if limit < 1:
            return []
        chosen = (
            select(_d.key)
            .where(claimable(now), *_released(due_by))
            .order_by(_d.due_at, _d.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
            # As a plain subquery PostgreSQL may run it once per row and so exceed the limit.
            .cte("chosen")
        )
        token = f"{actor}#{uuid.uuid4().hex}"
        with self._write() as connection:
            taken = connection.execute(
                update(deliveries)
                .where(_d.key.in_(select(chosen.c.key)))
                .values(
                    status=Status.CLAIMED.value,
                    lease=token,
                    lease_until=now + lease,
                    attempts=_d.attempts + 1,
                    version=_d.version + 1,
                )
                .returning(*deliveries.c)
            ).mappings()
            claimed = sorted(
                (rows.to_delivery(row) for row in taken), key=lambda d: (d.due_at, d.key)
            )
            publishing_log.append(
                connection,
                [
                    publishing_log.entry(_as_waiting(delivery), delivery, "claimed", now, actor)
                    for delivery in claimed
                ],
            )
        return claimed

    def apply(self, move: Move, *, now: datetime, actor: str) -> Delivery:
        """Makes the move, if the delivery still stands as the move saw it.

        What follows a delivery that this makes public becomes due at once. Raises Lost, or
        ChannelBusy when the visible call of another delivery is under way.
        """
        try:
            with self._write() as connection:
                after = self._compare_and_set(connection, move, now)
                entries = [publishing_log.entry(move.before, after, move.event, now, actor)]
                if move.after.status is Status.PUBLISHED:
                    self._wake_followers(connection, after, now)
                publishing_log.append(connection, entries)
        except IntegrityError:
            if move.after.status is Status.PUBLISHING:
                raise ChannelBusy from None
            raise
        return after

    def renew(self, leases: Iterable[str], until: datetime) -> None:
        """Keeps what is being prepared; never what is being published."""
        names = sorted(set(leases))
        if not names:
            return
        with self._write() as connection:
            connection.execute(
                update(deliveries)
                .where(_d.lease.in_(names), _d.status == Status.CLAIMED.value)
                .values(lease_until=until)
            )

    def _compare_and_set(self, connection: Connection, move: Move, now: datetime) -> Delivery:
        before = move.before
        after = replace(_joined(connection, move.after, now), version=before.version + 1)
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

    def _wake_followers(self, connection: Connection, parent: Delivery, now: datetime) -> None:
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

    # What is known.

    def get(self, key: str) -> Delivery | None:
        with self._read() as connection:
            row = connection.execute(select(deliveries).where(_d.key == key)).mappings().first()
        return None if row is None else rows.to_delivery(row)

    def of_campaign(self, slug: str) -> dict[str, Delivery]:
        return {d.key: d for d in self._select(_d.campaign == slug)}

    def listed(
        self,
        *,
        statuses: Iterable[Status] = (),
        campaign: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """Deliveries in the order of their promised times."""
        wanted: list[ColumnElement[bool]] = []
        if names := [status.value for status in statuses]:
            wanted.append(_d.status.in_(names))
        if campaign:
            wanted.append(_d.campaign == campaign)
        if channel:
            wanted.append(_d.channel == channel)
        return self._select(*wanted, limit=limit)

    def overdue(self, now: datetime, *, limit: int) -> list[Delivery]:
        """Still waiting although their grace is over."""
        return self._select(
            _d.status == Status.SCHEDULED.value,
            _d.run_at <= now,
            _d.expires_at <= now,
            limit=limit,
        )

    def abandoned(self, now: datetime, *, limit: int) -> list[Delivery]:
        """In a hand whose lease ran out."""
        return self._select(_d.status.in_(IN_HAND), _d.lease_until <= now, limit=limit)

    def doubtful(self, now: datetime, *, limit: int) -> list[Delivery]:
        """Unconfirmed and to be looked for now."""
        return self._select(_d.status == Status.UNCONFIRMED.value, _d.run_at <= now, limit=limit)

    def needs_a_person(self) -> list[Delivery]:
        """What no program will move on by itself, and what may be public without our knowing."""
        stuck = _d.status.in_((Status.FAILED.value, Status.MISSED.value, Status.UNCONFIRMED.value))
        blocked = and_(_d.status == Status.SCHEDULED.value, _d.blocked)
        return self._select(or_(stuck, blocked))

    def counts(self) -> dict[str, int]:
        """How many deliveries stand in each status; statuses with none are left out."""
        query = select(_d.status, func.count()).group_by(_d.status).order_by(_d.status)
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def next_wake(self, due_by: datetime | None = None) -> datetime | None:
        """The earliest time at which something waits to be claimed."""
        waiting = (_d.status == Status.SCHEDULED.value, _d.run_at.is_not(None))
        return self._earliest(select(func.min(_d.run_at)).where(*waiting, *_released(due_by)))

    def next_mend(self) -> datetime | None:
        """The earliest time at which something is to be looked for, or a lease runs out."""
        return self._earliest(
            select(func.min(_d.run_at)).where(_d.status == Status.UNCONFIRMED.value),
            select(func.min(_d.lease_until)).where(_d.status.in_(IN_HAND)),
        )

    def _earliest(self, *queries: Select[Any]) -> datetime | None:
        with self._read() as connection:
            found = [connection.execute(query).scalar() for query in queries]
        return min((time for time in found if time is not None), default=None)

    def _select(self, *wanted: ColumnElement[bool], limit: int | None = None) -> list[Delivery]:
        query = select(deliveries).where(*wanted).order_by(_d.due_at, _d.key).limit(limit)
        with self._read() as connection:
            return [rows.to_delivery(row) for row in connection.execute(query).mappings()]

    def log(
        self,
        *,
        since: datetime | None = None,
        channel: str | None = None,
        delivery: str | None = None,
        beyond: int = 0,
    ) -> list[dict[str, Any]]:
        """Entries as they were written, each with its `id`; `beyond` is an id seen before."""
        with self._read() as connection:
            return publishing_log.read(
                connection, since=since, channel=channel, delivery=delivery, beyond=beyond
            )

    def broken_links(self) -> list[str]:
        """Where the log is not what was written, in words; empty when it is whole."""
        with self._read() as connection:
            return publishing_log.broken_links(connection)

    def handoffs(self, campaign: str | None = None) -> list[dict[str, Any]]:
        query = select(handoffs).order_by(handoffs.c.live_due, handoffs.c.key)
        if campaign:
            query = query.where(handoffs.c.campaign == campaign)
        with self._read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _released(due_by: datetime | None) -> list[ColumnElement[bool]]:
    return [] if due_by is None else [_d.due_at <= due_by]


def _as_waiting(claimed: Delivery) -> Delivery:
    return replace(claimed, status=Status.SCHEDULED)


def _joined(connection: Connection, delivery: Delivery, now: datetime) -> Delivery:
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


def _add(connection: Connection, added: Sequence[Delivery]) -> None:
    try:
        connection.execute(insert(deliveries), [rows.from_delivery(d) for d in added])
    except IntegrityError:
        raise Lost(", ".join(d.key for d in added)) from None


def _put_handoff(connection: Connection, handoff: Handoff) -> None:
    row = rows.from_handoff(handoff)
    same = and_(handoffs.c.campaign == handoff.campaign, handoffs.c.key == handoff.key)
    if connection.execute(update(handoffs).where(same).values(row)).rowcount == 0:
        connection.execute(insert(handoffs).values(row))
