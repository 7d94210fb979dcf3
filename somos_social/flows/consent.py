"""Keeps the word of those who are seen, as their signed forms say it."""

from dataclasses import replace

from somos_social.core.people import Consent
from somos_social.flows import App


def grant(app: App, consent: Consent) -> Consent:
    """In place of what the person has said before."""
    granted = replace(consent, granted_at=app.now(), granted_by=app.actor)
    app.store.consents.grant(granted)
    return granted
