"""What people say, written: each word with an entry in the log, both or neither."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from somos_social.core.delivery import Move
from somos_social.core.model import Blackout, Delivery, Status
from somos_social.core.people import (
    Approval,
    Approver,
    ChangeRequest,
    Consent,
    Pause,
    Said,
    one_name,
)
from somos_social.store import moving, publishing_log, rows, said
from somos_social.store.tables import (
    approvals,
    approvers,
    change_requests,
    consents,
    deliveries,
    pauses,
    requests,
    requirements,
)

Opened = Callable[[], AbstractContextManager[Connection]]

MOST_FAILURES = 5
"""So many wrong keys in a row, and an approver is not listened to for a while."""

LOCKED_FOR = timedelta(minutes=15)


class NameTaken(Exception):
    """There is an approver of this name already; nothing was written."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What an approver's key is held against; `until` nobody is listened to."""

    approver: Approver
    salt: str
    key: str
    until: datetime | None


class People:
    """The words of people in the database. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened, *, binds_time: bool) -> None:
        self._read = read
        self._write = write
        self.binds_time = binds_time

    # Asked.

    def said_of(
        self,
        found: Sequence[Delivery],
        *,
        required: Mapping[str, Sequence[str]] | None = None,
    ) -> Said:
        """All that people have said of these deliveries, which need what their campaigns need.

        With `required` they need the yes of these organisations, by campaign.
        """
        with self._read() as connection:
            return said.of(connection, found, binds_time=self.binds_time, required=required)

    def required(self) -> dict[str, tuple[str, ...]]:
        """The organisations whose yes each campaign needs."""
        with self._read() as connection:
            return said.required_by(connection)

    def approvals(self, keys: Sequence[str] | None = None) -> list[Approval]:
        """The last yes of each organisation to each of these deliveries, or to all."""
        with self._read() as connection:
            return said.vouched(connection, list(said.approvals_of(connection, keys)))

    def change_requests(self, keys: Sequence[str] | None = None) -> list[ChangeRequest]:
        """What organisations want changed of these deliveries or of any, not approved since."""
        with self._read() as connection:
            return list(said.change_requests_of(connection, keys))

    def consents(self) -> dict[str, Consent]:
        """The last word of each person, by the name that stands for them."""
        with self._read() as connection:
            return said.consents_of(connection)

    def pauses(self) -> list[Pause]:
        """Those that nobody has ended yet; a blackout may still be to come."""
        with self._read() as connection:
            return said.in_force(connection)

    def pauses_ended(self, since: datetime) -> list[tuple[Pause, datetime]]:
        """Those that had begun and ended after then, each with its end."""
        ended = and_(pauses.c.ended_at > since, pauses.c.since < pauses.c.ended_at)
        query = select(pauses).where(ended).order_by(pauses.c.number)
        with self._read() as connection:
            found = connection.execute(query).mappings().all()
        return [(said.to_pause(row), row["ended_at"]) for row in found]

    def requests(self, *, open_only: bool = False) -> list[Request]:
        """What people are asked to take down, oldest first."""
        query = select(requests).order_by(requests.c.number)
        if open_only:
            query = query.where(requests.c.closed_at.is_(None))
        with self._read() as connection:
            return [Request(**row) for row in connection.execute(query).mappings()]

    def approvers(self) -> list[Approver]:
        """Who may say yes, and for whom."""
        query = select(approvers).order_by(approvers.c.organisation, approvers.c.person)
        with self._read() as connection:
            return [_approver(row) for row in connection.execute(query).mappings()]

    def lock_of(self, person: str) -> Lock | None:
        """What the key of this person is held against."""
        with self._read() as connection:
            row = _row_of(connection, person)
        if row is None:
            return None
        return _lock(row)

    def showing(self, person: str, statuses: Collection[Status] | None = None) -> list[Delivery]:
        """All deliveries in which this person can be recognised, the earliest first.

        With `statuses`, only those that stand so.
        """
        mentioned = deliveries.c.variant.contains(rows.quoted(person), autoescape=True)
        query = select(deliveries).where(mentioned).order_by(deliveries.c.due_at, deliveries.c.key)
        if statuses is not None:
            query = query.where(deliveries.c.status.in_(sorted(statuses)))
        with self._read() as connection:
            found = [rows.to_delivery(row) for row in connection.execute(query).mappings()]
        return [delivery for delivery in found if person in delivery.variant.people]

    # Approvals.

    def add_approver(self, approver: Approver, *, salt: str, key: str) -> None:
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
                _say(
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

    def remove_approver(self, approver: Approver, *, now: datetime, actor: str) -> None:
        """From now on the key opens nothing; what was approved with it stays approved."""
        with self._write() as connection:
            row = _row_of(connection, approver.person)
            connection.execute(
                delete(approvers).where(approvers.c.folded == (row and row["folded"]))
            )
            _say(connection, said.APPROVERS, f"approver/{approver}", "removed", at=now, by=actor)

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
        query = select(approvers).where(tried).order_by(approvers.c.folded)
        with self._read() as connection:
            return [_lock(row) for row in connection.execute(query).mappings()]

    def approve(self, given: Sequence[Approval]) -> None:
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

    # Consents.

    def grant(self, consent: Consent) -> None:
        """In place of what the person has said before."""
        row = said.consent_row(consent)
        with self._write() as connection:
            connection.execute(delete(consents).where(consents.c.person == consent.person))
            connection.execute(insert(consents).values(row))
            _say(
                connection,
                said.CONSENTS,
                f"consent/{consent.person}",
                "granted",
                at=consent.granted_at,
                by=consent.granted_by,
                reason=said.in_words(consent),
                digest=consent.form,
            )

    def withdraw(self, consent: Consent, *, reason: str, now: datetime, actor: str) -> None:
        """From this moment on nothing that shows the person is claimed."""
        with self._write() as connection:
            connection.execute(
                update(consents)
                .where(consents.c.person == consent.person)
                .values(withdrawn_at=now, reason=reason)
            )
            _say(
                connection,
                said.CONSENTS,
                f"consent/{consent.person}",
                "withdrawn",
                at=now,
                by=actor,
                reason=reason,
                digest=consent.form,
            )

    def ask_to_take_down(
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
            _say(
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

    def close_request(
        self, request: Request, *, outcome: str, reason: str | None, now: datetime, actor: str
    ) -> None:
        """A person looked, and says what came of it."""
        with self._write() as connection:
            connection.execute(
                update(requests)
                .where(requests.c.number == request.number)
                .values(closed_at=now, outcome=outcome, closed_by=actor)
            )
            _say(
                connection,
                said.CONSENTS,
                f"request/{request.number}",
                outcome,
                at=now,
                by=actor,
                reason=reason,
                url=request.url,
            )

    # Pauses.

    def pause(self, pause: Pause) -> Pause:
        """From this moment on nothing that it covers is claimed."""
        with self._write() as connection:
            return _begin(connection, pause, pause.since)

    def resume(
        self, ended: Sequence[Pause], moves: Sequence[Move], *, now: datetime, actor: str
    ) -> None:
        """Ends these pauses and makes what fell due meanwhile stand as `moves` say; or nothing.

        Raises Lost when a delivery was moved since then.
        """
        with self._write() as connection:
            for pause in ended:
                connection.execute(
                    update(pauses).where(pauses.c.number == pause.number).values(ended_at=now)
                )
                _say(
                    connection,
                    said.PAUSES,
                    f"pause/{pause.number}",
                    "resumed",
                    at=now,
                    by=actor,
                    reason=pause.of,
                )
            publishing_log.append(connection, moving.make(connection, moves, now, actor))

    def going_out(self, pause: Pause) -> list[Delivery]:
        """What it covers and was already going out when it began."""
        query = select(deliveries).where(deliveries.c.status == Status.PUBLISHING.value)
        with self._read() as connection:
            found = [rows.to_delivery(row) for row in connection.execute(query).mappings()]
        return [delivery for delivery in found if pause.covers(delivery)]


# What a campaign file says, in the transaction that schedules it.


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
    _say(
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


def black_out(
    connection: Connection, campaign: str, wanted: Sequence[Blackout], now: datetime, actor: str
) -> None:
    """The blackouts of the campaign are these; one that is taken out while it lasts ends now."""
    known = {
        (pause.since, pause.until): pause
        for pause in said.in_force(connection)
        if pause.campaign == campaign and pause.until is not None
    }
    for blackout in wanted:
        same = known.pop((blackout.since, blackout.until), None)
        if same is None and blackout.until > now:
            _begin(
                connection,
                Pause(
                    campaign=campaign,
                    since=blackout.since,
                    until=blackout.until,
                    reason=blackout.reason,
                    by=actor,
                ),
                now,
            )
    for pause in known.values():
        # It ends in the way of all blackouts, so that what fell due meanwhile is not flooded.
        over = min(pause.until or now, now)
        began = pause.since <= now
        connection.execute(
            update(pauses)
            .where(pauses.c.number == pause.number)
            .values({"until": over} if began else {"ended_at": now})
        )
        if began:
            _say_paused(connection, replace(pause, until=over), now, actor)
        else:
            _say(
                connection,
                said.PAUSES,
                f"pause/{pause.number}",
                "resumed",
                at=now,
                by=actor,
                reason=f"{pause.of}: it is no longer in its campaign file.",
            )


def _begin(connection: Connection, pause: Pause, now: datetime) -> Pause:
    names = ("campaign", "channel", "person", "reason", "since", "until", "by")
    number = connection.execute(
        insert(pauses)
        .values({name: getattr(pause, name) for name in names})
        .returning(pauses.c.number)
    ).scalar_one()
    begun = replace(pause, number=number)
    _say_paused(connection, begun, now, pause.by)
    return begun


def _say_paused(connection: Connection, pause: Pause, now: datetime, by: str) -> None:
    until = f" until {pause.until:%Y-%m-%d %H:%M} UTC" if pause.until else ""
    _say(
        connection,
        said.PAUSES,
        f"pause/{pause.number}",
        "paused",
        at=now,
        by=by,
        reason=f"{pause.of}{until}: {pause.reason}",
        digest=said.mark_of_pause(pause),
    )


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


def _say(
    connection: Connection, chain: str, subject: str, to: str, *, at: datetime, by: str, **more: Any
) -> None:
    word = publishing_log.word(connection, chain, subject, to, event=to, at=at, by=by, **more)
    publishing_log.append(connection, [word])
