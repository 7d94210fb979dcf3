"""What is Instagram's own: containers that take their time or fail, and the doubtful publish."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from somos_social.core.events import (
    Blocked,
    Kept,
    NotReady,
    Refused,
    Removed,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unread,
)
from somos_social.core.model.delivery import Receipt, Upload
from somos_social.core.model.post import Extras, Format, Tag, Variant
from somos_social.hosting.nowhere import Nowhere
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


@pytest.mark.parametrize("code", [None, "", [], {}, 7, "NOVEL"])
def test_a_container_that_tells_nothing_is_asked_again(stage: Stage, code: object) -> None:
    with answering(always(reply({"id": "7", "status_code": code}))) as server:
        event = event_of(
            stage.adapter(rebase=server.rebase).prepare, stage.of_kind("picture"), None
        )
    assert isinstance(event, Unanswered)
    assert "does not tell whether" in event.reason


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
        pictures=Nowhere(),
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


def container_of(stage: Stage, variant: Variant) -> list[dict[str, str]]:
    """What is asked of Instagram for a variant: each container's parameters, items first."""
    sent = {"success": True, "status_code": "FINISHED"}
    with answering(always(reply({"id": "7", **sent}))) as server:
        stage.adapter(rebase=server.rebase).prepare(stage.delivery(variant), None)
        return [asked.form for asked in server.asked if asked.path.endswith("/media")]


@pytest.mark.parametrize(
    ("kind", "extras", "shared"),
    [
        ("video", Extras(), "true"),
        ("video", Extras(share_to_feed=False), "true"),
        ("reel", Extras(), "true"),
        ("reel", Extras(share_to_feed=False), "false"),
    ],
)
def test_a_reel_is_shared_to_the_feed_unless_told_otherwise_and_a_video_of_the_feed_always(
    stage: Stage, kind: str, extras: Extras, shared: str
) -> None:
    [form] = container_of(stage, replace(stage.variant(kind), extras=extras))
    assert (form["media_type"], form["share_to_feed"]) == ("REELS", shared)


@pytest.mark.parametrize("kind", ["video", "reel"])
def test_the_second_that_stands_for_a_reel_is_told_in_milliseconds(stage: Stage, kind: str) -> None:
    variant = stage.variant(kind)
    [video] = variant.assets
    [form] = container_of(stage, replace(variant, assets=(replace(video, cover=1.5),)))
    assert form["thumb_offset"] == "1500"
    [form] = container_of(stage, variant)
    assert "thumb_offset" not in form


def test_the_bytes_of_a_reel_go_to_the_address_of_its_container(stage: Stage) -> None:
    answers = in_turn(reply({"id": "7"}), reply({"success": True}))
    with answering(answers) as server:
        event_of(stage.adapter(rebase=server.rebase).prepare, stage.of_kind("reel"), None)
        assert server.asked[1].path == "/ig-api-upload/v26.0/7"


def test_only_the_whole_of_a_carousel_says_its_words_its_place_and_with_whom(stage: Stage) -> None:
    *items, whole = container_of(stage, stage.variant("carousel with everything"))
    said = {"caption", "location_id", "collaborators", "is_ai_generated"}
    assert said <= set(whole)
    assert whole["collaborators"] == "acnur,oim"
    assert "user_tags" not in whole
    assert len(items) == 3
    assert not any(said & set(item) for item in items)


@pytest.mark.parametrize("kind", ["photo story", "video story", "picture", "reel"])
def test_what_readers_are_owed_is_told_with_every_kind(stage: Stage, kind: str) -> None:
    extras = Extras(paid_partnership=True, made_with_ai=True)
    [form] = container_of(stage, replace(stage.variant(kind), extras=extras))
    assert (form["is_paid_partnership"], form["is_ai_generated"]) == ("true", "true")


def test_each_item_of_a_carousel_names_those_who_are_on_it(stage: Stage) -> None:
    *items, _ = container_of(stage, stage.variant("carousel with everything"))
    assert [json.loads(item["user_tags"]) for item in items] == [
        [{"username": "carmen", "x": 0.5, "y": 0.25}],
        [{"username": "luz"}],
        [{"username": "ana", "x": 0.1, "y": 0.2}],
    ]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("picture", {"username": "carmen", "x": 0.5, "y": 0.25}),
        ("photo story", {"username": "carmen", "x": 0.5, "y": 0.25}),
        ("video story", {"username": "carmen", "x": 0.5, "y": 0.25}),
        ("reel", {"username": "carmen"}),
        ("video", {"username": "carmen"}),
    ],
)
def test_a_tag_has_a_point_on_a_picture_and_in_a_story_and_none_on_a_reel(
    stage: Stage, kind: str, told: dict[str, str | float]
) -> None:
    extras = stage.extras("tagged picture")
    [form] = container_of(stage, replace(stage.variant(kind), extras=extras))
    assert json.loads(form["user_tags"]) == [told]


def test_a_story_may_name_people_without_a_point(stage: Stage) -> None:
    extras = Extras(tags=(Tag(user="carmen"),))
    [form] = container_of(stage, replace(stage.variant("photo story"), extras=extras))
    assert json.loads(form["user_tags"]) == [{"username": "carmen"}]


def test_a_story_says_nothing_but_what_it_shows(stage: Stage) -> None:
    picture = replace(stage.variant("photo story"), assets=(stage.asset("foto.jpg"),))
    for variant, asked in (
        (picture, {"media_type", "image_url"}),
        (stage.variant("video story"), {"media_type", "upload_type"}),
    ):
        [form] = container_of(stage, variant)
        assert form["media_type"] == "STORIES"
        assert set(form) == asked | {"access_token"}


