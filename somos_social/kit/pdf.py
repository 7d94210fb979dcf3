"""The page of a kit as a PDF that can be printed; the same page makes the same bytes."""

from collections.abc import Container
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from somos_social.kit.pages import Block, Facts, Items, Page, Quote, Shown, Text

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS = Path(__file__).with_name("fonts")
_FAMILY = "DejaVu"
_TEAL, _GREY, _INK = (11, 122, 117), (85, 85, 85), (29, 29, 31)
_LINE = 5.6
_TEXT = 10
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""A PDF must name a day on which it was made, and the same kit is to have the same bytes."""

_UNKNOWN = "\ufffd"
_ELSEWHERE = (
    "Este PDF no tiene letras para todos los signos del material: los emojis van con su nombre "
    "entre corchetes. Están tal cual en kit.html y en los archivos de texto."
)


def as_pdf(page: Page) -> bytes:
    """All of the page. What the font has no letter for stands there by its name."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_creation_date(_ANY_DAY)
    pdf.set_title(page.title)
    pdf.set_lang("es")
    pdf.set_auto_page_break(True, margin=18)
    pdf.set_margins(18, 18)
    pdf.add_font(_FAMILY, "", str(_FONTS / "DejaVuSans.ttf"))
    pdf.add_font(_FAMILY, "B", str(_FONTS / "DejaVuSans-Bold.ttf"))
    pdf.add_page()
    pdf.set_font(_FAMILY, size=_TEXT)
    writing = _Writing(pdf, pdf.current_font.cmap)  # type: ignore[union-attr]  # it is ours
    writing.page(page)
    return bytes(pdf.output())


class _Writing:
    """Writes one block below the other."""

    def __init__(self, pdf: "FPDF", letters: Container[int]) -> None:
        self._pdf = pdf
        self._letters = letters
        self._lacked = False

    def page(self, page: Page) -> None:
        self._line(page.title, size=18, bold=True)
        self._line(page.subtitle, size=12, colour=_GREY)
        for section in page.sections:
            self._pdf.ln(3)
            # A heading never stands alone at the foot of a page.
            if self._pdf.will_page_break(4 * _LINE):
                self._pdf.add_page()
            self._line(section.title, size=13, bold=True, colour=_TEAL)
            for block in section.blocks:
                self._block(block)
        if self._lacked:
            self._pdf.ln(3)
            self._line(_ELSEWHERE, size=8, colour=_GREY)

    def _block(self, block: Block) -> None:
        match block:
            case Text(text):
                self._line(text)
            case Facts(facts):
                self._facts(facts)
            case Items(items):
                for item in items:
                    self._line(f"• {item}", indent=3)
            case Quote(title, text, note):
                self._line(title, bold=True)
                self._line(note, size=8, colour=_GREY)
                self._line(text, indent=4)
            case Shown(piece, facts):
                self._line(piece.name, bold=True)
                if piece.preview:
                    self._pdf.image(BytesIO(piece.preview), h=32)
                self._facts(facts)
            case _:  # pragma: no cover
                assert_never(block)
        self._pdf.ln(1)

    def _facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        for name, value in facts:
            self._line(name, size=8, colour=_GREY)
            self._line(value, indent=3)

    def _line(
        self,
        text: str,
        *,
        size: int = _TEXT,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
        indent: float = 0,
    ) -> None:
        pdf = self._pdf
        pdf.set_font(_FAMILY, "B" if bold else "", size)
        pdf.set_text_color(*colour)
        pdf.set_x(pdf.l_margin + indent)
        height = _LINE * size / _TEXT
        pdf.multi_cell(0, height, self._spelt(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def _spelt(self, text: str) -> str:
        """The text in letters that the font has."""
        if self._has_all(text):
            return text
        import emoji

        self._lacked = True
        emoji.config.load_language("es")
        named = emoji.replace_emoji(text, self._named)
        return "".join(it if self._has_all(it) else _UNKNOWN for it in named)

    def _has_all(self, text: str) -> bool:
        return all(ord(letter) in self._letters or letter in "\n" for letter in text)

    def _named(self, sign: str, data: dict[str, str]) -> str:
        if self._has_all(sign):
            return sign
        name = data.get("es") or data.get("en") or ""
        return f"[{name.strip(':').replace('_', ' ')}]"
