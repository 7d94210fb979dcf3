"""Who may look in at the board, and what each may do there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a guest may do: look, or look and speak for an organisation."""

    READER = "reader"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A person who was invited to the board. Nobody is a guest of two organisations.

    `link_until` is when the personal link ends, None once it was used; `seen_at` is when the guest
    was seen last, None where the guest would need another link.
    """

    organisation: str
    person: str
    role: Role
    invited_at: datetime
    invited_by: str
    link_until: datetime | None = None
    seen_at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.organisation}:{self.person}"

    def state(self, now: datetime) -> str:
        """ "entered" while there is a way back in, "invited" while the link waits, or "expired"."""
        if self.seen_at is not None:
            return "entered"
        return "invited" if self.link_until is not None and now < self.link_until else "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """How long a guest may stay: unseen for no longer than `idle`, and `most` in all."""

    idle: timedelta = timedelta(hours=12)
    most: timedelta = timedelta(days=7)
