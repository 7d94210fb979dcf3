"""What a report asks of the database: moves, and counts of what people said, never who."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from somos_social.core.report import Chain, Held, Step
from somos_social.store import publishing_log, said
from somos_social.store.engine import Opened
from somos_social.store.tables import deliveries, log, pauses


class Reports:
    """The questions of reports, which change nothing. Raises StoreError."""

    def __init__(self, read: Opened) -> None:
        self._read = read

    def steps(self, campaigns: Collection[str]) -> list[Step]:
        """Every change of status of these campaigns' deliveries, in the order of the log."""
        keys = select(deliveries.c.key).where(deliveries.c.campaign.in_(campaigns))
        moved = or_(log.c["from"].is_(None), log.c["from"] != log.c.to)
        columns = (log.c.at, log.c.delivery, log.c.event, log.c["from"], log.c.to)
        query = select(*columns).where(log.c.delivery.in_(keys), moved).order_by(log.c.id)
        with self._read() as connection:
            return [Step(*row) for row in connection.execute(query)]

    def held(
        self, campaigns: Collection[str], *, since: datetime | None, until: datetime | None
    ) -> Held:
        """The pauses and blackouts that covered these campaigns, and all withdrawals of consent.

        Whose, and what of, is not read.
        """
        covers = or_(pauses.c.campaign.is_(None), pauses.c.campaign.in_(campaigns))
        began = select(pauses.c.until.is_(None), func.count()).where(
            covers, *_between(pauses.c.since, since, until)
        )
        withdrawn = select(func.count()).where(
            log.c.channel == said.CONSENTS,
            log.c.to == "withdrawn",
            *_between(log.c.at, since, until),
        )
        with self._read() as connection:
            counted = connection.execute(began.group_by(pauses.c.until.is_(None))).all()
            numbers = {bool(by_a_person): number for by_a_person, number in counted}
            return Held(
                pauses=numbers.get(True, 0),
                blackouts=numbers.get(False, 0),
                withdrawals=connection.execute(withdrawn).scalar_one(),
            )

    def chains(self) -> tuple[Chain, ...]:
        """Where each chain of the log ends."""
        with self._read() as connection:
            found = publishing_log.heads(connection)
        return tuple(Chain(name=it, length=found[it].length, hash=found[it].hash)
                     for it in sorted(found))  # fmt: skip


def _between(
    column: ColumnElement[datetime], since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    bounds = []
    if since:
        bounds.append(column >= since)
    if until:
        bounds.append(column < until)
    return bounds
