"""HTML in which no text of a file, a network or a person acts, hides or turns around."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jinja2 import Environment

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""What nobody sees and what turns the direction of reading; joiners make letters and emoji."""


def visible(value: Any) -> Any:
    """A text with everything in it that is hidden; what is HTML already stays as it is."""
    if type(value) is not str:
        return "" if value is None else value
    return HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)


def environment(package: str) -> "Environment":
    """Templates of this package, beside those of the looks. All is escaped, nothing undefined.

    Whoever uses the looks adds how their words are written: `says`, `word` for an attribute, and
    `when` for a moment.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    packages = dict.fromkeys((package, "somos_social.preview"))
    made = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["host"] = host
    made.filters["link"] = link
    return made


def host(url: str) -> str:
    """Where an address leads, as a card shows it."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def link(url: str | None) -> str:
    """The address, if it is one of the web that may be followed; else nothing."""
    return url if url and re.match(r"https?://[^\s]+\Z", url) else ""
