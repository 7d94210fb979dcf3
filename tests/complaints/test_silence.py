"""Complaints of posts that got stuck, failed without a word or were told wrongly: not here."""

from datetime import timedelta

import pytest

from somos_social.core.delivery import Move
from somos_social.core.model.delivery import Status
from somos_social.errors import NotAllowed
from somos_social.flows import attention, by_hand, campaign, delivery
from tests.complaints.whole import CHANNELS, DUE, FACEBOOK, INSTAGRAM, VISIBLE_CALL, Whole, X

every_channel = pytest.mark.parametrize("channel", CHANNELS)


class Killed(BaseException):
    """The process ends here, as far as its database can tell."""


def killed_at(whole: Whole, status: Status) -> None:
    """A worker that dies right after it wrote this status down."""

    def dies(move: Move) -> None:
        if move.after.status is status:
            raise Killed

    app = whole.start(heard=dies)
    [claimed] = app.store.claim(app.now(), limit=1, lease=app.policy.lease, actor="test")
    if status is not Status.CLAIMED:
        with pytest.raises(Killed):
            delivery.work(app, claimed)


def test_a_post_whose_address_cannot_be_read_is_published_all_the_same(whole: Whole) -> None:
    """A permalink that could not be read made an error of a live post, which was then lost.

    https://github.com/gitroomhq/postiz-app/pull/1568
    https://github.com/gitroomhq/postiz-app/issues/1562
    """
    whole.schedule(channels=(INSTAGRAM,))
    whole.prepare()
    whole.fail("GET *", "500", times=1)
    whole.reach(DUE)
    stands = whole.stands(INSTAGRAM)
    (post,) = whole.public(INSTAGRAM)
    assert stands.status is Status.PUBLISHED
    assert stands.receipt is not None
    assert (stands.receipt.remote_id, stands.receipt.url) == (post.id, None)
    assert attention.needs_a_person(whole.app) == []


def test_a_container_that_is_still_being_processed_is_not_published(whole: Whole) -> None:
    """Containers were published while still in progress, which left errors and lost posts.

    https://github.com/gitroomhq/postiz-app/issues/1562
    """
    whole.fail("POST /graph/*/media", "container-slow", polls=30)
    whole.schedule(channels=(INSTAGRAM,))
    whole.prepare()
    whole.reach(DUE)
    assert whole.calls("/media_publish") == []
    assert whole.stands(INSTAGRAM).status is Status.SCHEDULED
    whole.go_on()
    assert [call["status"] for call in whole.calls("/media_publish")] == [200]


@every_channel
@pytest.mark.parametrize("status", [Status.CLAIMED, Status.PUBLISHING])
def test_a_post_whose_worker_died_is_never_stuck(
    whole: Whole, channel: str, status: Status
) -> None:
    """Posts stayed in the queue, or "publishing", for ever once their worker was gone.

    https://github.com/gitroomhq/postiz-app/issues/1724
    https://github.com/inovector/MixpostApp/issues/8
    """
    whole.schedule(channels=(channel,))
    if status is Status.PUBLISHING:
        whole.prepare()
    whole.clock.forward_to(DUE)
    killed_at(whole, status)
    assert whole.stands(channel).status is status
    whole.start()
    whole.go_on()
    assert whole.stands(channel).status is Status.PUBLISHED
    assert len(whole.public(channel)) == 1
    assert whole.agrees()


@every_channel
def test_posts_of_the_same_minute_all_go_out_in_that_minute(whole: Whole, channel: str) -> None:
    """Of several posts due in one minute, only some were sent.

    https://github.com/gitroomhq/postiz-app/issues/439
    """
    whole.schedule({f"post-{number}": DUE for number in range(6)}, channels=(channel,))
    whole.prepare()
    whole.reach(DUE)
    assert len(whole.public(channel)) == 6
    assert {post.created_at for post in whole.public(channel)} == {DUE}


@every_channel
def test_what_may_be_public_cannot_be_sent_again_before_anybody_looked(
    whole: Whole, channel: str
) -> None:
    """There was no way to recover one stuck post without risking a duplicate.

    https://github.com/gitroomhq/postiz-app/issues/1724
    """
    whole.schedule(channels=(channel,))
    whole.prepare()
    whole.fail(VISIBLE_CALL[channel], "done-then-close")
    whole.reach(DUE)
    stuck = whole.stands(channel)
    assert stuck.status is Status.UNCONFIRMED
    with pytest.raises(NotAllowed):
        by_hand.retry(whole.app, stuck.key)
    with pytest.raises(NotAllowed, match="may still appear"):
        by_hand.settle(whole.app, stuck.key, None)
    whole.go_on()
    assert whole.stands(channel).status is Status.PUBLISHED
    assert len(whole.public(channel)) == 1


