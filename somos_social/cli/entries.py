"""How people see the publishing log: one line per move."""

from collections.abc import Mapping, Sequence
from typing import Any

from somos_social.cli import rendering

_MEANING = {
    ("prepared", "scheduled"): "All is uploaded; it waits for its time.",
    ("busy", "scheduled"): "Another delivery of the channel is going out at this moment.",
    ("returned", "scheduled"): "Handed back: the program was told to end.",
    ("amended", "scheduled"): "The campaign file changed.",
    ("retried", "scheduled"): "A person asked for another try.",
    ("settled", "published"): "A person saw it there.",
}


def table(log: Sequence[Mapping[str, Any]]) -> None:
    """The entries with their times on this machine's clock."""
    zone, times = rendering.local_times([entry["at"] for entry in log], seconds=True)
    rendering.table(
        [f"at ({zone})", "delivery", "became", "by", "where, or why"],
        [[time, *_row(entry)] for time, entry in zip(times, log, strict=True)],
    )


def line(entry: Mapping[str, Any]) -> str:
    """One entry, for a log that is followed."""
    time = entry["at"].astimezone().isoformat(sep=" ", timespec="seconds")
    cells = [time, *_row(entry)]
    return "  ".join(rendering.clean(cell) for cell in cells if cell)


def _row(entry: Mapping[str, Any]) -> list[str]:
    meaning = _MEANING.get((entry["event"], entry["to"]), "")
    where_or_why = " ".join(filter(None, (entry["reason"] or meaning, entry["url"])))
    return [entry["delivery"], entry["to"], entry["actor"], where_or_why]
