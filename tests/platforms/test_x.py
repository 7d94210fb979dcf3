"""What is X's own: chunks, media that are processed, signatures, limits and replies."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import requests

from somos_social.core.events import (
    Blocked,
    Duplicate,
    NotReady,
    Refused,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.core.model.delivery import Upload
from somos_social.core.model.post import Variant
from somos_social.platforms.x_media import CHUNK
from somos_social.sandbox import Fault
from tests.platforms.servers import Asked, Reply, always, answering, in_turn, reply
from tests.platforms.stage import TEXT, X_USER, Stage, event_of


@pytest.fixture
def stage(stage_of: Callable[[str], Stage]) -> Stage:
    return stage_of("x")


def upload_of(stage: Stage, **parts: str) -> Upload:
    return Upload(begun_at=stage.clock(), parts=parts)


def calls(stage: Stage, phrase: str) -> list[Any]:
    told = requests.get(f"{stage.box.url}/_sandbox/requests", timeout=10).json()
    return [call for call in told if phrase in f"{call['method']} {call['path']}"]


def test_a_cut_upload_goes_on_with_the_chunk_that_is_missing(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("large video")
    stage.box.faults.add(Fault(match="POST */append", kind="no-content-type"))
    stage.box.faults.add(Fault(match="POST */append", kind="close"))
    event = event_of(adapter.prepare, delivery, None)
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    assert event.upload.parts["media:0.chunks"] == "1"
    waiting = event_of(adapter.prepare, delivery, event.upload)
    assert isinstance(waiting, NotReady)
    stage.clock.passes(minutes=1)
    ready = adapter.prepare(delivery, waiting.upload)
    chunks = -(-delivery.variant.assets[0].size // CHUNK)
    assert len(calls(stage, "/append")) == chunks + 1
    adapter.publish(delivery, ready)
    assert stage.public()[0].media[0].sha256 == delivery.variant.assets[0].sha256
    path, size = delivery.variant.assets[0].path, delivery.variant.assets[0].size
    assert stage.progress[-1] == (path, size, size)


def test_a_finalize_whose_answer_was_lost_begins_the_upload_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("picture")
    stage.box.faults.add(Fault(match="POST */finalize", kind="done-then-close"))
    event = event_of(adapter.prepare, delivery, None)
    ready = adapter.prepare(delivery, event.upload)
    assert event.upload is not None
    assert ready.parts["media:0"] != event.upload.parts["media:0"]
    adapter.publish(delivery, ready)
    assert len(stage.public()) == 1


def test_media_older_than_x_keeps_them_are_sent_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("picture")
    old = stage.prepared(adapter, delivery)
    stage.clock.passes(hours=20)
    assert adapter.prepare(delivery, old).parts["media:0"] != old.parts["media:0"]


def test_a_chunk_stays_below_what_the_edge_takes() -> None:
    assert len(base64.b64encode(bytes(CHUNK))) + 100 <= 1024 * 1024 + 1024


def test_processing_is_looked_at_when_x_says(stage: Stage) -> None:
    pending = {"id": "7", "processing_info": {"state": "pending", "check_after_secs": 9}}
    with answering(always(reply({"data": pending}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, **{"media:0": "7", "media:0.complete": "yes"})
        event = event_of(adapter.prepare, stage.of_kind("gif"), upload)
        assert server.asked[0].query == {"command": "STATUS", "media_id": "7"}
    assert event == NotReady(stage.clock() + timedelta(seconds=9), upload)


@pytest.mark.parametrize(
    ("name", "kind"), [("InvalidMedia", Refused), ("InternalError", Unanswered)]
)
def test_media_that_x_could_not_process_are_told_by_their_fault(
    stage: Stage, name: str, kind: type
) -> None:
    error = {"code": 1, "name": name, "message": "the codec is not supported"}
    failed = {"id": "7", "processing_info": {"state": "failed", "error": error}}
    with answering(always(reply({"data": failed}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, **{"media:0": "7", "media:0.complete": "yes"})
        event = event_of(adapter.prepare, stage.of_kind("gif"), upload)
    assert "the codec is not supported" in event.reason
    assert isinstance(event, kind)


def test_a_video_goes_out_without_alt_text_where_x_refuses_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    no = reply({"detail": "Alt text is not allowed."}, 400)
    parts = {"media:0": "7", "media:0.ready": "yes"}
    with answering(always(no)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        ready = adapter.prepare(stage.of_kind("video"), upload_of(stage, **parts))
        assert ready.parts["media:0.alt"] == "yes"
        [words] = ready.told
        assert words.startswith("X did not take the description of the video: ")
        assert words in caplog.text
        event = event_of(adapter.prepare, stage.of_kind("gif"), upload_of(stage, **parts))
        assert isinstance(event, Refused), "a picture without its description does not go out"


def test_a_file_that_the_edge_turns_away_is_refused(stage: Stage) -> None:
    with answering(always(Reply(413, b""))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        assert isinstance(event_of(adapter.prepare, stage.of_kind("picture"), None), Refused)


def test_alt_text_is_told_once(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("pictures")
    adapter.prepare(delivery, stage.prepared(adapter, delivery))
    assert len(calls(stage, "/2/media/metadata")) == 2


def problem(status: int, detail: str, kind: str = "about:blank", **headers: str) -> Reply:
    body = {"detail": detail, "type": kind, "title": "Title", "status": status}
    return reply(body, status, **headers)


DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_VISIBLE = "You attempted to reply to a Tweet that is deleted or not visible to you."
PROBLEMS = "https://api.x.com/2/problems"
ANSWERS = [
    (problem(400, "Your Tweet text is too long."), Refused),
    (problem(401, "Unauthorized"), Blocked),
    (problem(402, "credits depleted", f"{PROBLEMS}/credits-depleted"), Blocked),
    (problem(403, DUPLICATE), Duplicate),
    (problem(403, "You can only reply to posts where you are mentioned."), Refused),
    (problem(403, "x", f"{PROBLEMS}/unsupported-authentication"), Blocked),
    (problem(403, "Not configured with the appropriate oauth1 app permissions."), Blocked),
    (problem(403, NOT_VISIBLE), Unreachable),
    (reply({"errors": [{"code": 385, "message": "x"}]}, 403), Unreachable),
    (reply({"errors": [{"code": 187, "message": "Status is a copy."}]}, 403), Duplicate),
    # Without X's own words it may be someone on the way who refused, after X had done it.
    (Reply(403, b""), Unanswered),
    (Reply(400, b"<html>Bad Request</html>"), Unanswered),
    (problem(404, "Not Found"), Unanswered),
    (problem(409, "Conflict"), Unanswered),
    (Reply(413, b""), Unanswered),
    (problem(429, "Too Many Requests"), Throttled),
    (problem(429, "Monthly cap", f"{PROBLEMS}/usage-capped"), Blocked),
    (problem(503, "Service Unavailable"), Unanswered),
    (problem(503, DUPLICATE), Unanswered),
    (reply({}), Unanswered),
    (reply({"data": {}}, 201), Unanswered),
    (reply({"data": {"id": ""}}, 201), Unanswered),
    (reply([], 201), Unanswered),
    (Reply(201, b""), Unanswered),
    (Reply(201, b"<html></html>", {"Content-Type": "text/html"}), Unanswered),
]


@pytest.mark.parametrize(("answer", "kind"), ANSWERS)
def test_each_answer_to_a_post_means_what_it_proves(
    stage: Stage, answer: Reply, kind: type
) -> None:
    def script(asked: Asked) -> Reply:
        if asked.method == "POST":
            return answer
        me = {"id": X_USER, "name": "n", "username": "somoslomismo"}
        return reply({"data": me} if asked.path == "/2/users/me" else {"meta": {}})

    with answering(script) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("text"), upload_of(stage))
    assert isinstance(event, kind)


def test_a_yes_with_remarks_is_a_yes(stage: Stage) -> None:
    body = {"data": {"id": "9"}, "errors": [{"title": "field-hydration-failure"}]}
    with answering(always(reply(body, 201))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        receipt = adapter.publish(stage.of_kind("text"), upload_of(stage))
    assert receipt.url == "https://x.com/somoslomismo/status/9"


def seconds_after(stage: Stage, seconds: int) -> str:
    return str(int(stage.clock().timestamp()) + seconds)


@pytest.mark.parametrize(
    ("remaining", "wait"),
    [
        ({"rate": "0", "user": "5", "app": "5"}, 60),
        ({"rate": "3", "user": "0", "app": "5"}, 600),
        ({"rate": "0", "user": "0", "app": "0"}, 6000),
        ({"rate": "3", "user": "5", "app": "5"}, 60),
    ],
)
def test_the_longest_exhausted_window_decides_when_to_ask_again(
    stage: Stage, remaining: dict[str, str], wait: int
) -> None:
    names = {"rate": "x_rate_limit", "user": "x_user_limit_24hour", "app": "x_app_limit_24hour"}
    resets = {"rate": 60, "user": 600, "app": 6000}
    headers = {f"{names[it]}_remaining": left for it, left in remaining.items()}
    headers |= {f"{names[it]}_reset": seconds_after(stage, resets[it]) for it in names}
    with answering(always(problem(429, "Too Many Requests", **headers))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("text"), upload_of(stage))
    assert event.until == stage.clock() + timedelta(seconds=wait)


@pytest.mark.parametrize("reset", ["", "soon", "-1", "1" * 30])
def test_a_limit_without_a_readable_end_is_a_window_long(stage: Stage, reset: str) -> None:
    with answering(always(problem(429, "Too Many Requests", x_rate_limit_reset=reset))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("text"), upload_of(stage))
    assert isinstance(event, Throttled)
    pause = timedelta(seconds=5) if reset == "-1" else timedelta(minutes=15)
    assert event.until == stage.clock() + pause


@pytest.mark.parametrize("origin", ["https://api.x.com", "https://api.twitter.com"])
def test_either_name_of_x_can_be_answered_elsewhere(stage: Stage, origin: str) -> None:
    adapter = stage.adapter(rebase={origin: stage.box.origins[origin]})
    assert adapter.whoami().remote_id == X_USER


def test_a_reply_names_what_it_replies_to(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("comment")
    receipt, upload, asked = stage.published(adapter, delivery)
    other = replace(asked, parent_id="404")
    assert adapter.find(asked, upload) == receipt
    assert adapter.find(other, upload) is None


def test_a_media_post_without_text_sends_none(stage: Stage) -> None:
    with answering(always(reply({"data": {"id": "9"}}, 201))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.delivery(Variant(assets=stage.variant("picture").assets))
        adapter.publish(delivery, upload_of(stage, **{"media:0": "7"}))
        assert server.asked[0].body == b'{"media": {"media_ids": ["7"]}}'


def test_who_may_answer_and_what_is_disclosed_is_sent(stage: Stage) -> None:
    with answering(always(reply({"data": {"id": "9"}}, 201))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        adapter.publish(stage.of_kind("disclosed"), upload_of(stage))
        sent = json.loads(server.asked[0].body)
    assert sent == {
        "text": TEXT,
        "reply_settings": "mentionedUsers",
        "paid_partnership": True,
        "made_with_ai": True,
    }


def test_a_link_of_a_thread_is_not_taken_for_a_post_with_its_words_elsewhere(
    stage: Stage,
) -> None:
    adapter = stage.adapter()
    link = stage.of_kind("link of a thread")
    receipt, upload, asked = stage.published(adapter, link)
    alone = replace(upload, parts={})
    assert adapter.find(asked, alone) == receipt
    assert adapter.find(replace(asked, parent_id="404"), alone) is None


ME = reply({"data": {"id": X_USER, "name": "n", "username": "somoslomismo"}})


def found_in(stage: Stage, *pages: Any, upload: Upload | None = None, **changed: Any) -> Any:
    with answering(in_turn(ME, *map(reply, pages))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = replace(stage.of_kind("text"), **changed)
        try:
            return adapter.find(delivery, upload)
        finally:
            stage.progress.append(("asked", len(server.asked), 0))


def test_a_look_reads_every_page(stage: Stage) -> None:
    made = stage.clock().isoformat()
    ours = {"data": [{"id": "9", "text": TEXT, "created_at": made}], "meta": {}}
    found = found_in(stage, {"data": [], "meta": {"next_token": "p2"}}, ours)
    assert found.remote_id == "9"
    assert stage.progress[-1][1] == 3


@pytest.mark.parametrize(
    "page",
    [
        {"errors": [{"title": "field-hydration-failure"}], "meta": {}},
        {"data": {}, "meta": {}},
        {"data": []},
        {"data": [], "meta": {"next_token": "again"}},
    ],
)
def test_a_listing_with_holes_is_not_a_complete_look(stage: Stage, page: Any) -> None:
    assert isinstance(event_of(found_in, stage, page), Unread)


def test_a_post_without_text_may_be_ours(stage: Stage) -> None:
    page = {"data": [{"id": "9", "text": "", "created_at": stage.clock().isoformat()}], "meta": {}}
    variant = Variant(assets=stage.variant("picture").assets)
    upload = upload_of(stage, **{"media:0": "7"})
    look = event_of(partial(found_in, upload=upload, variant=variant), stage, page)
    assert isinstance(look, Unread)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(402, "credits depleted"), Unknowable),
        (problem(403, "not permitted"), Unknowable),
        (problem(401, "Unauthorized"), Blocked),
        (problem(400, "bad"), Unread),
        (problem(503, "x"), Unread),
    ],
)
def test_a_look_that_is_not_allowed_is_for_a_person(
    stage: Stage, answer: Reply, kind: type
) -> None:
    with answering(always(answer)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.find, stage.of_kind("text"), None)
    assert isinstance(event, kind)


def test_a_look_asks_from_before_the_asking_on(stage: Stage) -> None:
    with answering(in_turn(ME, reply({"meta": {}}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        adapter.find(stage.of_kind("text"), None)
        query = server.asked[1].query
        adapter.find(stage.of_kind("text"), None)
        assert len(server.asked) == 3, "who we are is asked once"
    assert query["start_time"] == "2026-12-01T12:55:00Z"


LOCKED = (
    "Your account is temporarily locked. Please log in to https://x.com to unlock your account."
)
SUSPENDED = "The user used for authentication is suspended"


@pytest.mark.parametrize("code", [63, 64, 326])
def test_an_account_that_is_locked_or_suspended_stops_its_whole_channel(
    stage: Stage, code: int
) -> None:
    adapter, delivery = stage.adapter(), stage.of_kind("picture")
    for match in ("POST */initialize", "POST /x/2/tweets", "GET */tweets"):
        stage.box.faults.add(Fault(match=match, kind="restricted", code=code))
    upload = upload_of(stage)
    asking: list[Callable[[], object]] = [
        lambda: adapter.prepare(delivery, None),
        lambda: adapter.publish(stage.of_kind("text"), upload),
        lambda: adapter.find(delivery, upload),
    ]
    for ask in asking:
        event = event_of(ask)
        assert isinstance(event, Blocked)
        assert event.whole_channel
        assert "Open it in a browser" in event.reason
    assert stage.public() == []


@pytest.mark.parametrize("words", [LOCKED, SUSPENDED])
def test_a_lock_that_x_tells_without_a_number_is_a_lock(stage: Stage, words: str) -> None:
    with answering(always(problem(403, words))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("text"), upload_of(stage))
    assert isinstance(event, Blocked)
    assert event.whole_channel


@pytest.mark.parametrize("code", [185, 226])
def test_an_account_that_is_limited_or_taken_for_a_machine_rests_as_a_whole(
    stage: Stage, code: int
) -> None:
    adapter, delivery = stage.adapter(), stage.of_kind("picture")
    for match in ("POST */initialize", "GET */tweets"):
        stage.box.faults.add(Fault(match=match, kind="restricted", code=code))
    for call in (adapter.prepare, adapter.find):
        event = event_of(call, delivery, None)
        assert isinstance(event, Throttled)
        assert (event.until, event.whole_channel) == (stage.clock() + timedelta(hours=1), True)


def test_the_daily_limit_is_surely_a_no_for_now(stage: Stage) -> None:
    stage.box.faults.add(Fault(match="POST /x/2/tweets", kind="restricted", code=185))
    event = event_of(stage.adapter().publish, stage.of_kind("text"), upload_of(stage))
    assert isinstance(event, Throttled)
    assert (event.until, event.whole_channel) == (stage.clock() + timedelta(hours=1), True)


@pytest.mark.parametrize("kind", ["restricted", "done-then-2207051"])
def test_what_x_takes_for_a_machines_post_is_looked_for_and_its_account_rests(
    stage: Stage, kind: Any
) -> None:
    stage.box.faults.add(Fault(match="POST /x/2/tweets", kind=kind, code=226))
    delivery, adapter = stage.of_kind("text"), stage.adapter()
    event = event_of(adapter.publish, delivery, upload_of(stage))
    assert isinstance(event, Unanswered)
    assert event.rest_until == stage.clock() + timedelta(hours=1)
    assert (adapter.find(delivery, None) is None) == (stage.public() == [])


LOST = {"media:0": "404", "media:0.ready": "yes", "media:0.alt": "yes"}


def test_media_that_x_refuses_to_post_are_sent_anew(stage: Stage) -> None:
    adapter, delivery = stage.adapter(), stage.of_kind("picture")
    event = event_of(adapter.publish, delivery, upload_of(stage, **LOST))
    assert isinstance(event, Unanswered)
    assert "media IDs are invalid" in event.reason
    assert event.upload is not None
    assert event.upload.parts == {}
    assert adapter.find(delivery, event.upload) is None
    adapter.publish(delivery, adapter.prepare(delivery, event.upload))
    assert len(stage.public()) == 1


def test_media_that_x_refuses_since_a_post_shows_them_are_found_and_not_sent_anew(
    stage: Stage,
) -> None:
    adapter = stage.adapter()
    delivery = stage.delivery(replace(stage.variant("picture"), text=""))
    receipt, upload, asked = stage.published(adapter, delivery)
    stage.clock.passes(minutes=5)
    assert adapter.publish(asked, upload) == receipt
    stage.box.faults.add(Fault(match="GET */tweets", kind="500"))
    event = event_of(adapter.publish, asked, upload)
    assert isinstance(event, Unanswered)
    assert event.upload is None, "what tells the post is kept until somebody could look"
