"""The page of a kit as plain text, for a message or a reader of screens."""

from collections.abc import Iterator
from typing import assert_never

from somos_social.kit.pages import Block, Facts, Items, Page, Quote, Shown, Text


def as_text(page: Page) -> str:
    """All of the page, with a line below each heading."""
    lines = [page.title, "=" * len(page.title), "", page.subtitle]
    for section in page.sections:
        lines += ["", "", section.title, "-" * len(section.title)]
        for block in section.blocks:
            lines += ["", *_lines(block)]
    return "\n".join(lines) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Text(text):
            yield text
        case Facts(facts):
            yield from (f"{name}: {value}" for name, value in facts)
        case Items(items):
            yield from (f"- {item}" for item in items)
        case Quote(title, text, note):
            yield f"{title}. {note}"
            yield from ("", text)
        case Shown(piece, facts):
            yield piece.name
            yield from (f"  {name}: {value}" for name, value in facts)
        case _:  # pragma: no cover
            assert_never(block)
