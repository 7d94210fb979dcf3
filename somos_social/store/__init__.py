"""What happened: every write is one transaction, and every move of a delivery stands in the log.

A move is a compare-and-set on the version and the status that were seen. Whoever saw something
older simply loses, so any number of daemons may share one database.

What stays impossible to exclude: a worker frozen after its last look at the lease and before its
call, for longer than the lease plus the grace, may publish what others have since settled. Hence
the lease exceeds the sum of the timeouts, and the grace exceeds the lease.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from somos_social.core.clearance import obstacles
from somos_social.core.delivery import Move
from somos_social.core.handoff import Move as HandoffMove
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.channel import Introduction
from somos_social.core.model.delivery import Delivery, Status, Upload
from somos_social.core.model.handoff import Handoff
from somos_social.core.people import Said
from somos_social.errors import StoreError
from somos_social.store import (
    copies,
    guests,
    handing_over,
    holds,
    introductions,
    publishing_log,
    rows,
    said,
    telling,
)
from somos_social.store.approvals import Approvals, require
from somos_social.store.approvers import Approvers
from somos_social.store.campaigns import note_campaign
from somos_social.store.claimable import claimable
from somos_social.store.consents import Consents
from somos_social.store.engine import open_engine, told
from somos_social.store.guests import Guests
from somos_social.store.measuring import Measurements
from somos_social.store.moving import Lost, carry, compare_and_set, joined, make, wake_followers
from somos_social.store.pages import Pages
from somos_social.store.pauses import Pauses, black_out
from somos_social.store.reading import Reading, released
from somos_social.store.reports import Reports
from somos_social.store.requests import Requests
from somos_social.store.tables import deliveries, restores, snapshot

_d = deliveries.c

PAGE = 50
"""So many of those whose time has come are held against what people said at a time."""

__all__ = ["ChannelBusy", "Lost", "NotCleared", "Store"]


class ChannelBusy(Exception):
    """Another delivery of the channel is making its visible call; nothing was written."""


class NotCleared(Exception):
    """People do not let the delivery go out now, for these `reasons`; nothing was written."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)

    def __str__(self) -> str:
        return "; ".join(self.reasons)