def test_a_cover_of_its_own_wins_over_a_second_of_the_video(stage: Stage) -> None:
    reel = stage.variant("reel")
    reel = replace(reel, assets=(replace(reel.assets[0], cover=1.5),))
    [form] = container_of(stage, reel)
    assert (form["thumb_offset"], "cover_url" in form) == ("1500", False)
    cover = replace(stage.asset("foto.jpg"), path="niñez/día 1.jpg")
    [form] = container_of(stage, replace(reel, extras=Extras(cover=cover)))
    assert form["cover_url"].endswith("/ni%C3%B1ez/d%C3%ADa%201.jpg")
    assert "thumb_offset" not in form


def test_what_nobody_said_is_not_sent(stage: Stage) -> None:
    [form] = container_of(stage, stage.variant("picture"))
    assert set(form) == {"access_token", "image_url", "alt_text", "caption"}


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


def story_of(stage: Stage, story_id: str, **changed: str) -> dict[str, str]:
    made = stage.clock().strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": story_id, "timestamp": made, "media_type": "IMAGE", **changed}


@pytest.mark.parametrize(
    ("code", "others", "hours", "found"),
    [
        ("PUBLISHED", [], 0, "8"),
        ("PUBLISHED", [{"media_type": "VIDEO"}], 0, "8"),
        ("PUBLISHED", [{"timestamp": "2026-12-01T11:00:00+0000"}], 0, "8"),
        ("PUBLISHED", [{"media_type": "IMAGE"}], 0, Unread),
        ("PUBLISHED", None, 0, Unread),
        ("PUBLISHED", None, 23, Unknowable),
        ("FINISHED", [], 0, None),
        ("FINISHED", None, 23, None),
        (None, [], 0, Unread),
        (None, None, 0, None),
        (None, None, 23, Unknowable),
    ],
)
def test_a_story_is_found_by_its_container_its_time_and_its_kind_and_never_as_the_newest(
    stage: Stage,
    code: str | None,
    others: list[dict[str, str]] | None,
    hours: int,
    found: str | type | None,
) -> None:
    """`others` are listed beside it; with None, it is not listed itself."""
    listed = [story_of(stage, f"9{n}", **other) for n, other in enumerate(others or [])]
    if others is not None:
        listed.append(story_of(stage, "8"))

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/7"):
            return reply({"id": "7", "status_code": code})
        assert asked.path.endswith("/stories"), asked.path
        return reply({"data": listed})

    delivery = stage.of_kind("photo story")
    stage.clock.passes(hours=hours)
    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase)
        upload = upload_of(stage, post="7") if code else None
        if isinstance(found, type):
            assert isinstance(event_of(adapter.find, delivery, upload), found)
        else:
            receipt = adapter.find(delivery, upload)
            assert (receipt and receipt.remote_id) == found


def test_a_story_of_another_delivery_is_not_taken_for_ours(stage: Stage) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/7"):
            return reply({"id": "7", "status_code": "PUBLISHED"})
        return reply({"data": [story_of(stage, "8"), story_of(stage, "9")]})

    with answering(answer) as server:
        adapter = stage.adapter(rebase=server.rebase, claimed=lambda _, remote_id: remote_id == "9")
        receipt = adapter.find(stage.of_kind("photo story"), upload_of(stage, post="7"))
    assert receipt is not None
    assert receipt.remote_id == "8"


@pytest.mark.parametrize("kind", ["photo story", "video story"])
def test_a_story_that_could_not_be_deleted_is_looked_for_among_the_stories(
    stage: Stage, kind: str
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/stories"):
            return reply({"data": [{"id": "8"}]})
        return graph_error(100, 33)

    delivery = replace(stage.of_kind(kind), receipt=Receipt(remote_id="8", url=None))
    with answering(answer) as server:
        assert isinstance(stage.adapter(rebase=server.rebase).remove(delivery), Kept)


def endless(stage: Stage, *, ours: str | None = None) -> Callable[[Asked], Reply]:
    """An account that lists more posts than anybody reads, one every hour, and deletes."""
    times = [stage.clock() - timedelta(hours=hour) for hour in range(-1, 200)]

    def answer(asked: Asked) -> Reply:
        if asked.method == "DELETE":
            return reply({"success": True})
        if not asked.path.endswith("/media"):
            return graph_error(100, 33)
        place = int(asked.query.get("after", 0))
        made = times[place].isoformat()
        url = f"https://www.instagram.com/p/C{place}/"
        medium = {"id": ours if ours and place == 1 else f"9{place}", "timestamp": made}
        following = f"https://graph.facebook.com/v26.0/x?after={place + 1}"
        return reply({"data": [{**medium, "permalink": url}], "paging": {"next": following}})

    return answer


@pytest.mark.parametrize(("ours", "end"), [(None, Removed), ("7", Kept)])
def test_a_removal_is_seen_to_without_reading_all_that_the_account_ever_posted(
    stage: Stage, ours: str | None, end: type
) -> None:
    delivery = replace(stage.of_kind("picture"), receipt=Receipt(remote_id="7", url=None))
    with answering(endless(stage, ours=ours)) as server:
        said = stage.adapter(rebase=server.rebase).remove(delivery)
        assert isinstance(said, end)
        assert len([asked for asked in server.asked if asked.path.endswith("/media")]) < 5


def test_an_address_is_recognised_without_reading_all_that_the_account_ever_posted(
    stage: Stage,
) -> None:
    delivery = stage.of_kind("picture")
    with answering(endless(stage)) as server:
        adapter = stage.adapter(rebase=server.rebase)
        found = adapter.recognise(delivery, "https://www.instagram.com/p/C2/")
        assert found is not None
        assert adapter.recognise(delivery, "https://www.instagram.com/p/AbC/") is None
        assert len(server.asked) < 10
