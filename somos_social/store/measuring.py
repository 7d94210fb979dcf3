"""The figures of published posts by day: the last value of a day stands, and nobody's name."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, tuple_

from somos_social.core.metrics import Figure, Figures, Reading
from somos_social.store.engine import Opened
from somos_social.store.tables import deliveries, metrics

_m = metrics.c


class Measurements:
    """What the networks told of posts. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def keep(self, told: Mapping[str, Figures], *, day: date, at: datetime) -> None:
        """By the key of each delivery; what was told earlier on this day is replaced."""
        rows = [
            {"delivery": key, "day": day, "name": figure.value, "value": value, "at": at}
            for key, figures in told.items()
            for figure, value in figures.items()
        ]
        if not rows:
            return
        with self._write() as connection:
            for row in rows:
                this = {name: row[name] for name in ("delivery", "day", "name")}
                same = [_m[name] == value for name, value in this.items()]
                connection.execute(delete(metrics).where(*same))
            connection.execute(insert(metrics), rows)

    def last(self, campaigns: Collection[str]) -> dict[str, Reading]:
        """By delivery, each figure as it was told last."""
        of_campaigns = _m.delivery.in_(
            select(deliveries.c.key).where(deliveries.c.campaign.in_(campaigns))
        )
        newest = (
            select(_m.delivery, _m.name, func.max(_m.day))
            .where(of_campaigns)
            .group_by(_m.delivery, _m.name)
        )
        query = select(metrics).where(tuple_(_m.delivery, _m.name, _m.day).in_(newest))
        found: dict[str, list[Any]] = {}
        with self._read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.delivery, []).append(row)
        return {key: _reading(key, rows) for key, rows in found.items()}

    def measured(self, channel: str) -> frozenset[str]:
        """The keys of the channel's deliveries of which anything was ever told."""
        of_channel = select(deliveries.c.key).where(deliveries.c.channel == channel)
        query = select(_m.delivery).where(_m.delivery.in_(of_channel)).distinct()
        with self._read() as connection:
            return frozenset(connection.execute(query).scalars())


def _reading(key: str, rows: list[Any]) -> Reading:
    """Names that a later program has written are left to it."""
    known = {figure.value: figure for figure in Figure}
    return Reading(
        delivery=key,
        day=max(row.day for row in rows),
        at=max(row.at for row in rows),
        figures={known[row.name]: row.value for row in rows if row.name in known},
    )
