"""The channels as people see them: one page per channel in the manner of its network."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from somos_social.sandbox import links, probe
from somos_social.sandbox.world import Account, PublicPost, ReceivedMedia, World

CONTENT_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)
STYLE = Path(__file__).parent / "templates" / "feeds.css"
PAGES = Environment(
    loader=PackageLoader("somos_social.sandbox"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

MARKED = re.compile(r"(https?://\S+|(?<!\w)[#@]\w+)")


def marked(text: str) -> Markup:
    """`text` escaped, with its links, hashtags and mentions set off."""
    parts = MARKED.split(text)
    return Markup("").join(
        Markup("<b>{}</b>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


PAGES.filters["marked"] = marked
PAGES.filters["host"] = lambda url: urlsplit(url).hostname or url


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages find each other, their style and their media."""

    home: str
    style: str
    feed: Callable[[Account], str]
    media: Callable[[ReceivedMedia], str]


@dataclass(frozen=True, slots=True)
class Card:
    """A post with what answers it, oldest answer first."""

    post: PublicPost
    answers: list[PublicPost]


def cards(account: Account, posts: Sequence[PublicPost]) -> list[Card]:
    """The channel's posts, newest first; on X a reply is a card of its own."""
    own = [it for it in posts if (it.platform, it.handle) == (account.platform, account.handle)]
    return [
        Card(post, [it for it in own if it.parent_id == post.id and account.platform != "x"])
        for post in reversed(own)
        if post.parent_id is None or account.platform == "x"
    ]


def index_page(accounts: Sequence[Account], posts: Sequence[PublicPost], at: Addresses) -> str:
    """The page that leads to all channels."""
    channels = [(account, cards(account, posts)) for account in accounts]
    return PAGES.get_template("index.html").render(channels=channels, at=at)


def feed_page(account: Account, posts: Sequence[PublicPost], at: Addresses) -> str:
    """One channel's page."""
    template = PAGES.get_template(f"{account.platform}.html")
    return template.render(account=account, cards=cards(account, posts), at=at)


def _page(body: str) -> Response:
    return HTMLResponse(body, headers={"content-security-policy": CONTENT_POLICY})


def routes(world: World) -> list[Route]:
    """The pages on the sandbox's own server."""
    at = Addresses(
        home="/",
        style="/feeds.css",
        feed=lambda account: f"/feeds/{account.platform}/{account.handle}",
        media=lambda medium: links.received("", medium.bytes_path),
    )

    def posts() -> list[PublicPost]:
        world.settle()
        return list(world.feed.values())

    async def index(_: Request) -> Response:
        return _page(index_page(world.accounts, posts(), at))

    async def feed(request: Request) -> Response:
        wanted = (request.path_params["platform"], request.path_params["handle"])
        for account in world.accounts:
            if (account.platform, account.handle) == wanted:
                return _page(feed_page(account, posts(), at))
        return PlainTextResponse("No such channel.", 404)

    async def style(_: Request) -> Response:
        return FileResponse(STYLE, media_type="text/css")

    async def received(request: Request) -> Response:
        path = world.intake.directory / request.path_params["name"]
        if not path.is_file():
            return PlainTextResponse("No such file.", 404)
        return FileResponse(path, media_type=probe.media_type(path)[1])

    return [
        Route("/", index),
        Route("/feeds.css", style),
        Route("/feeds/{platform}/{handle}", feed),
        Route("/received/{name}", received),
    ]
