"""The publishing log: append-only, a chain per channel, every move with who, when and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from somos_social.core.model import Delivery
from somos_social.store import chain
from somos_social.store.tables import chains, log


def entry(
    before: Delivery | None, after: Delivery, event: str, now: datetime, actor: str
) -> dict[str, Any]:
    """One line of the log for a move, without its hash; `before` is None for what is new."""
    return {
        "at": now,
        "delivery": after.key,
        "channel": after.channel,
        "from": before.status.value if before else None,
        "to": after.status.value,
        "event": event,
        "attempt": after.attempts,
        "actor": actor,
        "url": after.receipt and after.receipt.url,
        "remote_id": after.receipt and after.receipt.remote_id,
        "reason": after.reason,
        "digest": after.variant.digest,
    }


def append(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Adds the entries to their channels' chains, whose heads are locked in one fixed order."""
    if not entries:
        return
    names = sorted({line["channel"] for line in entries})
    heads = _lock_heads(connection, names)
    for line in entries:
        length, head = heads[line["channel"]]
        line["hash"] = chain.link(head, line)
        heads[line["channel"]] = (length + 1, line["hash"])
    connection.execute(insert(log), list(entries))
    for name in names:
        length, head = heads[name]
        connection.execute(
            update(chains).where(chains.c.channel == name).values(length=length, head=head)
        )


def _lock_heads(connection: Connection, names: Sequence[str]) -> dict[str, tuple[int, str]]:
    query = (
        select(chains).where(chains.c.channel.in_(names)).order_by(chains.c.channel)
    ).with_for_update()
    found = {row.channel: (row.length, row.head) for row in connection.execute(query)}
    missing = [name for name in names if name not in found]
    if missing:
        connection.execute(
            text(
                "INSERT INTO chains (channel, length, head) VALUES (:channel, 0, :head) "
                "ON CONFLICT DO NOTHING"
            ),
            [{"channel": name, "head": chain.GENESIS} for name in missing],
        )
        return _lock_heads(connection, names)
    return found


def read(
    connection: Connection,
    *,
    since: datetime | None,
    channel: str | None,
    delivery: str | None,
    beyond: int,
) -> list[dict[str, Any]]:
    query = select(log).where(log.c.id > beyond).order_by(log.c.id)
    if since:
        query = query.where(log.c.at >= since)
    if channel:
        query = query.where(log.c.channel == channel)
    if delivery:
        query = query.where(log.c.delivery == delivery)
    return [dict(row) for row in connection.execute(query).mappings()]


def broken_links(connection: Connection) -> list[str]:
    """One sentence for each channel whose entries were changed, moved, removed or cut off."""
    reached: dict[str, tuple[int, str]] = {}
    broken: dict[str, str] = {}
    for row in connection.execute(select(log).order_by(log.c.id)).mappings():
        channel = row["channel"]
        length, head = reached.get(channel, (0, chain.GENESIS))
        if row["hash"] != chain.link(head, dict(row)) and channel not in broken:
            broken[channel] = (
                f"{channel}: entry {row['id']} of {row['delivery']} was changed, "
                "or one before it was removed or moved."
            )
        reached[channel] = (length + 1, row["hash"])
    ends = {row.channel: (row.length, row.head) for row in connection.execute(select(chains))}
    for channel in sorted(ends.keys() | reached.keys()):
        if channel not in broken and ends.get(channel) != reached.get(channel):
            broken[channel] = f"{channel}: entries at the end of the log are missing."
    return [broken[channel] for channel in sorted(broken)]
