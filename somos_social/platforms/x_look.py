"""Looks at one post on X by the API, whoever has posted it."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

from somos_social.platforms.answers import inner, items, text
from somos_social.platforms.looking import Gone, Seen, Unseen
from somos_social.platforms.transport import NoAnswer
from somos_social.platforms.x_client import XClient
from somos_social.platforms.x_errors import XError

_HOSTS = {"x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com",
          "mobile.twitter.com"}  # fmt: skip
_PATH = re.compile(r"/(?:i/web|[A-Za-z0-9_]{1,15})/status/([0-9]{1,19})(?:/.*)?")
_FIELDS = ["note_tweet", "entities", "paid_partnership"]


def is_on_x(url: str) -> bool:
    """Whether the address is one of X's."""
    return (urlsplit(url).hostname or "") in _HOSTS


def post_id(url: str) -> str | None:
    """The post that an address of X names; None where it names none."""
    found = _PATH.fullmatch(urlsplit(url).path)
    return found[1] if found and is_on_x(url) else None


def look_at(client: XClient, url: str) -> Seen:
    """Raises Unseen and Gone."""
    number = post_id(url)
    if number is None:
        raise Unseen("The address names no post of X.")
    try:
        answer = client.ask(
            lambda tweepy: tweepy.get_tweet(
                number,
                user_auth=True,
                tweet_fields=_FIELDS,
                expansions=["author_id"],
                user_fields=["username"],
            )
        )
    except NoAnswer as error:
        raise Unseen(error.event.reason) from None
    except XError as error:
        if error.status == 404:
            raise Gone(f"X says that nothing is there: {error.message}") from None
        raise Unseen(f"X does not let us look: {error.message}") from None
    return _seen(answer)


def _seen(answer: dict[str, Any]) -> Seen:
    post = inner(answer, "data")
    if not text(post, "id"):
        said = [text(it, "type") for it in items(answer, "errors")]
        if any(it.endswith("resource-not-found") for it in said):
            raise Gone("X says that nothing is there.")
        raise Unseen("X does not let us look at it.")
    note = inner(post, "note_tweet")
    authors = [text(it, "username") for it in items(inner(answer, "includes"), "users")]
    return Seen(
        text=html.unescape(text(note, "text") or text(post, "text")),
        how="X's API",
        author=next(filter(None, authors), ""),
        is_labelled=post.get("paid_partnership") is True,
    )
