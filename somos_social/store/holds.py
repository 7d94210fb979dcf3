"""What holds a channel as such: a network that asked for patience, a secret that is refused."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from somos_social.core.model.channel import Hold
from somos_social.store.tables import deliveries, holds

_h = holds.c


def held(now: datetime) -> ColumnElement[bool]:
    """The condition that a delivery's channel publishes nothing now."""
    return _of_a_channel(or_(_h.stopped, _h.until > now))


def stopped() -> ColumnElement[bool]:
    """The condition that a delivery's channel waits for a person."""
    return _of_a_channel(_h.stopped)


def _of_a_channel(hold: ColumnElement[bool]) -> ColumnElement[bool]:
    return deliveries.c.channel.in_(select(_h.channel).where(hold))


def known(connection: Connection) -> list[Hold]:
    """All that hold, and some that did: the time of a request for patience may be over."""
    found = connection.execute(select(holds).order_by(_h.channel, _h.stopped)).mappings()
    return [Hold(**row) for row in found]


def put(connection: Connection, hold: Hold) -> None:
    """One that goes on keeps the time at which it began.

    Patience that was asked for is never shortened: whoever asks too early is made to wait longer.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    fresh: Any = insert(holds).values(asdict(hold))
    again = {"reason": fresh.excluded.reason, "until": fresh.excluded.until}
    connection.execute(
        fresh.on_conflict_do_update(
            index_elements=holds.primary_key,
            set_=again,
            where=or_(_h.stopped, _h.until < fresh.excluded.until),
        )
    )


def release(connection: Connection, channel: str, now: datetime) -> None:
    """A stop ends; a network that asked for patience still gets it."""
    over = or_(_h.stopped, _h.until <= now)
    connection.execute(delete(holds).where(_h.channel == channel, over))


def postpone(connection: Connection, channel: str, until: datetime) -> None:
    """The network is next asked then whether the secret works again."""
    stop = and_(_h.channel == channel, _h.stopped)
    connection.execute(update(holds).where(stop).values(until=until))
