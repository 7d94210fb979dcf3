"""The page of a kit as a PDF that can be printed; the same page makes the same bytes."""

from datetime import UTC, datetime
from io import BytesIO
from typing import assert_never

from somos_social.kit.pages import Block, Facts, Items, Page, Quote, Shown, Text
from somos_social.kit.paper import GREY, LINE, TEAL, Paper

_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""A PDF must name a day on which it was made, and the same kit is to have the same bytes."""

_ELSEWHERE = (
    "Este PDF no tiene letras para todos los signos del material: los emojis van con su nombre "
    "entre corchetes. Están tal cual en kit.html y en los archivos de texto."
)


def as_pdf(page: Page) -> bytes:
    """All of the page. What the font has no letter for stands there by its name."""
    paper = Paper(title=page.title, language="es", made_at=_ANY_DAY)
    _Writing(paper).page(page)
    return paper.content()


class _Writing:
    """Writes one block below the other."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    def page(self, page: Page) -> None:
        paper = self._paper
        paper.line(page.title, size=18, bold=True)
        paper.line(page.subtitle, size=12, colour=GREY)
        for section in page.sections:
            paper.pdf.ln(3)
            # A heading never stands alone at the foot of a page.
            paper.together(4 * LINE)
            paper.line(section.title, size=13, bold=True, colour=TEAL)
            for block in section.blocks:
                self._block(block)
        if paper.lacked:
            paper.pdf.ln(3)
            paper.line(_ELSEWHERE, size=8, colour=GREY)

    def _block(self, block: Block) -> None:
        line = self._paper.line
        match block:
            case Text(text):
                line(text)
            case Facts(facts):
                self._facts(facts)
            case Items(items):
                for item in items:
                    line(f"• {item}", indent=3)
            case Quote(title, text, note):
                line(title, bold=True)
                line(note, size=8, colour=GREY)
                line(text, indent=4)
            case Shown(piece, facts):
                line(piece.name, bold=True)
                if piece.preview:
                    self._paper.pdf.image(BytesIO(piece.preview), h=32)
                self._facts(facts)
            case _:  # pragma: no cover
                assert_never(block)
        self._paper.pdf.ln(1)

    def _facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        for name, value in facts:
            self._paper.line(name, size=8, colour=GREY)
            self._paper.line(value, indent=3)
