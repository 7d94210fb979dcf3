"""facebook-sdk held in one hand: every call ends in a JSON object, a GraphError or NoAnswer."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import facebook
import requests
from requests_toolbelt import MultipartEncoder

from somos_social.core import graph_version
from somos_social.platforms.answers import (
    Answer,
    address,
    identifier,
    inner,
    items,
    read,
    tellable,
    text,
    whole,
)
from somos_social.platforms.graph_app import MetaApp
from somos_social.platforms.outgoing import Outgoing
from somos_social.platforms.transport import NoAnswer, open_session, redacted, translate

VERSION = graph_version.IN_USE
"""Said with every call; facebook-sdk's own default ended in 2019."""

GRAPH = "https://graph.facebook.com"
GRAPH_VIDEO = "https://graph-video.facebook.com"
RUPLOAD = "https://rupload.facebook.com"

MOST_PAGES = 50
"""A listing longer than this is not read to its end: something is wrong with it."""

MOST_MINUTES = 24 * 60
"""Meta's limits are over within a day; a longer pause is a mistake, or meant to silence us."""

LONGEST_CURSOR = 2000
"""Characters; a longer one makes an address that no server reads."""

_CURSORS = frozenset({"after", "before", "limit", "since", "until", "offset", "__paging_token"})
"""All that a link to the next page may say; "method=delete", for one, would not only read."""


