"""Times of a place whose clocks change: Chile, on 3 April and 4 September 2027."""

from datetime import UTC, datetime

import pytest

from tests.files.desk import HEAD, POST, Desk

CHILE = HEAD.replace("America/Panama", "America/Santiago")


def _at(due: str) -> str:
    return CHILE + POST.replace("2026-12-01T09:00:00", due)


@pytest.mark.parametrize(
    ("due", "utc"),
    [
        ("2027-04-03T22:59:59", datetime(2027, 4, 4, 1, 59, 59, tzinfo=UTC)),
        ("2027-04-04T00:00:00", datetime(2027, 4, 4, 4, tzinfo=UTC)),
        ("2027-09-04T23:59:59", datetime(2027, 9, 5, 3, 59, 59, tzinfo=UTC)),
        ("2027-09-05T01:00:00", datetime(2027, 9, 5, 4, tzinfo=UTC)),
    ],
)
def test_times_on_both_sides_of_a_change_are_read(desk: Desk, due: str, utc: datetime) -> None:
    assert desk.read(_at(due)).posts[0].due == utc


def test_an_hour_that_comes_twice_is_refused_with_both_readings(desk: Desk) -> None:
    problem = desk.only_problem(_at("2027-04-03T23:30:00"))
    assert problem.key == "post[historia-carmen].due"
    assert "comes twice in America/Santiago" in problem.problem
    assert problem.hint == "Write 2027-04-03T23:30:00-03:00 or 2027-04-03T23:30:00-04:00."


def test_an_hour_that_does_not_exist_is_refused_with_both_readings(desk: Desk) -> None:
    problem = desk.only_problem(_at("2027-09-05T00:30:00"))
    assert problem.key == "post[historia-carmen].due"
    assert "does not exist in America/Santiago" in problem.problem
    assert problem.hint == "Write 2027-09-05T00:30:00-04:00 or 2027-09-05T00:30:00-03:00."


@pytest.mark.parametrize(("offset", "hour"), [("-03:00", 2), ("-04:00", 3)])
def test_either_reading_of_an_hour_that_comes_twice_can_be_written(
    desk: Desk, offset: str, hour: int
) -> None:
    [post] = desk.read(_at(f"2027-04-03T23:30:00{offset}")).posts
    assert post.due == datetime(2027, 4, 4, hour, 30, tzinfo=UTC)
