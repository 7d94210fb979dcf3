"""The log: append-only, every move and every word with who, when and why.

There is a chain for each channel, and one for each thing that people say.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, text, update

from somos_social.core.model.delivery import Delivery, Status
from somos_social.store import chain
from somos_social.store.tables import chains, log

BATCH = 1000
"""So many entries are in memory at a time where all of them are read."""


AMENDED = "amended"
CARRIED = "carried"
"""The events that give a delivery other content, or another time."""

_DUE = re.compile(r"due \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=\)?$)")


def due(moment: datetime) -> str:
    """How the log tells for which time something is."""
    return f"due {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def told_due(line: Mapping[str, Any]) -> str | None:
    """The time that an entry gives a delivery, in the words of `due`; None where it gives none."""
    if line["from"] is not None and line["event"] not in (AMENDED, CARRIED):
        return None
    found = _DUE.search(line["reason"] or "")
    return found and found[0]


def mark(*values: Any) -> str:
    """A fingerprint of what stands in a row, by which the log knows it again."""
    plain = [chain.plain(value) for value in values]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()


def entry(
    before: Delivery | None, after: Delivery, event: str, now: datetime, actor: str
) -> dict[str, Any]:
    """One line of the log for a move, without its hash; `before` is None for what is new.

    Where it gives a time, the reason says that, too.
    """
    reason = after.reason
    if before is None or event in (AMENDED, CARRIED):
        reason = f"{reason} ({due(after.due_at)})" if reason else due(after.due_at)
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
        "reason": reason,
        "digest": after.digest or after.variant.digest,
    }


def word(
    connection: Connection,
    chain: str,
    subject: str,
    to: str,
    *,
    event: str,
    at: datetime,
    by: str,
    reason: str | None = None,
    url: str | None = None,
    digest: str = "",
) -> dict[str, Any]:
    """One line of the log for what a person said of a `subject`, without its hash.

    It begins as the last word on the same subject ended.
    """
    last = select(log.c.to).where(log.c.delivery == subject).order_by(log.c.id.desc()).limit(1)
    return {
        "at": at,
        "delivery": subject,
        "channel": chain,
        "from": connection.execute(last).scalar(),
        "to": to,
        "event": event,
        "attempt": 0,
        "actor": by,
        "url": url,
        "remote_id": None,
        "reason": reason,
        "digest": digest,
    }


def say(
    connection: Connection, chain: str, subject: str, to: str, *, at: datetime, by: str, **more: Any
) -> None:
    """Adds what a person said of a subject, which stands as `to` from now on."""
    append(connection, [word(connection, chain, subject, to, event=to, at=at, by=by, **more)])


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
    connection.execution_options(appended_at=entries[-1]["at"])


def appended_at(connection: Connection) -> datetime | None:
    """The time of the last entry that was added in this connection's transaction, if any was."""
    at: datetime | None = connection.get_execution_options().get("appended_at")
    return at


def heads(connection: Connection) -> dict[str, chain.Head]:
    """The ends of the chains by channel, as the database has them."""
    return {row.channel: chain.Head(row.length, row.head) for row in connection.execute(_CHAINS)}


def hash_of(connection: Connection, channel: str, number: int, *, length: int) -> str | None:
    """The hash of the entry with this number in its channel, whose chain has `length` of them."""
    backwards = select(log.c.hash).where(log.c.channel == channel).order_by(log.c.id.desc())
    found: str | None = connection.execute(backwards.offset(length - number).limit(1)).scalar()
    return found


_CHAINS = select(chains.c.channel, chains.c.length, chains.c.head).where(chains.c.length > 0)


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
    since: datetime | None = None,
    channel: str | None = None,
    delivery: str | None = None,
    beyond: int = 0,
) -> Iterator[dict[str, Any]]:
    """Entries in the order in which they were written, a batch of them in memory at a time."""
    query = select(log).where(log.c.id > beyond).order_by(log.c.id)
    if since:
        query = query.where(log.c.at >= since)
    if channel:
        query = query.where(log.c.channel == channel)
    if delivery:
        query = query.where(log.c.delivery == delivery)
    found = connection.execute(query, execution_options={"yield_per": BATCH})
    yield from map(dict, found.mappings())


def entered(connection: Connection, delivery: str, status: Status) -> tuple[int, datetime] | None:
    """The last entry by which it came into this state from another, and when; None for none."""
    came = or_(log.c["from"].is_(None), log.c["from"] != status.value)
    query = (
        select(log.c.id, log.c.at)
        .where(log.c.delivery == delivery, log.c.to == status.value, came)
        .order_by(log.c.id.desc())
    )
    row = connection.execute(query.limit(1)).first()
    return None if row is None else (row.id, row.at)


def counted(connection: Connection) -> int:
    """How many entries there are."""
    return connection.execute(select(func.count()).select_from(log)).scalar_one()
