"""What each network said of a channel's secret when it was last asked."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from somos_social.core.model.channel import Identity, Introduction, Quota
from somos_social.core.model.delivery import Status, Waiting
from somos_social.store.tables import IN_MOTION, deliveries, introductions

_d = deliveries.c


def put(connection: Connection, introduction: Introduction) -> None:
    """In place of what was known of the channel before."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = _row(introduction)
    fresh: Any = insert(introductions).values(row)
    connection.execute(
        fresh.on_conflict_do_update(index_elements=introductions.primary_key, set_=row)
    )


def forget(connection: Connection, channel: str) -> None:
    """The channel has another secret, of which nothing is known yet."""
    connection.execute(delete(introductions).where(introductions.c.channel == channel))


def known(connection: Connection) -> dict[str, Introduction]:
    """By channel, for those that were introduced."""
    found = connection.execute(select(introductions)).mappings()
    return {row["channel"]: _introduction(row) for row in found}


def waiting(connection: Connection) -> list[Waiting]:
    """All that is to go out, in as few words as foresight needs."""
    query = select(_d.key, _d.channel, _d.due_at, _d.after).where(_d.status.in_(IN_MOTION))
    return [
        Waiting(key=key, channel=channel, due_at=due_at, follows=after is not None)
        for key, channel, due_at, after in connection.execute(query)
    ]


def published(connection: Connection, since: datetime) -> list[tuple[str, datetime]]:
    """Channel and time of each post, not of what follows it, that became public after `since`."""
    query = select(_d.channel, _d.asked_at).where(
        _d.status == Status.PUBLISHED.value, _d.asked_at > since, _d.after.is_(None)
    )
    return [(channel, asked_at) for channel, asked_at in connection.execute(query)]


def _row(introduction: Introduction) -> dict[str, Any]:
    who = introduction.identity
    return {
        "channel": introduction.channel,
        "checked_at": introduction.checked_at,
        "remote_id": who.remote_id,
        "name": who.name,
        "expires_at": who.expires_at,
        "data_access_ends_at": who.data_access_ends_at,
        "granted": None if who.granted is None else json.dumps(who.granted),
        "quota_total": who.quota and who.quota.total,
        "quota_used": who.quota and who.quota.used,
        "untold": json.dumps(who.untold, ensure_ascii=False),
    }


def _introduction(row: RowMapping) -> Introduction:
    total, used = row["quota_total"], row["quota_used"]
    identity = Identity(
        remote_id=row["remote_id"],
        name=row["name"],
        expires_at=row["expires_at"],
        data_access_ends_at=row["data_access_ends_at"],
        granted=None if row["granted"] is None else tuple(json.loads(row["granted"])),
        quota=None if total is None else Quota(total=total, used=used),
        untold=tuple(json.loads(row["untold"])),
    )
    return Introduction(channel=row["channel"], checked_at=row["checked_at"], identity=identity)
