"""A report as a PDF, with the same facts and the same bars as the web page."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import assert_never

from somos_social.kit.paper import BLUE, GREY, LINE, RED, Paper
from somos_social.preview.rendering import link, visible
from somos_social.report.pages import Bars, Block, Facts, Page, Posts, Shown, Table, Text

_BAR = 84
"""Millimetres of the longest bar."""
_PICTURE = 18
_GAP, _WIDEST = 3.0, 62.0
"""Between the columns of a table, and of a column at most, where its words are long."""
_RULE = (205, 213, 221)


def as_pdf(page: Page, *, made_at: datetime) -> bytes:
    """All of the page. What the font has no letter for stands there by its name."""
    paper = Paper(title=f"{page.eyebrow}: {page.title}", language=page.language, made_at=made_at)
    _Writing(paper).page(page)
    return paper.content()


class _Writing:
    """Writes one block below the other."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    def page(self, page: Page) -> None:
        paper = self._paper
        paper.line(page.eyebrow, size=11, bold=True, colour=BLUE)
        paper.line(visible(page.title), size=20, bold=True)
        for name, value in page.facts:
            paper.line(f"{name}: {value}", size=9, colour=GREY)
        for section in page.sections:
            paper.pdf.ln(4)
            # A heading never stands alone at the foot of a page.
            paper.together(5 * LINE)
            paper.pdf.start_section(section.title)
            paper.line(section.title, size=14, bold=True, colour=BLUE)
            for block in section.blocks:
                if getattr(block, "caption", section.title) != section.title:
                    paper.line(getattr(block, "caption", ""), bold=True)
                self._block(block)
                paper.pdf.ln(1.5)
        if paper.lacked:
            paper.line(page.elsewhere, size=8, colour=GREY)

    def _block(self, block: Block) -> None:
        match block:
            case Text(text, warns):
                self._paper.line(text, size=9, bold=warns, colour=RED if warns else GREY)
            case Facts(facts):
                self._rows([(f"{name}:", value) for name, value in facts], (90, 84), head=False)
            case Table(_, heads, rows, numbers):
                self._rows([heads, *rows], self._widths([heads, *rows]), numbers=numbers)
            case Bars():
                self._bars(block)
            case Posts():
                self._posts(block)
            case _:  # pragma: no cover
                assert_never(block)

    def _rows(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        numbers: frozenset[int] = frozenset(),
        head: bool = True,
    ) -> None:
        from fpdf.enums import TableBordersLayout
        from fpdf.fonts import FontFace

        paper = self._paper
        paper.font(8)
        heading = FontFace(emphasis="BOLD", color=GREY)
        paper.pdf.set_draw_color(*_RULE)
        with paper.pdf.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            text_align=tuple("RIGHT" if it in numbers else "LEFT" for it in range(len(widths))),
            headings_style=heading,
            first_row_as_headings=head,
            line_height=4.4,
            padding=0.7,
        ) as table:
            for row in rows:
                table.row([paper.spelt(visible(cell)) for cell in row])

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """In millimetres: no word is broken that has room, and what is long gets what is left."""
        self._paper.font(8, bold=True)
        width = self._paper.pdf.get_string_width
        columns = [
            [self._paper.spelt(visible(cell)) for cell in column]
            for column in zip(*rows, strict=True)
        ]
        words = [max(width(word) for cell in it for word in ("", *cell.split())) for it in columns]
        least = [min(each + _GAP, _WIDEST) for each in words]
        wish = [max(map(width, it)) + _GAP - has for it, has in zip(columns, least, strict=True)]
        spare, wanted = max(self._paper.pdf.epw - sum(least), 0), sum(max(it, 0) for it in wish)
        share = min(spare / wanted, 1) if wanted else 0
        widths = [has + max(it, 0) * share for it, has in zip(wish, least, strict=True)]
        return [*widths[:-1], widths[-1] + max(self._paper.pdf.epw - sum(widths), 0)]

    def _bars(self, block: Bars) -> None:
        paper, pdf = self._paper, self._paper.pdf
        paper.together((len(block.rows[:12]) + 1) * LINE)
        for name, number, shown in block.rows:
            paper.together(LINE)
            paper.font(8)
            y = pdf.get_y()
            pdf.cell(58, LINE, _cut(paper.spelt(visible(name)), 40))
            pdf.cell(14, LINE, shown, align="R")
            if number:
                pdf.set_fill_color(*BLUE)
                pdf.rect(pdf.l_margin + 76, y + 1.2, _BAR * number / block.most, 3.2, style="F")
            pdf.ln(LINE)
        pdf.set_fill_color(255)

    def _posts(self, block: Posts) -> None:
        for post in block.posts:
            self._post(post)

    def _post(self, post: Shown) -> None:
        paper, pdf = self._paper, self._paper.pdf
        paper.together(max(_PICTURE + 2, (3 + len(post.places)) * 4.2))
        top, page, indent = pdf.get_y(), pdf.page, 0
        if post.picture:
            pdf.image(BytesIO(post.picture), x=pdf.l_margin, y=top, w=_PICTURE, h=_PICTURE,
                      keep_aspect_ratio=True, alt_text=visible(post.alt))  # fmt: skip
            indent = _PICTURE + 3
        paper.line(f"{post.due} · {visible(post.name)}", size=8, bold=True, indent=indent)
        if post.text:
            paper.line(visible(post.text), size=8, colour=GREY, indent=indent)
        for place in post.places:
            url = link(place.url)
            paper.line(place.words, size=8, indent=indent, link=url, colour=BLUE if url else GREY)
        if pdf.page == page:
            pdf.set_y(max(pdf.get_y(), top + (_PICTURE if post.picture else 0)))
        pdf.ln(1.5)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
