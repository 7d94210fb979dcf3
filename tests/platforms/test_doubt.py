"""After a restore, and where others post as well: what tells our own post, and what does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from somos_social.core.events import Throttled, Unanswered, Unknowable, Unread
from somos_social.core.model.delivery import Delivery, Upload
from somos_social.sandbox import Fault
from tests.platforms.servers import answering, graph_error, in_turn, reply
from tests.platforms.stage import PAGE, PLAIN_KIND, Stage, event_of

META = ("facebook", "instagram")
WORDS = "Otras palabras para lo mismo."


@pytest.fixture(params=["facebook", "instagram", "x"])
def stage(request: pytest.FixtureRequest, stage_of: Callable[[str], Stage]) -> Stage:
    return stage_of(request.param)


def of_words(stage: Stage, words: str = WORDS) -> Delivery:
    kind = PLAIN_KIND[stage.platform]
    return stage.delivery(replace(stage.variant(kind), text=words))


def an_old_copy(delivery: Delivery, **changes: Any) -> Delivery:
    """As a restored database has it: asked for since the backup, perhaps in other words."""
    return replace(delivery, suspect=True, outdated=True, **changes)


def test_words_that_were_changed_since_the_backup_make_nothing_absent(stage: Stage) -> None:
    asked = stage.clock()
    receipt, _, _ = stage.published(stage.adapter(), of_words(stage, "Lo mismo, sin la errata."))
    stage.clock.passes(minutes=5)
    old = an_old_copy(of_words(stage), asked_at=asked)
    event = event_of(stage.adapter().find, old, None)
    assert isinstance(event, Unknowable)
    assert "may be this one in other words" in event.reason

    def known(_delivery: Delivery, remote_id: str) -> bool:
        return remote_id == receipt.remote_id

    assert stage.adapter(claimed=known).find(old, None) is None
    assert stage.adapter().find(replace(old, outdated=False), None) is None


def test_what_was_posted_before_the_backup_is_no_riddle(stage: Stage) -> None:
    stage.published(stage.adapter(), of_words(stage, "De antes."))
    stage.clock.passes(minutes=10)
    old = an_old_copy(of_words(stage), asked_at=stage.clock())
    assert stage.adapter().find(old, None) is None


def test_media_that_were_sent_anew_since_the_backup_hide_nothing(stage: Stage) -> None:
    adapter = stage.adapter()
    before = stage.prepared(adapter, of_words(stage))
    receipt, _, asked = stage.published(adapter, of_words(stage))
    stage.clock.passes(minutes=5)
    found = adapter.find(an_old_copy(asked), before)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    if stage.platform == "instagram":
        assert isinstance(event_of(adapter.find, asked, before), Unread)
    else:
        assert adapter.find(asked, before) is None


@pytest.mark.parametrize("stage", ["instagram"], indirect=True)
def test_a_story_from_before_the_call_is_anothers(stage: Stage) -> None:
    adapter = stage.adapter()
    stage.published(adapter, stage.of_kind("photo story"))
    stage.clock.passes(minutes=10)
    ours = stage.of_kind("photo story")
    upload = stage.prepared(adapter, ours)
    asked = stage.asked(ours)
    stage.box.faults.add(Fault(match="GET /graph/*/stories", kind="lag", seconds=60))
    adapter.find(asked, upload)
    stage.box.faults.add(Fault(match="POST */media_publish", kind="done-then-500"))
    assert isinstance(event_of(adapter.publish, asked, upload), Unanswered)
    event = event_of(adapter.find, asked, upload)
    assert isinstance(event, Unread)
    assert "does not list it yet" in event.reason
    stage.clock.passes(minutes=2)
    found = adapter.find(asked, upload)
    assert found is not None
    assert [post.id for post in stage.public()].index(found.remote_id) == 1


WHO = {
    "facebook": ("message", "created_time", {"id": "999"}, {"id": PAGE}),
    "instagram": ("text", "timestamp", {"username": "otra"}, {"username": "somoslomismo"}),
}


@pytest.mark.parametrize("stage", META, indirect=True)
def test_the_same_words_below_a_post_by_someone_else_are_not_ours(stage: Stage) -> None:
    words, when, other, own = WHO[stage.platform]
    delivery = replace(stage.of_kind("comment"), parent_id=f"{PAGE}_1")
    comment = {words: delivery.variant.text, when: f"{stage.clock():%Y-%m-%dT%H:%M:%S}+0000"}
    for by, is_ours in ((other, False), (own, True), ({}, True)):
        listing = reply({"data": [{"id": "77", **comment, **({"from": by} if by else {})}]})
        who = [reply({"username": "somoslomismo"})] if stage.platform == "instagram" else []
        with answering(in_turn(*who, listing)) as server:
            found = stage.adapter(rebase=server.rebase).find(delivery, None)
        assert (found is not None) is is_ours


@pytest.mark.parametrize("stage", META, indirect=True)
@pytest.mark.parametrize(("code", "subcode"), [(100, 33), (10, None), (100, None), (200, None)])
def test_a_comment_is_never_believed_to_be_refused(
    stage: Stage, code: int, subcode: int | None
) -> None:
    delivery = stage.of_kind("comment")
    upload = Upload(begun_at=stage.clock(), parts={})
    with answering(in_turn(graph_error(code, subcode))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        assert isinstance(event_of(adapter.publish, delivery, upload), Unanswered)


@pytest.mark.parametrize("stage", ["instagram"], indirect=True)
def test_an_account_that_is_taken_for_spam_is_left_alone(stage: Stage) -> None:
    delivery = of_words(stage)
    upload = Upload(begun_at=stage.clock(), parts={"post": "7"})
    with answering(in_turn(graph_error(4, 2207051))) as server:
        adapter = stage.adapter(rebase=server.rebase)
        event = event_of(adapter.publish, delivery, upload)
    assert isinstance(event, Unanswered)
    assert event.rest_until == stage.clock() + timedelta(hours=1)


@pytest.mark.parametrize("stage", META, indirect=True)
def test_an_account_that_is_taken_for_spam_while_it_prepares_is_left_alone_as_a_whole(
    stage: Stage,
) -> None:
    stage.box.faults.add(Fault(match="POST /graph/*", kind="done-then-2207051"))
    event = event_of(stage.adapter().prepare, of_words(stage), None)
    assert isinstance(event, Throttled)
    assert event.whole_channel
    assert event.until == stage.clock() + timedelta(hours=1)
