"""The mark of a copy: nothing is claimed where it stands, until the networks were asked."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from somos_social.store.tables import log, snapshot


def mark(connection: Connection, now: datetime, *, taken_at: datetime | None = None) -> datetime:
    """Marks a database as a copy, unless it is so marked. Returns when it was taken.

    Where nobody knows that, it is as old as its last entry; one without entries is of `now`.
    """
    known: datetime | None = connection.execute(select(func.min(snapshot.c.taken_at))).scalar()
    if known is not None:
        return known
    if taken_at is None:
        taken_at = connection.execute(select(func.max(log.c.at))).scalar() or now
    connection.execute(insert(snapshot).values(taken_at=taken_at))
    return taken_at
