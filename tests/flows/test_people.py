"""What people ask for is done, or refused with what they can do instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from somos_social.core.model.delivery import Receipt, Status
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App
from somos_social.flows.by_hand import cancel, known, retry, settle
from somos_social.flows.delivery import work
from somos_social.flows.seeing import settle_as_seen
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform
from tests.samples import HOUR, NOW, POLICY, RECEIPT, a_comment, a_delivery, standing

POST = a_delivery()
DOUBTFUL = standing(Status.UNCONFIRMED)

ASKED: dict[str, Callable[[App, str], object]] = {
    "cancel": lambda app, key: cancel(app, key, "It is off."),
    "retry": retry,
    "settle as public": lambda app, key: settle(app, key, RECEIPT),
    "settle as not there": lambda app, key: settle(app, key, None),
}
ALLOWED = {
    "cancel": {Status.SCHEDULED, Status.CLAIMED, Status.FAILED, Status.MISSED},
    "retry": {Status.FAILED, Status.MISSED},
    "settle as public": {Status.UNCONFIRMED, Status.FAILED, Status.MISSED},
    "settle as not there": {Status.UNCONFIRMED},
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("status", Status)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    app: App, desk: Desk, clock: Clock, status: Status, asked: str
) -> None:
    one = standing(status)
    desk.schedule(one)
    clock.advance(POLICY.look_after)
    if status in ALLOWED[asked]:
        ASKED[asked](app, one.key)
        assert desk.see(one).version == 1
        assert app.store.log()[-1]["actor"] == app.actor
    else:
        with pytest.raises(NotAllowed, match=one.key):
            ASKED[asked](app, one.key)
        assert desk.see(one) == one
        assert len(app.store.log()) == 1


def test_who_cancels_a_post_cancels_what_would_follow_it(app: App, desk: Desk) -> None:
    comment, other = a_comment(POST), a_delivery("otra")
    desk.schedule(POST, comment, other, a_comment(other))
    done = cancel(app, POST.key, "The march is off.")
    assert [d.key for d in done] == [POST.key, comment.key]
    assert [desk.see(d).status for d in (POST, comment)] == [Status.CANCELLED] * 2
    assert desk.see(comment).reason == "The march is off."
    assert desk.see(a_comment(other)).status is Status.SCHEDULED


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.PUBLISHED])
def test_a_comment_that_is_settled_already_does_not_hinder_the_cancelling_of_its_post(
    app: App, desk: Desk, status: Status
) -> None:
    comment = a_comment(POST, status=status)
    desk.schedule(POST, comment)
    assert [d.key for d in cancel(app, POST.key, "It is off.")] == [POST.key]
    assert desk.see(comment) == comment


def test_who_cancels_a_thread_cancels_every_link_of_it(app: App, desk: Desk) -> None:
    second = a_comment(POST, key=f"{POST.key}#2")
    third = a_comment(POST, key=f"{POST.key}#3", after=second.key)
    desk.schedule(POST, second, third)
    done = cancel(app, POST.key, "The march is off.")
    assert [d.key for d in done] == [POST.key, second.key, third.key]
    assert desk.see(third).status is Status.CANCELLED


def test_a_comment_can_be_cancelled_alone(app: App, desk: Desk) -> None:
    desk.schedule(POST, a_comment(POST))
    cancel(app, a_comment(POST).key, "Not under this one.")
    assert desk.see(POST).status is Status.SCHEDULED


@pytest.mark.parametrize("status", [Status.FAILED, Status.MISSED])
def test_what_is_retried_goes_out_now_even_long_after_its_hour(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, status: Status
) -> None:
    stopped = standing(status, attempts=POLICY.attempts)
    desk.schedule(stopped)
    clock.advance(100 * HOUR)
    retry(app, stopped.key)
    work(app, desk.claim())
    assert desk.see(stopped).status is Status.PUBLISHED
    assert platform.public == {stopped.key: 1}


def test_what_was_blocked_is_tried_at_once_when_a_person_cleared_the_way(
    app: App, desk: Desk
) -> None:
    blocked = a_delivery(blocked=True, run_at=NOW + HOUR, reason="No secret.")
    desk.schedule(blocked)
    assert retry(app, blocked.key).run_at == NOW
    assert app.store.needs_a_person() == []


def test_what_a_person_saw_is_recorded_as_they_saw_it(app: App, desk: Desk) -> None:
    desk.schedule(DOUBTFUL, a_comment(DOUBTFUL))
    seen = Receipt(remote_id="77", url="https://x.example/77")
    assert settle(app, DOUBTFUL.key, seen).receipt == seen
    assert desk.see(DOUBTFUL).status is Status.PUBLISHED
    assert desk.see(a_comment(DOUBTFUL)).parent_id == "77"


def test_what_a_person_did_not_see_fails_and_can_be_retried(
    app: App, desk: Desk, clock: Clock
) -> None:
    desk.schedule(DOUBTFUL)
    clock.advance(POLICY.look_after)
    assert settle(app, DOUBTFUL.key, None).status is Status.FAILED
    assert retry(app, DOUBTFUL.key).status is Status.SCHEDULED


def test_a_person_can_say_that_it_is_not_there_only_once_it_cannot_still_appear(
    app: App, desk: Desk, clock: Clock
) -> None:
    """The call may still be alive at the network; a retry beside it would double the post."""
    desk.schedule(DOUBTFUL)
    clock.time = NOW + POLICY.look_after / 2
    with pytest.raises(NotAllowed, match="14:03"):
        settle(app, DOUBTFUL.key, None)
    assert desk.see(DOUBTFUL) == DOUBTFUL


def test_an_unknown_key_names_the_likeliest_ones(app: App, desk: Desk) -> None:
    desk.schedule(POST, a_delivery("marcha"))
    with pytest.raises(UsageError, match=f"Did you mean: {POST.key}") as refused:
        known(app, " Historia-CARMEN ")
    assert "marcha" not in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("key", ["nada", "", "  "])
def test_a_key_like_no_other_names_the_list(app: App, desk: Desk, key: str) -> None:
    desk.schedule(POST)
    with pytest.raises(UsageError, match="somos queue list") as refused:
        known(app, key)
    assert "Did you mean" not in str(refused.value)


def test_a_known_key_is_found(app: App, desk: Desk) -> None:
    desk.schedule(POST)
    assert known(app, POST.key) == POST


def test_who_asks_while_a_worker_moves_it_is_told_to_look_again(
    app: App, desk: Desk, clock: Clock
) -> None:
    desk.schedule(POST)

    def claimed_meanwhile() -> datetime:
        if desk.see(POST).status is Status.SCHEDULED:
            desk.claim()
        return NOW

    with pytest.raises(NotAllowed, match="moved at this very moment"):
        cancel(replace(app, now=claimed_meanwhile), POST.key, "It is off.")
    assert desk.see(POST).status is Status.CLAIMED


# What a person saw.


FOLLOWED = a_comment(DOUBTFUL)
ADDRESS = "https://www.instagram.com/p/AbC/"


def test_what_is_another_post_is_not_taken_for_this_one(app: App, desk: Desk) -> None:
    other = standing(Status.PUBLISHED, "otra")
    desk.schedule(DOUBTFUL, other)
    assert other.receipt is not None
    with pytest.raises(NotAllowed, match="That is another post of"):
        settle_as_seen(app, DOUBTFUL.key, other.receipt.remote_id)
    assert desk.see(DOUBTFUL).status is Status.UNCONFIRMED


def test_the_address_that_was_seen_leads_to_the_networks_own_id(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(DOUBTFUL, FOLLOWED)
    platform.known[ADDRESS] = RECEIPT
    assert settle_as_seen(app, DOUBTFUL.key, f" {ADDRESS} ").receipt == RECEIPT
    assert desk.see(FOLLOWED).parent_id == RECEIPT.remote_id


def test_an_address_that_leads_nowhere_breaks_no_chain_below_it(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(DOUBTFUL, FOLLOWED)
    with pytest.raises(NotAllowed, match=r"lists no post at this address.* --published ID"):
        settle_as_seen(app, DOUBTFUL.key, ADDRESS)
    assert desk.see(DOUBTFUL).status is Status.UNCONFIRMED
    assert settle_as_seen(app, DOUBTFUL.key, "178_9").receipt == Receipt(
        remote_id="178_9", url=None
    )
    assert desk.see(FOLLOWED).parent_id == "178_9"


def test_an_address_that_leads_nowhere_is_believed_where_nothing_follows(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(DOUBTFUL)
    settled = settle_as_seen(app, DOUBTFUL.key, ADDRESS)
    assert settled.receipt == Receipt(remote_id="AbC", url=ADDRESS)
