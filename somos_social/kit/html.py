"""The page of a kit as one HTML file that needs nothing else, and in which no text can act."""

from base64 import b64encode

from somos_social.kit.pages import Facts, Items, Page, Quote, Shown, Text

_KINDS = {Text: "text", Facts: "facts", Items: "items", Quote: "quote", Shown: "shown"}


def as_html(page: Page) -> str:
    """All of the page; pictures are in it, and nothing is fetched."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    # Every value is escaped: briefs and captions are foreign text.
    environment = Environment(
        loader=PackageLoader("somos_social.kit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["kind"] = lambda block: _KINDS[type(block)]
    environment.filters["base64"] = lambda data: b64encode(data).decode()
    return environment.get_template("kit.html").render(page=page)
