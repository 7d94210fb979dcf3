"""The weekly hours of a channel, and which of them comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

EVERYWHERE = "all"
"""Stands for every channel of a campaign."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """An hour of a day of the week, on the clocks of the campaign; Monday is 0."""

    weekday: int
    at: time


Slots = Mapping[str, tuple[Slot, ...]]
"""By channel, by network, or for all."""


def slots_of(slots: Slots, channel: str) -> Sequence[Slot]:
    """Those of the channel itself, else of its network, else those of all."""
    names = (channel, channel.partition(":")[0], EVERYWHERE)
    return next((slots[name] for name in names if name in slots), ())


def upcoming(slots: Sequence[Slot], after: datetime) -> Iterator[datetime]:
    """The local times of these slots later than `after`, in their order, for a year."""
    for days in range(366):
        day: date = after.date() + timedelta(days=days)
        for slot in sorted(slots):
            moment = datetime.combine(day, slot.at)
            if slot.weekday == day.weekday() and moment > after:
                yield moment
