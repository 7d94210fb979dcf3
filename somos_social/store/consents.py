"""What depicted people consent to; each word comes with an entry in the log, or not at all."""

from datetime import datetime

from sqlalchemy import delete, insert, update

from somos_social.core.model.asset import Asset
from somos_social.core.people import Consent
from somos_social.store import likenesses, publishing_log, said
from somos_social.store.engine import Opened
from somos_social.store.tables import consents


class Consents:
    """The consents in the database. Raises StoreError."""

    def __init__(self, read: Opened, write: Opened) -> None:
        self._read = read
        self._write = write

    def known(self) -> dict[str, Consent]:
        """The last word of each person, by the name that stands for them."""
        with self._read() as connection:
            return said.consents_of(connection)

    def hidden_in(self, asset: Asset) -> frozenset[str]:
        """Who has withdrawn and can be recognised in it, although it does not name them."""
        with self._read() as connection:
            seen = likenesses.among(connection, [asset.sha256])
        return frozenset(it.person for it in seen if it.is_in(asset)) - set(asset.people)

    def grant(self, consent: Consent) -> None:
        """In place of what the person has said before."""
        row = said.consent_row(consent)
        with self._write() as connection:
            connection.execute(delete(consents).where(consents.c.person == consent.person))
            connection.execute(insert(consents).values(row))
            likenesses.forget(connection, consent.person)
            publishing_log.say(
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
            likenesses.learn(connection, consent.person)
            publishing_log.say(
                connection,
                said.CONSENTS,
                f"consent/{consent.person}",
                "withdrawn",
                at=now,
                by=actor,
                reason=reason,
                digest=consent.form,
            )
