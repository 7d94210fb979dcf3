"""What people have said, read so that nobody's word is overlooked while something is claimed.

Who says something new adds to a chain of the log and so locks its head; who claims, or is about to
make something public, shares that lock. So each word comes wholly before a claim or wholly after.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, func, select

from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Variant
from somos_social.core.people import Approval, ChangeRequest, Consent, Pause, Said
from somos_social.store import likenesses, publishing_log
from somos_social.store.batches import batches
from somos_social.store.tables import (
    approvals,
    chains,
    change_requests,
    consents,
    log,
    pauses,
    requirements,
)

DESK = "desk:"
NOBODY = "nobody"
"""Whose yes is needed where none is."""
APPROVALS, APPROVERS, CONSENTS, HANDOFFS, PAUSES = (
    f"{DESK}{name}" for name in ("approvals", "approvers", "consents", "handoffs", "pauses")
)
"""The chains of the log that speak of people. They sort before all channels, as locks must."""

CHANGES_REQUESTED = "changes-requested"
"""How the log calls it that an organisation wants something else than what it saw."""

_WORDS = (APPROVALS, CONSENTS, PAUSES)


def hold_still(connection: Connection) -> None:
    """Until the end of the transaction nobody says anything new. SQLite has one writer anyway."""
    query = select(chains.c.channel).where(chains.c.channel.in_(_WORDS))
    connection.execute(query.order_by(chains.c.channel).with_for_update(read=True)).all()


def of(
    connection: Connection,
    deliveries: Sequence[Delivery],
    *,
    binds_time: bool,
    required: Mapping[str, Sequence[str]] | None = None,
) -> Said:
    """All that concerns these deliveries; `required` is what is known to be, unless it is given.

    A yes or a consent of which the log does not know was written into the database by hand: it is
    none.
    """
    files = [file for delivery in deliveries for file in delivery.variant.files]
    seen = likenesses.among(connection, [file.sha256 for file in files])
    people = {person for file in files for person in file.people} | {it.person for it in seen}
    if required is None:
        required = required_by(connection, {delivery.campaign for delivery in deliveries})
    asked = [delivery.key for delivery in deliveries if required.get(delivery.campaign)]
    return Said(
        required=required,
        approvals=vouched(connection, list(approvals_of(connection, asked))),
        consents=_vouched_consents(connection, consents_of(connection, people)),
        likenesses=seen,
        pauses=in_force(connection),
        binds_time=binds_time,
    )


def required_by(
    connection: Connection, campaigns: Iterable[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """The organisations whose yes each of these campaigns needs, or any."""
    query = select(requirements)
    if campaigns is not None:
        query = query.where(requirements.c.campaign.in_(sorted(campaigns)))
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(query.order_by(requirements.c.organisation)):
        found[row.campaign] = (*found.get(row.campaign, ()), row.organisation)
    return found


def approvals_of(connection: Connection, keys: Sequence[str] | None = None) -> Iterator[Approval]:
    """The last yes of each organisation to each of these deliveries, or to all."""
    if keys is None:
        yield from _approvals(connection, select(approvals).order_by(approvals.c.delivery))
        return
    for asked in batches(keys):
        some = approvals.c.delivery.in_(asked)
        yield from _approvals(connection, select(approvals).where(some))


def _approvals(connection: Connection, query: Select[Any]) -> Iterator[Approval]:
    for row in connection.execute(query).mappings():
        yield Approval(**{**row, "variant": _variant(row["variant"])})


class Entry(NamedTuple):
    """What an entry of the log says of a subject."""

    to: str
    actor: str
    digest: str
    reason: str | None


def newest(connection: Connection, subjects: Sequence[str]) -> dict[str, Entry]:
    """The last entry of each of these subjects that has any."""
    found = {}
    for asked in batches(subjects):
        some = log.c.delivery.in_(asked)
        last = select(func.max(log.c.id)).where(some).group_by(log.c.delivery)
        columns = (log.c.delivery, log.c.to, log.c.actor, log.c.digest, log.c.reason)
        for subject, *told in connection.execute(select(*columns).where(log.c.id.in_(last))):
            found[subject] = Entry(*told)
    return found


def vouched(connection: Connection, given: Sequence[Approval]) -> list[Approval]:
    """Those of which the log knows, and nothing that came after."""
    entries = newest(connection, [subject_of(each) for each in given])
    return [each for each in given if is_told_by(entries.get(subject_of(each)), each)]


def subject_of(word: Approval | ChangeRequest) -> str:
    """How the log calls what an organisation says of a delivery."""
    return f"approval/{word.organisation}/{word.delivery}"


def is_told_by(entry: Entry | None, approval: Approval) -> bool:
    """Whether the entry is of exactly this yes; of the time, where it says one."""
    return entry is not None and (
        entry.to == "approved"
        and entry.digest == approval.variant.digest
        and entry.actor == f"{approval.organisation}:{approval.person}"
        and entry.reason in (None, publishing_log.due(approval.due_at))
    )


def _vouched_consents(connection: Connection, known: Mapping[str, Consent]) -> dict[str, Consent]:
    entries = newest(connection, [f"consent/{person}" for person in known])
    return {
        person: consent
        for person, consent in known.items()
        if is_consent_of(entries.get(f"consent/{person}"), consent)
    }


def is_consent_of(entry: Entry | None, consent: Consent) -> bool:
    """Whether the entry is the last word of this consent."""
    if entry is None or entry.digest != consent.form:
        return False
    if consent.withdrawn_at is not None:
        return entry.to == "withdrawn"
    return entry.to == "granted" and entry.reason == in_words(consent)


def in_words(consent: Consent) -> str:
    """What is consented to, as the log says it."""
    until = f"until {consent.until:%Y-%m-%d}" if consent.until else "without an end"
    guardian = "; a guardian has signed" if consent.guardian else ""
    return f"{', '.join(consent.scope)} on {', '.join(consent.channels)}, {until}{guardian}"


def change_requests_of(
    connection: Connection, keys: Sequence[str] | None = None
) -> Iterator[ChangeRequest]:
    """What each organisation wants changed of these deliveries, or of all."""
    query = select(change_requests).order_by(change_requests.c.delivery)
    if keys is None:
        yield from _change_requests(connection, query)
        return
    for asked in batches(keys):
        some = change_requests.c.delivery.in_(asked)
        yield from _change_requests(connection, query.where(some))


def _change_requests(connection: Connection, query: Select[Any]) -> Iterator[ChangeRequest]:
    for row in connection.execute(query).mappings():
        yield ChangeRequest(**{**row, "variant": _variant(row["variant"])})


def _variant(text: str) -> Variant:
    """Of a damaged row one that covers nothing."""
    try:
        return Variant.from_json(text)
    except (KeyError, TypeError, ValueError):
        return Variant(text="\0")


def consents_of(connection: Connection, people: Iterable[str] | None = None) -> dict[str, Consent]:
    """The last word of each of these people, or of all."""
    query = select(consents).order_by(consents.c.person)
    if people is not None:
        if not people:
            return {}
        query = query.where(consents.c.person.in_(sorted(people)))
    return {row["person"]: _consent(row) for row in connection.execute(query).mappings()}


def _consent(row: RowMapping) -> Consent:
    words = {name: tuple(row[name].split("\n")) for name in ("scope", "channels")}
    return Consent(**{**row, **words})


def consent_row(consent: Consent) -> dict[str, Any]:
    """The columns of `consents`."""
    names = [column.name for column in consents.columns]
    row = {name: getattr(consent, name) for name in names}
    return row | {"scope": "\n".join(consent.scope), "channels": "\n".join(consent.channels)}


def in_force(connection: Connection, now: datetime | None = None) -> list[Pause]:
    """The pauses that nobody has ended; those that have begun by `now`, where it is given."""
    query = select(pauses).where(pauses.c.ended_at.is_(None)).order_by(pauses.c.number)
    if now is not None:
        query = query.where(pauses.c.since <= now)
    return [to_pause(row) for row in connection.execute(query).mappings()]


def to_pause(row: RowMapping) -> Pause:
    """A row of `pauses`."""
    return Pause(**{name: row[name] for name in row if name != "ended_at"})


def mark_of_pause(pause: Pause) -> str:
    """By which the log knows it again."""
    it = pause
    return publishing_log.mark(
        it.campaign, it.channel, it.person, it.reason, it.since, it.until, it.by
    )


def mark_of_key(salt: str, key: str) -> str:
    """By which the log knows again what an approver's key is held against, and nobody the key."""
    return publishing_log.mark(salt, key)


def mark_of_request(request: Mapping[str, Any] | RowMapping) -> str:
    """By which the log knows again what is asked to be taken down: a row of `requests`."""
    names = ("subject", "person", "url", "reason", "opened_at")
    return publishing_log.mark(*(request[name] for name in names))
