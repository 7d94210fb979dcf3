"""How people see the publishing log: one line per move."""

from collections.abc import Mapping, Sequence
from typing import Any

from somos_social.cli import rendering


def table(log: Sequence[Mapping[str, Any]]) -> None:
    """The entries with their times on this machine's clock."""
    rendering.table(
        ["at", "delivery", "from", "to", "by", "where, or why"],
        [_row(entry) for entry in log],
    )


def line(entry: Mapping[str, Any]) -> str:
    """One entry, for a log that is followed."""
    return "  ".join(part for part in map(rendering.clean, _row(entry)) if part)


def _row(entry: Mapping[str, Any]) -> list[str]:
    return [
        rendering.local_time(entry["at"]),
        entry["delivery"],
        entry["from"] or "",
        entry["to"],
        entry["actor"],
        entry["url"] or entry["reason"] or "",
    ]
