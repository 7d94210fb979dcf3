"""Two deliveries with the very same words: neither is ever taken for the other."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from somos_social.core.events import Unknowable
from somos_social.core.model.delivery import Delivery, Receipt
from somos_social.core.model.post import Variant
from somos_social.platforms import Unfulfilled
from tests.platforms.stage import Stage

PLATFORMS = ("facebook", "instagram", "x")


class Ledger:
    """What other deliveries are known under."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def __call__(self, _delivery: Delivery, remote_id: str) -> bool:
        return remote_id in self.ids


def words_of(stage: Stage) -> Variant:
    """A post that only its words tell apart; Instagram has none without a picture."""
    kind = "picture" if stage.platform == "instagram" else "text"
    return replace(stage.variant(kind), text="Somos lo mismo")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_another_delivery_left_is_not_ours(
    platform: str, stage_of: Callable[[str], Stage]
) -> None:
    stage, ledger = stage_of(platform), Ledger()
    adapter = stage.adapter(claimed=ledger)
    receipt, _, _ = stage.published(adapter, stage.delivery(words_of(stage)))
    twin = stage.delivery(words_of(stage))
    upload = stage.prepared(adapter, twin)
    ledger.ids.add(receipt.remote_id)
    assert adapter.find(stage.asked(twin), upload) is None


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_of_two_posts_that_fit_none_is_taken(
    platform: str, stage_of: Callable[[str], Stage]
) -> None:
    stage = stage_of(platform)
    adapter = stage.adapter()
    parent = stage.parent()
    comment = stage.delivery(stage.variant("comment"), parent_id=parent)
    for _ in range(2):
        receipt, upload, asked = stage.published(adapter, comment)
    with pytest.raises(Unfulfilled) as unclear:
        adapter.find(asked, upload)
    assert isinstance(unclear.value.event, Unknowable)
    claimed = Ledger()
    claimed.ids.add(receipt.remote_id)
    found = stage.adapter(claimed=claimed).find(asked, upload)
    assert isinstance(found, Receipt)
    assert found.remote_id != receipt.remote_id


def test_a_caption_is_no_proof_where_the_container_was_never_published(
    stage_of: Callable[[str], Stage],
) -> None:
    stage = stage_of("instagram")
    adapter = stage.adapter()
    stage.published(adapter, stage.delivery(words_of(stage)))
    twin = stage.delivery(words_of(stage))
    upload = stage.prepared(adapter, twin)
    with pytest.raises(Unfulfilled, match="not public, but lists a post"):
        adapter.find(stage.asked(twin), upload)
