"""What is sound but hardly meant, as people and programs are told of it; it blocks nothing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from somos_social.core.clashes import Clash


def documents(found: "Sequence[Clash]", files: "Mapping[str, Path]") -> list[dict[str, Any]]:
    """For JSON; `files` are those of the campaigns."""
    return [
        {
            "file": str(files.get(each.campaign, f"{each.campaign}.toml")),
            "key": each.key,
            "problem": each.problem,
            "hint": each.hint,
            "rule": each.rule.value,
        }
        for each in found
    ]


def tell(warnings: Sequence[Mapping[str, Any]]) -> None:
    """Under the file they stand in, with what to do, on standard error."""
    from somos_social.cli import rendering

    for file in dict.fromkeys(each["file"] for each in warnings):
        theirs = [each for each in warnings if each["file"] == file]
        rendering.note(f"{rendering.counted(len(theirs), 'warning')} of {file}:")
        for each in theirs:
            rendering.note(f"  {each['key']}: {each['problem']} ({each['rule']})")
            rendering.note(f"      {each['hint']}")
