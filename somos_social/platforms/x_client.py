"""tweepy held in one hand: every call ends in a JSON object, an XError or NoAnswer."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import requests
import tweepy

from somos_social.core.events import Unanswered, Unreachable
from somos_social.platforms.answers import Answer, identifier, read
from somos_social.platforms.transport import NoAnswer, open_session, translate
from somos_social.platforms.x_errors import XError, error_in

_ORIGIN = "https://api.x.com"
_ORIGIN_IN_TWEEPY = "https://api.twitter.com"


class XClient:
    """The X API v2 for one account, by OAuth 1.0a. Safe to share by threads."""

    def __init__(
        self,
        *,
        api_key: str,
        api_secret: str,
        access_token: str,
        access_token_secret: str,
        timeout: timedelta,
        rebase: Mapping[str, str],
    ) -> None:
        self._secrets = (api_key, api_secret, access_token, access_token_secret)
        target = rebase.get(_ORIGIN) or rebase.get(_ORIGIN_IN_TWEEPY)
        self._tweepy = tweepy.Client(
            consumer_key=api_key,
            consumer_secret=api_secret,
            access_token=access_token,
            access_token_secret=access_token_secret,
            return_type=requests.Response,
        )
        self._tweepy.session = open_session(
            timeout=timeout,
            rebase={_ORIGIN: target} if target else {},
            moved={_ORIGIN_IN_TWEEPY: _ORIGIN},
        )
        self._tweepy.session.hooks["response"].append(self._examine)

    def ask(self, call: Callable[[tweepy.Client], Any]) -> Answer:
        """What `call` is answered; an empty body is an empty object."""
        event: Unreachable | Unanswered
        try:
            response: requests.Response = call(self._tweepy)
            body = read(response) if response.content else {}
        except requests.RequestException as error:
            event = translate(error, to="X")
        except ValueError:
            event = Unanswered("X answered with something that is not JSON.")
        else:
            if isinstance(body, dict):
                return body
            raise XError("X answered with something else than an object.", status=200)
        # Raised out here so that the library's error is not its context.
        raise NoAnswer(event)

    def data(self, call: Callable[[tweepy.Client], Any]) -> Answer:
        """The `data` object of what `call` is answered; raises XError where there is none."""
        data = self.ask(call).get("data")
        if not isinstance(data, dict):
            raise XError("X answered without data.", status=200)
        return data

    def send(self, method: str, route: str, **parts: Any) -> Answer:
        """A call that tweepy has no method for, such as all of the media upload."""
        return self.ask(lambda client: client.request(method, route, user_auth=True, **parts))

    def _examine(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Look at each answer before tweepy does, whose own errors trip over unusual bodies."""
        if not 200 <= response.status_code < 300:
            raise error_in(response, self._secrets)


def told(data: Answer, name: str) -> str:
    """The id or name that a yes must hold; without it, the answer is not a clear yes."""
    value = identifier(data.get(name))
    if value is None:
        raise XError(f"X's answer names no {name}.", status=200)
    return value
