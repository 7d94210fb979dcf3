"""In what people can be recognised: by name, and who has withdrawn, by the very bytes, too."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, delete, insert, or_, select

from somos_social.core.model.delivery import Delivery
from somos_social.core.model.handoff import DraftFile, Handoff
from somos_social.core.people import Likeness
from somos_social.store import rows
from somos_social.store.batches import AT_ONCE, batches
from somos_social.store.tables import deliveries, handoffs, likenesses

_d, _h, _l = deliveries.c, handoffs.c, likenesses.c


def among(connection: Connection, fingerprints: Collection[str]) -> list[Likeness]:
    """Those of these bytes."""
    return [
        likeness
        for asked in batches(sorted(set(fingerprints)))
        for likeness in _known(connection, select(likenesses).where(_l.sha256.in_(asked)))
    ]


def learn(connection: Connection, person: str) -> None:
    """Who withdraws is not to be seen in any file any more that was said to show them."""
    forget(connection, person)
    found = {*_in_deliveries(connection, person), *_in_handoffs(connection, person)}
    if found:
        columns = ("person", "path", "sha256")
        values = [{name: getattr(likeness, name) for name in columns} for likeness in found]
        connection.execute(insert(likenesses), values)


def forget(connection: Connection, person: str) -> None:
    """Who consents again may be seen again."""
    connection.execute(delete(likenesses).where(_l.person == person))


def deliveries_showing(connection: Connection, person: str) -> list[Delivery]:
    """Those in which this person can be recognised, the earliest first."""
    seen = _known(connection, select(likenesses).where(_l.person == person))
    found = [
        rows.to_delivery(row)
        for row in _mentioning(connection, select(deliveries), [_d.variant], person, seen)
    ]
    showing = {
        each.key: each
        for each in found
        if person in each.variant.people
        or any(likeness.is_in(file) for likeness in seen for file in each.variant.files)
    }
    return sorted(showing.values(), key=lambda each: (each.due_at, each.key))


def handoffs_showing(connection: Connection, person: str) -> list[Handoff]:
    """Those in whose media this person can be recognised, or could be at any time."""
    seen = _known(connection, select(likenesses).where(_l.person == person))
    found = [
        rows.to_handoff(row)
        for row in _mentioning(connection, select(handoffs), [_h.ask, _h.draft], person, seen)
    ]
    showing = {
        each.subject: each
        for each in found
        if person in each.people or any(_is_in_handoff(likeness, each) for likeness in seen)
    }
    return sorted(showing.values(), key=lambda each: (each.live_due, each.campaign, each.key))


def _is_in_handoff(likeness: Likeness, handoff: Handoff) -> bool:
    drafted = any(likeness.sha256 == it.sha256 and not it.people for it in _files_of(handoff))
    return drafted or any(likeness.is_in(asset) for asset in handoff.ask.assets)


def _files_of(handoff: Handoff) -> tuple[DraftFile, ...]:
    return handoff.draft.files if handoff.draft else ()


def _known(connection: Connection, query: Select[Any]) -> list[Likeness]:
    return [Likeness(**row) for row in connection.execute(query).mappings()]


def _mentioning(
    connection: Connection,
    query: Select[Any],
    columns: Sequence[Column[str]],
    person: str,
    seen: Sequence[Likeness] = (),
) -> Iterator[Any]:
    """The rows that may show the person, some of them twice."""
    names = [person, *sorted({likeness.sha256 for likeness in seen})]
    for asked in batches(names, AT_ONCE // len(columns)):
        mentioned = (
            column.contains(rows.in_json(name), autoescape=True)
            for column in columns
            for name in asked
        )
        yield from connection.execute(query.where(or_(*mentioned))).mappings()


def _in_deliveries(connection: Connection, person: str) -> Iterator[Likeness]:
    for row in _mentioning(connection, select(deliveries), [_d.variant], person):
        for file in rows.to_delivery(row).variant.files:
            if person in file.people:
                yield Likeness(person=person, path=file.path, sha256=file.sha256)


def _in_handoffs(connection: Connection, person: str) -> Iterator[Likeness]:
    for row in _mentioning(connection, select(handoffs), [_h.ask, _h.draft], person):
        handoff = rows.to_handoff(row)
        for file in handoff.ask.assets:
            if person in file.people:
                yield Likeness(person=person, path=file.path, sha256=file.sha256)
        for drafted in _files_of(handoff):
            if person in drafted.people:
                # It lies in no folder of ours.
                yield Likeness(person=person, path="", sha256=drafted.sha256)
