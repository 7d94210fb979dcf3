"""What an error of the X API means for a delivery, by where in its life the call stood.

Statuses and problem types: X's API description 2.167 and its pages on errors; old error numbers:
its page of response codes; the texts that X does not document are those that public clients have
logged.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from somos_social.core.events import (
    Blocked,
    Duplicate,
    Refused,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.platforms.answers import items, read, tellable, text
from somos_social.platforms.transport import NoAnswer, redacted

_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_PAUSE = timedelta(minutes=15)
"""X counts its limits in windows of 15 minutes."""
_MOMENT = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(days=1)
"""The longest window that X counts in; a longer pause is a mistake, or meant to silence us."""

_SETTINGS = {
    "client-forbidden",
    "client-not-enrolled",
    "oauth1-permissions",
    "unsupported-authentication",
}
"""Problem types of a 403 that speak of the app's settings and not of the post."""

_LOCKED = {63, 64, 326}
"""Suspended, suspended, locked until a person logs in: nothing of this account can go out."""
_DAILY_LIMIT = 185
_AUTOMATED = 226
"""X takes it for a machine's: whoever goes on asking is locked."""
_REST = timedelta(hours=1)
"""X counts its daily limit of posts in parts of half an hour."""

_NOT_YET_VISIBLE = 385
"""The post to reply to was made a moment ago and is not there for everybody yet."""


class XError(Exception):
    """An answer that is not a yes. Holds no secret.

    `status` is HTTP's, `kind` the last part of the problem's type, `codes` X's old error numbers,
    `until` when an exhausted limit begins anew, `explained` whether the body is X's own.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        kind: str = "",
        codes: Collection[int] = (),
        until: datetime | None = None,
        explained: bool = True,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.codes = frozenset(codes)
        self.until = until
        self.explained = explained

    @property
    def is_duplicate(self) -> bool:
        """Whether X says that the very text is there already."""
        return "duplicate" in self.message.lower() or 187 in self.codes

    @property
    def is_of_media(self) -> bool:
        """Whether X does not take the media that the post is to show."""
        return "media ids" in self.message.lower() or 324 in self.codes


def error_in(response: requests.Response, secrets: Collection[str]) -> XError:
    """The error that an answer without a yes carries, whatever its body looks like."""
    try:
        body = read(response)
    except ValueError:
        body = None
    body = body if isinstance(body, dict) else {}
    errors = list(items(body, "errors"))
    words = [text(it, "message") or text(it, "detail") for it in (errors or [body])]
    message = " ".join(filter(None, words)) or text(body, "title") or response.reason
    return XError(
        tellable(redacted(message, secrets)),
        status=response.status_code,
        kind=text(body, "type").rstrip("/").rpartition("/")[2],
        codes=[it["code"] for it in errors if isinstance(it.get("code"), int)],
        until=_until(response.headers),
        explained=bool(body),
    )


def on_visible_call(
    error: XError | NoAnswer, now: datetime
) -> Refused | Throttled | Blocked | Unanswered | Duplicate | Unreachable:
    """After the irrevocable call: whatever is not surely a no is Unanswered."""
    if isinstance(error, NoAnswer):
        return error.event
    if error.is_duplicate and error.status < 500:
        return Duplicate(f"X says this text is already there: {error.message}")
    if error.status == 403 and _is_too_early(error):
        return Unreachable(f"X does not show the post to reply to yet: {error.message}")
    if error.status == 403 and _is_wary(error):
        return Unanswered(_unclear(error), rest_until=now + _REST)
    return _known(error, now) or Unanswered(_unclear(error))


def on_scaffolding(
    error: XError | NoAnswer, now: datetime
) -> Refused | Throttled | Blocked | Unanswered | Unreachable:
    """After a call that nobody can see: what may go better next time is Unanswered."""
    if isinstance(error, NoAnswer):
        return error.event
    if error.status == 413:
        return Refused(f"X does not take a file of this size: {error.message}")
    return _known(error, now) or Unanswered(_unclear(error))


def on_look(error: XError | NoAnswer, now: datetime) -> Unread | Unknowable | Throttled | Blocked:
    """After a failed look: it says nothing about what is public."""
    if isinstance(error, NoAnswer):
        return Unread(error.event.reason)
    of_account = _of_the_account(error, now)
    if error.status in {402, 403} and of_account is None:
        return Unknowable(f"X does not let this app read the account's posts: {error.message}")
    match of_account or _known(error, now):
        case Throttled() | Blocked() as event:
            return event
    return Unread(_unclear(error))


def _known(error: XError, now: datetime) -> Refused | Throttled | Blocked | None:
    """The answers that are surely a no."""
    match error.status:
        case 400 | 403 if not error.explained:
            # Not X's own words: something on the way may have said it, after X had done it.
            return None
        case 400:
            return Refused(f"X refused it: {error.message}")
        case 401:
            return Blocked(
                "X no longer accepts the keys of this channel. Make new ones in the developer "
                "console, put them where the config looks for them, then run "
                f"`somos channel verify`. ({error.message})",
                whole_channel=True,
            )
        case 402:
            return Blocked(
                "X's credits are used up: buy more in the developer console, then run "
                f"`somos channel verify`. ({error.message})",
                whole_channel=True,
            )
        case 403 if of_account := _of_the_account(error, now):
            return of_account
        case 403 if error.kind in _SETTINGS or "permission" in error.message.lower():
            return Blocked(
                "X does not let this app post: give it read and write permission in the developer "
                f"console, make new tokens, then run `somos channel verify`. ({error.message})"
            )
        case 403:
            return Refused(f"X refused it: {error.message}")
        case 429 if error.kind == "usage-capped":
            return Blocked(
                f"X's monthly cap of this app is reached. ({error.message})", whole_channel=True
            )
        case 429:
            until = max(error.until or now + _PAUSE, now + _MOMENT)
            until = min(until, now + _LONGEST_PAUSE)
            return Throttled(until, f"X asks us to wait: {error.message}", whole_channel=True)
    return None


def _of_the_account(error: XError, now: datetime) -> Throttled | Blocked | None:
    """What a 403 says of the account as such, whatever was asked for."""
    words = error.message.lower()
    if error.status != 403:
        return None
    if _LOCKED & error.codes or "temporarily locked" in words or "suspended" in words:
        return Blocked(
            "X has locked or suspended this account. Open it in a browser, follow what it asks "
            f"for, then run `somos channel verify`. ({error.message})",
            whole_channel=True,
        )
    if _DAILY_LIMIT in error.codes or "daily status update limit" in words or _is_wary(error):
        reason = f"X restricts this account for a while: {error.message}"
        return Throttled(now + _REST, reason, whole_channel=True)
    return None


def _is_wary(error: XError) -> bool:
    return _AUTOMATED in error.codes or "might be automated" in error.message


def _is_too_early(error: XError) -> bool:
    return _NOT_YET_VISIBLE in error.codes or "not visible to you" in error.message


def _unclear(error: XError) -> str:
    return f"X gave no clear answer: {error.message} [HTTP {error.status}]"


def _until(headers: Mapping[str, str]) -> datetime | None:
    """When the last of the exhausted windows begins anew, else the one that X names first."""
    exhausted = [
        reset
        for window in _WINDOWS
        if headers.get(f"{window}-remaining") == "0"
        and (reset := _moment(headers.get(f"{window}-reset"))) is not None
    ]
    return max(exhausted, default=_moment(headers.get(f"{_WINDOWS[0]}-reset")))


def _moment(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
