"""One HTML file that holds all it shows, asks nobody for anything, and is small enough to mail."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from somos_social.core.campaign import deliveries
from somos_social.core.clearance import unapproved, unconsenting
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Policy
from somos_social.core.model.post import Post
from somos_social.core.people import Said
from somos_social.errors import UsageError
from somos_social.media import Progress
from somos_social.preview import dates
from somos_social.preview.album import Album
from somos_social.preview.looks import Described, Look, described, looks
from somos_social.preview.rendering import environment
from somos_social.preview.words import LANGUAGES, WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_BYTES = 10 * 1024 * 1024
"""Of the pictures as they stand in the file: what a mail takes, with room for its own encoding."""

POLICY = (
    "default-src 'none'; img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
)

MARK = b"<!doctype html>\n<!-- somos preview -->\n"
"""How such a file begins: one that does may be replaced by the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The file, how many posts and pictures are in it, and how many pictures found no room.

    `pixels` is how long the longer side of a picture is at most.
    """

    html: bytes
    posts: int
    pictures: int
    pixels: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One post of the page.

    `missing` are the organisations whose yes is missing, and whether each gave one before an edit;
    None where nobody knows. `unconsenting` stand for people whose consent does not allow it.
    """

    post: Post
    anchor: str
    looks: list[Look]
    described: list[Described]
    missing: Mapping[str, bool] | None
    unconsenting: Sequence[str]


Asks = Callable[[Sequence[Delivery]], Said | None]
"""What people have said of these deliveries so far; None where nobody knows."""


def page(
    campaign: Campaign,
    *,
    media_root: Path,
    made_at: datetime,
    post: str | None = None,
    asks: Asks | None = None,
    progress: Progress = lambda *_: None,
    most_bytes: int = MOST_BYTES,
) -> Page:
    """All posts of a campaign, or one, as each network shows them; renditions are made already.

    Raises UsageError for a post that is not there, InvalidFiles for files that cannot be shown.
    """
    by_post = _by_post(campaign, post)
    wanted = [delivery for found in by_post.values() for delivery in found]
    said = asks(wanted) if asks else None
    album = Album(media_root, wanted, most_bytes=most_bytes, progress=progress)
    sheets = [
        _sheet(number, each, by_post[each.key], album, said, made_at)
        for number, each in enumerate(campaign.posts)
        if each.key in by_post
    ]
    style = _style()
    html = (
        _templates()
        .get_template("page.html")
        .render(
            campaign=campaign,
            zone=ZoneInfo(campaign.timezone),
            made_at=made_at,
            sheets=sheets,
            style=style,
            policy=POLICY.format(
                base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            ),
        )
    )
    return Page(
        html=MARK + html.encode(),
        posts=len(sheets),
        pictures=len(album),
        pixels=album.size.most,
        left_out=album.left_out,
    )


def _by_post(campaign: Campaign, post: str | None) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for delivery in deliveries(campaign, Policy()):
        if post in (None, delivery.post):
            found.setdefault(delivery.post, []).append(delivery)
    if post is not None and not found:
        names = ", ".join(each.key for each in campaign.posts) or "none"
        raise UsageError(f"The campaign has no post {post!r}. Its posts: {names}.")
    return found


def _sheet(
    number: int,
    post: Post,
    found: Sequence[Delivery],
    album: Album,
    said: Said | None,
    now: datetime,
) -> Sheet:
    missing: dict[str, bool] = {}
    lacking: list[str] = []
    if said is not None:
        for delivery in found:
            for organisation, before in unapproved(delivery, said).items():
                missing[organisation] = before or missing.get(organisation, False)
            lacking += unconsenting(delivery, said, now)
    seen = looks(found, album.shows)
    return Sheet(
        post=post,
        anchor=f"post-{number}",
        looks=seen,
        described=described(seen),
        missing=None if said is None else missing,
        unconsenting=list(dict.fromkeys(lacking)),
    )


@cache
def _style() -> Any:
    from markupsafe import Markup

    folder = files("somos_social.preview") / "static"
    return Markup("".join((folder / name).read_text("utf-8") for name in ("looks.css", "page.css")))  # noqa: S704 - our own


@cache
def _templates() -> "Environment":
    """Each word stands there in every language; the page shows one of them without a script."""
    from markupsafe import Markup

    def both(said: Callable[[str], str]) -> Markup:
        spans = [
            Markup('<span class="in-{0}" lang="{0}">{1}</span>').format(language, said(language))
            for language in LANGUAGES
        ]
        return Markup("").join(spans)

    def says(key: str) -> Markup:
        return both(lambda language: WORDS[key][LANGUAGES.index(language)])

    def when(moment: datetime, zone: ZoneInfo) -> Markup:
        return both(lambda language: dates.moment(moment, zone, language))

    made = environment("somos_social.preview")
    made.globals.update(
        says=says, when=when, word=lambda key: " / ".join(dict.fromkeys(WORDS[key]))
    )
    return made
