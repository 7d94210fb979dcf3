"""Every known way in which a network fails, met by the real daemon: each post is public once."""

from typing import Any

import pytest

from somos_social.core.model.delivery import Status
from somos_social.sandbox.faults import DEAD_TOKENS, THROTTLES, Kind, befalling
from tests.complaints.whole import CHANNELS, FACEBOOK, INSTAGRAM, VISIBLE_CALL, Whole, X

CALLS = {
    FACEBOOK: "POST /graph/v26.0/1/feed",
    INSTAGRAM: "POST /graph/v26.0/1/media_publish",
    X: "POST /x/2/tweets",
}
CONTAINER = "POST /graph/v26.0/1/media"
EVERY = [(channel, kind) for channel in CHANNELS for kind in befalling(CALLS[channel])]


def goes_out_once(whole: Whole, channel: str, match: str, kind: Kind, **more: Any) -> None:
    whole.policy = 'timeout = "1s"' if kind == "slow" else ""
    whole.fail(match, kind, **more)
    whole.schedule(channels=(channel,))
    whole.go_on()
    assert whole.box.faults.struck == {kind: 1}
    assert whole.stands(channel).status is Status.PUBLISHED
    assert len(whole.public(channel)) == 1
    assert whole.agrees()


@pytest.mark.parametrize(("channel", "kind"), EVERY)
def test_a_fault_of_the_visible_call_leaves_one_post(
    whole: Whole, channel: str, kind: Kind
) -> None:
    goes_out_once(whole, channel, VISIBLE_CALL[channel], kind, seconds=2 if kind == "slow" else 40)


@pytest.mark.parametrize("kind", befalling(CONTAINER))
def test_a_fault_of_building_a_container_leaves_one_post(whole: Whole, kind: Kind) -> None:
    match = "POST /graph/*/media"
    goes_out_once(whole, INSTAGRAM, match, kind, seconds=2 if kind == "slow" else 40)


@pytest.mark.parametrize("channel", [FACEBOOK, INSTAGRAM])
@pytest.mark.parametrize("code", THROTTLES)
def test_each_way_of_throttling_delays_one_post(whole: Whole, channel: str, code: int) -> None:
    goes_out_once(whole, channel, VISIBLE_CALL[channel], "429", code=code)


@pytest.mark.parametrize("channel", [FACEBOOK, INSTAGRAM])
@pytest.mark.parametrize("subcode", DEAD_TOKENS)
def test_each_way_of_refusing_a_token_delays_one_post(
    whole: Whole, channel: str, subcode: int | None
) -> None:
    goes_out_once(whole, channel, VISIBLE_CALL[channel], "190", subcode=subcode)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("seconds", [1, 45, 100])
def test_a_hidden_success_that_is_listed_late_leaves_one_post(
    whole: Whole, channel: str, seconds: int
) -> None:
    whole.fail("*", "lag", seconds=seconds)
    whole.fail(VISIBLE_CALL[channel], "done-then-close")
    whole.schedule(channels=(channel,))
    whole.go_on()
    assert whole.stands(channel).status is Status.PUBLISHED
    assert len(whole.public(channel)) == 1
    assert whole.agrees()
