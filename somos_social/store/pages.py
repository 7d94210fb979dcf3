"""What is known, a page of it at a time, for people who look at it in a browser."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_

from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import campaigns, rows, said
from somos_social.store.campaigns import Scheduled
from somos_social.store.engine import Opened
from somos_social.store.tables import deliveries, log

_d = deliveries.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Posts with a delivery that is in one of these states, and there; nothing named is any."""

    statuses: Collection[Status] = ()
    campaign: str | None = None
    channel: str | None = None


class Pages:
    """The questions of the board, which change nothing. Raises StoreError."""

    def __init__(self, read: Opened) -> None:
        self._read = read

    def campaigns(self) -> dict[str, Scheduled]:
        """By slug, those of which something was scheduled."""
        with self._read() as connection:
            return campaigns.known(connection)

    def channels(self) -> list[str]:
        """Those on which anything was ever to go out."""
        query = select(_d.channel).distinct().order_by(_d.channel)
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def between(
        self, begin: datetime, end: datetime, *, campaign: str | None = None
    ) -> list[Delivery]:
        """What was promised from `begin` on and before `end`, in the order of the times."""
        wanted = [_d.due_at >= begin, _d.due_at < end]
        if campaign:
            wanted.append(_d.campaign == campaign)
        return self._select(*wanted)

    def of_post(self, campaign: str, post: str) -> list[Delivery]:
        """All deliveries of one post, the comments and threads below each behind it."""
        return self._select(_d.campaign == campaign, _d.post == post)

    def posts(
        self, wanted: Wanted, *, limit: int, offset: int = 0, newest_first: bool = False
    ) -> list[list[Delivery]]:
        """Whole posts, each with all of its deliveries, in the order of their first times."""
        due = func.min(_d.due_at)
        names = (
            select(_d.campaign, _d.post)
            .where(*_conditions(wanted))
            .group_by(_d.campaign, _d.post)
            .order_by(due.desc() if newest_first else due, _d.campaign, _d.post)
        )
        with self._read() as connection:
            found = [tuple(row) for row in connection.execute(names.limit(limit).offset(offset))]
        whole = self._select(tuple_(_d.campaign, _d.post).in_(found)) if found else []
        by_name = {name: list(group) for name, group in groupby(sorted(whole, key=_name), _name)}
        return [by_name[name] for name in found if name in by_name]

    def log(
        self,
        *,
        limit: int,
        since: datetime | None = None,
        channel: str | None = None,
        post: str | None = None,
        before: int | None = None,
    ) -> list[dict[str, Any]]:
        """The newest entries; what people who are seen have said is read by nobody here."""
        query = select(log).where(log.c.channel != said.CONSENTS).order_by(log.c.id.desc())
        if since:
            query = query.where(log.c.at >= since)
        if channel:
            query = query.where(log.c.channel == channel)
        if post:
            query = query.where(log.c.delivery.contains(f"/{post}@", autoescape=True))
        if before is not None:
            query = query.where(log.c.id < before)
        with self._read() as connection:
            return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]

    def words_on(self, keys: Collection[str]) -> list[dict[str, Any]]:
        """What organisations have said of these deliveries, as the log has it, the oldest first."""
        with self._read() as connection:
            asked = set().union(*said.required_by(connection).values())
            subjects = [f"approval/{name}/{key}" for name in sorted(asked) for key in keys]
            query = select(log).where(log.c.delivery.in_(subjects)).order_by(log.c.id)
            return [dict(row) for row in connection.execute(query).mappings()]

    def _select(self, *wanted: ColumnElement[bool]) -> list[Delivery]:
        query = select(deliveries).where(*wanted).order_by(_d.due_at, _d.key)
        with self._read() as connection:
            return [rows.to_delivery(row) for row in connection.execute(query).mappings()]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.statuses:
        yield _d.status.in_([status.value for status in wanted.statuses])
    if wanted.campaign:
        yield _d.campaign == wanted.campaign
    if wanted.channel:
        yield _d.channel == wanted.channel


def _name(delivery: Delivery) -> tuple[str, str]:
    return delivery.campaign, delivery.post
