"""What a delivery says and shows, in lines that people can read and hold against one another."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from somos_social.cli import rendering

if TYPE_CHECKING:
    from somos_social.core.model.asset import Asset
    from somos_social.core.model.post import Variant

SHORT = 12
"""So many characters of a fingerprint tell two files apart at a glance."""


def lines(variant: "Variant", due_at: datetime) -> list[str]:
    """The time, the kind, the very words, and each file with its description and fingerprint."""
    import json

    extras = variant.extras.to_raw()
    extras.pop("cover", None)
    told = [f"{name}: {json.dumps(extras[name], ensure_ascii=False)}" for name in sorted(extras)]
    return [
        f"due {rendering.local_time(due_at)}",
        f"as {variant.format.value}",
        *variant.text.split("\n"),
        *([f"link {variant.link}"] if variant.link else []),
        *(line for asset in variant.files for line in _file(asset)),
        *told,
    ]


def _file(asset: "Asset") -> list[str]:
    still = f" at {asset.fit.frame:g} s" if asset.fit and asset.fit.frame is not None else ""
    people = f", shows {', '.join(asset.people)}" if asset.people else ""
    return [
        f"file {asset.path}{still} ({asset.sha256[:SHORT]}){people}",
        f"     {asset.alt or 'without a description'}",
    ]


def show(now: Sequence[str]) -> None:
    """What is seen for the first time."""
    rendering.say(*(f"  {line}" for line in now))


def beside(now: Sequence[str]) -> None:
    """What is seen, beside an answer for programs."""
    rendering.note(*(f"  {line}" for line in now))


def compare(before: Sequence[str], now: Sequence[str], *, title: str) -> None:
    """Side by side on a terminal; elsewhere line by line, what went after -, what came after +."""
    screen = rendering.console()
    if not screen.is_terminal:
        from difflib import ndiff

        rendering.say(f"  - {title}", "  + now")
        rendering.say(*(f"  {line}" for line in ndiff(before, now) if not line.startswith("?")))
        return
    from difflib import SequenceMatcher

    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=True)
    for heading in (title, "now"):
        grid.add_column(Text(rendering.clean(heading)), overflow="fold", ratio=1)
    for kind, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        old, new = before[a:b], now[c:d]
        same = kind == "equal"
        for place in range(max(len(old), len(new))):
            left, right = (side[place] if place < len(side) else "" for side in (old, new))
            grid.add_row(
                Text(rendering.clean(left), style="" if same else "red"),
                Text(rendering.clean(right), style="" if same else "green"),
            )
    screen.print(grid)
