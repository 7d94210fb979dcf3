"""Who may say yes, and what their keys are held against."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from somos_social.core.people import Approver, one_name
from somos_social.store import publishing_log, said
from somos_social.store.engine import Opened
from somos_social.store.tables import approvers

MOST_FAILURES = 5
"""So many wrong keys in a row, and an approver is not listened to for a while."""

LOCKED_FOR = timedelta(minutes=15)


class NameTaken(Exception):
    """There is an approver of this name already; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What an approver's key is held against; `until` nobody is listened to."""

    approver: Approver
    salt: str
    key: str
    until: datetime | None


class Approvers:
    """The approvers in the database. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def known(self) -> list[Approver]:
        """Who may say yes, and for whom."""
        query = select(approvers).order_by(approvers.c.organisation, approvers.c.person)
        with self._read() as connection:
            return [_approver(row) for row in connection.execute(query).mappings()]

    def locks(self) -> list[Lock]:
        """What the keys of all are held against."""
        return self._locks()

    def lock_of(self, person: str) -> Lock | None:
        """What the key of this person is held against."""
        with self._read() as connection:
            row = _row_of(connection, person)
        if row is None:
            return None
        return _lock(row)

    def add(self, approver: Approver, *, salt: str, key: str) -> None:
        """Raises NameTaken."""
        row = {
            "folded": one_name(approver.person),
            "organisation": approver.organisation,
            "person": approver.person,
            "salt": salt,
            "key": key,
            "added_at": approver.added_at,
            "added_by": approver.added_by,
            "failures": 0,
        }
        try:
            with self._write() as connection:
                if _row_of(connection, approver.person) is not None:
                    raise NameTaken
                connection.execute(insert(approvers).values(row))
                publishing_log.say(
                    connection,
                    said.APPROVERS,
                    f"approver/{approver}",
                    "added",
                    at=approver.added_at,
                    by=approver.added_by,
                    digest=said.mark_of_key(salt, key),
                )
        except IntegrityError:
            raise NameTaken from None

    def remove(self, approver: Approver, *, now: datetime, actor: str) -> None:
        """From now on the key opens nothing; what was approved with it stays approved."""
        with self._write() as connection:
            row = _row_of(connection, approver.person)
            connection.execute(
                delete(approvers).where(approvers.c.folded == (row and row["folded"]))
            )
            publishing_log.say(
                connection, said.APPROVERS, f"approver/{approver}", "removed", at=now, by=actor
            )

    def begin_try(self, person: str, now: datetime) -> bool:
        """Whether a key may be tried now. It counts as wrong until `end_try`, whoever tries beside.

        The last of too many locks the approver out for a while.
        """
        with self._write() as connection:
            row = _row_of(connection, person)
            this = approvers.c.folded == (row and row["folded"])
            is_open = or_(approvers.c.locked_until.is_(None), approvers.c.locked_until <= now)
            counted = connection.execute(
                update(approvers).where(this, is_open).values(failures=approvers.c.failures + 1)
            )
            connection.execute(
                update(approvers)
                .where(this, approvers.c.failures >= MOST_FAILURES)
                .values(failures=0, locked_until=now + LOCKED_FOR)
            )
            return counted.rowcount == 1

    def end_try(self, person: str) -> None:
        """It was the right key: nothing is counted against the approver any more."""
        with self._write() as connection:
            row = _row_of(connection, person)
            this = approvers.c.folded == (row and row["folded"])
            connection.execute(update(approvers).where(this).values(failures=0, locked_until=None))

    def wrongly_tried(self) -> list[Lock]:
        """Those for whom wrong keys were tried since their last right one."""
        tried = or_(approvers.c.failures > 0, approvers.c.locked_until.is_not(None))
        return self._locks(tried)

    def _locks(self, *wanted: ColumnElement[bool]) -> list[Lock]:
        query = select(approvers).where(*wanted).order_by(approvers.c.folded)
        with self._read() as connection:
            return [_lock(row) for row in connection.execute(query).mappings()]


def _row_of(connection: Connection, person: str) -> Any:
    """The approver of this name, however it is written, and however it was folded once."""
    name = one_name(person)
    rows = connection.execute(select(approvers).order_by(approvers.c.folded)).mappings()
    return next((row for row in rows if one_name(row["person"]) == name), None)


def _lock(row: Any) -> Lock:
    return Lock(
        approver=_approver(row), salt=row["salt"], key=row["key"], until=row["locked_until"]
    )


def _approver(row: Any) -> Approver:
    names = ("organisation", "person", "added_at", "added_by")
    return Approver(**{name: row[name] for name in names})
