"""What is known, read without ever waiting for a writer."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    func,
    not_,
    or_,
    select,
)

from somos_social.core.model.channel import Hold, Introduction
from somos_social.core.model.delivery import Delivery, Status, Waiting
from somos_social.core.model.handoff import Handoff
from somos_social.errors import StoreError
from somos_social.store import (
    handing_over,
    holds,
    introductions,
    likenesses,
    publishing_log,
    rows,
    telling,
    verification,
)
from somos_social.store.batches import batches
from somos_social.store.chain import Head
from somos_social.store.engine import told
from somos_social.store.seal import Seal, Unsealed
from somos_social.store.tables import IN_HAND, WAITING, deliveries, restores, snapshot
from somos_social.store.verification import Witness

_d = deliveries.c


Chains = Mapping[str, Head]
"""The end of each channel's chain."""


QUICK_TO_CHECK = 64 * 1024 * 1024
"""Bytes of a database that is looked through in a fraction of a second."""


def released(due_by: datetime | None) -> list[ColumnElement[bool]]:
    """The condition that a cron firing sets: only what is due by then. None sets none."""
    return [] if due_by is None else [_d.due_at <= due_by]


class Reading:
    """The questions to the database that change nothing. Raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._seal = Seal(engine)
        self._reader = engine.execution_options(reading=True)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with told(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _at_one_moment(self) -> Iterator[Connection]:
        """For several questions about one state. SQLite's transactions are so by themselves."""
        with self._read() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def refuse_damaged(self, *, up_to: int = QUICK_TO_CHECK) -> None:
        """Raises StoreError where a page of the SQLite file is not what it must be.

        A file of more bytes than `up_to` is left to SQLite, which refuses what it meets.
        """
        with self._read() as connection:
            if connection.dialect.name != "sqlite":
                return
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
            if pages * size > up_to:
                return
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise StoreError(
                f"The database file is damaged ({' '.join(str(found).split())}). Nothing was "
                "published. Put a backup in its place with `somos restore`."
            )

    def get(self, key: str) -> Delivery | None:
        with self._read() as connection:
            row = connection.execute(select(deliveries).where(_d.key == key)).mappings().first()
        return None if row is None else rows.to_delivery(row)

    def is_anothers(self, delivery: Delivery, remote_id: str) -> bool:
        """Whether another delivery of the channel is already known under this platform id."""
        query = select(_d.key).where(
            _d.channel == delivery.channel, _d.remote_id == remote_id, _d.key != delivery.key
        )
        with self._read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def is_continuous(self, key: str) -> bool:
        """Whether each entry of the delivery begins where the one before it ended.

        Where one does not, the status was changed in the database by hand.
        """
        with self._read() as connection:
            steps = [
                (row["from"], row["to"]) for row in publishing_log.read(connection, delivery=key)
            ]
        return all(ended == begins for (_, ended), (begins, _) in pairwise(steps))

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

    def saying(self, digests: Collection[str]) -> list[Delivery]:
        """All whose content has one of these digests, in whatever campaign."""
        return [
            delivery
            for asked in batches(sorted(digests))
            for delivery in self._select(_d.digest.in_(asked))
        ]

    def overdue(self, now: datetime, *, limit: int) -> list[Delivery]:
        """Still waiting although their grace is over, but for what waits for what it follows."""
        waits = and_(_d.status == WAITING, _d.expires_at <= now)
        # What is to be looked at only later is so beyond its grace: another index has those few.
        begun, hopeless = _d.run_at <= now, _d.run_at > _d.expires_at
        return self._select(or_(and_(waits, begun), and_(waits, hopeless)), limit=limit)

    def abandoned(self, now: datetime, *, limit: int | None = None) -> list[Delivery]:
        """In a hand whose lease ran out."""
        return self._select(_d.status.in_(IN_HAND), _d.lease_until <= now, limit=limit)

    def doubtful(self, now: datetime, *, limit: int) -> list[Delivery]:
        """Unconfirmed and to be looked for now, where the channel's secret is not refused.

        What has waited longest for its turn comes first.
        """
        return self._select(
            _d.status == Status.UNCONFIRMED.value,
            _d.run_at <= now,
            not_(holds.stopped()),
            first=_d.run_at,
            limit=limit,
        )

    def needs_a_person(self) -> list[Delivery]:
        """What no program will move on by itself, and what may be public without our knowing."""
        stuck = _d.status.in_((Status.FAILED.value, Status.MISSED.value, Status.UNCONFIRMED.value))
        kept = _d.status.in_((Status.SCHEDULED.value, Status.PUBLISHED.value))
        return self._select(or_(stuck, and_(kept, _d.blocked)))

    def entered(self, found: Sequence[Delivery]) -> dict[str, tuple[int, datetime]]:
        """By key, the entry of the log by which each came to stand as it does, and its time."""
        since: dict[str, tuple[int, datetime]] = {}
        with self._read() as connection:
            for delivery in found:
                entry = publishing_log.entered(connection, delivery.key, delivery.status)
                if entry is not None:
                    since[delivery.key] = entry
        return since

    def tellings(self) -> list[telling.Record]:
        """What people were told, or were to be, what was tried last first."""
        with self._read() as connection:
            return telling.records(connection)

    def due(self, now: datetime) -> list[Delivery]:
        """Waiting although the time to begin with them has come."""
        return self._select(_d.status == Status.SCHEDULED.value, _d.run_at <= now)

    def late(self, promised: datetime) -> list[Delivery]:
        """Neither out nor given up, although promised for then or earlier, or asked for by then.

        What waits for that which it follows was not promised yet.
        """
        found = self._select(
            _d.status.in_((Status.SCHEDULED.value, Status.CLAIMED.value)),
            _d.run_at.is_not(None),
            _d.due_at <= promised,
        )
        return [each for each in found if each.expires_at - each.grace <= promised]

    def promised(self, before: datetime) -> list[Delivery]:
        """Waiting, also for what it follows, and promised for an earlier time."""
        return self._select(_d.status == Status.SCHEDULED.value, _d.due_at < before)

    def holds(self, now: datetime) -> dict[str, Hold]:
        """By channel, why it publishes nothing now."""
        with self._read() as connection:
            known = holds.known(connection)
        return {hold.channel: hold for hold in known if hold.stopped or hold.until > now}

    def introductions(self) -> dict[str, Introduction]:
        """By channel, what its network said of its secret when it was last asked."""
        with self._read() as connection:
            return introductions.known(connection)

    def waiting(self) -> list[Waiting]:
        """All that is to go out, in as few words as foresight needs."""
        with self._read() as connection:
            return introductions.waiting(connection)

    def published_since(self, since: datetime) -> list[tuple[str, datetime]]:
        """Channel and time of each post, not of what follows it, that became public after then."""
        with self._read() as connection:
            return introductions.published(connection, since)

    def snapshot_taken_at(self) -> datetime | None:
        """When this copy was taken; None once it was compared with the networks, or for no copy."""
        with self._read() as connection:
            return connection.execute(select(func.min(snapshot.c.taken_at))).scalar()

    def unknown_since(self, restored_after: datetime) -> datetime | None:
        """Since when something may have been published of which this database knows nothing.

        By the restores after that moment; None where there was none.
        """
        query = select(func.min(restores.c.taken_at)).where(restores.c.restored_at > restored_after)
        with self._read() as connection:
            return connection.execute(query).scalar()

    def counts(self) -> dict[str, int]:
        """How many deliveries stand in each status; statuses with none are left out."""
        query = select(_d.status, func.count()).group_by(_d.status).order_by(_d.status)
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def next_wake(self, now: datetime, due_by: datetime | None = None) -> datetime | None:
        """The earliest time at which something waits to be claimed, of channels not stopped.

        One that is past is that of something prepared, which waits until its channel is free. All
        else whose time has come waits for people.
        """
        waiting = (_d.status == Status.SCHEDULED.value, *released(due_by))
        first = select(func.min(_d.run_at)).where(*waiting)
        with self._read() as connection:
            known = holds.known(connection)
            stopped = {hold.channel for hold in known if hold.stopped}
            held = [it for it in known if it.channel not in stopped and it.until > now]
            free = _d.channel.not_in([*stopped, *(hold.channel for hold in held)])
            coming, ready = _d.run_at > now, and_(_d.run_at <= now, _d.prepared)
            times = [
                connection.execute(first.where(free, when)).scalar() for when in (coming, ready)
            ]
            for hold in held:
                theirs = first.where(_d.channel == hold.channel, _d.run_at.is_not(None))
                time = connection.execute(theirs).scalar()
                times.append(time and max(time, hold.until))
        return min((time for time in times if time is not None), default=None)

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

    def _select(
        self,
        *wanted: ColumnElement[bool],
        first: ColumnElement[datetime] = _d.due_at,
        limit: int | None = None,
    ) -> list[Delivery]:
        query = select(deliveries).where(*wanted).order_by(first, _d.due_at, _d.key).limit(limit)
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
            found = publishing_log.read(
                connection, since=since, channel=channel, delivery=delivery, beyond=beyond
            )
            return list(found)

    @contextmanager
    def log_and_heads(self, **wanted: Any) -> Iterator[tuple[Iterable[dict[str, Any]], Chains]]:
        """The same entries, few in memory at a time, and where the chains ended at that moment."""
        with self._at_one_moment() as connection:
            yield publishing_log.read(connection, **wanted), publishing_log.heads(connection)

    def log_length(self) -> int:
        """How many entries the log has."""
        with self._read() as connection:
            return publishing_log.counted(connection)

    def broken_links(self, *witnesses: Witness, but_for_its_seal: bool = False) -> list[str]:
        """Where the log is not what was written, in words; empty when it is whole.

        Its seal is one of the witnesses, unless it is not to be asked.
        """
        sealed, unsealed = None, None
        if not but_for_its_seal:
            try:
                # Before the log is read: else it would know of what was added meanwhile.
                sealed = self._seal.witness()
            except Unsealed as error:
                unsealed = error
        known = [witness for witness in (sealed, *witnesses) if witness]
        with self._at_one_moment() as connection:
            broken = verification.broken_links(connection, known)
            if unsealed and (broken or publishing_log.counted(connection)):
                broken.append(str(unsealed))
        return broken

    def has_lost_its_seal(self) -> bool:
        """Whether nothing can tell if this is the newest database: it may be an older one."""
        with told():
            return self._seal.is_lost()

    def was_put_back(self) -> bool:
        """Whether its seal was put here long after it was written, and so maybe all of it."""
        return self._seal.was_put_back()

    def is_behind_its_seal(self) -> bool:
        """Whether the seal knows of what the log has not: an older database was put in place."""
        with told():
            return self._seal.is_ahead()

    def handoffs(self, campaign: str | None = None) -> list[Handoff]:
        """In the order in which they are to be live."""
        with self._read() as connection:
            return handing_over.known(connection, campaign)

    def showing(self, person: str, statuses: Collection[Status] | None = None) -> list[Delivery]:
        """All deliveries in which this person can be recognised, the earliest first.

        Of someone who has withdrawn, also those with the bytes of a file that was said to show
        them. With `statuses`, only those that stand so.
        """
        with self._read() as connection:
            found = likenesses.deliveries_showing(connection, person)
        return [each for each in found if statuses is None or each.status in statuses]

    def handoffs_showing(self, person: str) -> list[Handoff]:
        """Likewise all hand-offs, in the order in which they are to be live."""
        with self._read() as connection:
            return likenesses.handoffs_showing(connection, person)