class GraphError(Exception):
    """An answer that is not a yes. Holds no secret.

    `status` is HTTP's; `code` and `subcode` are Graph's, None where the body named none; `message`
    is for people. `regain` is how long the network says it will throttle us. `error_data` is what
    some upload errors add, `kind` the type of a rupload error.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: int | None = None,
        subcode: int | None = None,
        regain: timedelta | None = None,
        error_data: Mapping[str, Any] | None = None,
        kind: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.subcode = subcode
        self.regain = regain
        self.error_data = error_data or {}
        self.kind = kind


class Graph:
    """The Graph API for one token; `network` is its name for people. Safe to share by threads.

    With an `app`, every call proves that it comes from who knows the app's secret.
    """

    def __init__(
        self,
        *,
        network: str,
        token: str,
        timeout: timedelta,
        rebase: Mapping[str, str],
        app: MetaApp | None = None,
    ) -> None:
        self.network = network
        self._token = token
        self._app = app
        led = _with_kin(rebase)
        self._uploads = {_origin(known) for known in (RUPLOAD, *led.values())}
        self._session = open_session(timeout=timeout, rebase=led)
        self._session.hooks["response"].append(self._examine)
        if app:
            self._session.params = {"appsecret_proof": app.proof(token)}
        self._sdk = facebook.GraphAPI(token, session=self._session)
        # Its constructor refuses every version with two digits; its calls only read this attribute.
        self._sdk.version = VERSION

    def get(self, path: str, **params: Any) -> Answer:
        """Read a node or an edge."""
        return self._ask(lambda: self._sdk.get_object(path, **_wire(params)))

    def post(self, path: str, **params: Any) -> Answer:
        """Write to an edge, "node/edge". Lists and objects go as JSON, None is left out."""
        node, _, edge = path.rpartition("/")
        return self._ask(lambda: self._sdk.put_object(node, edge, **_wire(params)))

    def delete(self, node: str) -> Answer:
        """Take a node down."""
        return self._ask(lambda: self._sdk.delete_object(node))

    def send(self, host: str, path: str, file: Outgoing | None = None, **params: Any) -> Answer:
        """Write to an edge past the SDK, which knows one host and holds a file whole in memory.

        `file` is streamed as the form field "source", or "video_file_chunk" in a transfer.
        """
        fields: dict[str, Any] = {**_wire(params), "access_token": self._token}
        headers = {}
        data: Any = fields
        if file is not None:
            name = "video_file_chunk" if "upload_session_id" in params else "source"
            fields[name] = (file.name, file, file.mime)
            data = MultipartEncoder(fields)
            headers["Content-Type"] = data.content_type
        url = f"{host}/{VERSION}/{path}"
        return self._ask(lambda: self._session.post(url, data=data, headers=headers).json())

    def rupload(self, url: str, file: Outgoing, *, offset: int, size: int) -> None:
        """Stream a video's bytes from `offset` on, of `size` in all."""
        headers = {
            "Authorization": f"OAuth {self._token}",
            "offset": str(offset),
            "file_size": str(size),
        }
        self._ask(lambda: self._session.post(url, data=file, headers=headers).json())

    @property
    def has_app(self) -> bool:
        return self._app is not None

    def about_token(self) -> Mapping[str, Any]:
        """What Meta knows of our token: until when it is valid, and what it may do."""
        asker = self._app.token if self._app else self._token
        params = {"input_token": self._token, "access_token": asker}
        if self._app:
            params["appsecret_proof"] = self._app.proof(asker)
        url = f"{GRAPH}/{VERSION}/debug_token"
        return inner(self._ask(lambda: self._session.get(url, params=params).json()), "data")

    def upload_address(self, told: Any, service: str, upload_id: str) -> str:
        """Where rupload takes the bytes: the address told, if it is Meta's; else the known one."""
        known = address(told)
        if known is not None and _origin(known) in self._uploads:
            return known
        return f"{RUPLOAD}/{service}/{VERSION}/{upload_id}"

    def pages(self, path: str, **params: Any) -> Iterator[list[Answer]]:
        """The pages of a listing, to its end; raises GraphError when it has none."""
        for _ in range(MOST_PAGES):
            answer = self.get(path, **params)
            if not isinstance(answer.get("data"), list):
                raise GraphError(f"{self.network} answered with no listing.", status=200)
            yield list(items(answer, "data"))
            following = inner(answer, "paging").get("next")
            if not following:
                return
            params |= self._cursors(following)
        raise GraphError(f"{self.network}'s listing has no end.", status=200)

    def _cursors(self, following: Any) -> dict[str, str]:
        """Where the next page begins; raises GraphError where that is not to be read."""
        query: dict[str, list[str]] = {}
        with suppress(AttributeError, TypeError, ValueError):
            query = parse_qs(urlsplit(following).query)
        cursors = {name: query[name][-1] for name in query if name in _CURSORS}
        if not cursors or not all(len(value) < LONGEST_CURSOR for value in cursors.values()):
            raise GraphError(f"{self.network} does not tell where its listing goes on.", status=200)
        return cursors

    def _ask(self, call: Callable[[], Any]) -> Answer:
        try:
            answer: Answer = call()
        except requests.RequestException as error:
            event = translate(error, to=self.network)
        else:
            return answer
        # Raised out here so that the library's error, which holds the token, is not its context.
        raise NoAnswer(event)

    def _examine(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Look at each answer before the SDK does, which sees neither status nor headers."""
        try:
            body = read(response)
        except ValueError:
            body = None
        error = self._error_in(response, body)
        if error is not None:
            raise error
        # JSON under another name, or none, is a KeyError or a refusal to the SDK.
        response.headers["Content-Type"] = "application/json"

    @property
    def _secrets(self) -> list[str]:
        return [self._token, *([self._app.secret] if self._app else [])]

    def _error_in(self, response: requests.Response, body: Any) -> GraphError | None:
        if not isinstance(body, dict):
            reason = f"{self.network} answered {response.status_code} without a JSON object."
            return GraphError(reason, status=response.status_code)
        told = body.get("error") or body.get("debug_info")
        if not told and 200 <= response.status_code < 300:
            return None
        details = told if isinstance(told, dict) else {"message": told}
        words = text(details, "error_user_msg") or text(details, "message") or "no reason given"
        return GraphError(
            tellable(redacted(words, self._secrets)),
            status=response.status_code,
            code=whole(details.get("code")),
            subcode=whole(details.get("error_subcode")),
            regain=_regain(response.headers.get("X-Business-Use-Case-Usage")),
            error_data=inner(details, "error_data"),
            kind=text(details, "type") if "debug_info" in body else None,
        )


def _with_kin(rebase: Mapping[str, str]) -> dict[str, str]:
    """What answers for Graph answers for its hosts of uploads, too, unless others are named.

    Else a rehearsal that names one host would send bytes and token to the real others.
    """
    graph = rebase.get(GRAPH)
    return {**({GRAPH_VIDEO: graph, RUPLOAD: graph} if graph else {}), **rebase}


def _origin(known: str) -> tuple[str, str]:
    """Scheme and host; nothing of what is no address, whoever sent it."""
    try:
        parts = urlsplit(known)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def told(answer: Answer, name: str) -> str:
    """The id that a yes must name; without it, the answer is not a clear yes."""
    value = identifier(answer.get(name))
    if value is None:
        raise GraphError(f"The answer names no {name}.", status=200)
    return value


def _wire(params: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as Graph reads them; the SDK would send Python's own spelling."""
    wired = {}
    for name, value in params.items():
        if value is None:
            continue
        wired[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return wired


def _regain(usage: str | None) -> timedelta | None:
    """The longest "estimated time to regain access" of the header, which is in minutes."""
    try:
        told = json.loads(usage or "{}")
    except (ValueError, RecursionError):
        return None
    known = told if isinstance(told, dict) else {}
    named = [
        it.get("estimated_time_to_regain_access") for name in known for it in items(known, name)
    ]
    minutes = max((number for value in named if (number := whole(value))), default=0)
    return timedelta(minutes=min(minutes, MOST_MINUTES)) if minutes > 0 else None
