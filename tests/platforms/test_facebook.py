"""What is Facebook's own: uploads that go on where they were cut, and posts told apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from somos_social.core.events import (
    Accepted,
    Blocked,
    Duplicate,
    Kept,
    Refused,
    Removed,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unread,
)
from somos_social.core.model.delivery import Receipt, Upload
from somos_social.core.model.post import Extras, Format, Variant
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
    stage.goes_out(adapter, delivery, upload)
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
    stage.goes_out(adapter, delivery, ready)


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
    stage.goes_out(adapter, delivery, upload)
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


def test_a_reel_whose_place_is_refused_twice_is_begun_anew(stage: Stage) -> None:
    info = {"retriable": True, "type": "OffsetInvalidError", "message": "Continue elsewhere."}
    refused, untold = reply({"debug_info": info}, 400), reply({"status": {}})
    replies = in_turn(reply({"video_id": "7"}), refused, untold, refused, reply({"video_id": "8"}))
    with answering(replies) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload: Upload | None = None
        kept = []
        for _ in range(2):
            event = event_of(adapter.prepare, stage.of_kind("reel"), upload)
            assert isinstance(event, Unanswered)
            upload = event.upload
            kept.append(upload is not None and upload.parts.get("reel"))
    assert kept == ["7", None]


def test_a_reel_whose_bytes_are_there_is_not_sent_again_where_nobody_counts_them(
    stage: Stage,
) -> None:
    status = {"uploading_phase": {"status": "complete"}}
    upload = Upload(begun_at=stage.clock(), parts={"reel": "7", "reel.address": "x"})
    with answering(in_turn(reply({"status": status}))) as server:
        ready = stage.adapter(rebase=server.rebase).prepare(stage.of_kind("reel"), upload)
        assert len(server.asked) == 1
    assert ready.parts["reel.sent"] == "yes"


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
        (status(video_status="error", publish_status="published"), UNREAD),
        (status(processing="error", publish_status="published"), UNREAD),
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


def story_of(stage: Stage, **changed: Any) -> dict[str, Any]:
    made = str(int(stage.clock().timestamp()))
    url = f"https://www.facebook.com/stories/{PAGE}/UzpfSVND/"
    return {"post_id": "9", "creation_time": made, "media_id": "7", "url": url, **changed}


STORY = {"photo story": {"photo:0": "7"}, "video story": {"story": "7", "story.sent": "yes"}}
OTHER = {"media_id": "8"}
NAMELESS = {"media_id": None}
OLD = {"media_id": None, "creation_time": "1796040000"}
ISO = {"media_id": None, "creation_time": "2026-11-30T12:00:00+0000"}


@pytest.mark.parametrize(
    ("kind", "listed", "hours", "meaning"),
    [
        ("photo story", [{}], 0, YES),
        ("photo story", [OTHER, {}], 0, YES),
        ("photo story", [OTHER], 0, NO),
        ("photo story", [], 0, NO),
        ("photo story", [NAMELESS], 0, UNREAD),
        ("photo story", [OLD], 0, NO),
        ("photo story", [ISO], 0, NO),
        ("photo story", [NAMELESS, {}], 0, YES),
        ("photo story", [], 23, "unknowable"),
        ("photo story", [{}], 23, YES),
        ("video story", [{}], 0, YES),
        ("video story", [OTHER], 0, NO),
        ("video story", [NAMELESS], 0, UNREAD),
        ("video story", [], 23, "unknowable"),
    ],
)
def test_a_story_is_found_by_what_it_shows_and_never_as_the_newest(
    stage: Stage, kind: str, listed: list[dict[str, Any]], hours: int, meaning: str
) -> None:
    stories = [story_of(stage, **told) for told in listed]

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/7"):
            return reply({"id": "7", "status": status(uploading="complete")})
        assert asked.path.endswith("/stories"), asked.path
        return reply({"data": stories})

    delivery = stage.of_kind(kind)
    stage.clock.passes(hours=hours)
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = Upload(begun_at=stage.clock(), parts=STORY[kind])
        if meaning in (YES, NO):
            found = adapter.find(delivery, upload)
            assert (found and (found.remote_id, found.url)) == (
                ("7", stories[0]["url"]) if meaning == YES else None
            )
        else:
            event = event_of(adapter.find, delivery, upload)
            assert isinstance(event, Unread if meaning == UNREAD else Unknowable)


@pytest.mark.parametrize(
    ("told", "meaning"),
    [
        (status(video_status="ready", publish_status="published"), YES),
        (status(video_status="ready", publishing="not_started"), NO),
        (status(video_status="processing", processing="in_progress"), UNREAD),
        ({}, UNREAD),
    ],
)
def test_a_video_tells_whether_its_story_is_public_before_the_page_lists_it(
    stage: Stage, told: dict[str, Any], meaning: str
) -> None:
    def answer(asked: Asked) -> Reply:
        return reply({"id": "7", "status": told} if asked.path.endswith("/7") else {"data": []})

    upload = Upload(begun_at=stage.clock(), parts=STORY["video story"])
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        if meaning == UNREAD:
            assert isinstance(event_of(adapter.find, stage.of_kind("video story"), upload), Unread)
        else:
            found = adapter.find(stage.of_kind("video story"), upload)
            assert (found is not None) == (meaning == YES)


@pytest.mark.parametrize(("owner", "kind"), [("8", UNREAD), ("7", NO)])
def test_a_story_of_which_nothing_was_kept_may_be_any_that_is_no_other_deliverys(
    stage: Stage, owner: str, kind: str
) -> None:
    with answering(always(reply({"data": [story_of(stage)]}))) as server:
        adapter = stage.adapter(
            rebase=server.rebase, claimed=lambda _, remote_id: remote_id == owner
        )
        if kind == UNREAD:
            assert isinstance(event_of(adapter.find, stage.of_kind("photo story"), None), Unread)
        else:
            assert adapter.find(stage.of_kind("photo story"), None) is None


@pytest.mark.parametrize("kind", STORY)
def test_where_a_story_can_be_seen_is_what_the_page_says(stage: Stage, kind: str) -> None:
    done = reply({"success": True, "post_id": "9"})
    listing = reply({"data": [story_of(stage, media_id="8", url="x"), story_of(stage)]})
    upload = Upload(begun_at=stage.clock(), parts=STORY[kind])
    for answer, url in ((listing, story_of(stage)["url"]), (graph_error(2, status=500), None)):
        with answering(in_turn(done, answer)) as server:
            adapter = stage.adapter(rebase=server.rebase)
            receipt = adapter.publish(stage.of_kind(kind), upload)
            assert (receipt.remote_id, receipt.url) == ("7", url)
            assert server.asked[0].method == "POST"


@pytest.mark.parametrize("kind", STORY)
def test_a_story_without_a_clear_yes_is_unanswered(stage: Stage, kind: str) -> None:
    upload = Upload(begun_at=stage.clock(), parts=STORY[kind])
    with answering(always(reply({"post_id": "9"}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        assert isinstance(event_of(adapter.publish, stage.of_kind(kind), upload), Unanswered)


@pytest.mark.parametrize(
    ("listed", "end"), [({}, Kept), (NAMELESS, Kept), (OTHER, Removed), (OLD, Removed)]
)
def test_a_story_that_facebook_does_not_delete_is_left_to_a_person_while_it_is_shown(
    stage: Stage, listed: dict[str, Any], end: type
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/stories"):
            return reply({"data": [story_of(stage, **listed)]})
        return graph_error(100, 33)

    receipt = Receipt(remote_id="7", url=None)
    delivery = replace(stage.of_kind("video story"), receipt=receipt)
    with answering(answer) as server:
        told = stage.adapter(rebase=server.rebase).remove(delivery)
    assert isinstance(told, end)
    assert end is Removed or "Facebook app" in getattr(told, "reason", "")


def test_a_photo_is_shown_by_one_story_only(stage: Stage) -> None:
    adapter = stage.adapter()
    receipt, upload, asked = stage.published(adapter, stage.of_kind("photo story"))
    assert isinstance(event_of(adapter.publish, asked, upload), Duplicate)
    assert adapter.find(asked, upload) == receipt
    assert len(stage.public()) == 1


def test_a_place_and_what_was_made_by_a_machine_are_told_where_facebook_takes_them(
    stage: Stage,
) -> None:
    adapter = stage.adapter()
    said = Extras(location="110774245616525", made_with_ai=True)
    edges = {
        "picture": "feed",
        "video": "videos",
        "reel": "video_reels",
        "video story": "video_stories",
    }
    told = {"place": "110774245616525", "is_ai_generated": "true"}
    taken = {"picture": {"place"}, "reel": set(told)}
    for kind, edge in edges.items():
        variant = replace(stage.variant(kind), text=f"{kind}: {TEXT}", extras=said)
        stage.published(adapter, stage.delivery(variant))
        form = calls(stage, f"/{edge}")[-1]["form"]
        assert {name: form[name] for name in told if name in form} == {
            name: told[name] for name in taken.get(kind, {"is_ai_generated"})
        }


@pytest.mark.parametrize(
    ("changed", "edge"),
    [
        ({}, "video_reels"),
        ({"seconds": 91}, "videos"),
        ({"height": 540}, "videos"),
        ({"width": 360, "height": 640}, "videos"),
        ({"fps": 12}, "videos"),
    ],
)
def test_an_upright_video_of_the_feed_goes_out_as_the_reel_that_it_can_be(
    stage: Stage, changed: dict[str, Any], edge: str
) -> None:
    variant = stage.variant("upright video")
    variant = replace(variant, assets=(replace(variant.assets[0], **changed),))
    stage.published(stage.adapter(), stage.delivery(variant))
    assert [call["path"].split("/")[-1] for call in calls(stage, "/video")][-1] == edge


PROCESSED_FIRST = ["video", "reel", "video story"]


@pytest.mark.parametrize("kind", PROCESSED_FIRST)
def test_a_video_counts_as_published_only_once_facebook_shows_it(stage: Stage, kind: str) -> None:
    adapter, delivery = stage.adapter(), stage.of_kind(kind)
    upload = stage.prepared(adapter, delivery)
    event = event_of(adapter.publish, delivery, upload)
    assert isinstance(event, Accepted)
    assert stage.public() == []
    assert isinstance(event_of(adapter.find, delivery, upload), Unread)
    stage.clock.passes(seconds=10)
    found = adapter.find(delivery, upload)
    assert found is not None
    assert found.remote_id == event.receipt.remote_id
    assert len(stage.public()) == 1


@pytest.mark.parametrize("kind", PROCESSED_FIRST)
def test_a_video_that_facebook_accepts_and_cannot_process_is_not_there_and_is_sent_anew(
    stage: Stage, kind: str
) -> None:
    adapter, delivery = stage.adapter(), stage.of_kind(kind)
    upload = stage.prepared(adapter, delivery)
    stage.box.faults.add(Fault(match="POST */video*", kind="video-error"))
    assert isinstance(event_of(adapter.publish, delivery, upload), Accepted)
    stage.clock.passes(minutes=1)
    assert adapter.find(delivery, upload) is None
    again = adapter.prepare(delivery, upload)
    part = kind.split()[-1]
    assert again.parts[part] != upload.parts[part]
    stage.goes_out(adapter, delivery, again)
    assert len(stage.public()) == 1


@pytest.mark.parametrize("kind", PROCESSED_FIRST)
@pytest.mark.parametrize(
    "told",
    [
        graph_error(100, 33),
        graph_error(100),
        reply({"status": status(video_status="error", publish_status="published")}),
    ],
)
def test_no_second_video_is_sent_where_an_accepted_one_may_be_public(
    stage: Stage, kind: str, told: Reply
) -> None:
    delivery = stage.of_kind(kind)
    upload = stage.prepared(stage.adapter(), delivery)
    with answering(always(told)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.prepare, stage.asked(delivery), upload)
        assert [asked.method for asked in server.asked] == ["GET"]
    assert isinstance(event, Suspected)


def test_a_video_that_was_never_asked_for_and_is_gone_is_sent_anew(stage: Stage) -> None:
    delivery = replace(stage.of_kind("reel"), asked_at=None)
    gone = Upload(begun_at=stage.clock(), parts={"reel": "404", "reel.sent": "yes"})
    ready = stage.adapter().prepare(delivery, gone)
    assert ready.parts["reel"] != "404"
    stage.goes_out(stage.adapter(), delivery, ready)


def test_a_yes_is_believed_where_nobody_can_tell_whether_the_video_is_shown(stage: Stage) -> None:
    upload = Upload(begun_at=stage.clock(), parts={"reel": "7", "reel.sent": "yes"})
    with answering(in_turn(reply({"success": True}), graph_error(100))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        receipt = adapter.publish(stage.of_kind("reel"), upload)
    assert receipt.url == "https://www.facebook.com/reel/7"


@pytest.mark.parametrize("kind", ["video", "reel", "upright video"])
def test_a_picture_stands_for_a_video_before_anybody_sees_it(stage: Stage, kind: str) -> None:
    variant = replace(stage.variant(kind), extras=Extras(cover=stage.asset("foto.jpg")))
    adapter, delivery = stage.adapter(), stage.delivery(variant)
    upload = stage.prepared(adapter, delivery)
    [call] = calls(stage, "/thumbnails")
    assert (call["form"]["is_preferred"], call["status"]) == ("true", 200)
    assert call["path"].split("/")[-2] in upload.parts.values()
    assert upload.told == ()
    assert adapter.prepare(delivery, upload) == upload
    stage.goes_out(adapter, stage.asked(delivery), upload)
    assert len(calls(stage, "/thumbnails")) == 1


@pytest.mark.parametrize("fault", ["close", "500", "190", "done-then-code1", "not an image"])
def test_a_cover_that_facebook_does_not_take_stops_nothing_and_is_told(
    stage: Stage, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    cover = stage.asset("foto.jpg" if fault != "not an image" else "corto.mp4")
    if fault != "not an image":
        stage.box.faults.add(Fault(match="POST /graph/*/thumbnails", kind=fault))  # type: ignore[arg-type]  # a parameter is any str
    variant = replace(stage.variant("reel"), extras=Extras(cover=cover))
    _, upload, _ = stage.published(stage.adapter(), stage.delivery(variant))
    [words] = upload.told
    assert words.startswith("Facebook did not take the cover of the video: ")
    assert words in caplog.text
    assert len(calls(stage, "/thumbnails")) == 1
    stage.clock.passes(minutes=1)
    assert len(stage.public()) == 1


@pytest.mark.parametrize("kind", ["pictures", "photo story"])
def test_photos_that_are_gone_when_they_are_to_be_shown_are_sent_anew(
    stage: Stage, kind: str
) -> None:
    adapter, delivery = stage.adapter(), stage.of_kind(kind)
    upload = stage.prepared(adapter, delivery)
    *_, last = upload.parts
    event = event_of(adapter.publish, delivery, upload.having(last, "404"))
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    assert event.upload.parts == {}
    ready = adapter.prepare(delivery, event.upload)
    assert set(ready.parts.values()).isdisjoint(upload.parts.values())
    adapter.publish(delivery, ready)
    assert len(stage.public()) == 1


@pytest.mark.parametrize(
    ("no", "photo", "kind"),
    [
        (graph_error(100), graph_error(100, 33), Unanswered),
        (graph_error(100, 33), graph_error(100, 33), Unanswered),
        (graph_error(100), reply({"id": "4"}), Refused),
        (graph_error(100), graph_error(2, status=500), Refused),
        (graph_error(100, 33), reply({"id": "4"}), Blocked),
        (graph_error(324), graph_error(190), Refused),
    ],
)
def test_a_no_is_one_to_the_photos_only_where_they_are_gone(
    stage: Stage, no: Reply, photo: Reply, kind: type
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.method == "POST":
            return no
        return photo if asked.path.endswith("/4") else reply({"data": []})

    upload = Upload(begun_at=stage.clock(), parts={"photo:0": "4"})
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, stage.of_kind("picture"), upload)
    assert isinstance(event, kind)
    assert isinstance(event, Unanswered) == (getattr(event, "upload", None) is not None)
