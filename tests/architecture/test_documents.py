"""What people may write stands in the documents, and only that."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from somos_social.core.alerts import Kind
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
from somos_social.settings.shapes import AudienceShape, NotifyShape

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "campaign-files.md"
NOTIFY = ROOT / "docs" / "notify.md"
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


def first_cells(heading: str) -> list[set[str]]:
    """Of each table below this heading of the page on being told, what its first column names."""
    _, _, rest = NOTIFY.read_text(encoding="utf-8").partition(f"\n## {heading}")
    tables = rest.partition("\n## ")[0].split("\n\n")
    rows = [re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE) for table in tables]
    return [set(found) for found in rows if found]


def test_all_that_is_told_stands_on_the_page_about_it() -> None:
    assert first_cells("What is told") == [set(Kind)]


def test_each_key_of_who_is_told_stands_on_the_page_and_in_the_example() -> None:
    keys = [
        {field.alias or name for name, field in shape.model_fields.items()}
        for shape in (NotifyShape, AudienceShape)
    ]
    assert first_cells("Who hears what") == keys
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    section = example.partition("\n[notify]")[2].partition("\n[board]")[0]
    told = set(re.findall(r"^(?:# )?(\w+) = ", section, re.MULTILINE))
    assert told | {"to"} == keys[0] | keys[1]
