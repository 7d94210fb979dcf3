"""The report for donors and leads: the same facts as one web page and as a PDF."""

from somos_social.report.album import Pictures
from somos_social.report.html import MARK, as_html
from somos_social.report.pages import page
from somos_social.report.pdf import as_pdf

__all__ = ["MARK", "Pictures", "as_html", "as_pdf", "page"]
