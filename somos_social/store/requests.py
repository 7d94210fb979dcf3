"""What people are asked to take down by hand, until they say what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, select, update

from somos_social.store import publishing_log, said
from somos_social.store.engine import Opened
from somos_social.store.tables import requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something public that only a person can take down; `outcome` is "gone" or "refused".

    `subject` is the key of a delivery, or of a hand-off.
    """

    number: int
    subject: str
    person: str
    url: str | None
    reason: str
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    closed_by: str | None = None


class Requests:
    """The requests to take something down in the database. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def known(self, *, open_only: bool = False) -> list[Request]:
        """What people are asked to take down, oldest first."""
        query = select(requests).order_by(requests.c.number)
        if open_only:
            query = query.where(requests.c.closed_at.is_(None))
        with self._read() as connection:
            return [Request(**row) for row in connection.execute(query).mappings()]

    def open(
        self, subject: str, *, person: str, url: str | None, reason: str, now: datetime, actor: str
    ) -> Request:
        """Opens a request, unless there is an open one of this person for this subject already."""
        with self._write() as connection:
            same = and_(
                requests.c.subject == subject,
                requests.c.person == person,
                requests.c.closed_at.is_(None),
            )
            if known := connection.execute(select(requests).where(same)).mappings().first():
                return Request(**known)
            row = {
                "subject": subject,
                "person": person,
                "url": url,
                "reason": reason,
                "opened_at": now,
            }
            number = connection.execute(
                insert(requests).values(row).returning(requests.c.number)
            ).scalar_one()
            publishing_log.say(
                connection,
                said.CONSENTS,
                f"request/{number}",
                "opened",
                at=now,
                by=actor,
                reason=f"{subject}: {reason}",
                url=url,
                digest=said.mark_of_request(row),
            )
        return Request(
            number=number, subject=subject, person=person, url=url, reason=reason, opened_at=now
        )

    def close(
        self, request: Request, *, outcome: str, reason: str | None, now: datetime, actor: str
    ) -> None:
        """A person looked, and says what came of it."""
        with self._write() as connection:
            connection.execute(
                update(requests)
                .where(requests.c.number == request.number)
                .values(closed_at=now, outcome=outcome, closed_by=actor)
            )
            publishing_log.say(
                connection,
                said.CONSENTS,
                f"request/{request.number}",
                outcome,
                at=now,
                by=actor,
                reason=reason,
                url=request.url,
            )
