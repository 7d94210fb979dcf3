"""Keeps the word of those who are seen: the fingerprint of the form, and what it allows."""

import hashlib
from dataclasses import replace
from pathlib import Path

from somos_social.core.people import Consent
from somos_social.errors import UsageError
from somos_social.flows import App


def fingerprint(file: Path, what: str = "form") -> str:
    """The SHA-256 of a signed form, or of another paper. Raises UsageError where it cannot be."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not a file name"
        raise UsageError(f"The {what} {file} cannot be read: {why}.") from None


def grant(app: App, consent: Consent) -> Consent:
    """In place of what the person has said before."""
    granted = replace(consent, granted_at=app.now(), granted_by=app.actor)
    app.store.people.grant(granted)
    return granted
