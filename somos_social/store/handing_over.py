"""Hand-offs, written: each move with its entry in the log, or neither; whoever saw less loses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from somos_social.core.handoff import Amended, Move, decide, is_wanted_so
from somos_social.core.model.handoff import Handoff
from somos_social.store import publishing_log, rows, said
from somos_social.store.moving import Lost
from somos_social.store.tables import handoffs

_h = handoffs.c


def known(connection: Connection, campaign: str | None = None) -> list[Handoff]:
    """All of them, or those of a campaign, in the order in which they are to be live."""
    query = select(handoffs).order_by(_h.live_due, _h.campaign, _h.key)
    if campaign:
        query = query.where(_h.campaign == campaign)
    return [rows.to_handoff(row) for row in connection.execute(query).mappings()]


def put(
    connection: Connection, wanted: Sequence[Handoff], now: datetime, actor: str
) -> list[dict[str, Any]]:
    """What campaign files ask for is recorded; returns what the log is to say of what is new in it.

    What is under way goes on, in its new form. Raises Lost.
    """
    return [entry for handoff in wanted for entry in _put_one(connection, handoff, now, actor)]


def _put_one(
    connection: Connection, wanted: Handoff, now: datetime, actor: str
) -> Iterator[dict[str, Any]]:
    query = select(handoffs).where(_h.campaign == wanted.campaign, _h.key == wanted.key)
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        new = replace(wanted, version=1)
        connection.execute(insert(handoffs).values(rows.from_handoff(new)))
        yield _entry(connection, new, "scheduled", now, actor)
        return
    before = rows.to_handoff(row)
    if before.version and is_wanted_so(before, wanted):
        return
    move = decide(before, Amended(wanted), now)
    yield _entry(connection, compare_and_set(connection, move), move.event, now, actor)


def apply(
    connection: Connection, move: Move, now: datetime, actor: str, note: str | None = None
) -> Handoff:
    """Makes the move, if the hand-off still stands as the move saw it. Raises Lost."""
    after = compare_and_set(connection, move)
    entry = _entry(connection, after, move.event, now, actor, note)
    publishing_log.append(connection, [entry])
    return after


def carry(connection: Connection, later: Handoff, now: datetime, actor: str) -> bool:
    """The hand-off stands as another database had it, where that is further on than this one.

    It is no move, so that all of its own times stay; the log says by whom it was carried.
    """
    query = select(handoffs).where(_h.campaign == later.campaign, _h.key == later.key)
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is not None and row["version"] >= later.version:
        return False
    this = and_(_h.campaign == later.campaign, _h.key == later.key)
    values = rows.from_handoff(later)
    change = insert(handoffs) if row is None else update(handoffs).where(this)
    connection.execute(change.values(values))
    publishing_log.append(connection, [_entry(connection, later, "carried", now, actor)])
    return True


def note(
    connection: Connection, seen: Handoff, event: str, words: str, now: datetime, actor: str
) -> None:
    """What was done about a hand-off without moving it stands in the log, too."""
    found = _held_still(connection, seen)
    if found is not None:
        entry = _entry(connection, found, event, now, actor, words)
        publishing_log.append(connection, [entry])


def note_kit(connection: Connection, seen: Handoff, words: str, now: datetime, actor: str) -> None:
    """A kit of what was seen is in the influencer's hands: who is in it is never forgotten."""
    found = _held_still(connection, seen)
    if found is None:
        return
    after = replace(found, shown=tuple(sorted({*found.shown, *seen.ask.people})))
    if after != found:
        after = replace(after, version=found.version + 1)
        this = and_(_h.campaign == seen.campaign, _h.key == seen.key)
        connection.execute(update(handoffs).where(this).values(rows.from_handoff(after)))
    publishing_log.append(connection, [_entry(connection, after, "kit", now, actor, words)])


def _held_still(connection: Connection, seen: Handoff) -> Handoff | None:
    """The hand-off as it is now, and until the end of the transaction."""
    query = select(handoffs).where(_h.campaign == seen.campaign, _h.key == seen.key)
    row = connection.execute(query.with_for_update()).mappings().first()
    return None if row is None else rows.to_handoff(row)


def compare_and_set(connection: Connection, move: Move) -> Handoff:
    """The hand-off as it is now. Raises Lost."""
    before = move.before
    after = replace(move.after, version=before.version + 1)
    changed = connection.execute(
        update(handoffs)
        .where(
            _h.campaign == before.campaign,
            _h.key == before.key,
            _h.version == before.version,
            _h.status == before.status.value,
        )
        .values(rows.from_handoff(after))
    )
    if changed.rowcount != 1:
        raise Lost(before.name)
    return after


def _entry(
    connection: Connection,
    after: Handoff,
    event: str,
    now: datetime,
    actor: str,
    words: str | None = None,
) -> dict[str, Any]:
    return publishing_log.word(
        connection,
        said.HANDOFFS,
        after.subject,
        after.status.value,
        event=event,
        at=now,
        by=actor,
        reason=words or after.reason,
        url=after.url,
        digest=after.digest,
    )
