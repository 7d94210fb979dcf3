"""What is foreseen: each warning where it is due, and none where nothing will go wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from somos_social.core import graph_version, permissions
from somos_social.core.foresight import About, Foreseen, foresee
from somos_social.core.model.channel import Identity, Introduction, Quota
from somos_social.core.model.delivery import Waiting
from tests.samples import FACEBOOK, HOUR, INSTAGRAM, NOW, X

EVERYTHING = tuple({name for platform in ("facebook", "instagram")
                    for name in permissions.asked_for(platform)})  # fmt: skip
DAYS = timedelta(days=1)


def introduced(channel: str = INSTAGRAM, ago: timedelta = HOUR, **known: Any) -> Introduction:
    fits: dict[str, Any] = {"remote_id": "1", "name": "Somos", "granted": EVERYTHING}
    who = Identity(**(fits | known))
    return Introduction(channel=channel, checked_at=NOW - ago, identity=who)


def waiting(*due: datetime, channel: str = INSTAGRAM, follows: bool = False) -> list[Waiting]:
    return [
        Waiting(key=f"somos/{place}@{channel}", channel=channel, due_at=at, follows=follows)
        for place, at in enumerate(due)
    ]


def foreseen(
    introduction: Introduction | None, queue: list[Waiting], **more: Any
) -> list[Foreseen]:
    channel = introduction.channel if introduction else FACEBOOK
    return foresee(channel, introduction, queue, now=NOW, **more)


def test_nothing_is_foreseen_of_a_secret_that_lasts() -> None:
    lasts = introduced(
        expires_at=NOW + 3 * DAYS,
        data_access_ends_at=NOW + 3 * DAYS,
        quota=Quota(total=100, used=0),
    )
    assert foreseen(lasts, waiting(NOW + 2 * DAYS, NOW + 3 * DAYS - HOUR)) == []
    assert foreseen(introduced(), []) == []


@pytest.mark.parametrize(
    ("what", "about"),
    [("expires_at", About.EXPIRY), ("data_access_ends_at", About.DATA_ACCESS)],
)
def test_posts_that_are_due_after_an_end_are_counted_and_the_first_is_named(
    what: str, about: About
) -> None:
    end = NOW + 3 * DAYS
    ends: dict[str, Any] = {what: end}
    [warning] = foreseen(introduced(**ends), waiting(end + 2 * HOUR, end - HOUR, end))
    assert (warning.channel, warning.about, warning.at) == (INSTAGRAM, about, end)
    assert "2 deliveries are due after that" in warning.message
    assert f"the first being somos/2@{INSTAGRAM}, on 2026-12-04 14:00 UTC" in warning.message
    assert f"before then: somos channel login {INSTAGRAM}" in warning.message


def test_all_that_waits_is_late_for_a_token_that_has_ended() -> None:
    [warning] = foreseen(introduced(expires_at=NOW - HOUR), waiting(NOW - 2 * HOUR))
    assert "The token ended on 2026-12-01 13:00 UTC, and 1 delivery" in warning.message


def test_a_permission_to_publish_is_missed_though_nothing_waits() -> None:
    lacks = introduced(FACEBOOK, granted=("pages_read_engagement", "pages_manage_engagement"))
    [warning] = foreseen(lacks, [])
    assert warning.about is About.PERMISSION
    assert "may not publish: it lacks pages_manage_posts." in warning.message


def test_a_permission_to_comment_is_missed_only_where_a_comment_waits() -> None:
    lacks = introduced(granted=permissions.TO_PUBLISH["instagram"])
    assert foreseen(lacks, waiting(NOW + HOUR)) == []
    [warning] = foreseen(lacks, waiting(NOW + HOUR, follows=True))
    assert "may not comment: it lacks instagram_manage_comments." in warning.message


def test_of_permissions_that_nobody_told_none_is_missed() -> None:
    assert foreseen(introduced(granted=None), waiting(NOW + HOUR)) == []
    assert foreseen(introduced(X, granted=()), waiting(NOW + HOUR, channel=X)) == []


def test_a_quota_is_held_against_the_coming_day_and_no_more() -> None:
    room = introduced(quota=Quota(total=5, used=3))
    day = [NOW - HOUR, NOW + 23 * HOUR]
    assert foreseen(room, waiting(*day, NOW + 24 * HOUR)) == []
    [warning] = foreseen(room, waiting(*day, NOW + HOUR))
    assert (warning.about, warning.at) == (About.QUOTA, NOW + 24 * HOUR)
    assert "3 of its posts are due by 2026-12-02 14:00 UTC" in warning.message
    assert "of 5 in 24 hours 3 are used already: 1 of them will have to wait" in warning.message


def test_comments_use_no_quota() -> None:
    full = introduced(quota=Quota(total=1, used=1))
    assert foreseen(full, waiting(NOW + HOUR, follows=True)) == []


def test_what_went_out_since_the_quota_was_read_is_used_too() -> None:
    room = introduced(quota=Quota(total=2, used=1), ago=2 * HOUR)
    before, since = [NOW - 3 * HOUR], [NOW - HOUR]
    assert foreseen(room, waiting(NOW + HOUR), published=before) == []
    assert len(foreseen(room, waiting(NOW + HOUR), published=since)) == 1


def test_what_a_reading_of_yesterday_counted_is_free_again() -> None:
    old = introduced(quota=Quota(total=2, used=2), ago=25 * HOUR)
    assert foreseen(old, waiting(NOW + HOUR)) == []
    twice = [NOW - 2 * HOUR, NOW - HOUR]
    assert len(foreseen(old, waiting(NOW + HOUR), published=twice)) == 1


def test_no_more_have_to_wait_than_are_due() -> None:
    beyond = introduced(quota=Quota(total=2, used=9))
    [warning] = foreseen(beyond, waiting(NOW + HOUR))
    assert ": 1 of them will have to wait" in warning.message


def test_what_nobody_could_tell_is_told() -> None:
    [warning] = foreseen(introduced(untold=("Nobody knows.",)), [])
    assert (warning.about, warning.message) == (About.UNTOLD, "Nobody knows.")


def test_a_version_that_retires_is_told_to_whoever_posts_after_it() -> None:
    end = graph_version.RETIREMENTS["v22.0"]
    after, before = waiting(end, channel=FACEBOOK), waiting(end - HOUR, channel=FACEBOOK)
    [warning] = foreseen(None, after, version="v22.0")
    assert (warning.about, warning.at) == (About.VERSION, end)
    assert "v22.0" in warning.message
    assert "1 delivery is due after that" in warning.message
    assert "Update somos_social." in warning.message
    assert foreseen(None, before, version="v22.0") == []


def test_a_version_that_retires_soon_is_told_to_everyone_who_uses_it() -> None:
    assert graph_version.RETIREMENTS["v21.0"] == datetime(2027, 1, 21, tzinfo=UTC)
    [warning] = foreseen(None, [], version="v21.0")
    assert "Meta retires v21.0 of its API" in warning.message
    assert foresee(X, None, [], now=NOW, version="v21.0") == []


def test_the_version_in_use_is_the_newest_whose_end_meta_has_not_named() -> None:
    assert graph_version.IN_USE not in graph_version.RETIREMENTS
    assert foreseen(None, waiting(NOW + 300 * DAYS, channel=FACEBOOK)) == []
