"""A short round of the long torture: `make torture` runs it for as long as one likes."""

from tests.torture.lives import torture


def test_daemons_that_are_killed_publish_everything_exactly_once() -> None:
    tally = torture(seconds=0, seed=7, posts=4, kills=5, daemons=2)
    assert tally.kills == 7
    assert (tally.doubled, tally.lost, tally.wrong) == ([], [], [])
    assert set(tally.states) == {"published"}
