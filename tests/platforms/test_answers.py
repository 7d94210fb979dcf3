"""Answers that once broke an adapter, each with the least that did so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from somos_social.core.events import NotReady, Throttled, Unanswered, Unread
from somos_social.core.model.delivery import Receipt, Upload
from somos_social.platforms import Unfulfilled
from tests.platforms.servers import Asked, Reply, always, answering, in_turn, reply
from tests.platforms.stage import Stage, event_of

StageOf = Callable[[str], Stage]

WHEN = "2026-12-01T14:00:00+0000"


def look(stage: Stage, *answers: Reply, **parts: str) -> Any:
    """What a look ends in, its event included."""
    delivery = stage.delivery(stage.variant("text"))
    upload = Upload(begun_at=stage.clock(), parts=parts)
    with answering(in_turn(*answers)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        try:
            return adapter.find(delivery, upload)
        except Unfulfilled as stop:
            return stop.event


ODD_LISTINGS: list[tuple[str, Any]] = [
    ("facebook", {"data": [{"id": "1", "message": 5, "created_time": WHEN}]}),
    ("facebook", {"data": [{"id": "1", "message": "x", "attachments": {"data": 5}}]}),
    ("facebook", {"data": [{"id": "1", "message": "x", "attachments": {"data": ["x"]}}]}),
    ("facebook", {"data": [{"id": "1", "created_time": "0001-01-01T00:00:00+23:59"}]}),
    ("instagram", {"data": [{"id": "1", "caption": {}, "timestamp": WHEN}]}),
    ("x", {"data": [{"id": "1", "attachments": 5}], "meta": {}}),
    ("x", {"data": [{"id": "1", "attachments": {"media_keys": 5}}], "meta": {}}),
    ("x", {"data": [{"id": "1", "entities": {"urls": [{"url": 5}]}}], "meta": {}}),
    ("x", {"data": [{"id": "1", "note_tweet": "x"}], "meta": {}}),
]


@pytest.mark.parametrize(("platform", "listing"), ODD_LISTINGS)
def test_an_odd_post_of_a_listing_is_none_of_ours(
    stage_of: StageOf, platform: str, listing: Any
) -> None:
    me = reply({"data": {"id": "7", "username": "somoslomismo"}})
    answers = [me, reply(listing)] if platform == "x" else [reply(listing)]
    assert look(stage_of(platform), *answers) is None


@pytest.mark.parametrize("following", [5, "http://[", "https://graph.facebook.com/?path=x&id=1"])
def test_a_link_to_the_next_page_that_leads_nowhere_is_no_end(
    stage_of: StageOf, following: Any
) -> None:
    told = look(stage_of("facebook"), reply({"data": [], "paging": {"next": following}}))
    assert isinstance(told, Unread)


def test_a_link_to_the_next_page_changes_nothing_but_the_page(stage_of: StageOf) -> None:
    stage = stage_of("facebook")
    link = "https://elsewhere.example/x?after=abc&method=delete&fields=x&access_token=stolen"
    pages = in_turn(reply({"data": [], "paging": {"next": link}}), reply({"data": []}))
    with answering(pages) as server:
        stage.adapter(rebase=server.rebase).find(stage.delivery(stage.variant("text")), None)
        first, second = server.asked
    assert second.query == first.query | {"after": "abc"}


@pytest.mark.parametrize("code", [[], {}, 5, None])
def test_a_container_whose_state_is_no_word_tells_nothing(stage_of: StageOf, code: Any) -> None:
    told = look(stage_of("instagram"), reply({"status_code": code}), post="17890")
    assert isinstance(told, Unread)


@pytest.mark.parametrize("state", [[], {}, 5])
def test_a_video_whose_state_is_no_word_is_not_public_by_itself(
    stage_of: StageOf, state: Any
) -> None:
    status = {"video_status": state, "publishing_phase": {"status": state}}
    assert look(stage_of("facebook"), reply({"status": status}), video="1001") is None


DEEP = Reply(body=b"[" * 100_000)
LONG = Reply(body=b'{"id": ' + b"9" * 5000 + b"}")


@pytest.mark.parametrize("answer", [DEEP, LONG], ids=["deep", "long"])
@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
def test_json_too_deep_or_too_long_to_be_read_is_no_answer(
    stage_of: StageOf, platform: str, answer: Reply
) -> None:
    stage = stage_of(platform)
    with answering(always(answer)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.asked(stage.delivery(stage.variant("text")))
        upload = Upload(begun_at=stage.clock(), parts={"post": "17890"})
        assert isinstance(event_of(adapter.publish, delivery, upload), Unanswered)


@pytest.mark.parametrize("id", ["../me/feed?x", "1\ud800", "1\0", "", "a" * 300, True, ["1"]])
@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
def test_a_yes_whose_id_is_none_is_no_clear_yes(stage_of: StageOf, platform: str, id: Any) -> None:
    stage = stage_of(platform)
    with answering(always(reply({"id": id, "data": {"id": id}}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.asked(stage.delivery(stage.variant("text")))
        upload = Upload(begun_at=stage.clock(), parts={"post": "17890"})
        assert isinstance(event_of(adapter.publish, delivery, upload), Unanswered)


@pytest.mark.parametrize(
    "link", [{}, 5, "javascript:x", "https://x.example/\x1b[2J", "https://\ud800"]
)
def test_a_post_whose_address_is_none_is_public_without_one(stage_of: StageOf, link: Any) -> None:
    stage = stage_of("instagram")
    with answering(in_turn(reply({"id": "1"}), reply({"permalink": link}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = Upload(begun_at=stage.clock(), parts={"post": "17890"})
        told = adapter.publish(stage.asked(stage.delivery(stage.variant("text"))), upload)
    assert told == Receipt(remote_id="1", url=None)


@pytest.mark.parametrize("code", [float("inf"), float("nan"), 10**400, [], "x"])
def test_a_code_that_is_no_number_is_no_code(stage_of: StageOf, code: Any) -> None:
    stage = stage_of("facebook")
    with answering(always(reply({"error": {"code": code, "message": "No."}}, 400))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        told = event_of(adapter.publish, stage.delivery(stage.variant("text")), Upload(
            begun_at=stage.clock(), parts={}))  # fmt: skip
    assert isinstance(told, Unanswered)


def test_words_of_a_network_are_kept_in_a_bearable_length_without_half_characters(
    stage_of: StageOf,
) -> None:
    stage = stage_of("facebook")
    error = {"code": 100, "message": "no \ud800\0" + "a" * 100_000}
    with answering(always(reply({"error": error}, 400))) as server:
        told = event_of(stage.adapter(rebase=server.rebase).whoami)
    assert len(told.reason.encode()) < 2000
    assert "\0" not in told.reason


@pytest.mark.parametrize(
    "usage",
    [
        '{"1": [{"estimated_time_to_regain_access": 99999999999999}]}',
        '{"1": [{"estimated_time_to_regain_access": 1e999}]}',
        '{"1": [5]}',
        "[" * 5000,
    ],
)
def test_no_header_silences_a_channel_for_more_than_a_day(stage_of: StageOf, usage: str) -> None:
    stage = stage_of("facebook")
    said = reply({"error": {"code": 4, "message": "Slow."}}, 400, X_Business_Use_Case_Usage=usage)
    with answering(always(said)) as server:
        told = event_of(stage.adapter(rebase=server.rebase).whoami)
    assert isinstance(told, Throttled)
    assert told.until - stage.clock() <= timedelta(days=1)


def test_x_silences_no_channel_for_more_than_a_day(stage_of: StageOf) -> None:
    stage = stage_of("x")
    said = reply({"title": "Slow."}, 429, x_rate_limit_reset="253402300799")
    with answering(always(said)) as server:
        told = event_of(stage.adapter(rebase=server.rebase).whoami)
    assert isinstance(told, Throttled)
    assert told.until - stage.clock() <= timedelta(days=1)


@pytest.mark.parametrize("seconds", [10**20, float("inf"), -1, "x", None])
def test_x_is_asked_again_after_an_hour_at_the_latest(stage_of: StageOf, seconds: Any) -> None:
    stage = stage_of("x")
    info = {"state": "pending", "check_after_secs": seconds}
    with answering(always(reply({"data": {"id": "1", "processing_info": info}}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        told = event_of(adapter.prepare, stage.delivery(stage.variant("video")), None)
    assert isinstance(told, NotReady)
    assert timedelta(0) < told.until - stage.clock() <= timedelta(hours=1)


def test_a_video_that_is_asked_for_byte_by_byte_is_given_up(stage_of: StageOf) -> None:
    stage = stage_of("facebook")
    start = [0]

    def script(asked: Asked) -> Reply:
        start[0] += 1
        return reply(
            {"upload_session_id": "1", "video_id": "2", "start_offset": start[0],
             "end_offset": start[0] + 1}
        )  # fmt: skip

    with answering(script) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.prepare, stage.delivery(stage.variant("video")), None)
        assert len(server.asked) < 10
    assert isinstance(event, Unanswered)


def test_a_negative_count_of_received_bytes_is_none(stage_of: StageOf) -> None:
    stage = stage_of("facebook")
    sent = {"status": {"uploading_phase": {"bytes_transfered": -5}}}
    parts = {"reel": "1", "reel.address": "https://rupload.facebook.com/up"}
    with answering(in_turn(reply(sent), reply({"success": True}))) as server:
        upload = Upload(begun_at=stage.clock(), parts=parts)
        stage.adapter(rebase=server.rebase).prepare(stage.delivery(stage.variant("reel")), upload)
        assert server.asked[1].headers["offset"] == "0"


def test_a_short_address_that_stands_everywhere_is_not_replaced(stage_of: StageOf) -> None:
    links = [{"url": "a", "expanded_url": "b" * 100_000}]
    post = {"id": "1", "text": "a" * 100_000, "entities": {"urls": links}}
    me = reply({"data": {"id": "7", "username": "somoslomismo"}})
    assert look(stage_of("x"), me, reply({"data": [post], "meta": {}})) is None
