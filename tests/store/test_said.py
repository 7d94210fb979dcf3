"""A yes and a consent count as what the last entry of the log says of them, and as nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from somos_social.core.people import Approval
from somos_social.store.publishing_log import due
from somos_social.store.said import Entry, in_words, is_consent_of, is_told_by
from tests.samples import NOW, a_consent, a_delivery

YES = Approval(
    delivery=a_delivery().key,
    organisation="UNHCR",
    person="Ana",
    variant=a_delivery().variant,
    due_at=NOW,
    at=NOW,
)
TOLD = Entry("approved", "UNHCR:Ana", YES.variant.digest, due(NOW))
CONSENT = a_consent()
GRANTED = Entry("granted", "luz", CONSENT.form, in_words(CONSENT))
WITHDRAWN = GRANTED._replace(to="withdrawn", reason="No.")


def test_the_last_word_is_believed() -> None:
    assert is_told_by(TOLD, YES)
    assert is_told_by(TOLD._replace(reason=None), YES), "as of before the log told the time"
    assert is_consent_of(GRANTED, CONSENT)
    assert is_consent_of(WITHDRAWN, replace(CONSENT, withdrawn_at=NOW, reason="No."))


@pytest.mark.parametrize(
    "entry",
    [
        None,
        TOLD._replace(to="taken-back"),
        TOLD._replace(actor="UNHCR:Eva"),
        TOLD._replace(actor="IOM:Ana"),
        TOLD._replace(digest="0" * 64),
        TOLD._replace(reason=due(NOW + timedelta(hours=1))),
    ],
)
def test_a_yes_that_the_log_does_not_tell_so_is_none(entry: Entry | None) -> None:
    assert not is_told_by(entry, YES)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        GRANTED._replace(to="renewed"),
        GRANTED._replace(digest="0" * 64),
        GRANTED._replace(reason="face, voice on all, without an end"),
        WITHDRAWN,
        WITHDRAWN._replace(reason=in_words(CONSENT)),
    ],
)
def test_a_consent_that_the_log_does_not_tell_so_is_none(entry: Entry | None) -> None:
    assert not is_consent_of(entry, CONSENT)


@pytest.mark.parametrize("entry", [None, GRANTED, WITHDRAWN._replace(digest="0" * 64)])
def test_a_withdrawal_that_the_log_does_not_tell_is_none(entry: Entry | None) -> None:
    assert not is_consent_of(entry, replace(CONSENT, withdrawn_at=NOW, reason="No."))
