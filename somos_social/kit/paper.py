"""Sheets of A4 to write on, in letters that are part of this program."""

from collections.abc import Container
from datetime import datetime
from pathlib import Path

_FONTS = Path(__file__).with_name("fonts")
_FAMILY = "DejaVu"
_UNKNOWN = "\ufffd"

TEAL, GREY, INK, BLUE, RED = (11, 122, 117), (85, 85, 85), (29, 29, 31), (0, 98, 159), (160, 30, 25)
Colour = tuple[int, int, int]

LINE = 5.6
TEXT = 10


class Paper:
    """A document under way. `lacked` says that it holds signs for which the font has no letter.

    Those stand there by their names, in `language`.
    """

    def __init__(self, *, title: str, language: str, made_at: datetime) -> None:
        from fpdf import FPDF

        pdf = FPDF(format="A4")
        pdf.set_creation_date(made_at)
        pdf.set_title(title)
        pdf.set_lang(language)
        pdf.set_auto_page_break(True, margin=18)
        pdf.set_margins(18, 18)
        pdf.add_font(_FAMILY, "", str(_FONTS / "DejaVuSans.ttf"))
        pdf.add_font(_FAMILY, "B", str(_FONTS / "DejaVuSans-Bold.ttf"))
        pdf.add_page()
        self.pdf = pdf
        self.lacked = False
        self._language = language
        self.font(TEXT)
        self._letters: Container[int] = pdf.current_font.cmap  # type: ignore[union-attr]  # ours

    def content(self) -> bytes:
        return bytes(self.pdf.output())

    def font(self, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        self.pdf.set_font(_FAMILY, "B" if bold else "", size)
        self.pdf.set_text_color(*colour)

    def line(
        self,
        text: str,
        *,
        size: int = TEXT,
        bold: bool = False,
        colour: Colour = INK,
        indent: float = 0,
        link: str = "",
    ) -> None:
        """A paragraph below what is there already; with a `link`, it leads there."""
        self.font(size, bold=bold, colour=colour)
        pdf, height = self.pdf, LINE * size / TEXT
        pdf.set_x(pdf.l_margin + indent)
        text = self.spelt(text)
        if "\n" not in text and pdf.get_string_width(text) < pdf.epw - indent - 2 * pdf.c_margin:
            # Many times quicker than to look for where lines may be broken.
            pdf.cell(0, height, text, align="L", link=link, new_x="LMARGIN", new_y="NEXT")
            return
        pdf.multi_cell(0, height, text, align="L", link=link, new_x="LMARGIN", new_y="NEXT")

    def together(self, height: float) -> None:
        """What comes next, of so many millimetres, stands on one page."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def spelt(self, text: str) -> str:
        """The text in letters that the font has."""
        if self._has_all(text):
            return text
        import emoji

        self.lacked = True
        emoji.config.load_language(self._language)
        named = emoji.replace_emoji(text, self._named)
        return "".join(it if self._has_all(it) else _UNKNOWN for it in named)

    def _has_all(self, text: str) -> bool:
        return all(ord(letter) in self._letters or letter in "\n" for letter in text)

    def _named(self, sign: str, data: dict[str, str]) -> str:
        if self._has_all(sign):
            return sign
        name = data.get(self._language) or data.get("en") or ""
        return f"[{name.strip(':').replace('_', ' ')}]"
