"""Whether those who are to be told hear it: every address tried out, and what still waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from somos_social.core.alert_words import HARMLESS
from somos_social.core.alerts import Kind, Language
from somos_social.core.reminders import To
from somos_social.flows import App, alerting, telling
from somos_social.notify import try_out, try_out_sender
from somos_social.settings import NotifySettings
from somos_social.store.telling import FAILED, SENT, Record

A_WHILE = timedelta(minutes=10)
"""No message takes longer: who began one before that has ended in the middle of it."""

RECENT = timedelta(days=1)
"""What could not be told is shown for so long after the last try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An address by where it lies, never what it is; `reason` is None where the message arrived."""

    address: str
    whose: str
    reason: str | None


def try_all(settings: NotifySettings) -> Iterator[Tried]:
    """One harmless message to every address of the config, one after the other."""
    for secret in settings.urls:
        message = HARMLESS[settings.desk.language]
        yield Tried(
            address=str(secret),
            whose=settings.desk.name,
            reason=try_out(secret.reveal, *message),
        )
    for audience, secret in settings.to:
        message = HARMLESS[audience.language]
        yield Tried(
            address=str(secret),
            whose=audience.organisation or "desk",
            reason=try_out(secret.reveal, *message),
        )
    if settings.mail is not None:
        # It is the sender of what influencers get; here it writes to itself.
        reason = try_out_sender(settings.mail.reveal, *HARMLESS[Language.ES])
        yield Tried(address=str(settings.mail), whose="influencers", reason=reason)


class State(StrEnum):
    """How something that is to be told stands. The words are part of the format."""

    TOLD = "told"
    SENDING = "sending"
    WAITS = "waits"
    GIVEN_UP = "given-up"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that was told, or is to be: `about` what, `to` whom, and of which `subject`.

    Who has consented to what is not even named here.
    """

    about: str
    to: str
    subject: str
    state: State
    attempts: int
    at: datetime
    again_at: datetime | None
    reason: str | None


def noted(app: App) -> list[Noted]:
    """All that was told and what still waits, what was tried last first."""
    now = app.now()
    return [_noted(record, now) for record in app.store.tellings()]


def untold(app: App) -> list[Noted]:
    """What could not be told of late, or of which it is not known."""
    lacking = (State.WAITS, State.GIVEN_UP, State.UNKNOWN)
    return [it for it in noted(app) if it.state in lacking and app.now() - it.at < RECENT]


def _noted(record: Record, now: datetime) -> Noted:
    words, _, whom = record.kind.partition(">")
    about = words.partition("@")[0]
    return Noted(
        about=about,
        to=whom.partition("@")[0] or To.INFLUENCER,
        subject="consent" if record.subject.startswith("consent/") else record.subject,
        state=_state(record, about, now),
        attempts=record.attempts,
        at=record.at,
        again_at=record.again_at if record.state == FAILED else None,
        reason=record.reason,
    )


def _state(record: Record, about: str, now: datetime) -> State:
    if record.state == SENT:
        return State.TOLD
    if record.state == FAILED:
        most = alerting.MOST_TRIES if about in tuple(Kind) else telling.MOST_TRIES
        return State.WAITS if record.attempts < most else State.GIVEN_UP
    return State.SENDING if now - record.at < A_WHILE else State.UNKNOWN
