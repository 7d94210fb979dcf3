"""Who may ask for what, how often and from where; and what no browser may do with the answer."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import Signer
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from somos_social.board.halting import Halt

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # A form that is sent must say where it comes from; nothing is said to others.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

A_YEAR = 365 * 24 * 60 * 60
MOST_OF_A_FORM = 256 * 1024
"""Bytes; a comment is the longest thing that is ever sent."""

MOST_FIELDS = 500

DOORS = parse("20/minute")
"""Of one address: looks at a personal link, and uses of one."""

STRANGERS = parse("120/minute")
"""Of one address: requests of someone who has not come in."""

WORDS = parse("60/minute")
"""Of one guest: whatever is written."""

KITS = parse("12/minute")
"""Of one guest: kits, each of which is made anew."""


class Guard:
    """What is asked of every request before a page sees it. Counts in this process alone."""

    def __init__(self, *, key: str, public_url: str | None, host: str) -> None:
        self._signer = Signer(key, salt="form", digest_method=hashlib.sha256)
        self._public_url = public_url
        self._hosts = {"localhost", "127.0.0.1", "::1", host.strip("[]")}
        if public_url:
            self._hosts.add(urlsplit(public_url).hostname or "")
        self._any_host = not public_url and host in ("0.0.0.0", "::", "")  # noqa: S104 - asked, not bound
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS."""
        return bool(self._public_url and self._public_url.startswith("https:"))

    def token(self, of: str) -> str:
        """What a form must hold that was given to whoever keeps `of`."""
        return self._signer.get_signature(of).decode()

    def count(self, rule: Any, name: str, whose: str) -> None:
        """Raises Halt when there were too many."""
        if not self._counts.hit(rule, name, whose):
            raise Halt(429)

    def check_host(self, request: Request) -> None:
        """Raises Halt for a name that is not ours: another site may have made it lead here."""
        try:
            name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        except ValueError:
            raise Halt(400, "wrong-host") from None
        if not self._any_host and name not in self._hosts:
            raise Halt(400, "wrong-host")

    def check_form(self, request: Request, form: Mapping[str, Any], of: str | None) -> None:
        """Raises Halt unless the form is one of ours, given to whoever sends it."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Halt(403, "not-our-form")
        origin = request.headers.get("origin")
        host = request.headers.get("host")
        ours = origin in (self._public_url, f"http://{host}", f"https://{host}")
        if origin is not None and not ours:
            raise Halt(403, "not-our-form")
        token = str(form.get("token", ""))
        if of is None or not self._signer.verify_signature(of, token.encode("utf-8", "replace")):
            raise Halt(403, "not-our-form")


class Headers:
    """Adds to every answer what keeps browsers from doing anything else with it."""

    def __init__(self, app: ASGIApp, *, is_secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if is_secure:
            self._headers["strict-transport-security"] = f"max-age={A_YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get("content-security-policy", "")
                for name, value in self._headers.items():
                    headers[name] = value
                if own.startswith("sandbox;"):
                    # Allows even less than ours.
                    headers["content-security-policy"] = own
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


async def form_of(request: Request) -> Mapping[str, Any]:
    """The fields of a form. Raises Halt for anything else, and for what is too large."""
    length = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not length.isdecimal() or kind != "application/x-www-form-urlencoded":
        raise Halt(400, "no-form")
    if int(length) > MOST_OF_A_FORM:
        raise Halt(413)
    return await request.form(max_files=0, max_fields=MOST_FIELDS)
