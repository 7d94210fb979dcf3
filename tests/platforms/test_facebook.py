"""What is Facebook's own: uploads that go on where they were cut, and posts told apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from somos_social.core.delivery import Blocked, Refused, Throttled, Unanswered, Unread
from somos_social.core.model import Format, Upload, Variant
from somos_social.platforms import Unfulfilled
from somos_social.sandbox import Fault
from tests.platforms.servers import Asked, Reply, always, answering, graph_error, in_turn, reply
from tests.platforms.stage import PAGE, TEXT, Stage, event_of


@pytest.fixture
def stage(stage_of: Callable[[str], Stage]) -> Stage:
    return stage_of("facebook")


def calls(stage: Stage, phrase: str) -> list[Any]:
    told = requests.get(f"{stage.box.url}/_sandbox/requests", timeout=10).json()
    return [call for call in told if phrase in f"{call['method']} {call['path']} {call['form']}"]


def test_photos_that_are_there_are_not_sent_again_after_a_cut(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("pictures")
    stage.box.faults.add(Fault(match="POST *", kind="no-content-type"))
    stage.box.faults.add(Fault(match="POST *", kind="close"))
    event = event_of(adapter.prepare, delivery, None)
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    assert set(event.upload.parts) == {"photo:0"}
    upload = adapter.prepare(delivery, event.upload)
    assert upload.parts["photo:0"] == event.upload.parts["photo:0"]
    assert len(calls(stage, "/photos")) == 3


def test_photos_older_than_the_network_keeps_them_are_sent_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("picture")
    old = stage.prepared(adapter, delivery)
    stage.clock.passes(hours=20)
    new = adapter.prepare(delivery, old)
    assert new.begun_at == stage.clock()
    assert new.parts != old.parts


def test_a_cut_video_goes_on_where_facebook_says(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("large video")
    stage.box.faults.add(Fault(match="POST */videos", kind="no-content-type", times=2))
    stage.box.faults.add(Fault(match="POST */videos", kind="done-then-close"))
    event = event_of(adapter.prepare, delivery, None)
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    before = len(calls(stage, "/videos"))
    upload = adapter.prepare(delivery, event.upload)
    assert upload.parts["video"] == event.upload.parts["video"]
    resumed = [call["form"] for call in calls(stage, "/videos")[before:]]
    assert resumed[0]["start_offset"] == "1048576", "what we knew: one stretch had arrived"
    assert resumed[1]["start_offset"] == "2097152", "what Facebook knew: two had"
    adapter.publish(delivery, upload)
    stage.clock.passes(minutes=1)
    assert stage.public()[0].media[0].sha256 == delivery.variant.assets[0].sha256


def test_a_video_session_that_is_gone_is_begun_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("video")
    upload = Upload(
        begun_at=stage.clock(),
        parts={"video": "1", "video.session": "404", "video.offsets": "0-5"},
    )
    ready = adapter.prepare(delivery, upload)
    assert ready.parts["video"] != "1"
    adapter.publish(delivery, ready)


def test_a_transfer_that_never_moves_ends(stage: Stage) -> None:
    start = {"upload_session_id": "1", "video_id": "2", "start_offset": "0", "end_offset": "9"}
    stuck = {"start_offset": "0", "end_offset": "9"}
    with answering(in_turn(reply(start), reply(stuck))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.prepare, stage.of_kind("video"), None)
        assert isinstance(event, Unanswered)
        assert len(server.asked) < 10


@pytest.mark.parametrize(
    "offsets",
    [
        {"start_offset": "5"},
        {"start_offset": "x", "end_offset": "9"},
        {"start_offset": "0", "end_offset": "99999999"},
        {"start_offset": "9", "end_offset": "5"},
    ],
)
def test_offsets_outside_of_the_file_are_not_followed(
    stage: Stage, offsets: dict[str, str]
) -> None:
    size = stage.asset("corto.mp4").size
    start = {"upload_session_id": "1", "video_id": "2", **offsets}
    with answering(in_turn(reply(start), graph_error(190))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.prepare, stage.of_kind("video"), None)
        if offsets == {"start_offset": "5"}:
            assert isinstance(event, Blocked), "the stretch that Facebook left open was sent"
            assert int(server.asked[1].headers["content-length"]) > size - 5
        else:
            assert isinstance(event, Unanswered)
            assert len(server.asked) == 1


def test_a_cut_reel_goes_on_at_the_last_byte_that_arrived(stage: Stage) -> None:
    video = stage.asset("ruido.mp4")
    half = video.size // 2
    status = {"uploading_phase": {"status": "in_progress", "bytes_transferred": half}}
    replies = in_turn(reply({"status": status}), reply({"success": True}))
    upload = Upload(
        begun_at=stage.clock(),
        parts={"reel": "7", "reel.address": "https://rupload.facebook.com/video-upload/v26.0/7"},
    )
    with answering(replies) as server:
        adapter = stage.adapter(rebase=server.rebase)
        ready = adapter.prepare(stage.of_kind("large reel"), upload)
        assert server.asked[1].headers["offset"] == str(half)
        assert server.asked[1].headers["file_size"] == str(video.size)
        assert server.asked[1].body == (stage.media_root / video.path).read_bytes()[half:]
    assert ready.parts["reel.sent"] == "yes"
    assert stage.progress[-1] == (video.path, video.size, video.size)
    assert stage.progress[0][1] > half


def test_a_reel_cut_in_the_stand_in_is_published_whole(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("large reel")
    stage.box.faults.add(Fault(match="POST /rupload/*", kind="done-then-close"))
    event = event_of(adapter.prepare, delivery, None)
    assert event.upload is not None
    upload = adapter.prepare(delivery, event.upload)
    assert len(calls(stage, "POST /rupload/")) == 1, "all bytes were there already"
    adapter.publish(delivery, upload)
    stage.clock.passes(minutes=1)
    assert stage.public()[0].media[0].sha256 == delivery.variant.assets[0].sha256


def test_a_reel_that_rupload_cannot_process_is_begun_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    info = {"retriable": False, "type": "ProcessingFailedError", "message": "Start again."}
    start = reply({"video_id": "7"})
    with answering(in_turn(start, reply({"debug_info": info}, 400))) as server:
        broken = stage.adapter(rebase=server.rebase)
        event = event_of(broken.prepare, stage.of_kind("reel"), None)
        assert server.asked[1].path == "/video-upload/v26.0/7"
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    assert event.upload.parts == {}
    assert adapter.prepare(stage.of_kind("reel"), event.upload).parts["reel"] != "7"


def test_a_reel_that_is_gone_is_begun_anew(stage: Stage) -> None:
    upload = Upload(begun_at=stage.clock(), parts={"reel": "404", "reel.address": "x"})
    ready = stage.adapter().prepare(stage.of_kind("reel"), upload)
    assert ready.parts["reel"] != "404"


def test_a_file_that_changed_since_it_was_checked_is_not_sent(stage: Stage) -> None:
    asset = stage.asset("foto.jpg")
    for wrong in ({"size": asset.size + 1}, {"size": asset.size - 1}, {"path": "no/existe.jpg"}):
        variant = Variant(text=TEXT, assets=(replace(asset, **wrong),))
        event = event_of(stage.adapter().prepare, stage.delivery(variant), None)
        assert isinstance(event, Blocked)


def status(**phases: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for name, value in phases.items():
        if name == "video_status":
            whole[name] = value
        elif name == "publish_status":
            whole.setdefault("publishing_phase", {})["publish_status"] = value
        else:
            whole.setdefault(f"{name}_phase", {})["status"] = value
    return whole


YES, NO, UNREAD = "yes", "no", "unread"


@pytest.mark.parametrize(
    ("told", "meaning"),
    [
        (status(video_status="ready", publish_status="published"), YES),
        (status(video_status="processing", uploading="in_progress"), NO),
        (status(video_status="upload_complete", uploading="complete"), NO),
        (status(uploading="complete", processing="not_started", publishing="not_started"), NO),
        (status(video_status="ready", processing="complete", publishing="not_started"), NO),
        (status(video_status="ready", publish_status="draft"), NO),
        (status(video_status="error"), NO),
        (status(video_status="processing", processing="error"), NO),
        (status(video_status="processing", processing="in_progress"), UNREAD),
        (status(processing="complete", publishing="in_progress"), UNREAD),
        (status(video_status="ready"), UNREAD),
        (status(publish_status="scheduled", publishing="in_progress"), UNREAD),
        ({}, UNREAD),
    ],
)
def test_a_videos_status_tells_whether_it_is_public(
    stage: Stage, told: dict[str, Any], meaning: str
) -> None:
    def answer(asked: Asked) -> Reply:
        return reply({"id": "7", "status": told} if asked.path.endswith("/7") else {"data": []})

    upload = Upload(begun_at=stage.clock(), parts={"reel": "7"})
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        found = event = None
        try:
            found = adapter.find(stage.of_kind("reel"), upload)
        except Unfulfilled as stop:
            event = stop.event
    if meaning == UNREAD:
        assert isinstance(event, Unread)
    else:
        assert event is None
        assert (found is not None) == (meaning == YES)


def test_a_video_without_a_clear_status_is_looked_for_among_the_posts(stage: Stage) -> None:
    post = {
        "id": f"{PAGE}_9",
        "message": "otro texto",
        "created_time": stage.clock().isoformat(),
        "attachments": {"data": [{"target": {"id": "7"}}]},
    }

    def answer(asked: Asked) -> Reply:
        ready = {"id": "7", "status": {"video_status": "ready"}}
        return reply(ready if asked.path.endswith("/7") else {"data": [post]})

    upload = Upload(begun_at=stage.clock(), parts={"video": "7"})
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        receipt = adapter.find(stage.of_kind("video"), upload)
    assert receipt is not None
    assert receipt.url == f"https://www.facebook.com/{PAGE}/videos/7"


def found_in(stage: Stage, variant: Variant, upload: Upload | None, *pages: dict[str, Any]) -> Any:
    with answering(in_turn(*map(reply, pages))) as server:
        return stage.adapter(rebase=server.rebase).find(stage.delivery(variant), upload)


def post_of(stage: Stage, **changed: Any) -> dict[str, Any]:
    made = stage.clock().strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": f"{PAGE}_9", "message": TEXT, "created_time": made, **changed}


def test_photos_prove_a_post_even_where_its_text_was_changed(stage: Stage) -> None:
    album = {"data": [{"subattachments": {"data": [{"target": {"id": "5"}}]}}]}
    post = post_of(stage, message="editado", attachments=album)
    upload = Upload(begun_at=stage.clock(), parts={"photo:0": "4", "photo:1": "5"})
    found = found_in(stage, stage.variant("pictures"), upload, {"data": [post]})
    assert found.remote_id == f"{PAGE}_9"


def test_text_and_time_prove_a_post_whose_photos_are_not_shown(stage: Stage) -> None:
    upload = Upload(begun_at=stage.clock(), parts={"photo:0": "4"})
    decomposed = TEXT.replace("ó", "o\u0301").replace(" ", " \n", 1)
    page = {"data": [post_of(stage, message=decomposed)]}
    assert found_in(stage, stage.variant("picture"), upload, page).remote_id == f"{PAGE}_9"


def test_a_look_without_its_upload_still_goes_by_text_and_time(stage: Stage) -> None:
    page = {"data": [post_of(stage)]}
    assert found_in(stage, stage.variant("video"), None, page).remote_id == f"{PAGE}_9"


def test_a_post_without_text_that_shows_no_media_may_be_ours(stage: Stage) -> None:
    upload = Upload(begun_at=stage.clock(), parts={"photo:0": "4"})
    variant = Variant(assets=stage.variant("picture").assets)
    page = {"data": [post_of(stage, message=None)]}
    assert isinstance(event_of(found_in, stage, variant, upload, page), Unread)


def test_a_look_reads_back_to_the_asking_and_no_further(stage: Stage) -> None:
    following = {"next": "https://graph.facebook.com/v26.0/x?after=2"}
    new = post_of(stage, message="otro", id="1")
    hours_ago = (stage.clock() - timedelta(hours=2)).isoformat()
    old = post_of(stage, created_time=hours_ago, id="2")
    pages = ({"data": [new], "paging": following}, {"data": [old], "paging": following})
    with answering(in_turn(*map(reply, pages))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        assert adapter.find(stage.delivery(stage.variant("text")), None) is None
        assert len(server.asked) == 2


def test_a_finish_without_success_is_no_yes(stage: Stage) -> None:
    upload = Upload(begun_at=stage.clock(), parts={"reel": "7", "reel.sent": "yes"})
    with answering(always(reply({"success": False}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("reel"), upload)
    assert isinstance(event, Unanswered)


def test_a_no_to_a_repeated_call_may_come_from_the_first(stage: Stage) -> None:
    delivery = stage.of_kind("text")
    nothing = reply({"data": []})
    upload = Upload(begun_at=stage.clock(), parts={})
    for minutes, kind in ((0, Refused), (3, Unanswered)):
        stage.clock.passes(minutes=minutes)
        with answering(in_turn(graph_error(100), nothing)) as server:
            adapter = stage.adapter(rebase=server.rebase)
            event = event_of(adapter.publish, delivery, upload)
            assert isinstance(event, kind)
            assert [asked.method for asked in server.asked] == ["POST", "GET"]


def test_a_no_that_no_look_confirms_is_not_believed(stage: Stage) -> None:
    upload = Upload(begun_at=stage.clock(), parts={})
    with answering(in_turn(graph_error(100), graph_error(2, status=500))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("text"), upload)
    assert isinstance(event, Unanswered)


def test_a_limit_while_preparing_keeps_what_is_there(stage: Stage) -> None:
    adapter = stage.adapter()
    stage.box.faults.add(Fault(match="POST *", kind="no-content-type"))
    stage.box.faults.add(Fault(match="POST *", kind="429", code=32, seconds=300))
    event = event_of(adapter.prepare, stage.of_kind("pictures"), None)
    assert isinstance(event, Throttled)
    assert event.upload is not None
    assert set(event.upload.parts) == {"photo:0"}


def test_a_comment_of_another_time_is_not_ours(stage: Stage) -> None:
    delivery = stage.of_kind("comment")
    assert delivery.variant.format is Format.COMMENT
    adapter = stage.adapter()
    stage.published(adapter, delivery)
    stage.clock.passes(hours=2)
    assert adapter.find(stage.asked(delivery), None) is None
