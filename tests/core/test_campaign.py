"""What a campaign file asks for, and what scheduling it would change: tables of examples."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from somos_social.core.campaign import (
    WITHDRAWN,
    Change,
    Planned,
    changes,
    deliveries,
)
from somos_social.core.delivery import decide
from somos_social.core.events import Amended, Cancelled, Retried
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Status, delivery_key
from somos_social.core.model.post import Format, Post, Variant
from tests.samples import FACEBOOK, HOUR, MINUTE, NOW, POLICY, X, a_delivery, an_asset, standing

SCHEDULED, CLAIMED, PUBLISHING, PUBLISHED, UNCONFIRMED, FAILED, MISSED, CANCELLED, REMOVED = Status

TEXT = Variant(text="Carmen enseña a leer. #SomosLoMismo")
OTHER_TEXT = Variant(text="Carmen enseña a leer y a escribir. #SomosLoMismo")
COMMENT = Variant(format=Format.COMMENT, text="La historia completa: acnur.org")


def a_post(key: str = "historia-carmen", **changed: Any) -> Post:
    fits: dict[str, Any] = {
        "key": key,
        "due": NOW,
        "goal": "empathy",
        "grace": None,
        "variants": {FACEBOOK: TEXT, X: TEXT},
    }
    return Post(**(fits | changed))


def a_campaign(*posts: Post) -> Campaign:
    return Campaign(
        slug="somos-lo-mismo",
        name="Somos Lo Mismo",
        hashtag="#SomosLoMismo",
        timezone="America/Panama",
        channels=(FACEBOOK, X),
        approvals=(),
        posts=posts,
        handoffs=(),
    )


def wanted(*posts: Post) -> list[Delivery]:
    return list(deliveries(a_campaign(*posts), POLICY))


def by_key(*known: Delivery) -> dict[str, Delivery]:
    return {delivery.key: delivery for delivery in known}


def the_only(plan: list[Planned]) -> Planned:
    (line,) = plan
    return line


def plan_of(one: Delivery | None, known: Delivery | None) -> Planned:
    return the_only(changes([one] if one else [], by_key(known) if known else {}))


# Posts times channels make deliveries.


def test_a_post_makes_one_delivery_for_each_channel_it_has_a_variant_for() -> None:
    made = wanted(a_post(), a_post("marcha", variants={X: OTHER_TEXT}))
    assert [d.key for d in made] == [
        "somos-lo-mismo/historia-carmen@facebook:somoslomismo",
        "somos-lo-mismo/historia-carmen@x:somoslomismo",
        "somos-lo-mismo/marcha@x:somoslomismo",
    ]
    assert made[2].variant == OTHER_TEXT


def test_a_key_names_campaign_post_and_channel() -> None:
    assert delivery_key("c", "p", "x:h") == "c/p@x:h"


def test_a_campaign_makes_the_same_deliveries_each_time() -> None:
    assert wanted(a_post()) == wanted(a_post())


def test_a_delivery_prepares_ahead_of_its_promise_and_ends_with_its_grace() -> None:
    (made, _) = wanted(a_post())
    assert made.due_at == NOW
    assert made.run_at == NOW - POLICY.ahead
    assert (made.grace, made.expires_at) == (POLICY.grace, NOW + POLICY.grace)
    assert (made.status, made.attempts, made.version) == (SCHEDULED, 0, 0)


@pytest.mark.parametrize("grace", [timedelta(0), 5 * MINUTE])
def test_the_grace_of_a_post_goes_before_that_of_the_policy(grace: timedelta) -> None:
    (made, _) = wanted(a_post(grace=grace))
    assert (made.grace, made.expires_at) == (grace, NOW + grace)


def test_a_first_comment_follows_its_post_and_waits_for_it_without_a_time() -> None:
    post, comment, other = wanted(a_post(comments={FACEBOOK: COMMENT}))
    assert comment.key == f"{post.key}#comment"
    assert (comment.after, comment.run_at, comment.parent_id) == (post.key, None, None)
    assert (comment.channel, comment.variant, comment.post) == (FACEBOOK, COMMENT, post.post)
    assert (comment.due_at, comment.expires_at) == (post.due_at, post.expires_at)
    assert (post.after, other.after) == (None, None)


# What is wanted against what is known makes changes.

UNTOUCHED = Change.UNTOUCHED
SAME = {
    SCHEDULED: Change.UNTOUCHED,
    CLAIMED: Change.UNTOUCHED,
    PUBLISHING: Change.UNTOUCHED,
    PUBLISHED: Change.UNTOUCHED,
    UNCONFIRMED: Change.UNTOUCHED,
    FAILED: Change.UNTOUCHED,
    MISSED: Change.UNTOUCHED,
    CANCELLED: Change.UNTOUCHED,
    REMOVED: Change.UNTOUCHED,
}
CHANGED = {
    SCHEDULED: Change.AMEND,
    CLAIMED: Change.AMEND,
    PUBLISHING: Change.TOO_LATE,
    PUBLISHED: Change.TOO_LATE,
    UNCONFIRMED: Change.TOO_LATE,
    FAILED: Change.AMEND,
    MISSED: Change.AMEND,
    CANCELLED: Change.AMEND,
    REMOVED: Change.TOO_LATE,
}
GONE = {
    SCHEDULED: Change.WITHDRAW,
    CLAIMED: Change.WITHDRAW,
    PUBLISHING: Change.TOO_LATE,
    PUBLISHED: Change.UNTOUCHED,
    UNCONFIRMED: Change.TOO_LATE,
    FAILED: Change.WITHDRAW,
    MISSED: Change.WITHDRAW,
    CANCELLED: Change.UNTOUCHED,
    REMOVED: Change.UNTOUCHED,
}

DIFFERENCES: Mapping[str, Mapping[str, Any]] = {
    "other content": {"variant": OTHER_TEXT},
    "another time": {"due_at": NOW + HOUR, "expires_at": NOW + HOUR + POLICY.grace},
    "another grace": {"grace": HOUR, "expires_at": NOW + HOUR},
}


def test_what_is_wanted_and_not_known_is_added() -> None:
    fresh = a_delivery()
    line = plan_of(fresh, None)
    assert (line.change, line.key, line.wanted) == (Change.ADD, fresh.key, fresh)
    assert line.event is None


@pytest.mark.parametrize("status", Status)
def test_what_is_wanted_as_it_is_known_is_untouched(status: Status) -> None:
    line = plan_of(a_delivery(), standing(status))
    assert line == Planned(change=SAME[status], key=line.key)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("difference", DIFFERENCES)
def test_what_is_wanted_otherwise_is_amended_unless_it_went_out(
    status: Status, difference: str
) -> None:
    new = a_delivery(**DIFFERENCES[difference])
    known = standing(status)
    line = plan_of(new, known)
    # What a person cancelled comes back with a new time, and not by any other edit.
    stays = status is CANCELLED and difference != "another time"
    assert (line.change, line.key) == (UNTOUCHED if stays else CHANGED[status], known.key)
    if line.change is Change.AMEND:
        assert line.event == Amended(variant=new.variant, due_at=new.due_at, grace=new.grace)
        assert line.wanted == new
    else:
        assert (line.event, line.wanted) == (None, None)


@pytest.mark.parametrize("status", Status)
def test_what_is_no_longer_wanted_is_withdrawn_while_that_is_possible(status: Status) -> None:
    known = standing(status)
    line = plan_of(None, known)
    assert (line.change, line.key) == (GONE[status], known.key)
    expected = Cancelled(WITHDRAWN) if line.change is Change.WITHDRAW else None
    assert line.event == expected


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("new", [None, a_delivery(variant=OTHER_TEXT)], ids=["gone", "changed"])
def test_each_planned_event_is_one_that_the_delivery_allows(
    status: Status, new: Delivery | None
) -> None:
    known = standing(status)
    line = plan_of(new, known)
    if line.event is not None:
        assert decide(known, line.event, NOW, POLICY).after.status in (SCHEDULED, CANCELLED)


def test_a_retried_delivery_is_untouched_by_scheduling_again() -> None:
    retried = decide(standing(FAILED), Retried(), NOW + 5 * HOUR, POLICY).after
    assert retried.expires_at != a_delivery().expires_at
    assert plan_of(a_delivery(), retried).change is Change.UNTOUCHED


def test_a_change_of_alt_text_alone_is_an_amendment() -> None:
    known = a_delivery(variant=replace(TEXT, assets=(an_asset(alt="Carmen lee."),)))
    new = a_delivery(variant=replace(TEXT, assets=(an_asset(alt="Carmen lee a niños."),)))
    assert plan_of(new, known).change is Change.AMEND


def test_what_was_withdrawn_and_is_wanted_again_comes_back() -> None:
    withdrawn = decide(a_delivery(), Cancelled(WITHDRAWN), NOW - HOUR, POLICY).after
    line = plan_of(a_delivery(), withdrawn)
    assert line.change is Change.AMEND
    assert line.event is not None
    again = decide(withdrawn, line.event, NOW - HOUR, POLICY).after
    assert (again.status, again.run_at) == (SCHEDULED, NOW - POLICY.ahead)


def test_what_a_person_cancelled_stays_cancelled() -> None:
    cancelled = decide(a_delivery(), Cancelled("The march is off."), NOW - HOUR, POLICY).after
    assert plan_of(a_delivery(), cancelled).change is Change.UNTOUCHED


def test_what_left_the_file_comes_back_edited_as_well() -> None:
    withdrawn = decide(a_delivery(), Cancelled(WITHDRAWN), NOW - HOUR, POLICY).after
    assert plan_of(a_delivery(variant=OTHER_TEXT), withdrawn).change is Change.AMEND


@pytest.mark.parametrize("status", [PUBLISHED, REMOVED])
def test_other_hours_of_a_rule_do_not_touch_the_days_that_are_over(status: Status) -> None:
    day = "historia-carmen~2026-12-01"
    later = a_delivery(day, due_at=NOW + HOUR)
    assert plan_of(later, standing(status, day)).change is Change.UNTOUCHED
    other = a_delivery(day, due_at=NOW + HOUR, variant=OTHER_TEXT)
    assert plan_of(other, standing(status, day)).change is Change.TOO_LATE


def test_a_plan_names_what_is_wanted_in_its_order_and_then_what_is_gone() -> None:
    first, second = wanted(a_post())
    gone = standing(SCHEDULED, "antes")
    plan = changes([second, first], by_key(gone, first))
    assert [(line.change, line.key) for line in plan] == [
        (Change.ADD, second.key),
        (Change.UNTOUCHED, first.key),
        (Change.WITHDRAW, gone.key),
    ]


def test_a_comment_that_left_the_file_is_withdrawn_and_its_post_is_untouched() -> None:
    post, comment, other = wanted(a_post(comments={FACEBOOK: COMMENT}))
    plan = changes(wanted(a_post()), by_key(post, comment, other))
    assert {line.key: line.change for line in plan} == {
        post.key: Change.UNTOUCHED,
        other.key: Change.UNTOUCHED,
        comment.key: Change.WITHDRAW,
    }


def test_a_comment_that_was_woken_is_untouched_by_scheduling_again() -> None:
    _, comment, _ = wanted(a_post(comments={FACEBOOK: COMMENT}))
    woken = replace(comment, parent_id="1234", run_at=NOW + HOUR, expires_at=NOW + 3 * HOUR)
    assert plan_of(comment, woken).change is Change.UNTOUCHED


def test_each_link_of_a_thread_follows_the_one_above_it() -> None:
    post = a_post(variants={X: TEXT}, threads={X: (OTHER_TEXT, COMMENT)}, comments={X: COMMENT})
    first, comment, second, third = deliveries(a_campaign(post), POLICY)
    assert (comment.key, comment.after) == (f"{first.key}#comment", first.key)
    assert (second.key, second.after, second.variant) == (f"{first.key}#2", first.key, OTHER_TEXT)
    assert (third.key, third.after) == (f"{first.key}#3", second.key)
    assert {second.run_at, third.run_at} == {None}
