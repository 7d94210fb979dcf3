"""Whether the log is what was written, and whether all that it speaks of is what it says."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, select

from somos_social.core.model.delivery import is_key_of
from somos_social.store import chain, publishing_log, rows, said
from somos_social.store.tables import approvers, deliveries, handoffs, pauses, requests

_d = deliveries.c

_HANDOFF = "handoff/"
"""What the name of a hand-off begins with in the log."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Something outside of the database, by its `name`, that saw the heads of the chains once."""

    name: str
    saw: chain.Heads

    def __str__(self) -> str:
        return f"{self.name} of {self.saw.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


class _Last(NamedTuple):
    """What the last entry of a delivery says of it."""

    status: str
    digest: str
    remote_id: str | None
    url: str | None
    reason: str | None
    actor: str
    at: datetime
    channel: str

    @property
    def entry(self) -> said.Entry:
        return said.Entry(self.status, self.actor, self.digest, self.reason)


class _Walk:
    """One walk along all the chains, which takes note of what it meets."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self.witnesses = witnesses
        self.reached: dict[str, chain.Head] = {}
        self.broken: dict[str, str] = {}
        self.last: dict[str, _Last] = {}
        self.forged: dict[tuple[str, str], str] = {}
        # What earlier entries said of a subject and later ones do not repeat.
        self.due: dict[str, str] = {}
        self.marks: dict[str, str] = {}
        self.granted: dict[str, str | None] = {}

    def step(self, row: Mapping[str, Any]) -> None:
        channel = row["channel"]
        length, head = self.reached.get(channel, chain.START)
        if row["hash"] != chain.link(head, row):
            self._broken(
                channel,
                f"entry {row['id']} of {row['delivery']} was changed, "
                "or one before it was removed or moved.",
            )
        self.reached[channel] = chain.Head(length + 1, row["hash"])
        before = self.last.get(row["delivery"])
        if before and before.status != row["from"]:
            self.forged.setdefault(
                (channel, row["delivery"]),
                f"{row['delivery']}: entry {row['id']} begins as {row['from']}, but the one before "
                f"it ended as {before.status}: the status was changed in the database by hand.",
            )
        self.last[row["delivery"]] = _Last(
            row["to"],
            row["digest"],
            row["remote_id"],
            row["url"],
            row["reason"],
            row["actor"],
            row["at"],
            channel,
        )
        self._remember(row)
        for witness in self.witnesses:
            seen = witness.saw.by_channel.get(channel)
            if seen and seen.length == length + 1 and seen.hash != row["hash"]:
                self._broken(
                    channel,
                    f"entry {row['id']} of {row['delivery']} is not the one that {witness} "
                    "knows: it, or one before it, was written anew.",
                )

    def _remember(self, row: Mapping[str, Any]) -> None:
        subject = row["delivery"]
        if not row["channel"].startswith(said.DESK):
            if due := publishing_log.told_due(row):
                self.due[subject] = due
            return
        if row["to"] == "granted":
            self.granted[subject] = row["reason"]
        if row["digest"] or row["to"] == "added":
            self.marks[subject] = row["digest"]

    def end(self, chains: Mapping[str, chain.Head]) -> None:
        """Compares where each chain ends with where it should."""
        for channel in sorted(chains.keys() | self.reached.keys()):
            if chains.get(channel, chain.START) != self.reached.get(channel, chain.START):
                self._broken(channel, "entries at the end of the log are missing.")
        for witness in self.witnesses:
            for channel, seen in witness.saw.by_channel.items():
                length, _ = self.reached.get(channel, chain.START)
                if length < seen.length:
                    self._broken(
                        channel,
                        f"the log ends after {length:,}, but {witness} knows of {seen.length:,}: "
                        "entries were cut off, or an older database was put in its place.",
                    )

    def _broken(self, channel: str, how: str) -> None:
        self.broken.setdefault(channel, f"{channel}: {how}")


def broken_links(connection: Connection, witnesses: Sequence[Witness] = ()) -> list[str]:
    """Where the log is not the chain that was written, or a delivery is not what its log says.

    One sentence for each channel whose entries were changed, moved, removed or cut off, or whose
    chain does not pass through what a witness saw; and for each delivery and each hand-off that was
    changed behind the log's back.
    """
    walk = _Walk(witnesses)
    try:
        for row in publishing_log.read(connection):
            walk.step(row)
    except (TypeError, ValueError) as error:
        return [f"An entry of the log was changed and cannot be read any more ({error})."]
    walk.end(publishing_log.heads(connection))
    unlike = _unlike_their_log(connection, walk)
    if not any(channel.startswith(said.DESK) for channel in walk.broken):
        unlike += list(_words_unlike_their_log(connection, walk))
    if said.HANDOFFS not in walk.broken:
        unlike += _handoffs_unlike_their_log(connection, walk.last)
    broken = [walk.broken[channel] for channel in sorted(walk.broken)]
    forged = [walk.forged[it] for it in sorted(walk.forged) if it[0] not in walk.broken]
    return broken + forged + unlike


def _words_unlike_their_log(connection: Connection, walk: _Walk) -> Iterator[str]:
    """What people are said to have said, and did not, or not so."""
    yield from _approvals_unlike_their_log(connection, walk.last)
    yield from _approvers_unlike_their_log(connection, walk)
    yield from _consents_unlike_their_log(connection, walk)
    yield from _requests_unlike_their_log(connection, walk)
    yield from _requirements_unlike_their_log(connection, walk.last)
    yield from _pauses_unlike_their_log(connection, walk)


def _approvals_unlike_their_log(connection: Connection, last: Mapping[str, _Last]) -> Iterator[str]:
    known = set()
    for approval in said.approvals_of(connection):
        subject = said.subject_of(approval)
        known.add(subject)
        entry = last.get(subject)
        if entry is None or not said.is_told_by(entry.entry, approval):
            yield f"{subject}: the log knows of no such yes."
    for request in said.change_requests_of(connection):
        subject = said.subject_of(request)
        known.add(subject)
        entry = last.get(subject)
        told = (said.CHANGES_REQUESTED, request.variant.digest, request.comment)
        if entry is None or (entry.status, entry.digest, entry.reason) != told:
            yield f"{subject}: the log knows of no such wish for changes."
    yield from _gone(last, "approval/", ("approved", said.CHANGES_REQUESTED), known)


def _gone(
    last: Mapping[str, _Last], kind: str, standing: Collection[str], known: Collection[str]
) -> Iterator[str]:
    """What stands according to the log, and not in the database."""
    for subject, entry in last.items():
        if subject.startswith(kind) and entry.status in standing and subject not in known:
            yield f"{subject}: it is gone from the database."


def _approvers_unlike_their_log(connection: Connection, walk: _Walk) -> Iterator[str]:
    known = set()
    for row in connection.execute(select(approvers).order_by(approvers.c.folded)):
        subject = f"approver/{row.organisation}:{row.person}"
        known.add(subject)
        entry = walk.last.get(subject)
        if entry is None or entry.status != "added":
            yield f"{subject}: the log knows of no such approver."
        elif walk.marks[subject] not in ("", said.mark_of_key(row.salt, row.key)):
            yield f"{subject}: their key is not the one that was given to them."
    yield from _gone(walk.last, "approver/", ("added",), known)


def _consents_unlike_their_log(connection: Connection, walk: _Walk) -> Iterator[str]:
    known = set()
    for consent in said.consents_of(connection).values():
        subject = f"consent/{consent.person}"
        known.add(subject)
        entry = walk.last.get(subject)
        is_told = entry is not None and said.is_consent_of(entry.entry, consent)
        if not is_told or walk.granted.get(subject) != said.in_words(consent):
            yield f"{subject}: the log says something else of this consent."
    granted = {subject: walk.last[subject] for subject in walk.granted}
    yield from _gone(granted, "consent/", ("granted", "withdrawn"), known)


def _requests_unlike_their_log(connection: Connection, walk: _Walk) -> Iterator[str]:
    known = set()
    for row in connection.execute(select(requests).order_by(requests.c.number)).mappings():
        subject = f"request/{row['number']}"
        known.add(subject)
        entry = walk.last.get(subject)
        ends = (row["outcome"], row["closed_at"], row["closed_by"])
        told: tuple[Any, ...] = (None, None, None)
        if entry is not None and entry.status != "opened":
            told = (entry.status, entry.at, entry.actor)
        marks = (walk.marks.get(subject), said.mark_of_request(row))
        if entry is None or ends != told or marks[0] not in (None, marks[1]):
            yield f"{subject}: the log says something else of this request."
    standing = {it.status for subject, it in walk.last.items() if subject.startswith("request/")}
    yield from _gone(walk.last, "request/", standing, known)


def _requirements_unlike_their_log(
    connection: Connection, last: Mapping[str, _Last]
) -> Iterator[str]:
    required = said.required_by(connection)
    asked = {f"requirement/{campaign}": names for campaign, names in required.items()}
    told = {subject for subject in last if subject.startswith("requirement/")}
    for subject in sorted(asked.keys() | told):
        entry = last.get(subject)
        names = ", ".join(sorted(asked.get(subject, ()))) or said.NOBODY
        if entry is None or not (entry.reason or "").endswith(f" -> {names}"):
            yield f"{subject}: the log says that others must approve."


def _pauses_unlike_their_log(connection: Connection, walk: _Walk) -> Iterator[str]:
    known = set()
    for row in connection.execute(select(pauses).order_by(pauses.c.number)).mappings():
        subject = f"pause/{row['number']}"
        known.add(subject)
        entry = walk.last.get(subject)
        if entry is None:
            yield f"{subject}: the log says nothing of it."
        elif row["ended_at"] != (None if entry.status == "paused" else entry.at):
            yield f"{subject}: the log says that it is {entry.status}."
        elif walk.marks.get(subject) not in (None, said.mark_of_pause(said.to_pause(row))):
            yield f"{subject}: what it covers, or when, is not what the log says."
    yield from _gone(walk.last, "pause/", ("paused", "resumed"), known)


def _unlike_their_log(connection: Connection, walk: _Walk) -> list[str]:
    """Deliveries that their entries belie; not of the channels whose log is broken."""
    columns = (
        _d.key,
        _d.campaign,
        _d.post,
        _d.channel,
        _d.status,
        _d.digest,
        _d.variant,
        _d.due_at,
        _d.remote_id,
        _d.url,
    )
    found, known = [], set()
    for row in connection.execute(select(*columns).order_by(_d.key)).mappings():
        known.add(row["key"])
        if row["channel"] in walk.broken:
            continue
        entry = walk.last.get(row["key"])
        if entry is None:
            found.append(f"{row['key']}: the log says nothing of it.")
            continue
        due = publishing_log.due(row["due_at"])
        differs = [
            name
            for name, now, then in (
                ("status", row["status"], entry.status),
                ("campaign, post or channel", _is_named_so(row), True),
                ("time", due, walk.due.get(row["key"], due)),
                ("content", rows.digest_of(row["variant"]), entry.digest),
                ("content's digest", row["digest"], entry.digest),
                ("platform id", row["remote_id"], entry.remote_id),
                ("address", row["url"], entry.url),
            )
            if now != then
        ]
        if differs:
            found.append(f"{row['key']}: its {', '.join(differs)} is not what the log says.")
    gone = (
        subject
        for subject, entry in walk.last.items()
        if not entry.channel.startswith(said.DESK)
        and entry.channel not in walk.broken
        and subject not in known
    )
    return found + [f"{subject}: it is gone from the database." for subject in gone]


def _is_named_so(row: RowMapping) -> bool:
    return is_key_of(row["key"], row["campaign"], row["post"], row["channel"])


def _handoffs_unlike_their_log(connection: Connection, last: Mapping[str, _Last]) -> list[str]:
    """Hand-offs that their last entries belie, and those that are gone from the database."""
    found = []
    missing = {subject for subject in last if subject.startswith(_HANDOFF)}
    query = select(handoffs).order_by(handoffs.c.campaign, handoffs.c.key)
    for row in connection.execute(query).mappings():
        name = f"{_HANDOFF}{row['campaign']}/{row['key']}"
        entry = last.get(name)
        missing.discard(name)
        if entry is None:
            # Before hand-offs had a life, they stood in the database alone, and were never moved.
            if (row["version"], row["status"], row["url"]) != (0, "offered", None):
                found.append(f"{name}: the log says nothing of it.")
            continue
        if differs := _differs(row, entry):
            found.append(f"{name}: its {', '.join(differs)} is not what the log says.")
    return found + [f"{name}: it is gone from the database." for name in sorted(missing)]


def _differs(row: RowMapping, entry: _Last) -> list[str]:
    try:
        digest = rows.to_handoff(row).digest
    except ValueError:
        digest = ""
    return [
        name
        for name, now, then in (
            ("status", row["status"], entry.status),
            ("content", digest, entry.digest),
            ("address", row["url"], entry.url),
        )
        if now != then
    ]
