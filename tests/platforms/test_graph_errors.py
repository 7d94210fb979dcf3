"""What each error of the Graph API means after a visible call, unseen work and a look."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from somos_social.core.events import (
    Blocked,
    Duplicate,
    NotReady,
    Refused,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.platforms.graph import GraphError
from somos_social.platforms.graph_errors import (
    is_lost,
    is_unfit,
    on_look,
    on_scaffolding,
    on_visible_call,
)
from somos_social.platforms.transport import NoAnswer

NOW = datetime(2026, 12, 1, 14, tzinfo=UTC)
NONE = None


def graph_error(code: int | None, subcode: int | None = None, **more: Any) -> GraphError:
    return GraphError("Meta's words.", **{"status": 400, "code": code, "subcode": subcode, **more})


MEANINGS: list[tuple[int | None, int | None, type, type, type]] = [
    # code, subcode, after the visible call, on scaffolding, on a look
    (NONE, NONE, Unanswered, Unanswered, Unread),
    (1, NONE, Unanswered, Unanswered, Unread),
    (1, 99, Unanswered, Unanswered, Unread),
    (2, NONE, Unanswered, Unanswered, Unread),
    (-1, 2207001, Unanswered, Unanswered, Unread),
    (-1, 2207032, Unanswered, Unanswered, Unread),
    (-2, 2207003, Unanswered, Unanswered, Unread),
    (1, 2207057, Refused, Refused, Unread),
    (3, NONE, Blocked, Blocked, Unknowable),
    (4, NONE, Throttled, Throttled, Throttled),
    (4, 2207051, Unanswered, Throttled, Throttled),
    (9, 2207042, Throttled, Throttled, Throttled),
    (10, NONE, Blocked, Blocked, Unknowable),
    (17, NONE, Throttled, Throttled, Throttled),
    (24, 2207006, Unanswered, Unanswered, Unread),
    (24, 2207008, Unanswered, Unanswered, Unread),
    (25, 2207050, Blocked, Blocked, Blocked),
    (32, NONE, Throttled, Throttled, Throttled),
    (100, NONE, Refused, Refused, Unread),
    (100, 33, Blocked, Blocked, Unread),
    (100, 2207028, Refused, Refused, Unread),
    (102, NONE, Blocked, Blocked, Blocked),
    (104, NONE, Blocked, Blocked, Blocked),
    (190, NONE, Blocked, Blocked, Blocked),
    (190, 463, Blocked, Blocked, Blocked),
    (200, NONE, Blocked, Blocked, Unknowable),
    (210, NONE, Blocked, Blocked, Unknowable),
    (240, NONE, Blocked, Blocked, Unknowable),
    (283, NONE, Blocked, Blocked, Unknowable),
    (324, NONE, Refused, Refused, Unread),
    (341, NONE, Throttled, Throttled, Throttled),
    (352, 2207026, Refused, Refused, Unread),
    (368, NONE, Refused, Refused, Unread),
    (368, 1390008, Throttled, Throttled, Throttled),
    (368, 1404078, Blocked, Blocked, Blocked),
    (368, 1404082, Duplicate, Unanswered, Unread),
    (368, 1366051, Duplicate, Unanswered, Unread),
    (382, NONE, Refused, Refused, Unread),
    (389, NONE, Unanswered, Unanswered, Unread),
    (506, NONE, Duplicate, Unanswered, Unread),
    (613, 1996, Throttled, Throttled, Throttled),
    (1363040, NONE, Refused, Refused, Unread),
    (1609005, NONE, Unanswered, Unanswered, Unread),
    (2635, NONE, Blocked, Blocked, Blocked),
    (6000, NONE, Refused, Refused, Unread),
    (6001, NONE, Unanswered, Unanswered, Unread),
    (9004, 2207052, Unanswered, Unanswered, Unread),
    (9007, 2207027, Throttled, NotReady, Unread),
    (36003, 2207009, Refused, Refused, Unread),
    (80001, NONE, Throttled, Throttled, Throttled),
    (80002, NONE, Throttled, Throttled, Throttled),
    (777777, NONE, Unanswered, Unanswered, Unread),
]


@pytest.mark.parametrize(("code", "subcode", "visible", "scaffolding", "look"), MEANINGS)
def test_each_error_means_what_the_documentation_says(
    code: int | None, subcode: int | None, visible: type, scaffolding: type, look: type
) -> None:
    error = graph_error(code, subcode)
    assert type(on_visible_call(error, "Facebook", NOW)) is visible
    assert type(on_scaffolding(error, "Facebook", NOW)) is scaffolding
    assert type(on_look(error, "Facebook", NOW)) is look


@pytest.mark.parametrize("code", [100, 190, 4, 324, 9007])
def test_a_server_error_is_never_surely_a_no(code: int) -> None:
    error = graph_error(code, status=500)
    assert isinstance(on_visible_call(error, "Facebook", NOW), Unanswered)


@pytest.mark.parametrize("event", [Unreachable("never left"), Unanswered("left")])
def test_no_answer_means_what_the_connection_proved(event: Unreachable | Unanswered) -> None:
    assert on_visible_call(NoAnswer(event), "Facebook", NOW) == event
    assert on_scaffolding(NoAnswer(event), "Facebook", NOW) == event
    assert on_look(NoAnswer(event), "Facebook", NOW) == Unread(event.reason)


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (graph_error(4), timedelta(minutes=15)),
        (graph_error(613), timedelta(minutes=5)),
        (graph_error(9, 2207042), timedelta(hours=1)),
        (graph_error(32, regain=timedelta(minutes=40)), timedelta(minutes=40)),
        (graph_error(9007, 2207027), timedelta(seconds=5)),
    ],
)
def test_a_limit_ends_when_the_network_says_or_implies(error: GraphError, pause: timedelta) -> None:
    event = on_visible_call(error, "Facebook", NOW)
    assert isinstance(event, Throttled)
    assert event.until == NOW + pause


def test_whoever_is_taken_for_spam_asks_nothing_for_an_hour_whatever_the_call_was() -> None:
    error = graph_error(4, 2207051, regain=timedelta(minutes=2))
    until = NOW + timedelta(hours=1)
    visible = on_visible_call(error, "Instagram", NOW)
    assert isinstance(visible, Unanswered)
    assert visible.rest_until == until
    for event in (on_scaffolding(error, "Instagram", NOW), on_look(error, "Instagram", NOW)):
        assert isinstance(event, Throttled)
        assert (event.until, event.whole_channel) == (until, True)


@pytest.mark.parametrize(
    ("code", "subcode", "words"),
    [
        (190, 463, "it has expired"),
        (190, 460, "the password was changed"),
        (190, 492, "no longer has a role"),
        (190, None, "it is not valid"),
        (10, None, "a permission or a role is missing"),
        (25, 2207050, "has restricted this account"),
        (368, 4854002, "has restricted this account"),
        (100, 33, "the id in the config is wrong"),
        (2635, None, "update somos_social"),
    ],
)
def test_a_person_is_told_what_to_do(code: int, subcode: int | None, words: str) -> None:
    event = on_visible_call(graph_error(code, subcode), "Instagram", NOW)
    assert isinstance(event, Blocked)
    assert event.reason.startswith("Instagram ")
    assert words in event.reason
    assert event.reason.endswith("(Meta's words.)")


def test_a_refusal_is_told_with_its_numbers() -> None:
    event = on_visible_call(graph_error(36003, 2207009), "Instagram", NOW)
    assert event == Refused("Instagram refused it: Meta's words. [36003/2207009]")


@pytest.mark.parametrize(
    ("status", "unfit"),
    [
        ("Error: Media upload has failed with error code 2207026", True),
        ("Error: Media upload has failed with error code 2207082", False),
        ("Error: 22070269", False),
        ("", False),
    ],
)
def test_a_failed_container_tells_whether_the_file_is_at_fault(status: str, unfit: bool) -> None:
    assert is_unfit(status) is unfit


def test_only_what_says_that_something_is_gone_makes_us_build_it_anew() -> None:
    assert is_lost(graph_error(100, 33))
    assert is_lost(graph_error(24, 2207008))
    assert not is_lost(graph_error(2))
    assert not is_lost(graph_error(190))
    assert not is_lost(graph_error(100, 33, status=500))
