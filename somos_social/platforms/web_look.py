"""Looks at a public page as anybody could: no cookies, no secrets, little time, few bytes.

The address comes from people outside. It is never followed into this machine or its own network,
not by a redirect and not by a name that leads there.
"""

from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from somos_social.document import Unfit, url
from somos_social.platforms.bounded import Outward
from somos_social.platforms.looking import Gone, Seen, Unseen
from somos_social.platforms.transport import open_session, translate

MOST_REDIRECTS = 5
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")

_SHY = (
    "facebook.com", "fb.watch", "instagram.com", "linkedin.com", "threads.com", "threads.net",
    "tiktok.com", "twitch.tv", "whatsapp.com", "x.com", "youtu.be", "youtube.com", "t.me",
)  # fmt: skip
"""Networks that show strangers a login or a part of a post: what is not seen may be there."""

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
        "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
        "p", "pre", "section", "table", "td", "th", "title", "tr", "ul",
    }
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_SPOKEN = frozenset({"description", "og:description", "og:title", "twitter:description"})


class WebPages:
    """The contract of `Looker` for any page of the web. `rebase` is as in the config."""

    def __init__(self, *, timeout: timedelta, rebase: Mapping[str, str]) -> None:
        self._timeout = timeout
        self._rebase = rebase

    def look(self, url: str) -> Seen:
        page = self._fetched(url)
        host = urlsplit(url).hostname or ""
        is_shy = any(host == it or host.endswith(f".{it}") for it in _SHY)
        return Seen(text=_text_of(page), how="the public page", is_whole=not is_shy)

    def _fetched(self, address: str) -> requests.Response:
        # Each look is a stranger's: nothing is carried from one page to another.
        with open_session(timeout=self._timeout, rebase=self._rebase) as session:
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            for scheme in ("https://", "http://"):
                session.mount(scheme, Outward())
            for _ in range(MOST_REDIRECTS + 1):
                answer = _asked(session, address)
                if not answer.is_redirect:
                    return _read(answer)
                address = urljoin(address, answer.headers["Location"])
        raise Unseen("It leads from one page to another without end.")


def _asked(session: requests.Session, address: str) -> requests.Response:
    try:
        return session.get(url(address), headers={"Accept": "text/html"})
    except Unfit as unfit:
        raise Unseen(f"It leads to what {unfit.problem}") from None
    except requests.RequestException as error:
        raise Unseen(translate(error, to="The page").reason) from None


def _read(answer: requests.Response) -> requests.Response:
    if answer.status_code in (404, 410):
        raise Gone(f"The page is not there: it answers {answer.status_code}.")
    if answer.status_code != 200:
        raise Unseen(f"The page does not show itself: it answers {answer.status_code}.")
    mime = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if mime not in _PAGES:
        raise Unseen("It is no page that can be read.")
    return answer


def _text_of(answer: requests.Response) -> str:
    if "charset" not in answer.headers.get("Content-Type", "").lower():
        answer.encoding = "utf-8"
    reading = _Reading()
    reading.feed(answer.text)
    reading.close()
    return "".join(reading.parts)


class _Reading(HTMLParser):
    """What people can read of a page, and what it says of itself to those who share it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        about: dict[str, Any] = dict(attrs)
        if tag == "meta" and (about.get("property") or about.get("name")) in _SPOKEN:
            self.parts.append(f"\n{about.get('content') or ''}\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(self._hidden - 1, 0)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
