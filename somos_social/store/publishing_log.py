"""The publishing log: append-only, a chain per channel, every move with who, when and why."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, text, update

from somos_social.core.model import Delivery
from somos_social.store import chain, rows
from somos_social.store.tables import chains, deliveries, log

_d = deliveries.c


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
        "digest": after.digest or after.variant.digest,
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
    """Where the log is not the chain that was written, or a delivery is not what its log says.

    One sentence for each channel whose entries were changed, moved, removed or cut off, and for
    each delivery that was changed behind the log's back.
    """
    reached: dict[str, tuple[int, str]] = {}
    broken: dict[str, str] = {}
    last: dict[str, RowMapping] = {}
    try:
        for row in connection.execute(select(log).order_by(log.c.id)).mappings():
            channel = row["channel"]
            length, head = reached.get(channel, (0, chain.GENESIS))
            if row["hash"] != chain.link(head, dict(row)) and channel not in broken:
                broken[channel] = (
                    f"{channel}: entry {row['id']} of {row['delivery']} was changed, "
                    "or one before it was removed or moved."
                )
            reached[channel] = (length + 1, row["hash"])
            last[row["delivery"]] = row
    except (TypeError, ValueError) as error:
        return [f"An entry of the log was changed and cannot be read any more ({error})."]
    ends = {row.channel: (row.length, row.head) for row in connection.execute(select(chains))}
    for channel in sorted(ends.keys() | reached.keys()):
        if channel not in broken and ends.get(channel) != reached.get(channel):
            broken[channel] = f"{channel}: entries at the end of the log are missing."
    unlike = _unlike_their_log(connection, last, but=broken.keys())
    return [broken[channel] for channel in sorted(broken)] + unlike


def _unlike_their_log(
    connection: Connection, last: Mapping[str, RowMapping], but: Collection[str]
) -> list[str]:
    """Deliveries that their last entries belie; not of the channels `but`, whose log is broken."""
    columns = (_d.key, _d.channel, _d.status, _d.digest, _d.variant, _d.remote_id, _d.url)
    found = []
    for row in connection.execute(select(*columns).order_by(_d.key)).mappings():
        if row["channel"] in but:
            continue
        entry = last.get(row["key"])
        if entry is None:
            found.append(f"{row['key']}: the log says nothing of it.")
            continue
        differs = [
            name
            for name, now, then in (
                ("status", row["status"], entry["to"]),
                ("content", rows.digest_of(row["variant"]), entry["digest"]),
                ("content's digest", row["digest"], entry["digest"]),
                ("platform id", row["remote_id"], entry["remote_id"]),
                ("address", row["url"], entry["url"]),
            )
            if now != then
        ]
        if differs:
            found.append(f"{row['key']}: its {', '.join(differs)} is not what the log says.")
    return found
