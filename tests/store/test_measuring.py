"""The figures of posts in the database: by day, the last of a day stands, of each post alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from somos_social.core.metrics import Figure
from somos_social.store import Store
from tests.samples import FACEBOOK, NOW, X, a_delivery

REACH, VIEWS = Figure.REACH, Figure.VIEWS
TODAY = NOW.date()
KEY = a_delivery().key


@pytest.fixture
def known(store: Store, put: Any) -> Store:
    put(a_delivery(), a_delivery("otra"), a_delivery(channel=FACEBOOK))
    return store


def keep(store: Store, figures: Any, *, key: str = KEY, day: date = TODAY) -> None:
    store.measurements.keep({key: figures}, day=day, at=NOW)


def test_pulled_twice_on_one_day_the_last_value_stands(known: Store, raw: Engine) -> None:
    keep(known, {REACH: 5, VIEWS: 7})
    keep(known, {REACH: 6})
    reading = known.measurements.last(["somos-lo-mismo"])[KEY]
    assert reading.figures == {REACH: 6, VIEWS: 7}
    with raw.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM metrics")).scalar() == 2


def test_each_figure_is_the_last_that_was_told(known: Store) -> None:
    keep(known, {REACH: 5, VIEWS: 7})
    keep(known, {REACH: 9}, day=TODAY + timedelta(days=1))
    last = known.measurements.last
    assert last(["somos-lo-mismo"])[KEY].figures == {REACH: 9, VIEWS: 7}
    assert last(["somos-lo-mismo"])[KEY].day == TODAY + timedelta(days=1)


def test_figures_are_of_a_campaign_and_of_a_channel(known: Store) -> None:
    keep(known, {REACH: 5})
    assert known.measurements.last(["otra"]) == {}
    assert known.measurements.measured(X) == {KEY}
    assert known.measurements.measured(FACEBOOK) == frozenset()


def test_a_figure_that_a_later_program_wrote_is_left_to_it(known: Store, raw: Engine) -> None:
    keep(known, {REACH: 5})
    with raw.begin() as connection:
        connection.execute(text("UPDATE metrics SET name = 'applause'"))
    assert known.measurements.last(["somos-lo-mismo"])[KEY].figures == {}


def test_nothing_told_is_nothing_kept_and_figures_are_no_entry_of_the_log(known: Store) -> None:
    before = known.log_length()
    known.measurements.keep({}, day=TODAY, at=NOW)
    keep(known, {})
    keep(known, {REACH: 5})
    assert known.log_length() == before
    assert known.broken_links() == []


def test_figures_larger_than_32_bits_are_kept(known: Store) -> None:
    keep(known, {VIEWS: 5_000_000_000})
    assert known.measurements.last(["somos-lo-mismo"])[KEY].figures == {VIEWS: 5_000_000_000}
