"""What happened: every write is one transaction, and every move of a delivery stands in the log.

A move is a compare-and-set on the version and the status that were seen. Whoever saw something
older simply loses, so any number of daemons may share one database.

What stays impossible to exclude: a worker frozen after its last look at the lease and before its
call, for longer than the lease plus the grace, may publish what others have since settled. Hence
the lease exceeds the sum of the timeouts, and the grace exceeds the lease.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    Connection,
    and_,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from somos_social.core.delivery import Move, follow
from somos_social.core.model import Delivery, Handoff, Introduction, Status
from somos_social.store import copies, holds, introductions, publishing_log, rows
from somos_social.store.claimable import claimable
from somos_social.store.engine import open_engine, told
from somos_social.store.reading import Reading, released
from somos_social.store.tables import deliveries, handoffs, snapshot

_d = deliveries.c


class Lost(Exception):
    """Someone else moved the delivery since it was read; nothing was written."""


class ChannelBusy(Exception):
    """Another delivery of the channel is making its visible call; nothing was written."""


class Store(Reading):
    """The deliveries and their log in one database. Threads may share it. Raises StoreError."""

    def __init__(self, url: str, *, threads: int = 5) -> None:
        self._engine = open_engine(url, pool_size=threads)
        super().__init__(self._engine)
        self._seal.begin()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with told(), self._engine.begin() as connection:
            yield connection
        self._seal.press(publishing_log.appended_at(connection))

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
            .where(claimable(now), *released(due_by))
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
                if move.after.status is Status.PUBLISHED is not move.before.status:
                    self._wake_followers(connection, after, now)
                    holds.release(connection, after.channel, now)
                if move.hold:
                    holds.put(connection, move.hold)
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

    # What holds a channel as such.

    def release(self, channel: str, now: datetime) -> None:
        """The channel's secret works: what waited for that goes on."""
        with self._write() as connection:
            holds.release(connection, channel, now)

    def postpone(self, channel: str, until: datetime) -> None:
        """The channel's secret still does not work; ask again then."""
        with self._write() as connection:
            holds.postpone(connection, channel, until)

    # What the networks say of the secrets.

    def introduce(self, introduction: Introduction) -> None:
        """The network was asked, and said this."""
        with self._write() as connection:
            introductions.put(connection, introduction)

    def forget_introduction(self, channel: str) -> None:
        """The channel has another secret, of which nothing is known yet."""
        with self._write() as connection:
            introductions.forget(connection, channel)

    # What a copy that was put in place does not know.

    def forget_snapshot(self) -> None:
        """All that may have happened since the copy was taken is marked as such."""
        with self._write() as connection:
            connection.execute(delete(snapshot))

    def take_for_a_copy(self, now: datetime) -> None:
        """For a database behind its seal: it is a copy, as old as its last entry."""
        with self._write() as connection:
            copies.mark(connection, now)
        # Where it cannot be written, `log verify` tells; what was marked is marked.
        with suppress(OSError):
            self._seal.renew(now)

    def seal_anew(self, now: datetime) -> Path | None:
        """What the log is now, it is to be. Returns where the seal so far is kept, if anywhere.

        What was behind its seal, or had none, is a copy: the networks are asked first.
        """
        if self.is_behind_its_seal() or self.has_lost_its_seal():
            with self._write() as connection:
                copies.mark(connection, now)
        with told():
            return self._seal.renew(now)

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
