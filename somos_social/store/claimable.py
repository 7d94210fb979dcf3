"""Which deliveries a worker may take now, as one condition that the partial indexes serve."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, tuple_

from somos_social.core.model.delivery import Status
from somos_social.store.holds import held
from somos_social.store.tables import IN_MOTION, deliveries, snapshot

_d = deliveries.c


def claimable(now: datetime) -> ColumnElement[bool]:
    """Waiting, its time come, its grace not over; and, once prepared, first in its channel.

    Nothing is while its channel is held, or while the database is a copy that was not compared with
    the networks yet.
    """
    other = deliveries.alias("other").c
    goes_first = and_(
        other.run_at <= now,
        other.expires_at > now,
        tuple_(other.due_at, other.key) < tuple_(_d.due_at, _d.key),
    )
    in_the_way = exists().where(
        other.channel == _d.channel,
        other.prepared,
        other.status.in_(IN_MOTION),
        or_(other.status != Status.SCHEDULED.value, goes_first),
    )
    return and_(
        _d.status == Status.SCHEDULED.value,
        _d.run_at <= now,
        _d.expires_at > now,
        not_(and_(_d.prepared, in_the_way)),
        not_(held(now)),
        not_(exists(select(snapshot.c.taken_at))),
    )
