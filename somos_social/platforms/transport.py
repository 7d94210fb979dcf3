"""One HTTP session per channel: every call has a deadline, none is repeated, no secret shows."""

import logging
import re
import ssl
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, ReadTimeoutError

from somos_social.core.events import Unanswered, Unreachable
from somos_social.platforms.bounded import Bounded, TooLarge

LONGEST_CONNECT = timedelta(seconds=10)
"""How long a connection may take to open, and at most a quarter of the timeout; the rest is for
the answer, so that a call ends within its timeout."""

# These libraries write headers, addresses with tokens and signatures into their DEBUG records.
_TALKATIVE = (
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.signature",
    "requests_oauthlib.oauth1_auth",
    "tweepy.client",
    "urllib3.connectionpool",
)


def _worth_telling(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


for _name in _TALKATIVE:
    logging.getLogger(_name).addFilter(_worth_telling)


class NoAnswer(Exception):
    """A call that brought no answer; `event` says whether it can have arrived. Holds no secret."""

    def __init__(self, event: Unreachable | Unanswered) -> None:
        super().__init__(event.reason)
        self.event = event


class _Session(requests.Session):
    def __init__(self, timeout: timedelta, moved: Mapping[str, str]) -> None:
        super().__init__()
        # Without this a .netrc entry replaces our credentials and a proxy variable our route.
        self.trust_env = False
        connect = min(timeout / 4, LONGEST_CONNECT)
        self._timeout = (connect.total_seconds(), (timeout - connect).total_seconds())
        self._moved = moved

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Any:
        address = url.decode() if isinstance(url, bytes) else url
        for old, new in self._moved.items():
            if address.startswith(f"{old}/"):
                address = new + address[len(old) :]
        return super().request(method, address, *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        # A redirected POST becomes a GET that succeeds: a "yes" to something never asked.
        kwargs["allow_redirects"] = False
        return super().send(request, **kwargs)


class _Elsewhere(Bounded):
    """Sends what is meant for `origin` to `target`; all that was signed stays as it was signed."""

    def __init__(self, origin: str, target: str) -> None:
        super().__init__()
        self._origin = origin
        self._target = target

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        moved = request.copy()
        moved.url = self._target + (request.url or "")[len(self._origin) :]
        return super().send(moved, *args, **kwargs)


def open_session(
    *, timeout: timedelta, rebase: Mapping[str, str], moved: Mapping[str, str] | None = None
) -> requests.Session:
    """A session whose every call ends: `timeout` bounds the wait for the whole of an answer.

    Redirects are not followed, nothing is retried, the environment is not read. `rebase` maps an
    origin ("https://host") to the address that answers in its place, after signing; `moved` maps an
    origin to the one it really has today, before signing.
    """
    session = _Session(timeout, moved or {})
    for scheme in ("https://", "http://"):
        session.mount(scheme, Bounded())
    for origin, target in rebase.items():
        start = origin.rstrip("/")
        session.mount(f"{start}/", _Elsewhere(start, target.rstrip("/")))
    return session


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """The failure and everything it wraps, as requests and urllib3 nest them."""
    while exc is not None:
        yield exc
        if isinstance(exc, MaxRetryError):
            exc = exc.reason
        else:
            exc = next((arg for arg in exc.args if isinstance(arg, BaseException)), None)


_NEVER_SENT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.ConnectTimeout,
    ConnectTimeoutError,  # of refused connections and unknown hosts, too
    ssl.SSLCertVerificationError,
)


def translate(exc: requests.RequestException, *, to: str) -> Unreachable | Unanswered:
    """What a failed call to the network named `to` proves.

    Unreachable only where no byte of the request can have left: an unknown host, a refused or
    timed-out connection, a certificate that is not theirs. The libraries' own words are not
    repeated: they hold addresses, and those hold tokens.
    """
    causes = tuple(_causes(exc))
    if any(isinstance(cause, _NEVER_SENT) for cause in causes):
        return Unreachable(f"{to} cannot be reached: no connection could be opened.")
    late = any(isinstance(cause, ReadTimeoutError) for cause in causes)
    if late or isinstance(exc, requests.exceptions.Timeout):
        return Unanswered(f"{to} did not answer in time.")
    if isinstance(exc, requests.exceptions.JSONDecodeError):
        return Unanswered(f"{to} answered with something that is not JSON.")
    if isinstance(exc, TooLarge):
        return Unanswered(f"{to}'s answer was too large to be read.")
    return Unanswered(f"{to} broke the connection before its answer was complete.")


_SPOKEN = re.compile(
    r"(?P<label>\b(?:access_token|oauth_token|oauth_signature|appsecret_proof"
    r"|X-Amz-Signature|X-Amz-Credential)[\"']?\s*[=:]\s*[\"']?)"
    r"[^&\s\"',}]+"
    r"|(?P<scheme>\b(?:Bearer|OAuth)\s+)[^\s\"',]{20,}",
    re.IGNORECASE,
)


def redacted(text: str, secrets: Collection[str]) -> str:
    """`text` without the secrets, plain or as written in a URL, and without any labelled token."""
    spellings = {
        spelling
        for secret in secrets
        if secret
        for spelling in (secret, quote(secret, safe=""), quote(secret), quote_plus(secret))
    }
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, "***")
    return _SPOKEN.sub(lambda match: f"{match['label'] or match['scheme']}***", text)
