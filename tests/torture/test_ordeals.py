"""A short round of each ordeal: `make torture` goes on for as long as one likes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.torture.ordeals.asleep import asleep
from tests.torture.ordeals.clock_jumps import clock_jumps
from tests.torture.ordeals.clock_set_back import clock_set_back
from tests.torture.ordeals.disk_full import disk_full
from tests.torture.ordeals.killed import killed
from tests.torture.ordeals.locked import locked
from tests.torture.ordeals.told_to_end import told_to_end
from tests.torture.stage import Size
from tests.torture.tally import Tally

# They mostly wait: one after another beside all other tests, they cost least.
pytestmark = pytest.mark.xdist_group("torture")

POSTGRES = "SOMOS_TEST_DATABASE_URL"
SHORT = Size(posts=3, kills=3, span=4)


@pytest.fixture
def tally() -> Tally:
    return Tally()


def test_two_daemons_that_are_killed_publish_everything_exactly_once(
    tmp_path: Path, tally: Tally
) -> None:
    killed(tmp_path, 7, tally, Size(posts=3, kills=4, span=4))
    assert tally.problems == []
    assert (tally.lives, tally.kills) == (7, 6)


def test_four_daemons_on_one_server_need_no_leader(tmp_path: Path, tally: Tally) -> None:
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server")
    killed(tmp_path, 8, tally, Size(posts=3, kills=3, daemons=4, span=4), server=server)
    assert tally.problems == []
    assert tally.kills == 7


def test_what_a_full_disk_held_up_goes_out_once_there_is_room_again(
    tmp_path: Path, tally: Tally
) -> None:
    disk_full(tmp_path, 9, tally, SHORT)
    assert tally.problems == []


@contextmanager
def _not_mounted(folder: Path) -> Iterator[bool]:
    folder.mkdir()
    yield False


def test_what_a_file_that_could_not_grow_held_up_goes_out_once_it_can(
    tmp_path: Path, tally: Tally
) -> None:
    disk_full(tmp_path, 10, tally, SHORT, mount=_not_mounted)
    assert tally.problems == []


def test_a_database_locked_beyond_all_patience_holds_up_and_loses_nothing(
    tmp_path: Path, tally: Tally
) -> None:
    locked(tmp_path, 11, tally, SHORT, patience=1)
    assert tally.problems == []


def test_a_clock_that_jumps_by_an_hour_doubles_nothing(tmp_path: Path, tally: Tally) -> None:
    clock_jumps(tmp_path, 12, tally, SHORT)
    assert tally.problems == []


def test_a_daemon_whose_clock_is_set_back_by_an_hour_still_publishes_in_time(
    tmp_path: Path, tally: Tally
) -> None:
    clock_set_back(tmp_path, 13, tally)
    assert tally.problems == []


def test_what_was_due_while_the_machine_slept_for_a_day_is_missed_and_not_flooded(
    tmp_path: Path, tally: Tally
) -> None:
    asleep(tmp_path, 14, tally, Size(posts=3))
    assert tally.problems == []
    assert tally.states["missed"] >= 3


def test_a_daemon_told_to_end_in_the_middle_of_an_upload_hands_it_back(
    tmp_path: Path, tally: Tally
) -> None:
    told_to_end(tmp_path, 15, tally)
    assert tally.problems == []
    assert tally.states == {"published": 3}
