"""Complaints of posts that went out more than once: it cannot happen here."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from somos_social.core.delivery import Move
from somos_social.core.model.delivery import Status
from somos_social.daemon import once
from somos_social.flows import campaign as campaign_flow
from tests.complaints.whole import CHANNELS, DUE, FACEBOOK, INSTAGRAM, VISIBLE_CALL, Whole

every_channel = pytest.mark.parametrize("channel", CHANNELS)


def test_a_post_that_instagram_calls_restricted_activity_is_not_sent_again_and_again(
    whole: Whole,
) -> None:
    """An account was flagged because 4/2207051 was retried for ever, though the post was live.

    https://github.com/gitroomhq/postiz-app/issues/832
    """
    whole.fail(VISIBLE_CALL[INSTAGRAM], "done-then-2207051", times=1000)
    whole.schedule(channels=(INSTAGRAM,))
    whole.go_on()
    assert len(whole.public(INSTAGRAM)) == 1
    assert len(whole.calls("/media_publish")) == 1
    assert whole.stands(INSTAGRAM).status is Status.PUBLISHED


def test_a_post_that_is_restricted_for_good_is_given_up_and_needs_a_person(whole: Whole) -> None:
    """The same loop where nothing was published: the row never left the queue.

    https://github.com/gitroomhq/postiz-app/issues/832
    """
    whole.fail(VISIBLE_CALL[INSTAGRAM], "429", code=4, subcode=2207051, times=1000)
    whole.schedule(channels=(INSTAGRAM,))
    whole.go_on()
    # An hour of rest after each: it is missed long before its tries are used up.
    assert len(whole.calls("/media_publish")) <= 2
    assert whole.stands(INSTAGRAM).status is Status.MISSED
    assert [it.key for it in whole.app.store.needs_a_person()] == [whole.stands(INSTAGRAM).key]


def test_an_error_of_our_own_after_the_post_does_not_post_again(whole: Whole) -> None:
    """An error in what came after publishing ran the publishing again, in a loop.

    https://github.com/gitroomhq/postiz-app/issues/1321
    """

    def breaks(move: Move) -> None:
        if move.after.status is Status.PUBLISHED:
            raise RuntimeError("counting the days in a row failed")

    whole.start(heard=breaks)
    whole.schedule()
    whole.go_on()
    whole.start()
    whole.go_on()
    assert whole.box.public_counts() == {"facebook": 1, "instagram": 1, "x": 1}
    assert set(whole.statuses().values()) == {Status.PUBLISHED}


def test_five_restarts_and_five_schedulings_send_one_message(whole: Whole) -> None:
    """After a change of the queue underneath, one message went out five times.

    https://github.com/gitroomhq/postiz-app/issues/1172
    """
    whole.schedule()
    for minutes in (-9, -5, 0, 1, 30):
        whole.start()
        campaign_flow.schedule(whole.app, [whole.folder / "prueba.toml"])
        whole.reach(DUE + timedelta(minutes=minutes))
    whole.go_on()
    assert whole.box.public_counts() == {"facebook": 1, "instagram": 1, "x": 1}
    assert whole.agrees()


@every_channel
def test_a_timeout_after_the_irrevocable_call_does_not_repeat_the_call(
    whole: Whole, channel: str
) -> None:
    """Publishing and waiting were one step, repeated as a whole when its time was over.

    https://github.com/gitroomhq/postiz-app/pull/1813
    """
    whole.policy = 'timeout = "1s"'
    whole.fail(VISIBLE_CALL[channel], "slow", seconds=2)
    whole.schedule(channels=(channel,))
    whole.go_on()
    assert len(whole.public(channel)) == 1
    assert whole.stands(channel).status is Status.PUBLISHED
    assert whole.events(channel).count("unanswered") == 1


@every_channel
def test_a_call_that_is_done_long_after_its_connection_broke_is_not_repeated(
    whole: Whole, channel: str
) -> None:
    """Looking too early is as bad as not looking: the network may only be about to publish.

    https://github.com/gitroomhq/postiz-app/pull/1813
    """
    whole.fail("*", "lag", seconds=60)
    whole.fail(VISIBLE_CALL[channel], "late", seconds=60)
    whole.schedule(channels=(channel,))
    whole.go_on()
    assert len(whole.public(channel)) == 1
    assert whole.stands(channel).status is Status.PUBLISHED


def test_waiting_for_a_slow_container_asks_to_publish_only_once(whole: Whole) -> None:
    """The wait for processing shared its fate with the call to publish.

    https://github.com/gitroomhq/postiz-app/pull/1813
    """
    whole.fail("POST /graph/*/media", "container-slow", polls=40)
    whole.schedule(channels=(INSTAGRAM,))
    whole.go_on()
    assert len(whole.public(INSTAGRAM)) == 1
    assert [it["status"] for it in whole.calls("/media_publish")] == [200]


@pytest.mark.parametrize("channel", [FACEBOOK, INSTAGRAM])
def test_a_live_post_that_was_called_blocked_is_told_as_published(
    whole: Whole, channel: str
) -> None:
    """ "Blocked your request" was shown for a live post, so its author posted it again by hand.

    https://github.com/gitroomhq/postiz-app/pull/1681
    """
    whole.fail(VISIBLE_CALL[channel], "done-then-2207051")
    whole.schedule(channels=(channel,))
    whole.go_on()
    stands = whole.stands(channel)
    (post,) = whole.public(channel)
    assert stands.receipt is not None
    assert (stands.status, stands.receipt.remote_id) == (Status.PUBLISHED, post.id)
    assert whole.app.store.needs_a_person() == []


def test_two_schedulers_on_one_store_send_each_post_once(whole: Whole) -> None:
    """Two modules each made the scheduler, so each post went out twice.

    https://github.com/socioboard/Socioboard-5.0/issues/335
    """
    posts = {f"post-{number}": DUE for number in range(6)}
    whole.schedule(posts)
    apps = [whole.start() for _ in range(3)]
    for moment in (DUE - timedelta(minutes=9), DUE - timedelta(minutes=8), DUE):
        whole.clock.forward_to(moment)
        crews = [threading.Thread(target=once, args=(app, 2)) for app in apps]
        for crew in crews:
            crew.start()
        for crew in crews:
            crew.join()
    whole.go_on()
    shown = Counter((post.platform, post.text) for post in whole.box.posts())
    assert len(shown) == 18
    assert set(shown.values()) == {1}
    assert whole.agrees()


@pytest.mark.parametrize("lag", [0, 40])
@pytest.mark.parametrize("channel", [FACEBOOK, INSTAGRAM])
def test_a_refusal_of_a_comment_that_was_made_leaves_one_comment(
    whole: Whole, channel: str, lag: int
) -> None:
    """Instagram answered 400 while creating a comment: three retries left four of them.

    BrightBean, commit 28611c2
    """
    whole.schedule(channels=(channel,), more='assets = ["foto.jpg"]\nfirst_comment = "¿Y tú?"')
    whole.fail("*", "lag", seconds=lag)
    whole.fail("POST /graph/*/comments", "done-then-400", times=3)
    whole.go_on()
    answers = [post for post in whole.box.posts() if post.parent_id is not None]
    assert len(answers) == 1
    assert whole.agrees()
