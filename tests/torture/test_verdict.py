"""The judge of the torture sees each disagreement, and none where all is well."""

from typing import Any

import pytest

from tests.torture.tally import Tally
from tests.torture.verdict import is_at_rest, judge

KEY, CHANNEL, TEXT = "torture/uno@x:torture", "x:torture", "Uno"
OTHER = "torture/dos@x:torture"
URL = "https://x.com/torture/status/1"


def delivery(status: str = "published", **changes: Any) -> dict[str, Any]:
    row = {"key": KEY, "channel": CHANNEL, "status": status, "run_at": None, "reason": None}
    return row | changes


def step(before: str | None, after: str, **changes: Any) -> dict[str, Any]:
    entry = {"delivery": KEY, "channel": CHANNEL, "from": before, "to": after}
    return entry | {"remote_id": None, "url": None} | changes


def post(**changes: Any) -> dict[str, Any]:
    shown = {"platform": "x", "handle": "torture", "id": "1", "url": URL, "text": TEXT}
    return shown | changes


LIFE = [step(None, "publishing"), step("publishing", "published", remote_id="1", url=URL)]


def judged(**changes: Any) -> Tally:
    tally = Tally()
    agreeing = {"deliveries": [delivery()], "log": LIFE, "posts": [post()]}
    judge(tally, **{**agreeing, **changes}, texts={KEY: TEXT, OTHER: "Dos"}, where="here")
    return tally


def test_where_all_agrees_nothing_is_found() -> None:
    tally = judged()
    assert (tally.problems, tally.states) == ([], {"published": 1})


def test_a_post_that_is_public_twice_is_doubled_and_not_in_the_log() -> None:
    tally = judged(posts=[post(), post(id="2", url="https://x.com/torture/status/2")])
    assert (len(tally.doubled), len(tally.differing)) == (1, 1)


@pytest.mark.parametrize("refused", [False, True])
def test_what_is_asked_for_once_more_is_told_even_where_the_network_refused_it(
    refused: bool,
) -> None:
    call = {"platform": "x", "handle": "torture", "text": TEXT, "refused": refused}
    tally = judged(repeated=[call])
    assert (len(tally.repeated), len(tally.problems)) == (1, 1)
    assert "repeated 1" in tally.line()


def test_a_post_that_is_said_to_be_public_and_is_not_is_lost() -> None:
    tally = judged(posts=[])
    assert (len(tally.lost), len(tally.differing)) == (1, 1)


def test_a_post_that_is_public_and_not_known_to_be_is_lost() -> None:
    log = [step(None, "failed")]
    tally = judged(deliveries=[delivery("failed", reason="Refused.")], log=log)
    assert (len(tally.lost), len(tally.differing)) == (1, 1)


@pytest.mark.parametrize("status", ["failed", "missed", "cancelled"])
def test_what_is_not_public_must_say_why(status: str) -> None:
    log = [step(None, status)]
    assert judged(deliveries=[delivery(status)], log=log, posts=[]).lost
    said = judged(deliveries=[delivery(status, reason="Refused.")], log=log, posts=[])
    assert said.problems == []


@pytest.mark.parametrize("status", ["scheduled", "claimed", "publishing", "unconfirmed"])
def test_what_is_still_under_way_is_lost(status: str) -> None:
    stuck = [delivery(status, run_at="2026-12-01T14:00:00Z")]
    assert not is_at_rest(stuck)
    assert judged(deliveries=stuck, log=[step(None, status)], posts=[]).lost


def test_a_comment_waits_for_ever_only_for_a_post_that_does_not_go_out() -> None:
    comment = delivery("scheduled", key=f"{KEY}#comment")
    assert is_at_rest([delivery("missed"), comment])
    assert not is_at_rest([delivery("published"), comment])
    assert not is_at_rest([delivery("missed"), comment | {"run_at": "2026-12-01T14:00:00Z"}])


@pytest.mark.parametrize(
    "log",
    [
        [],
        LIFE[1:],
        LIFE[:1],
        [*LIFE, LIFE[1]],
        [LIFE[0], LIFE[1] | {"remote_id": "2"}],
        [LIFE[0], LIFE[1] | {"channel": "x:another"}],
    ],
)
def test_a_log_that_tells_another_story_differs(log: list[dict[str, Any]]) -> None:
    assert judged(log=log).differing


def test_a_post_that_shows_what_another_delivery_says_differs() -> None:
    assert judged(posts=[post(text="Dos")]).differing


def test_a_facebook_video_is_known_by_the_id_in_its_address() -> None:
    video = post(id="9_8", url="https://www.facebook.com/9/videos/1/")
    assert judged(posts=[video]).problems == []
