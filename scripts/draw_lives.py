"""Draws the lives of a delivery and of a hand-off into docs/architecture.md, from their MOVES.

Run from the top of the repository: `python scripts/draw_lives.py`. GitHub shows Mermaid as a
drawing.
"""

import re
from collections.abc import Mapping, Set
from enum import StrEnum
from pathlib import Path

from somos_social.core import delivery, handoff
from somos_social.core.model.delivery import Status
from somos_social.core.model.handoff import HandoffStatus

PAGE = Path("docs/architecture.md")


def diagram(moves: Mapping[StrEnum, Set[StrEnum]], first: StrEnum) -> str:
    """Each legal move from one state to another; those that stay in a state are left out."""
    order = list(moves)
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    for state in order:
        onward = sorted(moves[state] - {state}, key=order.index)
        lines += [f"    {state} --> {other}" for other in onward]
        if not onward:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines)


def redrawn(page: str) -> str:
    """The page with both drawings as they follow from the code, and everything else as it was."""
    drawings = {
        "delivery": diagram(delivery.MOVES, Status.SCHEDULED),
        "hand-off": diagram(handoff.MOVES, HandoffStatus.OFFERED),
    }
    for subject, drawing in drawings.items():
        place = rf"(<!-- The life of a {subject}[^>]*-->\n```mermaid\n).*?(\n```)"
        new = rf"\g<1>{drawing}\g<2>"
        page, found = re.subn(place, new, page, count=1, flags=re.DOTALL)
        if not found:
            raise SystemExit(f"{PAGE} has no place for the life of a {subject}.")
    return page


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
