"""Reads the weekly hours of a campaign: `[slots]`, by channel, by network or for all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from somos_social.core.limits import LIMITS
from somos_social.core.slots import EVERYWHERE, Slot
from somos_social.document import Report, Unfit, near

_DAYS = (
    ("mon", "monday", "lun", "lunes"),
    ("tue", "tuesday", "mar", "martes"),
    ("wed", "wednesday", "mié", "mie", "miércoles", "miercoles"),
    ("thu", "thursday", "jue", "jueves"),
    ("fri", "friday", "vie", "viernes"),
    ("sat", "saturday", "sáb", "sab", "sábado", "sabado"),
    ("sun", "sunday", "dom", "domingo"),
)
WEEKDAYS = {name: number for number, names in enumerate(_DAYS) for name in names}
"""Days of the week by their names, in English and Spanish."""

_SLOT = re.compile(r"(?P<day>[^\W\d_]+)\.? +(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_HINT = 'Write it as in "mon 09:00".'


def read_slots(
    raw: Mapping[str, Any], channels: Sequence[str], report: Report
) -> dict[str, tuple[Slot, ...]]:
    """The slots by name; the report tells of all that cannot be one."""
    names = (*channels, *LIMITS, EVERYWHERE)
    slots = {}
    for name, hours in raw.items():
        at = f'slots."{name}"' if ":" in name else f"slots.{name}"
        if name not in names:
            hint = near(name, names) or f'Or write "{EVERYWHERE}", for all.'
            report.add(at, "is neither a network nor a channel of this campaign.", hint)
        slots[name] = tuple(_slots(at, hours, report))
    return slots


def _slots(at: str, hours: object, report: Report) -> Iterator[Slot]:
    if not isinstance(hours, list):
        report.add(at, "must be a list.", 'Write it as in ["mon 09:00", "thu 18:30"].')
        return
    seen: set[Slot] = set()
    for place, written in enumerate(hours):
        try:
            slot = _slot(written)
        except Unfit as unfit:
            report.add(f"{at}[{place}]", unfit.problem, unfit.hint)
            continue
        if slot in seen:
            report.add(f"{at}[{place}]", "stands twice.", "Delete one.")
        seen.add(slot)
        yield slot


def _slot(written: object) -> Slot:
    if not isinstance(written, str):
        raise Unfit("must be text.", _HINT)
    found = _SLOT.fullmatch(written.strip().casefold())
    if found is None:
        raise Unfit("is no hour of a week.", _HINT)
    if found["day"] not in WEEKDAYS:
        raise Unfit("names no day of the week.", near(found["day"], WEEKDAYS) or _HINT)
    try:
        return Slot(WEEKDAYS[found["day"]], time(int(found["hour"]), int(found["minute"])))
    except ValueError:
        raise Unfit("names no hour of a day.", "Write an hour from 00:00 to 23:59.") from None
