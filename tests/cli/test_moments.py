"""What people write of a time is understood as they mean it, or refused; nothing is guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.cli import moments
from somos_social.errors import UsageError

PANAMA, SANTIAGO = ZoneInfo("America/Panama"), ZoneInfo("America/Santiago")
NOW = datetime(2026, 11, 28, 19, 0, tzinfo=UTC)
"""A Saturday, at two in the afternoon in Panama."""


def there(written: str, at: ZoneInfo = PANAMA, now: datetime = NOW) -> str:
    return f"{moments.read(written, at, now).astimezone(at):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-12-05T18:00", "Sat 2026-12-05 18:00"),
        ("2026-12-05 18:00", "Sat 2026-12-05 18:00"),
        ("2026-12-05 9:00", "Sat 2026-12-05 09:00"),
        ("2026-12-05T18:00-03:00", "Sat 2026-12-05 16:00"),
        ("2026-12-05T18:00Z", "Sat 2026-12-05 13:00"),
        ("tomorrow 18:00", "Sun 2026-11-29 18:00"),
        ("mañana 18:00", "Sun 2026-11-29 18:00"),
        (" Mañana,  a las 18:00", "Sun 2026-11-29 18:00"),
        ("hoy 18:00", "Sat 2026-11-28 18:00"),
        ("today at 6 pm", "Sat 2026-11-28 18:00"),
        ("pasado mañana 9:00", "Mon 2026-11-30 09:00"),
        ("the day after tomorrow 9:00", "Mon 2026-11-30 09:00"),
        ("viernes 9:00", "Fri 2026-12-04 09:00"),
        ("el viernes a las 9:00", "Fri 2026-12-04 09:00"),
        ("9:00 friday", "Fri 2026-12-04 09:00"),
        ("Friday at 9 p.m.", "Fri 2026-12-04 21:00"),
        ("mie 9:00", "Wed 2026-12-02 09:00"),
        ("domingo 0:00", "Sun 2026-11-29 00:00"),
        ("lunes 12:00 am", "Mon 2026-11-30 00:00"),
        ("lunes 12:00 pm", "Mon 2026-11-30 12:00"),
        ("5 de diciembre 18:00", "Sat 2026-12-05 18:00"),
        ("december 5 18:00", "Sat 2026-12-05 18:00"),
        ("5 dic 2027 6 p. m.", "Sun 2027-12-05 18:00"),
        ("viernes 4 de diciembre 18:00", "Fri 2026-12-04 18:00"),
        ("25/12 9:00", "Fri 2026-12-25 09:00"),
        ("13.12.2026 9:00", "Sun 2026-12-13 09:00"),
        ("1 de enero 0:00", "Fri 2027-01-01 00:00"),
        ("in 2 hours", "Sat 2026-11-28 16:00"),
        ("en 2 horas", "Sat 2026-11-28 16:00"),
        ("dentro de 90 minutos", "Sat 2026-11-28 15:30"),
        ("in 1 hour and 30 minutes", "Sat 2026-11-28 15:30"),
    ],
)
def test_a_time_is_read_as_it_is_meant(written: str, expected: str) -> None:
    assert there(written) == expected


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("12/11", "no time of day"),
        ("12/11 9:00", "may mean 2026-12-11 or 2027-11-12"),
        ("10.12.2026 9:00", "may mean 2026-10-12 or 2026-12-10"),
        ("27/01/28 9:00", "may mean 2027-01-28 or 2028-01-27"),
        ("9", "no time of day"),
        ("mañana 9", "no time of day"),
        ("viernes", "no time of day"),
        ("2026-12-05", "no time of day"),
        ("20261205", "no time of day"),
        ("18:00", "names no day"),
        ("sábado 9:00", "today or in a week"),
        ("saturday 18:00", "today or in a week"),
        ("next friday 9:00", "holds `next`"),
        ("este viernes 9:00", "holds `este`"),
        ("mar 9:00", "martes or marzo"),
        ("sábado 4 de diciembre 18:00", "2026-12-04 is a Friday"),
        ("25 de noviembre 9:00", "or is past. Write the year"),
        ("29 feb 9:00", "Write the year"),
        ("31 nov 9:00", "is not understood"),
        ("tomorrow 25:00", "no hour of a day: 25:00"),
        ("mañana 13:00 pm", "no hour of a day"),
        ("viernes 9:00 10:00", "more than one time"),
        ("tomorrow friday 9:00", "more than one day"),
        ("lunes martes 9:00", "more than one day"),
        ("lunes 1 9:00", "a number of which nothing says"),
        ("tomorrow 18:00 EST", "holds `est`"),
        ("tomorrow 18:00 maybe", "holds `maybe`"),
        ("in 2 days", "no time of day"),
        ("in 0 hours", "is not understood"),
        ("pronto", "no time of day"),
        ("", "no time of day"),
        ("hoy 9:00", "is past: 2026-11-28 09:00 there"),
        ("2026-11-28T13:59", "is past"),
        ("2026-11-28T14:00", "is past"),
    ],
)
def test_what_may_mean_something_else_or_nothing_is_refused(written: str, why: str) -> None:
    with pytest.raises(UsageError, match=why.replace(".", r"\.")):
        there(written)


def test_a_weekday_is_the_next_one_wherever_in_the_week_one_is() -> None:
    wednesday = datetime(2026, 12, 2, 4, 30, tzinfo=UTC)  # Still Tuesday evening in Panama.
    assert there("miércoles 9:00", now=wednesday) == "Wed 2026-12-02 09:00"
    assert there("lunes 9:00", now=wednesday) == "Mon 2026-12-07 09:00"
    with pytest.raises(UsageError, match="today or in a week"):
        there("martes 23:50", now=wednesday)


def test_an_hour_that_the_clocks_skip_or_repeat_is_refused() -> None:
    # Chile goes back at the end of 2027-04-03 and forward at the end of 2027-09-04.
    with pytest.raises(UsageError, match="comes twice"):
        there("2027-04-03T23:30", SANTIAGO)
    with pytest.raises(UsageError, match="does not exist"):
        there("5 septiembre 2027 0:30", SANTIAGO)
    before = datetime(2027, 4, 3, 15, 0, tzinfo=UTC)
    with pytest.raises(UsageError, match="comes twice"):
        there("hoy 23:30", SANTIAGO, before)


def test_hours_from_now_are_hours_even_where_the_clocks_change() -> None:
    before = datetime(2027, 4, 4, 2, 0, tzinfo=UTC)
    assert there("in 3 hours", SANTIAGO, before) == "Sun 2027-04-04 01:00"


@pytest.mark.parametrize("written", ["next slot", " Next  Slot", "próximo turno"])
def test_the_next_slot_is_asked_for_in_words(written: str) -> None:
    assert moments.asks_for_a_slot(written)
    assert not moments.asks_for_a_slot("next friday 9:00")


WORDS = st.sampled_from(
    (
        *("tomorrow", "mañana", "viernes", "sun", "5", "12", "2027", "diciembre", "may", "12/11"),
        *("9:00", "9", "pm", "23:59", "in", "2", "hours", "at", "de", "next", "T", "-05:00", "mar"),
    )
)


@given(st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=6).map(" ".join)))
def test_whatever_is_written_is_a_moment_to_come_or_refused(written: str) -> None:
    try:
        found = moments.read(written, PANAMA, NOW)
    except UsageError:
        return
    assert found > NOW
    assert found.tzinfo is UTC
