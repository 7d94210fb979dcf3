"""What is sound but hardly meant is told once, of the post that people can still change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from somos_social.core.campaign import WITHDRAWN, changes, deliveries
from somos_social.core.clashes import Beside, Clash, Rule, clashes, still_asked_for
from somos_social.core.model.asset import Asset
from somos_social.core.model.campaign import Blackout, Campaign
from somos_social.core.model.channel import Identity, Introduction
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.post import Format, Post, Variant
from tests.samples import (
    FACEBOOK,
    HOUR,
    INSTAGRAM,
    MINUTE,
    NOW,
    POLICY,
    X,
    a_delivery,
    an_asset,
    standing,
)

DAY = timedelta(days=1)
TEXT = "Carmen llegó en 2019. #SomosLoMismo"


def a_post(key: str, due: datetime = NOW, text: str = "", **changes: Any) -> Post:
    """One with a text of its own on Facebook and X, unless it is said otherwise."""
    channels: Sequence[str] = changes.pop("on", (FACEBOOK, X))
    shown = Variant(text=text or f"Es {key}.", assets=tuple(changes.pop("assets", ())))
    shown = replace(shown, format=changes.pop("format", Format.FEED))
    fits: dict[str, Any] = {"goal": "", "grace": None, "variants": dict.fromkeys(channels, shown)}
    return Post(key=key, due=due, **(fits | changes))


def a_campaign(*posts: Post, **changes: Any) -> Campaign:
    fits: dict[str, Any] = {
        "slug": "somos-lo-mismo",
        "name": "Somos Lo Mismo",
        "hashtag": "",
        "timezone": "America/Panama",
        "channels": (FACEBOOK, INSTAGRAM, X),
        "approvals": (),
        "handoffs": (),
    }
    return Campaign(**(fits | changes), posts=posts)


def found(
    *posts: Post, beside: Beside | None = None, now: datetime = NOW, **changes: Any
) -> list[Clash]:
    campaign = a_campaign(*posts, **changes)
    wanted = list(deliveries(campaign, POLICY))
    return clashes([campaign], wanted, beside or Beside(), now=now)


def told(*posts: Post, **changes: Any) -> list[tuple[str, str]]:
    return [(each.rule.value, each.key) for each in found(*posts, **changes)]


def test_posts_that_differ_are_no_clash() -> None:
    assert told(a_post("uno"), a_post("dos", NOW + DAY)) == []


# The same text, the same picture.


def test_the_same_text_on_one_channel_is_told_of_the_later_post_with_all_channels() -> None:
    [clash] = found(a_post("dos", NOW + DAY, TEXT), a_post("uno", NOW, TEXT))
    assert (clash.rule, clash.key) == (Rule.SAME_TEXT, "post[dos]")
    assert clash.problem == (
        f"says the very words of `uno` (2026-12-01 09:00), on {FACEBOOK} and {X}."
    )
    assert clash.hint == "Write other words. X refuses a text twice."


def test_a_text_is_the_same_whatever_its_capitals_its_spaces_and_its_marked_links() -> None:
    one = a_post("uno", NOW, "Lee  acnur.org/es?utm_content=uno\ny difunde")
    two = a_post("dos", NOW + DAY, "LEE acnur.org/es?utm_content=dos y difunde")
    assert told(one, two) == [("same-text", "post[dos]")]


@pytest.mark.parametrize("text", ["#SomosLoMismo", "#SomosLoMismo #Panamá"])
def test_hashtags_alone_are_no_text(text: str) -> None:
    assert told(a_post("uno", NOW, text), a_post("dos", NOW + DAY, text)) == []


def test_the_same_text_on_two_channels_is_no_clash() -> None:
    assert told(a_post("uno", NOW, TEXT, on=[X]), a_post("dos", NOW, TEXT, on=[FACEBOOK])) == []


def test_of_what_follows_a_post_only_x_refuses_a_text_twice() -> None:
    comment = Variant(format=Format.COMMENT, text="Lee más.")
    said = {FACEBOOK: comment, X: comment}
    [clash] = found(a_post("uno", comments=said), a_post("dos", NOW + DAY, comments=said))
    assert clash.problem == f"says the very words of `uno` (2026-12-01 09:00), on {X}."


def picture(name: str = "carmen.jpg", sha256: str = "6f" * 32) -> Asset:
    return an_asset(path=name, sha256=sha256)


def test_the_same_picture_is_known_by_its_bytes_whatever_its_name() -> None:
    one = a_post("uno", assets=[picture()])
    [clash] = found(one, a_post("dos", NOW + DAY, assets=[picture("otra.jpg")]))
    assert (clash.rule, clash.key) == (Rule.SAME_PICTURE, "post[dos]")
    assert clash.problem.startswith("shows `otra.jpg`, as does `uno` (2026-12-01 09:00), on ")
    other = a_post("dos", NOW + DAY, assets=[picture(sha256="7f" * 32)])
    assert told(one, other) == []


def test_a_story_may_show_what_the_feed_shows() -> None:
    one = a_post("uno", assets=[picture()])
    story = a_post("dos", NOW + DAY, assets=[picture()], format=Format.STORY)
    assert told(one, story) == []


def test_a_repeated_post_shows_its_picture_each_time() -> None:
    days = [
        a_post(f"uno~2026-12-0{n}", NOW + n * DAY, assets=[picture()], text=f"La {n}.")
        for n in (1, 2)
    ]
    assert told(*days) == []


def test_what_is_public_or_scheduled_by_others_is_held_against_it() -> None:
    public = standing(Status.PUBLISHED, "antes", variant=Variant(text=TEXT), due_at=NOW - DAY)
    other = replace(
        a_delivery("otro", channel=FACEBOOK, variant=Variant(text=TEXT), due_at=NOW + 2 * DAY),
        key=f"chile/otro@{FACEBOOK}",
        campaign="chile",
    )
    [clash, later] = found(a_post("uno", NOW, TEXT), beside=Beside(others=[public, other]))
    assert clash.problem == f"says the very words of `antes` (2026-11-30 09:00), on {X}."
    assert later.key == "post[uno]"
    assert "`chile/otro` (2026-12-03 09:00), on facebook:" in later.problem


def test_nothing_is_said_of_two_that_are_past() -> None:
    one, two = a_post("uno", NOW - 2 * DAY, TEXT), a_post("dos", NOW - 2 * DAY + HOUR / 2, TEXT)
    assert told(one, two) == []


# Two within an hour.


@pytest.mark.parametrize(
    ("apart", "expected"),
    [(timedelta(0), 1), (59 * MINUTE, 1), (HOUR, 0), (2 * HOUR, 0)],
)
def test_two_posts_of_one_channel_within_an_hour_are_told(apart: timedelta, expected: int) -> None:
    clash = found(a_post("uno"), a_post("dos", NOW + apart))
    assert len(clash) == expected
    if clash:
        assert (clash[0].rule, clash[0].key) in [
            (Rule.CLOSE, "post[dos]"),
            (Rule.CLOSE, "post[uno]"),
        ]


def test_posts_of_two_channels_and_a_story_beside_the_feed_are_not_close() -> None:
    assert told(a_post("uno", on=[X]), a_post("dos", on=[FACEBOOK])) == []
    assert told(a_post("uno"), a_post("dos", format=Format.STORY)) == []


def test_what_another_campaign_has_scheduled_is_close_as_well() -> None:
    other = a_delivery("otro", due_at=NOW + 10 * MINUTE)
    other = replace(other, key=f"chile/otro@{X}", campaign="chile")
    [clash] = found(a_post("uno"), beside=Beside(others=[other]))
    assert (clash.rule, clash.key) == (Rule.CLOSE, "post[uno]")
    assert "`chile/otro` (2026-12-01 09:10)" in clash.problem


# Blackouts.


def test_a_post_in_a_blackout_is_told_with_the_reason() -> None:
    silence = Blackout(since=NOW, until=NOW + HOUR, reason="Elecciones")
    [clash] = found(a_post("uno"), a_post("dos", NOW + HOUR), blackouts=(silence,))
    assert (clash.rule, clash.key) == (Rule.BLACKOUT, "post[uno]")
    assert "`Elecciones`" in clash.problem


# Tokens.


def introduced(end: datetime | None = None, login: datetime | None = None) -> Beside:
    who = Identity(remote_id="1", name="Somos", expires_at=end, data_access_ends_at=login)
    return Beside(introductions={X: Introduction(channel=X, checked_at=NOW, identity=who)})


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        # Panama is five hours behind: the post of 09:00 is on the last day until its midnight.
        (datetime(2026, 12, 2, 4, 59, tzinfo=UTC), ["token-end"]),
        (datetime(2026, 12, 2, 5, 0, tzinfo=UTC), []),
        (NOW - HOUR, ["token-end"]),
        (datetime(2026, 12, 1, 20, 0, tzinfo=UTC), ["token-end"]),
    ],
)
def test_a_post_on_the_last_day_of_a_token_or_later_is_told(
    end: datetime, expected: list[str]
) -> None:
    assert [rule for rule, _ in told(a_post("uno"), beside=introduced(end))] == expected


def test_a_token_is_told_once_with_how_many_are_later_still() -> None:
    posts = [a_post(name, NOW + n * DAY) for n, name in enumerate(("uno", "dos", "tres"))]
    [clash] = found(*posts, beside=introduced(login=NOW + DAY))
    assert clash.key == "post[dos]"
    assert "the login behind its token (2026-12-02 14:00 UTC) or later, as is a later one" in (
        clash.problem
    )
    assert clash.hint.endswith(f"somos channel login {X}")


# Goals.


def test_a_week_without_one_of_the_goals_is_told_between_the_first_and_the_last_post() -> None:
    posts = [
        a_post("uno", NOW, goal="empathy"),
        a_post("dos", NOW + 7 * DAY, goal="origins"),
        a_post("tres", NOW + 21 * DAY, goal="empathy"),
    ]
    [empathy, origins] = found(*posts)
    assert {empathy.rule, origins.rule} == {Rule.GOAL_GAP}
    assert empathy.problem == (
        "The goal `empathy` has no post in the weeks that begin on 2026-12-07 and 2026-12-14."
    )
    assert "2026-11-30, 2026-12-14 and 2026-12-21" in origins.problem


def test_weeks_that_are_over_and_goals_that_are_none_are_not_missed() -> None:
    posts = [a_post("uno", NOW, goal="a"), a_post("dos", NOW + 14 * DAY, goal="a"), a_post("tres")]
    assert [rule for rule, _ in told(*posts)].count("goal-gap") == 1
    assert "goal-gap" not in [rule for rule, _ in told(*posts, now=NOW + 13 * DAY)]


# What was called off.


def kept(wanted: Delivery, known: Delivery) -> list[Clash]:
    by_key = {known.key: known}
    return [*still_asked_for(changes([wanted], by_key), {wanted.key}, by_key)]


def test_what_a_person_cancelled_and_the_file_still_holds_is_told() -> None:
    known = standing(Status.CANCELLED, reason="Un duelo.")
    [clash] = kept(a_delivery(variant=Variant(text="Otra.")), known)
    assert (clash.rule, clash.key) == (Rule.CANCELLED, "post[historia-carmen]")
    assert "(Un duelo.), and its file still asks for it: it does not go out" in clash.problem
    [clash] = kept(a_delivery(due_at=NOW + HOUR), known)
    assert "it goes out again" in clash.problem


def test_what_left_its_file_and_what_waits_is_not_told_as_called_off() -> None:
    assert kept(a_delivery(), standing(Status.CANCELLED, reason=WITHDRAWN)) == []
    assert kept(a_delivery(), a_delivery()) == []
    known = standing(Status.CANCELLED)
    assert [*still_asked_for(changes([], {known.key: known}), set(), {known.key: known})] == []
