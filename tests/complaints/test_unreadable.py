"""A network that hides what it did from who may not read: a person is told, and nothing is sent."""

from datetime import timedelta

import pytest

from somos_social.core.model.delivery import Status
from tests.complaints.whole import CHANNELS, DUE, VISIBLE_CALL, Whole

ALWAYS = 1000
"""Calls: more than a delivery makes in these tests."""


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_was_done_and_refused_and_cannot_be_looked_for_waits_for_a_person_unsent(
    whole: Whole, channel: str
) -> None:
    whole.schedule(channels=(channel,))
    whole.prepare()
    whole.fail(VISIBLE_CALL[channel], "done-then-400")
    whole.fail("GET *", "no-reads", times=ALWAYS)
    for minutes in (0, 1, 5, 10, 80, 200):
        whole.reach(DUE + timedelta(minutes=minutes))
        delivery = whole.stands(channel)
        assert delivery.status is Status.UNCONFIRMED
        assert delivery.reason
    assert delivery.blocked
    assert [each.key for each in whole.app.store.needs_a_person()] == [delivery.key]
    assert len(whole.public(channel)) == 1
    assert whole.box.repeated() == []

    whole.box.faults.clear()
    whole.reach(DUE + timedelta(minutes=300))
    assert whole.stands(channel).status is Status.PUBLISHED
    assert whole.agrees()
