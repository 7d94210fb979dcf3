"""What a test in another process may ask: the public posts, the calls that came, the clock."""

from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from somos_social.sandbox.world import PublicPost, World

NETWORK_PATHS = ("/graph/", "/graph-video/", "/rupload/", "/x/")
SECRET_NAMES = {
    "access_token",
    "appsecret_proof",
    "client_secret",
    "code",
    "fb_exchange_token",
    "input_token",
    "token",
}
LONGEST_VALUE = 20_000
KEPT_CALLS = 10_000


def note(request: Request, **seen: Any) -> None:
    """Add what a handler has read of the body to the record of this call."""
    request.scope.get("somos.call", {}).update(seen)


def without_secrets(values: dict[str, Any]) -> dict[str, Any]:
    """`values` with secrets taken out and very long texts shortened."""
    return {
        name: "<removed>"
        if name in SECRET_NAMES
        else value[:LONGEST_VALUE]
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


@dataclass(slots=True)
class Recorder:
    """ASGI middleware that remembers every call to a network, without its tokens."""

    app: ASGIApp
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and note what was answered; a status of None is no answer at all."""
        if scope["type"] != "http" or not scope["path"].startswith(NETWORK_PATHS):
            return await self.app(scope, receive, send)
        seen: dict[str, Any] = {"form": None, "json": None}
        scope["somos.call"] = seen
        record = {
            "method": scope["method"],
            "path": scope["path"],
            "query": without_secrets(dict(Request(scope).query_params)),
            "form": None,
            "json": None,
            "status": None,
        }
        self.calls.append(record)

        async def remember(message: Message) -> None:
            if message["type"] == "http.response.start":
                record["status"] = message["status"]
            await send(message)

        try:
            # A client that died half-way through its call is what these networks are made for.
            with suppress(ClientDisconnect):
                await self.app(scope, receive, remember)
        finally:
            for name in ("form", "json"):
                value = seen[name]
                record[name] = without_secrets(value) if isinstance(value, dict) else value


def as_json(post: PublicPost) -> dict[str, Any]:
    """A public post as JSON; times in ISO 8601 UTC, media paths on this machine."""
    return {
        "platform": post.platform,
        "handle": post.handle,
        "id": post.id,
        "url": post.url,
        "text": post.text,
        "link": post.link,
        "media": [
            {
                "kind": medium.kind,
                "bytes_path": str(medium.bytes_path),
                "alt": medium.alt,
                "sha256": medium.sha256,
            }
            for medium in post.media
        ],
        "created_at": post.created_at.isoformat(),
        "parent_id": post.parent_id,
        "format": post.format,
    }


def routes(world: World, calls: deque[dict[str, Any]]) -> list[Route]:
    """The paths under `/_sandbox` that look, and the one that moves the clock."""

    async def posts(_: Request) -> Response:
        world.settle()
        return JSONResponse([as_json(post) for post in world.feed.values()])

    async def requests(_: Request) -> Response:
        return JSONResponse(list(calls))

    async def underway(_: Request) -> Response:
        return JSONResponse({"underway": world.underway()})

    async def repeated(_: Request) -> Response:
        world.settle()
        return JSONResponse([asdict(each) for each in world.repeated])

    async def clock(request: Request) -> Response:
        if not world.clock_is_ours:
            return JSONResponse({"problem": "the clock belongs to the caller"}, 409)
        try:
            wanted = datetime.fromisoformat((await request.json())["now"])
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"problem": 'send {"now": "an ISO 8601 time"}'}, 400)
        if wanted.tzinfo is None:
            return JSONResponse({"problem": "the time needs its offset from UTC"}, 400)
        world.offset += wanted.astimezone(UTC) - world.now()
        return JSONResponse({"now": world.now().isoformat()})

    return [
        Route("/_sandbox/posts", posts),
        Route("/_sandbox/requests", requests),
        Route("/_sandbox/underway", underway),
        Route("/_sandbox/repeated", repeated),
        Route("/_sandbox/clock", clock, methods=["POST"]),
    ]
