"""The pages of the documentation as tests read them: links, headings, and what stands in fences."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The page without what stands in fences."""
    return FENCE.sub("", text_of(page))


def fences(text: str, language: str) -> list[str]:
    """What stands in the fences of a language, in their order."""
    return [body for _, found, body in FENCE.findall(text) if found == language]


def links(page: Path) -> list[str]:
    """Where its links and pictures lead, those in `code` left out."""
    words = re.sub(r"`[^`\n]*`", "", prose(page))
    return re.findall(r"\]\(([^)\s]+)\)", words)


def anchors(page: Path) -> set[str]:
    """The headings as GitHub names them in addresses."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        again = (f"{plain}-{number}" for number in range(1, 100))
        found.add(plain if plain not in found else next(it for it in again if it not in found))
    return found


def section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next one of its rank or a higher one."""
    rank = len(heading) - len(heading.lstrip("#"))
    _, found, rest = f"\n{text_of(page)}".partition(f"\n{heading}\n")
    assert found, f"{name_of(page)} has no {heading}"
    return re.split(rf"^#{{1,{rank}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def lines(script: str) -> Iterator[str]:
    """The commands of a shell script, each with all its lines: a here-document, a broken line."""
    taken: list[str] = []
    end = None
    for line in script.splitlines():
        taken.append(line)
        if end is None and (here := re.search(r"<<(\w+)", line)):
            end = here[1]
        elif end is None or line == end:
            end = None
        if end is None and not line.endswith("\\"):
            command = "\n".join(taken)
            taken = []
            if command.strip() and not command.lstrip().startswith("#"):
                yield command
