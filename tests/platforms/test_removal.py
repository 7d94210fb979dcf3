"""Taking down: each adapter deletes, looks again, and never calls gone what only said to be so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from somos_social.core.events import Kept, Removed
from somos_social.core.model.delivery import Delivery, Receipt
from somos_social.platforms import Platform
from somos_social.sandbox import Fault
from tests.platforms.servers import answering, graph_error, in_turn, reply
from tests.platforms.stage import PLAIN_KIND, Stage
from tests.platforms.test_contract import EVERY_KIND, PLATFORMS

StageOf = Callable[[str], Stage]

DELETION = {"facebook": "DELETE /graph/*", "instagram": "DELETE /graph/*", "x": "DELETE /x/*"}
LOOK = {"facebook": "GET /graph/*", "instagram": "GET /graph/*", "x": "GET /x/2/tweets/*"}
every_platform = pytest.mark.parametrize("platform", PLATFORMS)


def public(stage: Stage, kind: str) -> tuple[Platform, Delivery]:
    adapter, delivery = stage.adapter(), stage.of_kind(kind)
    receipt, _, asked = stage.published(adapter, delivery)
    stage.clock.passes(minutes=1)
    return adapter, replace(asked, receipt=receipt)


def is_there(stage: Stage, delivery: Delivery) -> bool:
    assert delivery.receipt is not None
    return delivery.receipt.remote_id in {post.id for post in stage.public()}


@pytest.mark.parametrize(("platform", "kind"), EVERY_KIND)
def test_what_is_taken_down_is_gone(stage_of: StageOf, platform: str, kind: str) -> None:
    stage = stage_of(platform)
    adapter, delivery = public(stage, kind)
    before = len(stage.public())
    assert adapter.remove(delivery) == Removed()
    assert len(stage.public()) == before - 1
    assert not is_there(stage, delivery)


@every_platform
def test_what_was_deleted_before_is_found_gone(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    adapter, delivery = public(stage, PLAIN_KIND[platform])
    assert adapter.remove(delivery) == Removed()
    assert adapter.remove(delivery) == Removed()


@every_platform
@pytest.mark.parametrize("fault", ["close", "500", "429"])
def test_what_could_not_be_deleted_is_not_called_gone(
    stage_of: StageOf, platform: str, fault: str
) -> None:
    stage = stage_of(platform)
    adapter, delivery = public(stage, PLAIN_KIND[platform])
    stage.box.faults.add(Fault(match=DELETION[platform], kind=fault))  # type: ignore[arg-type]  # a parameter is any str
    kept = adapter.remove(delivery)
    assert isinstance(kept, Kept)
    assert kept.reason
    assert is_there(stage, delivery)


@every_platform
@pytest.mark.parametrize("fault", ["done-then-close", "done-then-500"])
def test_what_was_deleted_without_an_answer_is_seen_to_be_gone(
    stage_of: StageOf, platform: str, fault: str
) -> None:
    stage = stage_of(platform)
    adapter, delivery = public(stage, PLAIN_KIND[platform])
    stage.box.faults.add(Fault(match=DELETION[platform], kind=fault))  # type: ignore[arg-type]  # a parameter is any str
    assert adapter.remove(delivery) == Removed()
    assert not is_there(stage, delivery)


@every_platform
@pytest.mark.parametrize("fault", ["close", "500", "429"])
def test_a_yes_alone_is_hearsay_where_nobody_can_look(
    stage_of: StageOf, platform: str, fault: str
) -> None:
    stage = stage_of(platform)
    adapter, delivery = public(stage, PLAIN_KIND[platform])
    stage.box.faults.add(Fault(match=LOOK[platform], kind=fault, times=9))  # type: ignore[arg-type]  # a parameter is any str
    kept = adapter.remove(delivery)
    assert isinstance(kept, Kept)
    assert "deleted" in kept.reason


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_token_that_is_refused_leaves_it_to_a_person(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    adapter, delivery = public(stage, PLAIN_KIND[platform])
    stage.box.faults.add(Fault(match=DELETION[platform], kind="190"))
    kept = adapter.remove(delivery)
    assert isinstance(kept, Kept)
    assert is_there(stage, delivery)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
@pytest.mark.parametrize(("listed", "end"), [([], Removed), ([{"id": "7"}], Kept)])
def test_what_the_listing_still_shows_is_not_gone_whatever_else_is_said(
    stage_of: StageOf, platform: str, listed: list[dict[str, str]], end: type
) -> None:
    stage = stage_of(platform)
    missing = graph_error(100, 33)
    answers = in_turn(reply({"success": True}), missing, reply({"data": listed}))
    delivery = stage.delivery(stage.variant(PLAIN_KIND[platform]))
    with answering(answers) as server:
        adapter = stage.adapter(rebase=server.rebase)
        said = adapter.remove(replace(delivery, receipt=Receipt(remote_id="7", url=None)))
    assert isinstance(said, end)
