"""A plan is written whole or not at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from somos_social.core.delivery import Move, decide
from somos_social.core.events import Cancelled
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.handoff import Handoff
from somos_social.store import Lost, Store
from tests.samples import FACEBOOK, HOUR, NOW, POLICY, RECEIPT, a_comment, a_delivery, standing

Put = Callable[..., None]

ASKED = Handoff(
    key="ana-reel",
    campaign="somos-lo-mismo",
    influencer="@ana",
    contact="ana@example.org",
    draft_due=None,
    live_due=NOW + HOUR,
    brief="Cuéntalo.",
    review=False,
)


def withdrawal(delivery: Delivery) -> Move:
    return decide(delivery, Cancelled("It is off."), NOW, POLICY)


def everything(store: Store) -> object:
    return store.listed(), store.log(), store.handoffs()


def test_a_campaign_is_known_by_the_name_and_the_clock_that_its_file_gives_it(
    store: Store,
) -> None:
    asking = Campaign(
        slug="somos-lo-mismo",
        name="Somos Lo Mismo",
        hashtag="",
        timezone="America/Panama",
        channels=(),
        approvals=(),
        posts=(),
        handoffs=(),
    )
    store.schedule((), (), (), now=NOW, actor="ana@here", asking=[asking])
    (known,) = store.pages.campaigns().values()
    assert (known.slug, known.name, known.zone.key) == (
        "somos-lo-mismo",
        "Somos Lo Mismo",
        "America/Panama",
    )


def test_what_is_added_moved_and_asked_for_is_written_together(store: Store, put: Put) -> None:
    known = a_delivery("antes")
    put(known)
    new = [a_delivery("uno"), a_delivery("uno", channel=FACEBOOK)]
    store.schedule(new, [withdrawal(known)], [ASKED], now=NOW, actor="ana@here")
    assert {d.key: d.status for d in store.listed()} == {
        known.key: Status.CANCELLED,
        new[0].key: Status.SCHEDULED,
        new[1].key: Status.SCHEDULED,
    }
    assert [h.key for h in store.handoffs()] == ["ana-reel"]
    assert {(e["delivery"], e["event"], e["actor"]) for e in store.log()[1:]} == {
        (new[0].key, "scheduled", "ana@here"),
        (new[1].key, "scheduled", "ana@here"),
        (known.key, "cancelled", "ana@here"),
        (ASKED.subject, "scheduled", "ana@here"),
    }
    assert store.broken_links() == []


def test_a_plan_that_lost_one_move_leaves_no_trace(store: Store, put: Put) -> None:
    known, other = a_delivery("antes"), a_delivery("otra")
    put(known, other)
    before = everything(store)
    stale = withdrawal(replace(other, version=41))
    with pytest.raises(Lost):
        store.schedule([a_delivery("uno")], [withdrawal(known), stale], [ASKED], now=NOW, actor="a")
    assert everything(store) == before
    assert store.broken_links() == []


def test_of_two_people_who_add_the_same_post_the_second_loses_as_a_whole(
    store: Store, put: Put
) -> None:
    put(a_delivery("uno"))
    before = everything(store)
    with pytest.raises(Lost):
        store.schedule([a_delivery("otra"), a_delivery("uno")], [], [ASKED], now=NOW, actor="a")
    assert everything(store) == before


def test_an_empty_plan_changes_nothing(store: Store) -> None:
    store.schedule([], [], [], now=NOW, actor="a")
    assert everything(store) == ([], [], [])


def test_a_comment_that_is_added_under_a_public_post_is_due_at_once(store: Store, put: Put) -> None:
    post = standing(Status.PUBLISHED)
    put(post)
    late = NOW + 5 * HOUR
    store.schedule([a_comment(post)], [], [], now=late, actor="a")
    comment = store.get(a_comment(post).key)
    assert comment is not None
    assert (comment.parent_id, comment.run_at) == (RECEIPT.remote_id, late)
    assert comment.expires_at == late + comment.grace


def test_a_comment_that_is_added_with_its_post_waits_for_it(store: Store, put: Put) -> None:
    post = a_delivery()
    put(a_comment(post), post)
    comment = store.get(a_comment(post).key)
    assert comment == a_comment(post)
