"""Who is invited to the board and who is there: of links and of visits, only fingerprints."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)

from somos_social.core.guests import Guest, Role, Stay
from somos_social.core.people import one_name
from somos_social.store import publishing_log, said
from somos_social.store.engine import Opened
from somos_social.store.tables import invites, snapshot, visits

NOTED_EACH = timedelta(minutes=1)
"""So often it is written down that a guest is still there; a page more costs no write."""

_i, _v = invites.c, visits.c


class Guests:
    """The guests of the board in the database. Raises StoreError.

    Whoever enters, is invited or is told to leave stands in the log, among those who may approve.
    """

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def invite(self, guest: Guest, *, link: str) -> None:
        """From now on this link is the guest's only one, and the role the guest's only one.

        Whoever has entered already stays, in the new role.
        """
        row = {
            "organisation": guest.organisation,
            "person": guest.person,
            "role": guest.role.value,
            "invited_at": guest.invited_at,
            "invited_by": guest.invited_by,
            "link": link,
            "link_until": guest.link_until,
        }
        with self._write() as connection:
            folded = _folded(connection, guest.person)
            connection.execute(delete(invites).where(_i.folded == folded))
            connection.execute(insert(invites).values(row | {"folded": folded}))
            _say(connection, guest, "invited", guest.invited_at, guest.invited_by, guest.role.value)

    def named(self, person: str) -> Guest | None:
        """The guest of this name, however it is written."""
        with self._read() as connection:
            this = _i.folded == _folded(connection, person)
            found = connection.execute(select(invites).where(this)).mappings().first()
        return None if found is None else _guest(found)

    def listed(self, now: datetime, stay: Stay) -> list[Guest]:
        """All who are invited, by organisation and name."""
        seen = (
            select(_v.folded, func.max(_v.seen_at).label("seen_at"))
            .where(_alive(now, stay))
            .group_by(_v.folded)
            .subquery()
        )
        query = (
            select(invites, seen.c.seen_at)
            .outerjoin(seen, seen.c.folded == _i.folded)
            .order_by(_i.organisation, _i.person)
        )
        with self._read() as connection:
            return [_guest(row) for row in connection.execute(query).mappings()]

    def holder(self, link: str, now: datetime) -> Guest | None:
        """Whose link this is; None for one that was used, replaced or taken back, or is over."""
        query = select(invites).where(_i.link == link, _i.link_until > now, _is_no_copy())
        with self._read() as connection:
            found = connection.execute(query).mappings().first()
        return None if found is None else _guest(found)

    def enter(self, link: str, *, visit: str, now: datetime, stay: Stay) -> Guest | None:
        """Uses the link up and begins a visit; of any number who try at once, one enters."""
        with self._write() as connection:
            found = (
                connection.execute(
                    update(invites)
                    .where(_i.link == link, _i.link_until > now, _is_no_copy())
                    .values(link=None, link_until=None)
                    .returning(*invites.c)
                )
                .mappings()
                .first()
            )
            if found is None:
                return None
            connection.execute(delete(visits).where(not_(_alive(now, stay))))
            connection.execute(
                insert(visits).values(
                    token=visit,
                    folded=found["folded"],
                    begun_at=now,
                    seen_at=now,
                    until=now + stay.most,
                )
            )
            guest = _guest(found)
            _say(connection, guest, "entered", now, str(guest))
        return guest

    def visitor(self, visit: str, now: datetime, stay: Stay, *, noted: bool = True) -> Guest | None:
        """Whose visit this is; None for one that is over or was ended. `noted` lets it go on."""
        query = (
            select(invites, _v.seen_at)
            .join(visits, _v.folded == _i.folded)
            .where(_v.token == visit, _alive(now, stay), _is_no_copy())
        )
        with self._read() as connection:
            found = connection.execute(query).mappings().first()
        if found is None:
            return None
        if noted and now - found["seen_at"] >= NOTED_EACH:
            with self._write() as connection:
                connection.execute(update(visits).where(_v.token == visit).values(seen_at=now))
        return _guest(found)

    def leave(self, visit: str) -> None:
        """The visit is over."""
        with self._write() as connection:
            connection.execute(delete(visits).where(_v.token == visit))

    def revoke(self, guest: Guest, *, now: datetime, actor: str) -> int:
        """Ends the guest's link and visits at once. Returns how many visits there were."""
        with self._write() as connection:
            folded = _folded(connection, guest.person)
            connection.execute(delete(invites).where(_i.folded == folded))
            ended = connection.execute(delete(visits).where(_v.folded == folded)).rowcount
            _say(connection, guest, "revoked", now, actor)
        return int(ended)


def close_doors(connection: Connection) -> None:
    """Nobody is there any more and no link opens: a copy does not know who was told to leave."""
    connection.execute(delete(visits))
    connection.execute(update(invites).values(link=None, link_until=None))


def _folded(connection: Connection, person: str) -> str:
    """What stands for the name, however it is written, and however it was folded once."""
    name = one_name(person)
    known = connection.execute(select(_i.folded, _i.person).order_by(_i.folded))
    return next((row.folded for row in known if one_name(row.person) == name), name)


def _alive(now: datetime, stay: Stay) -> ColumnElement[bool]:
    return and_(_v.until > now, _v.seen_at > now - stay.idle)


def _is_no_copy() -> ColumnElement[bool]:
    return not_(exists(select(snapshot.c.taken_at)))


def _guest(row: Any) -> Guest:
    names = ("organisation", "person", "invited_at", "invited_by", "link_until")
    return Guest(
        **{name: row[name] for name in names},
        role=Role(row["role"]),
        seen_at=row.get("seen_at"),
    )


def _say(
    connection: Connection, guest: Guest, to: str, at: datetime, by: str, reason: str | None = None
) -> None:
    subject = f"board/{guest}"
    publishing_log.say(connection, said.APPROVERS, subject, to, at=at, by=by, reason=reason)