def test_a_failure_is_told_with_its_reason_to_whoever_asks(whole: Whole) -> None:
    """Facebook and Instagram failed with no notice at all, or with "an error occurred".

    https://github.com/gitroomhq/postiz-app/issues/1126
    https://github.com/gitroomhq/postiz-app/issues/1317
    """
    told: list[Move] = []
    whole.start(heard=told.append)
    whole.fail(VISIBLE_CALL[FACEBOOK], "429", code=368)
    whole.schedule(channels=(FACEBOOK,))
    whole.go_on()
    [failed] = attention.needs_a_person(whole.app)
    assert failed.status is Status.FAILED
    assert failed.reason == "Facebook refused it: (#368) Request limit reached [368]"
    assert told[-1].after.reason == failed.reason
    assert list(whole.app.store.log())[-1]["reason"] == failed.reason


def test_one_channel_that_fails_does_not_make_the_others_fail(whole: Whole) -> None:
    """A video failed on one network of three, and the whole post was shown as failed.

    https://github.com/inovector/mixpost/issues/89
    """
    whole.fail(VISIBLE_CALL[INSTAGRAM], "429", code=368)
    whole.schedule()
    whole.go_on()
    states = {each.channel: each.status for each in whole.app.store.listed()}
    assert states == {
        FACEBOOK: Status.PUBLISHED,
        INSTAGRAM: Status.FAILED,
        X: Status.PUBLISHED,
    }


def test_posts_that_nobody_publishes_are_told_soon_after_their_time(whole: Whole) -> None:
    """All looked active, no job ran, nothing was published and nothing was said.

    https://github.com/inovector/mixpost/issues/131
    https://github.com/inovector/MixpostApp/issues/8
    """
    whole.schedule()
    whole.clock.forward_to(DUE)
    assert attention.needs_a_person(whole.app) == []
    whole.clock.forward_to(DUE + timedelta(minutes=15))
    waiting = attention.needs_a_person(whole.app)
    assert [each.channel for each in waiting] == sorted(CHANNELS)
    assert all("Is `somos run` running?" in (each.reason or "") for each in waiting)
    assert {each.status for each in waiting} == {Status.SCHEDULED}


def test_a_machine_with_nothing_but_cron_publishes_everything(whole: Whole) -> None:
    """Hosts with only cron were not supported, and the status page did not know of them.

    https://github.com/inovector/mixpost/issues/62
    """
    whole.schedule()
    for minutes in range(-15, 20, 5):
        whole.stop()
        whole.start()
        whole.reach(DUE + timedelta(minutes=minutes))
    assert set(whole.statuses().values()) == {Status.PUBLISHED}
    assert attention.needs_a_person(whole.app) == []


def test_a_published_post_is_never_told_as_gone_while_it_is_live(whole: Whole) -> None:
    """Deleting only stamped a date on the row: the post stayed live.

    https://github.com/gitroomhq/postiz-app/pull/2059
    """
    whole.schedule({"uno": DUE, "dos": DUE + timedelta(days=9)})
    whole.reach(DUE - timedelta(minutes=9))
    whole.reach(DUE)
    path = whole.write({"dos": DUE + timedelta(days=9)})
    campaign.schedule(whole.app, [path])
    for channel in CHANNELS:
        with pytest.raises(NotAllowed, match="It is public"):
            by_hand.cancel(whole.app, whole.stands(channel).key, "No longer wanted.")
        assert whole.stands(channel).status is Status.PUBLISHED
        assert len(whole.public(channel)) == 1
    assert whole.agrees()


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        (None, Status.REMOVED),
        ("done-then-close", Status.REMOVED),
        ("close", Status.PUBLISHED),
        ("500", Status.PUBLISHED),
    ],
)
@pytest.mark.parametrize("channel", [FACEBOOK, X])
def test_a_deletion_says_what_a_look_saw(
    whole: Whole, channel: str, fault: str | None, after: Status
) -> None:
    """The same answer was given whether a post was deleted or not, and it stayed live.

    https://github.com/gitroomhq/postiz-app/pull/2059
    """
    whole.schedule(channels=(channel,))
    whole.go_on()
    if fault:
        whole.fail("DELETE *", fault)
    [ended] = by_hand.remove(whole.app, whole.stands(channel).key)
    assert ended.status is after
    assert len(whole.public(channel)) == (after is Status.PUBLISHED)
    assert bool(ended.reason) is (after is Status.PUBLISHED)


def test_a_backlog_after_an_outage_is_told_and_not_sent(whole: Whole) -> None:
    """After months without cron, months-old posts flooded the pages of a news brand.

    https://github.com/Codeinwp/tweet-old-post/issues/1102
    """
    whole.schedule({f"semana-{week}": DUE + timedelta(weeks=week) for week in range(9)})
    whole.clock.forward_to(DUE + timedelta(weeks=8, hours=1))
    whole.go_on()
    stale = {f"semana-{week}" for week in range(8)}
    missed = attention.needs_a_person(whole.app)
    assert {each.post for each in missed} == stale
    assert len(missed) == len(stale) * len(CHANNELS)
    assert {each.status for each in missed} == {Status.MISSED}
    assert whole.box.public_counts() == {"facebook": 1, "instagram": 1, "x": 1}
    assert {post.text for post in whole.box.posts()} == {"Somos lo mismo. semana-8"}
