"""What people hold back and let go again; each word has its entry in the log, or is not written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from somos_social.core.delivery import Move
from somos_social.core.model.campaign import Blackout
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.store import moving, publishing_log, rows, said
from somos_social.store.engine import Opened
from somos_social.store.tables import deliveries, pauses


class Pauses:
    """The pauses and the blackouts in the database. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def in_force(self) -> list[Pause]:
        """Those that nobody has ended yet; a blackout may still be to come."""
        with self._read() as connection:
            return said.in_force(connection)

    def ended(self, since: datetime) -> list[tuple[Pause, datetime]]:
        """Those that had begun and ended after then, each with its end."""
        ended = and_(pauses.c.ended_at > since, pauses.c.since < pauses.c.ended_at)
        query = select(pauses).where(ended).order_by(pauses.c.number)
        with self._read() as connection:
            found = connection.execute(query).mappings().all()
        return [(said.to_pause(row), row["ended_at"]) for row in found]

    def begin(self, pause: Pause) -> Pause:
        """From this moment on nothing that it covers is claimed."""
        with self._write() as connection:
            return _begin(connection, pause, pause.since)

    def end(
        self, ended: Sequence[Pause], moves: Sequence[Move], *, now: datetime, actor: str
    ) -> None:
        """Ends these pauses and makes what fell due meanwhile stand as `moves` say; or nothing.

        Raises Lost when a delivery was moved since then.
        """
        with self._write() as connection:
            for pause in ended:
                connection.execute(
                    update(pauses).where(pauses.c.number == pause.number).values(ended_at=now)
                )
                publishing_log.say(
                    connection,
                    said.PAUSES,
                    f"pause/{pause.number}",
                    "resumed",
                    at=now,
                    by=actor,
                    reason=pause.of,
                )
            publishing_log.append(connection, moving.make(connection, moves, now, actor))

    def going_out(self, pause: Pause) -> list[Delivery]:
        """What it covers and was already going out when it began."""
        query = select(deliveries).where(deliveries.c.status == Status.PUBLISHING.value)
        with self._read() as connection:
            found = [rows.to_delivery(row) for row in connection.execute(query).mappings()]
        return [delivery for delivery in found if pause.covers(delivery)]


def black_out(
    connection: Connection, campaign: str, wanted: Sequence[Blackout], now: datetime, actor: str
) -> None:
    """The blackouts of the campaign are these; one that is taken out while it lasts ends now."""
    known = {
        (pause.since, pause.until): pause
        for pause in said.in_force(connection)
        if pause.campaign == campaign and pause.until is not None
    }
    for blackout in wanted:
        same = known.pop((blackout.since, blackout.until), None)
        if same is None and blackout.until > now:
            _begin(
                connection,
                Pause(
                    campaign=campaign,
                    since=blackout.since,
                    until=blackout.until,
                    reason=blackout.reason,
                    by=actor,
                ),
                now,
            )
    for pause in known.values():
        # It ends in the way of all blackouts, so that what fell due meanwhile is not flooded.
        over = min(pause.until or now, now)
        began = pause.since <= now
        connection.execute(
            update(pauses)
            .where(pauses.c.number == pause.number)
            .values({"until": over} if began else {"ended_at": now})
        )
        if began:
            _say_paused(connection, replace(pause, until=over), now, actor)
        else:
            publishing_log.say(
                connection,
                said.PAUSES,
                f"pause/{pause.number}",
                "resumed",
                at=now,
                by=actor,
                reason=f"{pause.of}: it is no longer in its campaign file.",
            )


def _begin(connection: Connection, pause: Pause, now: datetime) -> Pause:
    names = ("campaign", "channel", "person", "reason", "since", "until", "by")
    number = connection.execute(
        insert(pauses)
        .values({name: getattr(pause, name) for name in names})
        .returning(pauses.c.number)
    ).scalar_one()
    begun = replace(pause, number=number)
    _say_paused(connection, begun, now, pause.by)
    return begun


def _say_paused(connection: Connection, pause: Pause, now: datetime, by: str) -> None:
    until = f" until {pause.until:%Y-%m-%d %H:%M} UTC" if pause.until else ""
    publishing_log.say(
        connection,
        said.PAUSES,
        f"pause/{pause.number}",
        "paused",
        at=now,
        by=by,
        reason=f"{pause.of}{until}: {pause.reason}",
        digest=said.mark_of_pause(pause),
    )
