"""What is Instagram's own: containers that take their time or fail, and the doubtful publish."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from somos_social.core.delivery import (
    Blocked,
    NotReady,
    Refused,
    Suspected,
    Throttled,
    Unanswered,
    Unread,
)
from somos_social.core.model import Format, Receipt, Upload, Variant
from somos_social.platforms.instagram import Instagram
from somos_social.sandbox import Fault
from tests.platforms.servers import Asked, Reply, always, answering, graph_error, in_turn, reply
from tests.platforms.stage import IG_USER, TEXT, Stage, event_of


@pytest.fixture
def stage(stage_of: Callable[[str], Stage]) -> Stage:
    return stage_of("instagram")


def upload_of(stage: Stage, **parts: str) -> Upload:
    return Upload(begun_at=stage.clock(), parts=parts)


def test_an_unfinished_container_is_looked_at_again_and_not_waited_for(stage: Stage) -> None:
    adapter = stage.adapter()
    for kind, pause in (("picture", 5), ("reel", 15)):
        event = event_of(adapter.prepare, stage.of_kind(kind), None)
        assert isinstance(event, NotReady)
        assert event.until == stage.clock() + timedelta(seconds=pause)
        assert event.upload is not None
        assert "post" in event.upload.parts


@pytest.mark.parametrize("fault", ["container-error", "container-expired"])
def test_a_container_that_failed_is_made_anew(stage: Stage, fault: str) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("picture")
    stage.box.faults.add(Fault(match="POST */media", kind=fault))  # type: ignore[arg-type]  # a parameter is any str
    event = event_of(adapter.prepare, delivery, None)
    if isinstance(event, NotReady):
        stage.clock.now = event.until
        waiting = event.upload
        event = event_of(adapter.prepare, delivery, waiting)
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    assert event.upload.parts == {}
    adapter.publish(delivery, stage.prepared(adapter, delivery))
    assert len(stage.public()) == 1


def test_a_container_that_names_the_file_as_the_fault_ends_the_delivery(stage: Stage) -> None:
    failed = {"status_code": "ERROR", "status": "Error: failed with error code 2207026"}
    with answering(always(reply(failed))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, **{"post": "7", "post.sent": "yes"})
        event = event_of(adapter.prepare, stage.of_kind("reel"), upload)
    assert isinstance(event, Refused)
    assert "2207026" in event.reason


def test_a_failed_carousel_is_built_anew_from_its_first_child(stage: Stage) -> None:
    parts = {"child:0": "1", "child:0.finished": "yes", "child:1": "2", "post": "7"}
    with answering(always(reply({"status_code": "EXPIRED"}))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.of_kind("pictures")
        event = event_of(adapter.prepare, delivery, upload_of(stage, **parts))
    assert event.upload is not None
    assert event.upload.parts == {}


def test_children_that_are_gone_are_built_anew(stage: Stage) -> None:
    parts = {f"child:{n}{end}": "yes" for n in (0, 1) for end in ("", ".finished")}
    with answering(always(graph_error(24, 2207006))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.of_kind("pictures")
        event = event_of(adapter.prepare, delivery, upload_of(stage, **parts))
    assert isinstance(event, Unanswered)
    assert event.upload is not None
    assert event.upload.parts == {}


def test_a_container_that_was_published_already_is_suspected_and_not_published_again(
    stage: Stage,
) -> None:
    adapter = stage.adapter()
    _, upload, delivery = stage.published(adapter, stage.of_kind("picture"))
    event = event_of(adapter.prepare, delivery, upload)
    assert isinstance(event, Suspected)


@pytest.mark.parametrize("answer", [reply({"id": "7"}), graph_error(100, 33)])
def test_a_container_that_cannot_be_read_now_is_kept(stage: Stage, answer: Reply) -> None:
    with answering(always(answer)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, post="7")
        event = event_of(adapter.prepare, stage.of_kind("picture"), upload)
    assert isinstance(event, Unanswered)
    assert event.upload == upload


def test_containers_older_than_the_network_keeps_them_are_made_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("picture")
    old = stage.prepared(adapter, delivery)
    stage.clock.passes(hours=20)
    event = event_of(adapter.prepare, delivery, old)
    assert isinstance(event, NotReady)
    assert event.upload is not None
    assert event.upload.parts["post"] != old.parts["post"]


def test_a_picture_that_could_not_be_fetched_is_tried_again(stage: Stage) -> None:
    adapter = stage.adapter()
    stage.box.faults.add(Fault(match="POST */media", kind="not-fetched"))
    event = event_of(adapter.prepare, stage.of_kind("picture"), None)
    assert isinstance(event, Unanswered)
    assert isinstance(event_of(adapter.prepare, stage.of_kind("picture"), event.upload), NotReady)


def test_a_picture_that_instagram_will_never_take_is_refused(stage: Stage) -> None:
    gif = replace(stage.variant("picture"), assets=(stage.asset("ola.gif"),))
    assert isinstance(event_of(stage.adapter().prepare, stage.delivery(gif), None), Refused)


def test_pictures_without_a_public_address_wait_for_a_person(stage: Stage) -> None:
    adapter = Instagram(
        user_id=IG_USER,
        token="x",
        timeout=timedelta(seconds=1),
        rebase={},
        media_root=Path(),
        public_url=None,
        now=stage.clock,
        progress=lambda *_: None,
    )
    event = event_of(adapter.prepare, stage.of_kind("picture"), None)
    assert isinstance(event, Blocked)
    assert "public_url" in event.reason


def test_the_address_of_a_picture_is_plain_ascii(stage: Stage) -> None:
    picture = replace(stage.asset("foto.jpg"), path="niñez/día 1.jpg")
    with answering(always(reply({"id": "7", "status_code": "FINISHED"}))) as server:
        adapter = stage.adapter(rebase=server.rebase, public_url="https://media.example.org/pa/")
        adapter.prepare(stage.delivery(Variant(text=TEXT, assets=(picture,))), None)
        address = server.asked[0].form["image_url"]
    assert address == "https://media.example.org/pa/ni%C3%B1ez/d%C3%ADa%201.jpg"


def test_only_a_video_in_the_feed_is_asked_to_be_shared_to_it(stage: Stage) -> None:
    for kind, shared in (("video", "true"), ("reel", None)):
        answers = in_turn(reply({"id": "7"}), reply({"success": True}))
        with answering(answers) as server:
            adapter = stage.adapter(rebase=server.rebase)
            event_of(adapter.prepare, stage.of_kind(kind), None)
            form = server.asked[0].form
            assert (form["media_type"], form.get("share_to_feed")) == ("REELS", shared)
            assert server.asked[1].path == "/ig-api-upload/v26.0/7"


def test_a_cut_upload_goes_on_at_the_last_byte_that_arrived(stage: Stage) -> None:
    video = stage.asset("corto.mp4")
    half = video.size // 2
    status = {"video_status": {"uploading_phase": {"bytes_transferred": half}}}
    done = reply({"success": True}), reply({"status_code": "FINISHED"})
    parts = {"post": "7", "post.address": "https://rupload.facebook.com/ig-api-upload/v26.0/7"}
    with answering(in_turn(reply(status), *done)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        adapter.prepare(stage.of_kind("reel"), upload_of(stage, **parts))
        assert server.asked[1].headers["offset"] == str(half)
        assert len(server.asked[1].body) == video.size - half


def test_an_upload_whose_progress_instagram_does_not_tell_is_begun_anew(stage: Stage) -> None:
    adapter = stage.adapter()
    delivery = stage.of_kind("reel")
    stage.box.faults.add(Fault(match="POST /rupload/*", kind="close"))
    event = event_of(adapter.prepare, delivery, None)
    assert isinstance(event, Unanswered)
    again = event_of(adapter.prepare, delivery, event.upload)
    assert isinstance(again, NotReady)


PUBLISH_ERRORS = [
    (graph_error(9007, 2207027), Throttled),
    (graph_error(24, 2207008), Throttled),
    (graph_error(9, 2207042), Throttled),
    (graph_error(4, 2207051), Unanswered),
    (graph_error(24, 2207006), Unanswered),
    (graph_error(2), Unanswered),
    (graph_error(25, 2207050), Blocked),
]


@pytest.mark.parametrize(("answer", "kind"), PUBLISH_ERRORS)
def test_each_answer_to_the_publishing_call_means_what_it_proves(
    stage: Stage, answer: Reply, kind: type
) -> None:
    with answering(always(answer)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.of_kind("picture")
        event = event_of(adapter.publish, delivery, upload_of(stage, post="7"))
    assert isinstance(event, kind)


@pytest.mark.parametrize("subcode", [(9007, 2207027), (24, 2207008)])
def test_a_container_that_cannot_be_published_yet_is_looked_at_again(
    stage: Stage, subcode: tuple[int, int]
) -> None:
    with answering(always(graph_error(*subcode))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, post="7")
        event = event_of(adapter.publish, stage.of_kind("picture"), upload)
    assert event.upload == upload
    assert stage.clock() < event.until <= stage.clock() + timedelta(minutes=1)


def test_a_container_missing_at_a_repeated_call_may_be_public(stage: Stage) -> None:
    delivery = stage.of_kind("picture")
    stage.clock.passes(minutes=3)
    with answering(always(graph_error(24, 2207008))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, delivery, upload_of(stage, post="7"))
    assert isinstance(event, Unanswered)


@pytest.mark.parametrize("answer", [graph_error(100, 33), graph_error(2, status=500), reply({})])
def test_a_permalink_that_cannot_be_read_is_no_failure(stage: Stage, answer: Reply) -> None:
    with answering(in_turn(reply({"id": "8"}), answer)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        receipt = adapter.publish(stage.of_kind("picture"), upload_of(stage, post="7"))
    assert receipt == Receipt(remote_id="8", url=None)


@pytest.mark.parametrize("answer", [graph_error(100), graph_error(100, 33)])
def test_a_comment_that_was_refused_may_be_there(stage: Stage, answer: Reply) -> None:
    comment = stage.delivery(Variant(format=Format.COMMENT, text="Más."), parent_id="9")
    with answering(always(answer)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, comment, upload_of(stage))
    assert isinstance(event, Unanswered)


def media_of(stage: Stage, caption: str | None = TEXT) -> dict[str, str | None]:
    made = stage.clock().strftime("%Y-%m-%dT%H:%M:%S+0000")
    link = "https://www.instagram.com/p/8/"
    return {"id": "8", "caption": caption, "timestamp": made, "permalink": link}


OURS = Receipt(remote_id="8", url="https://www.instagram.com/p/8/")


@pytest.mark.parametrize(
    ("code", "listed", "found"),
    [
        ("PUBLISHED", True, OURS),
        ("PUBLISHED", False, Unread),
        ("FINISHED", True, Unread),
        ("FINISHED", False, None),
        ("EXPIRED", False, None),
        ("ERROR", False, None),
        ("IN_PROGRESS", False, Unread),
        (None, False, Unread),
    ],
)
def test_container_and_listing_together_tell_what_became_of_a_post(
    stage: Stage, code: str | None, listed: bool, found: Receipt | type | None
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/7"):
            return reply({"id": "7", "status_code": code} if code else {"id": "7"})
        return reply({"data": [media_of(stage)] if listed else []})

    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        delivery = stage.of_kind("picture")
        upload = upload_of(stage, post="7")
        if isinstance(found, type):
            assert isinstance(event_of(adapter.find, delivery, upload), found)
        else:
            assert adapter.find(delivery, upload) == found


@pytest.mark.parametrize(
    ("code", "found"), [("PUBLISHED", OURS), ("FINISHED", None), (None, Unread)]
)
def test_a_post_without_caption_is_ours_only_where_its_container_is_public(
    stage: Stage, code: str | None, found: Receipt | type | None
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/7"):
            return reply({"id": "7", "status_code": code})
        return reply({"data": [media_of(stage, caption=None)]})

    delivery = stage.delivery(Variant(assets=stage.variant("picture").assets))
    upload = upload_of(stage, post="7") if code else None
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        if isinstance(found, type):
            assert isinstance(event_of(adapter.find, delivery, upload), found)
        else:
            assert adapter.find(delivery, upload) == found


def test_a_container_that_cannot_be_read_makes_no_complete_look(stage: Stage) -> None:
    with answering(always(graph_error(100, 33))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, post="7")
        event = event_of(adapter.find, stage.of_kind("picture"), upload)
    assert isinstance(event, Unread)


def test_a_look_reads_back_to_the_asking_and_no_further(stage: Stage) -> None:
    following = {"next": "https://graph.facebook.com/v26.0/x?after=2"}
    hours_ago = (stage.clock() - timedelta(hours=2)).isoformat()
    pages = (
        {"status_code": "FINISHED"},
        {"data": [media_of(stage, caption="otra")], "paging": following},
        {"data": [media_of(stage) | {"timestamp": hours_ago}], "paging": following},
    )
    with answering(in_turn(*map(reply, pages))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        assert adapter.find(stage.of_kind("picture"), upload_of(stage, post="7")) is None
        assert len(server.asked) == 3