class Store(Reading):
    """The deliveries and their log in one database. Threads may share it. Raises StoreError.

    What people say of them has a part for each kind of word, from `approvals` to `requests`.
    `guests` is who may look in at the board, and `pages` what is shown there; `measurements` is how
    posts were received, and `reports` what is told of all of it. With `binds_time`, an approval is
    one of the time, too.
    """

    def __init__(self, url: str, *, threads: int = 5, binds_time: bool = False) -> None:
        self._engine = open_engine(url, pool_size=threads)
        super().__init__(self._engine)
        self.binds_time = binds_time
        self.approvals = Approvals(self._read, self._write)
        self.approvers = Approvers(self._read, self._write)
        self.consents = Consents(self._read, self._write)
        self.pauses = Pauses(self._read, self._write)
        self.requests = Requests(self._read, self._write)
        self.guests = Guests(self._read, self._write)
        self.pages = Pages(self._read)
        self.reports = Reports(self._read)
        self.measurements = Measurements(self._read, self._write)
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
        asking: Sequence[Campaign] = (),
    ) -> None:
        """All of a plan or nothing of it, with what these campaigns ask of people.

        Raises Lost when a delivery was moved, or added by someone else, since the plan was made.
        """
        with self._write() as connection:
            for campaign in asking:
                require(connection, campaign.slug, campaign.approvals, now, actor)
                black_out(connection, campaign.slug, campaign.blackouts, now, actor)
                note_campaign(connection, campaign)
            entries = [
                publishing_log.entry(None, delivery, "scheduled", now, actor) for delivery in added
            ]
            if added:
                _add(connection, [joined(connection, delivery, now) for delivery in added])
            entries += handing_over.put(connection, asked, now, actor)
            publishing_log.append(connection, [*entries, *make(connection, moves, now, actor)])

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
        token = f"{actor}#{uuid.uuid4().hex}"
        waiting = and_(claimable(now), *released(due_by))
        if limit < 1 or not self._any(waiting):
            return []
        with self._write() as connection:
            said.hold_still(connection)
            cleared = self._cleared(connection, waiting, now, limit)
            taken = connection.execute(
                update(deliveries)
                .where(_d.key.in_(cleared))
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

    def _any(self, waiting: ColumnElement[bool]) -> bool:
        with self._read() as connection:
            return connection.execute(select(_d.key).where(waiting).limit(1)).first() is not None

    def _cleared(
        self, connection: Connection, waiting: ColumnElement[bool], now: datetime, limit: int
    ) -> list[str]:
        """The keys of the first that people let go out; what they keep back is stepped over."""
        cleared: list[str] = []
        page = select(deliveries).order_by(_d.due_at, _d.key).limit(max(limit, PAGE))
        beyond: ColumnElement[bool] = true()
        while len(cleared) < limit:
            chosen = page.where(waiting, beyond).with_for_update(skip_locked=True)
            found = [rows.to_delivery(row) for row in connection.execute(chosen).mappings()]
            if not found:
                break
            heard = said.of(connection, found, binds_time=self.binds_time)
            kept = {each.key for each in found if obstacles(each, heard, now)}
            cleared += [each.key for each in found if each.key not in kept]
            last = found[-1]
            beyond = tuple_(_d.due_at, _d.key) > tuple_(literal(last.due_at), literal(last.key))
            if _step_aside(connection, [each for each in found if each.key in kept]):
                # Others stood behind them.
                cleared, beyond = [], true()
        return cleared[:limit]

    def apply(self, move: Move, *, now: datetime, actor: str) -> Delivery:
        """Makes the move, if the delivery still stands as the move saw it.

        What follows a delivery that this makes public becomes due at once. Raises Lost; before a
        visible call, ChannelBusy when that of another delivery is under way, and NotCleared when
        people do not let it go out.
        """
        try:
            with self._write() as connection:
                if move.after.status is Status.PUBLISHING:
                    self._refuse_uncleared(connection, move.after, now)
                after = compare_and_set(connection, move, now)
                entries = [publishing_log.entry(move.before, after, move.event, now, actor)]
                if move.after.status is Status.PUBLISHED is not move.before.status:
                    wake_followers(connection, after, now)
                    holds.release(connection, after.channel, now)
                if move.hold:
                    holds.put(connection, move.hold)
                publishing_log.append(connection, entries)
        except IntegrityError:
            if move.after.status is Status.PUBLISHING:
                raise ChannelBusy from None
            raise
        return after

    def said_of(
        self, found: Sequence[Delivery], *, required: Mapping[str, Sequence[str]] | None = None
    ) -> Said:
        """All that people have said of these deliveries, which need what their campaigns need.

        With `required` they need the yes of these organisations, by campaign.
        """
        with self._read() as connection:
            return said.of(connection, found, binds_time=self.binds_time, required=required)

    def _refuse_uncleared(self, connection: Connection, delivery: Delivery, now: datetime) -> None:
        said.hold_still(connection)
        heard = said.of(connection, [delivery], binds_time=self.binds_time)
        if reasons := obstacles(delivery, heard, now):
            raise NotCleared(reasons)

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

    # What influencers are asked for.

    def move_handoff(
        self, move: HandoffMove, *, now: datetime, actor: str, note: str | None = None
    ) -> Handoff:
        """Makes the move, if the hand-off still stands as the move saw it; `note` is for the log.

        Raises Lost.
        """
        with self._write() as connection:
            return handing_over.apply(connection, move, now, actor, note)

    def carry_deliveries(self, later: Sequence[Delivery], *, now: datetime, actor: str) -> None:
        """Those that are further on than what is known of them stand so here."""
        with self._write() as connection:
            publishing_log.append(connection, carry(connection, later, now, actor))

    def carry_handoffs(self, later: Sequence[Handoff], *, now: datetime, actor: str) -> int:
        """Those that are further on than what is known of them stand so here; returns how many."""
        with self._write() as connection:
            return sum(handing_over.carry(connection, each, now, actor) for each in later)

    def carry_tellings(self, records: Sequence[telling.Record]) -> None:
        """What was told according to another database is not told again by this one."""
        with self._write() as connection:
            telling.carry(connection, records)

    def note_handoff(
        self, seen: Handoff, event: str, words: str, *, now: datetime, actor: str
    ) -> None:
        """What was done about it without moving it stands in the log, too."""
        with self._write() as connection:
            handing_over.note(connection, seen, event, words, now, actor)

    def note_kit(self, seen: Handoff, words: str, *, now: datetime, actor: str) -> None:
        """Its kit was made: that stands in the log, and who is in it is never forgotten."""
        with self._write() as connection:
            handing_over.note_kit(connection, seen, words, now, actor)

    def begin_telling(self, subject: str, kind: str, now: datetime, *, most: int) -> bool:
        """Whether it is ours to tell this now; it is written down that we do, before we do."""
        return bool(self.begin_tellings([(subject, kind)], now, most=most))

    def begin_tellings(
        self, wanted: Iterable[tuple[str, str]], now: datetime, *, most: int
    ) -> dict[tuple[str, str], int]:
        """Those, by subject and kind, that are ours to tell now, and which try of each that is.

        It is written down that we do, before we do. None where another was quicker with one.
        """
        with self._read() as connection:
            # Most was told long ago: no writer waits for that.
            open_now = [
                each
                for each in sorted(set(wanted))
                if telling.may_begin(connection, *each, now, most=most)
            ]
        if not open_now:
            return {}
        try:
            with self._write() as connection:
                tries = {
                    each: telling.begin(connection, *each, now, most=most) for each in open_now
                }
        except IntegrityError:
            return {}
        return {each: number for each, number in tries.items() if number}

    def end_telling(
        self,
        subject: str,
        kind: str,
        *,
        reason: str | None = None,
        again_at: datetime | None = None,
    ) -> int:
        """It was told, or with a reason, surely not. Returns how often it was tried."""
        with self._write() as connection:
            return telling.end(connection, subject, kind, reason=reason, again_at=again_at)

    def end_tellings(
        self,
        these: Iterable[tuple[str, str]],
        *,
        reason: str | None = None,
        again_at: datetime | None = None,
    ) -> None:
        """Likewise of all of these, by subject and kind, which stood in one message."""
        with self._write() as connection:
            for subject, kind in sorted(these):
                telling.end(connection, subject, kind, reason=reason, again_at=again_at)

    def keep_upload(self, delivery: Delivery, upload: Upload) -> None:
        """What lies at the network so far, of a delivery that is still in the same hand."""
        with self._write() as connection:
            connection.execute(
                update(deliveries)
                .where(
                    _d.key == delivery.key,
                    _d.lease == delivery.lease,
                    _d.status == Status.CLAIMED.value,
                )
                .values(upload=rows.upload_to_json(upload))
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

    def forget_snapshot(self, now: datetime) -> None:
        """All that may have happened since the copy was taken is marked as such."""
        with self._write() as connection:
            taken_at = connection.execute(select(func.min(snapshot.c.taken_at))).scalar()
            connection.execute(delete(snapshot))
            connection.execute(delete(restores).where(restores.c.restored_at == now))
            connection.execute(insert(restores).values(restored_at=now, taken_at=taken_at))
            guests.close_doors(connection)

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
        try:
            with told():
                return self._seal.renew(now)
        except OSError as error:
            raise StoreError(f"The log could not be sealed: {error.strerror}.") from None


def _step_aside(connection: Connection, kept: Sequence[Delivery]) -> bool:
    """What people keep back is not in the way of what stands behind it in its channel."""
    prepared = [each.key for each in kept if each.prepared]
    if prepared:
        connection.execute(
            update(deliveries)
            .where(_d.key.in_(prepared))
            .values(prepared=False, version=_d.version + 1)
        )
    return bool(prepared)


def _as_waiting(claimed: Delivery) -> Delivery:
    return replace(claimed, status=Status.SCHEDULED)


def _add(connection: Connection, added: Sequence[Delivery]) -> None:
    try:
        connection.execute(insert(deliveries), [rows.from_delivery(d) for d in added])
    except IntegrityError:
        raise Lost(", ".join(d.key for d in added)) from None
