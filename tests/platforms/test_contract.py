"""The platform contract, held by all three adapters against the stand-in networks over HTTP."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from somos_social.core.events import (
    Blocked,
    Duplicate,
    Refused,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.core.model.post import Format, Variant
from somos_social.platforms import Unfulfilled
from somos_social.sandbox import Fault
from tests.platforms.servers import always, answering, reply
from tests.platforms.stage import (
    PLAIN_KIND,
    VISIBLE_CALL,
    VISIBLE_EDGE,
    Stage,
    event_of,
)

StageOf = Callable[[str], Stage]

PLATFORMS = ("facebook", "instagram", "x")
KINDS = {
    "facebook": (
        "text", "link", "picture", "pictures", "video", "large video", "reel", "large reel",
        "comment", "photo story", "video story", "post with a place", "upright video",
        "reel with everything",
    ),
    "instagram": (
        "picture", "pictures", "carousel", "video", "reel", "large reel", "comment", "photo story",
        "video story", "post with a place", "tagged picture", "reel with everything",
        "carousel with everything",
    ),
    "x": (
        "text", "picture", "pictures", "gif", "video", "large video", "comment", "disclosed",
        "link of a thread",
    ),
}  # fmt: skip
EVERY_KIND = [(platform, kind) for platform in PLATFORMS for kind in KINDS[platform]]

every_kind = pytest.mark.parametrize(("platform", "kind"), EVERY_KIND)
every_platform = pytest.mark.parametrize("platform", PLATFORMS)


@every_kind
def test_what_is_published_is_public_as_wanted_and_found_again(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind(kind)
    adapter = stage.adapter()
    receipt, upload, asked = stage.published(adapter, delivery)
    stage.clock.passes(minutes=1)

    post = stage.public()[-1]
    variant = delivery.variant
    assert post.text == variant.text
    assert post.link == variant.link or platform == "x"
    assert post.parent_id == delivery.parent_id
    assert [medium.sha256 for medium in post.media] == [it.sha256 for it in variant.assets]
    described = {medium.alt for medium in post.media if medium.kind != "video"}
    assert described == {it.alt for it in variant.assets if it.mime != "video/mp4"}
    found = adapter.find(asked, upload)
    assert found is not None
    assert found.remote_id == receipt.remote_id


@every_kind
def test_preparing_shows_nothing_and_leaves_nothing_to_find(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind(kind)
    before = len(stage.public())
    adapter = stage.adapter()
    upload = stage.prepared(adapter, delivery)
    stage.clock.passes(minutes=1)
    assert len(stage.public()) == before
    assert adapter.find(delivery, upload) is None


@every_kind
def test_a_second_preparation_builds_nothing_anew(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind(kind)
    adapter = stage.adapter()
    upload = stage.prepared(adapter, delivery)
    assert adapter.prepare(delivery, upload) == upload


@every_platform
def test_the_receipt_names_where_the_post_can_be_seen(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    receipt, _, _ = stage.published(stage.adapter(), stage.of_kind(PLAIN_KIND[platform]))
    (post,) = stage.public()
    assert (receipt.remote_id, receipt.url) == (post.id, post.url)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
@pytest.mark.parametrize("kind", ["photo story", "video story"])
def test_a_story_can_be_told_from_others_by_its_receipt(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    receipt, _, _ = stage.published(stage.adapter(), stage.of_kind(kind))
    stage.clock.passes(minutes=1)
    (post,) = stage.public()
    assert receipt.remote_id == post.id
    assert receipt.url in (post.url, None)


HIDDEN_SUCCESSES = (
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502", "truncated",
    "invalid-json",
)  # fmt: skip


@every_platform
@pytest.mark.parametrize("fault", HIDDEN_SUCCESSES)
def test_a_visible_call_that_hides_its_success_is_unanswered_and_then_found(
    stage_of: StageOf, platform: str, fault: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(adapter, delivery)
    asked = stage.asked(delivery)
    stage.box.faults.add(Fault(match=VISIBLE_CALL[platform], kind=fault))  # type: ignore[arg-type]  # a parameter is any str

    assert isinstance(event_of(adapter.publish, asked, upload), Unanswered)

    stage.clock.passes(minutes=1)
    (post,) = stage.public()
    found = adapter.find(asked, upload)
    assert found is not None
    assert found.remote_id == post.id


@every_kind
def test_a_refusal_of_what_was_done_is_seen_through(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(kind)
    upload = stage.prepared(adapter, delivery)
    match = VISIBLE_CALL[platform]
    if platform == "facebook":
        match = f"POST */{VISIBLE_EDGE.get(kind, 'feed')}"
    elif platform == "instagram" and kind == "comment":
        match = "POST */comments"
    stage.box.faults.add(Fault(match=match, kind="done-then-400"))
    asked = stage.asked(delivery)
    before = len(stage.public())
    event = found = None
    try:
        found = adapter.publish(asked, upload)
    except Unfulfilled as stop:
        event = stop.event
    stage.clock.passes(minutes=1)
    if found is None:
        assert isinstance(event, Unanswered)
        found = adapter.find(asked, upload)
    assert found is not None
    assert len(stage.public()) == before + 1


@every_kind
def test_a_retry_in_the_dark_is_seen_by_the_network_even_where_it_refuses_it(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(kind)
    upload = stage.prepared(adapter, delivery)
    asked = stage.asked(delivery)
    match = VISIBLE_CALL[platform]
    if platform == "facebook":
        match = f"POST */{VISIBLE_EDGE.get(kind, 'feed')}"
    elif platform == "instagram" and kind == "comment":
        match = "POST */comments"
    stage.box.faults.add(Fault(match=match, kind="done-then-close"))
    assert isinstance(event_of(adapter.publish, asked, upload), Unanswered)
    assert stage.box.repeated() == []
    # What no delivery of ours may do: ask again without having looked.
    with suppress(Unfulfilled):
        adapter.publish(asked, upload)
    stage.clock.passes(minutes=1)
    (repeated,) = stage.box.repeated()
    shown = [post for post in stage.public() if post.text == delivery.variant.text]
    assert (repeated.platform, repeated.text) == (platform, delivery.variant.text)
    assert repeated.refused is (len(shown) == 1)


@every_platform
def test_who_may_not_read_cannot_tell_whether_it_is_public(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    _, upload, asked = stage.published(adapter, delivery)
    stage.clock.passes(minutes=1)
    stage.box.faults.add(Fault(match="GET *", kind="no-reads", times=9))
    assert isinstance(event_of(adapter.find, asked, upload), Unknowable)


@every_platform
def test_a_call_that_did_nothing_and_broke_is_unanswered_and_not_found(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(adapter, delivery)
    asked = stage.asked(delivery)
    stage.box.faults.add(Fault(match=VISIBLE_CALL[platform], kind="close"))
    assert isinstance(event_of(adapter.publish, asked, upload), Unanswered)
    stage.clock.passes(minutes=4)
    assert adapter.find(asked, upload) is None
    assert adapter.prepare(delivery, upload) == upload
    adapter.publish(asked, upload)
    assert len(stage.public()) == 1


@every_platform
def test_a_limit_says_when_to_ask_again(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(adapter, delivery)
    stage.box.faults.add(Fault(match=VISIBLE_CALL[platform], kind="429", seconds=600))
    event = event_of(adapter.publish, stage.asked(delivery), upload)
    assert isinstance(event, Throttled)
    assert 599 <= (event.until - stage.clock()).total_seconds() <= 600
    assert not stage.public()


@every_platform
def test_a_dead_secret_blocks_every_verb_until_a_person_acts(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(stage.adapter(), delivery)
    wrong: dict[str, Any] = {"x": {"access_token_secret": "x"}}.get(platform, {"token": "EAAwrong"})
    adapter = stage.adapter(**wrong)
    for call in (
        partial(adapter.prepare, delivery, None),
        partial(adapter.publish, delivery, upload),
        partial(adapter.find, delivery, upload),
        adapter.whoami,
    ):
        event = event_of(call)
        assert isinstance(event, Blocked)
        assert "somos channel verify" in event.reason
    assert not stage.public()


@every_platform
def test_whoami_names_whom_the_secret_speaks_for(stage_of: StageOf, platform: str) -> None:
    names = {"facebook": "Somos Lo Mismo", "instagram": "somoslomismo", "x": "Somos Lo Mismo"}
    assert stage_of(platform).adapter().whoami().name == names[platform]


@pytest.mark.parametrize(
    ("platform", "changed"),
    [
        ("facebook", {"token": "another-page"}),
        ("facebook", {"page_id": "404404"}),
        ("instagram", {"user_id": "404404"}),
        ("x", {"handle": "somebodyelse"}),
    ],
)
def test_a_secret_of_somebody_else_is_blocked_before_anything_goes_out(
    stage_of: StageOf, platform: str, changed: dict[str, Any]
) -> None:
    event = event_of(stage_of(platform).adapter(**changed).whoami)
    assert isinstance(event, Blocked)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_token_that_answers_with_another_id_is_blocked(stage_of: StageOf, platform: str) -> None:
    other = reply({"id": "404404", "name": "Otra", "username": "otra"})
    with answering(always(other)) as server:
        event = event_of(stage_of(platform).adapter(rebase=server.rebase).whoami)
    assert isinstance(event, Blocked)
    assert "404404" in event.reason


@every_platform
def test_a_network_that_cannot_be_reached_has_surely_published_nothing(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(stage.adapter(), delivery)
    nowhere = dict.fromkeys(stage.box.origins, "http://127.0.0.1:9")
    adapter = stage.adapter(rebase=nowhere)
    assert isinstance(event_of(adapter.prepare, delivery, None), Unreachable)
    assert isinstance(event_of(adapter.publish, delivery, upload), Unreachable)
    assert isinstance(event_of(adapter.find, delivery, upload), Unread)


@every_platform
@pytest.mark.parametrize("fault", ["500", "html-502", "close", "invalid-json"])
def test_a_failed_look_says_nothing(stage_of: StageOf, platform: str, fault: str) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(adapter, delivery)
    stage.box.faults.add(Fault(match="GET *", kind=fault))  # type: ignore[arg-type]  # a parameter is any str
    assert isinstance(event_of(adapter.find, delivery, upload), Unread)


@every_platform
def test_a_listing_that_lags_never_lets_a_post_pass_for_another(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    stage.box.faults.add(Fault(match="GET *", kind="lag", seconds=120))
    delivery = stage.of_kind(PLAIN_KIND[platform])
    adapter.whoami()
    receipt, upload, asked = stage.published(adapter, delivery)
    if platform == "instagram":
        assert isinstance(event_of(adapter.find, asked, upload), Unread)
    else:
        assert adapter.find(asked, upload) is None
    stage.clock.passes(minutes=3)
    found = adapter.find(asked, upload)
    assert found is not None
    assert found.remote_id == receipt.remote_id


@every_platform
def test_a_post_is_found_though_our_clock_was_an_hour_ahead_when_we_asked(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    receipt, upload, asked = stage.published(adapter, delivery)
    assert asked.asked_at is not None
    ahead = replace(asked, asked_at=asked.asked_at + timedelta(hours=1))
    found = adapter.find(ahead, upload)
    assert found is not None
    assert found.remote_id == receipt.remote_id


@every_platform
def test_an_older_post_with_the_same_text_is_not_taken_for_ours(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    kind = PLAIN_KIND[platform]
    stage.published(adapter, stage.of_kind(kind))
    stage.clock.passes(days=1, minutes=1)
    again = stage.of_kind(kind)
    upload = stage.prepared(adapter, again)
    assert adapter.find(stage.asked(again), upload) is None


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_another_post_with_the_same_text_and_other_pictures_is_not_taken_for_ours(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    stage.published(adapter, stage.of_kind("picture"))
    ours = stage.of_kind("pictures")
    upload = stage.prepared(adapter, ours)
    assert adapter.find(stage.asked(ours), upload) is None


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_a_text_that_is_there_already_is_unanswered_until_a_look(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    receipt, upload, asked = stage.published(adapter, stage.of_kind("text"))
    assert isinstance(event_of(adapter.publish, asked, upload), Duplicate)
    assert adapter.find(asked, upload) == receipt
    assert len(stage.public()) == 1


@every_platform
def test_a_throttled_look_is_not_repeated_before_its_time(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(adapter, delivery)
    stage.box.faults.add(Fault(match="GET *", kind="429", seconds=600))
    event = event_of(adapter.find, delivery, upload)
    assert isinstance(event, Throttled)
    assert (event.until - stage.clock()).total_seconds() >= 599


@every_platform
def test_content_that_a_network_does_not_know_is_refused_before_anything_is_sent(
    stage_of: StageOf, platform: str
) -> None:
    stage = stage_of(platform)
    wrong = {
        "facebook": Variant(text="x", assets=(stage.asset("foto.jpg"), stage.asset("corto.mp4"))),
        "instagram": Variant(text="Solo texto."),
        "x": replace(stage.variant("picture"), format=Format.STORY),
    }
    event = event_of(stage.adapter().prepare, stage.delivery(wrong[platform]), None)
    assert isinstance(event, Refused)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_permission_taken_away_makes_a_look_unknowable(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    delivery = stage.of_kind(PLAIN_KIND[platform])
    upload = stage.prepared(adapter, delivery)
    stage.box.faults.add(Fault(match="GET *", kind="429", code=10))
    event = event_of(adapter.find, delivery, upload)
    assert isinstance(event, Unknowable)
