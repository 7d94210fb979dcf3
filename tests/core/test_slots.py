"""The weekly hours of a channel come in their order."""

from datetime import datetime, time
from itertools import islice

from somos_social.core.slots import Slot, slots_of, upcoming

MONDAY = Slot(0, time(9))
THURSDAY = Slot(3, time(18, 30))


def test_the_nearest_name_has_the_say() -> None:
    slots = {"all": (MONDAY,), "x": (THURSDAY,), "x:somos": ()}
    assert slots_of(slots, "x:somos") == ()
    assert slots_of(slots, "x:otra") == (THURSDAY,)
    assert slots_of(slots, "facebook:somos") == (MONDAY,)
    assert slots_of({"x": (THURSDAY,)}, "facebook:somos") == ()


def test_they_come_one_after_the_other_and_never_now() -> None:
    after = datetime(2026, 11, 30, 9, 0)  # noqa: DTZ001 - on the clocks of the campaign
    found = islice(upcoming((THURSDAY, MONDAY), after), 3)
    assert [f"{it:%a %Y-%m-%d %H:%M}" for it in found] == [
        "Thu 2026-12-03 18:30",
        "Mon 2026-12-07 09:00",
        "Thu 2026-12-10 18:30",
    ]


def test_without_any_nothing_comes() -> None:
    assert [*upcoming((), datetime(2026, 11, 30))] == []  # noqa: DTZ001
