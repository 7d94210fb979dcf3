"""What people may write stands in the documents, and only that."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from somos_social.files.shapes import (
    BlackoutShape,
    CampaignShape,
    HandoffShape,
    LinksShape,
    PostShape,
    RepeatShape,
    UtmShape,
)
from somos_social.media.sidecar import _Sidecar

PAGE = Path(__file__).parents[2] / "docs" / "campaign-files.md"
SHAPES: dict[str, tuple[type[BaseModel], set[str]]] = {
    "The head": (CampaignShape, {"post", "handoff", "blackout", "slots", "links"}),
    "`[[post]]`": (PostShape, {"variant"}),
    "`repeat`": (RepeatShape, set()),
    "`[links]`": (LinksShape, set()),
    "`[links.utm]`": (UtmShape, set()),
    "`[[blackout]]`": (BlackoutShape, set()),
    "`[[handoff]]`": (HandoffShape, set()),
    "Beside each file": (_Sidecar, set()),
}


@pytest.mark.parametrize("heading", SHAPES)
def test_each_key_of_a_file_stands_in_its_table(heading: str) -> None:
    shape, tables = SHAPES[heading]
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}")
    section = rest.partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    told = {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)}
    fields = shape.model_fields.items()
    assert told == {field.alias or name for name, field in fields} - tables
