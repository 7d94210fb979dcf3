"""A report as one HTML file that needs no script and asks nobody for anything."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from somos_social.preview import environment
from somos_social.report.pages import Bars, Block, Facts, Page, Posts, Table, Text

if TYPE_CHECKING:
    from jinja2 import Environment

MARK = b"<!doctype html>\n<!-- somos report -->\n"

POLICY = (
    "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
)

_KINDS: dict[type[Block], str] = {
    Text: "text",
    Facts: "facts",
    Table: "table",
    Bars: "bars",
    Posts: "posts",
}


def as_html(page: Page) -> bytes:
    """All of the page; its pictures are in it, and no text of it can act."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    html = _templates().get_template("report.html")
    return MARK + html.render(page=page, style=style, policy=POLICY.format(digest)).encode()


@cache
def _style() -> Any:
    from markupsafe import Markup

    style = files("somos_social.report") / "static" / "report.css"
    return Markup(style.read_text("utf-8"))  # noqa: S704 - our own


@cache
def _templates() -> "Environment":
    made = environment("somos_social.report")
    made.filters["kind"] = lambda block: _KINDS[type(block)]
    made.filters["base64"] = lambda data: base64.b64encode(data).decode()
    return made
