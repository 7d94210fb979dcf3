"""What organisations say of what is to go out: their yes, their wishes, and whose yes it needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert

from somos_social.core.people import Approval, ChangeRequest
from somos_social.store import publishing_log, said
from somos_social.store.engine import Opened
from somos_social.store.tables import approvals, change_requests, requirements


class Approvals:
    """The yes and the wishes of organisations in the database. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def required(self) -> dict[str, tuple[str, ...]]:
        """The organisations whose yes each campaign needs."""
        with self._read() as connection:
            return said.required_by(connection)

    def given(self, keys: Sequence[str] | None = None) -> list[Approval]:
        """The last yes of each organisation to each of these deliveries, or to all."""
        with self._read() as connection:
            return said.vouched(connection, list(said.approvals_of(connection, keys)))

    def change_requests(self, keys: Sequence[str] | None = None) -> list[ChangeRequest]:
        """What organisations want changed of these deliveries or of any, not approved since."""
        with self._read() as connection:
            return list(said.change_requests_of(connection, keys))

    def give(self, given: Sequence[Approval]) -> None:
        """Each in place of what the same organisation has said of the same delivery before."""
        with self._write() as connection:
            for approval in given:
                _forget(connection, approval)
                connection.execute(insert(approvals).values(_row(approval)))
            _append(connection, [_of_approval(approval) for approval in given])

    def require(self, wanted: Mapping[str, Sequence[str]], *, now: datetime, actor: str) -> None:
        """From now on these campaigns need the yes of these organisations."""
        with self._write() as connection:
            for campaign, organisations in wanted.items():
                require(connection, campaign, organisations, now, actor)

    def ask_for_changes(self, asked: Sequence[ChangeRequest]) -> None:
        """Each in place of what the same organisation has said of the same delivery before."""
        with self._write() as connection:
            for request in asked:
                _forget(connection, request)
                row = {**_row(request), "comment": request.comment}
                connection.execute(insert(change_requests).values(row))
            _append(connection, [_of_change_request(request) for request in asked])

    def take_back(
        self, given: Sequence[Approval], *, now: datetime, person: str, reason: str
    ) -> None:
        """These yeses are none any more."""
        with self._write() as connection:
            entries = []
            for approval in given:
                connection.execute(
                    delete(approvals).where(
                        approvals.c.delivery == approval.delivery,
                        approvals.c.organisation == approval.organisation,
                    )
                )
                taken = _of_approval(replace(approval, person=person, at=now))
                end = {"to": "taken-back", "event": "taken-back", "reason": reason}
                entries.append(taken | end)
            _append(connection, entries)


def require(
    connection: Connection, campaign: str, wanted: Sequence[str], now: datetime, actor: str
) -> None:
    """From now on the campaign needs the yes of these organisations."""
    known = said.required_by(connection, [campaign]).get(campaign, ())
    if sorted(wanted) == sorted(known):
        return
    connection.execute(delete(requirements).where(requirements.c.campaign == campaign))
    if wanted:
        connection.execute(
            insert(requirements),
            [{"campaign": campaign, "organisation": name} for name in wanted],
        )
    publishing_log.say(
        connection,
        said.APPROVALS,
        f"requirement/{campaign}",
        "changed",
        at=now,
        by=actor,
        reason=f"{_names(known)} -> {_names(wanted)}",
    )


def _names(organisations: Sequence[str]) -> str:
    return ", ".join(sorted(organisations)) or said.NOBODY


def _of_approval(approval: Approval) -> dict[str, Any]:
    return {
        "subject": said.subject_of(approval),
        "to": "approved",
        "event": "approved",
        "at": approval.at,
        "by": f"{approval.organisation}:{approval.person}",
        "reason": publishing_log.due(approval.due_at),
        "digest": approval.variant.digest,
    }


def _of_change_request(request: ChangeRequest) -> dict[str, Any]:
    return {
        "subject": said.subject_of(request),
        "to": said.CHANGES_REQUESTED,
        "event": said.CHANGES_REQUESTED,
        "at": request.at,
        "by": f"{request.organisation}:{request.person}",
        "reason": request.comment,
        "digest": request.variant.digest,
    }


def _row(word: Approval | ChangeRequest) -> dict[str, Any]:
    same = ("delivery", "organisation", "person", "due_at", "at")
    return {**{name: getattr(word, name) for name in same}, "variant": word.variant.to_json()}


def _forget(connection: Connection, word: Approval | ChangeRequest) -> None:
    """What the organisation has said of the delivery so far; it stands in the log."""
    for table in (approvals, change_requests):
        connection.execute(
            delete(table).where(
                table.c.delivery == word.delivery, table.c.organisation == word.organisation
            )
        )


def _append(connection: Connection, told: Iterable[dict[str, Any]]) -> None:
    publishing_log.append(
        connection,
        [publishing_log.word(connection, said.APPROVALS, **each) for each in told],
    )
