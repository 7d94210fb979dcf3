"""Every call to X goes this way: signature, rate limit, then the endpoint, then its headers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from somos_social.sandbox.inspection import note
from somos_social.sandbox.wire import json_response
from somos_social.sandbox.world import Account, World
from somos_social.sandbox.x.oauth import Signatures
from somos_social.sandbox.x.objects import Tweet, XMedia
from somos_social.sandbox.x.problems import XError, invalid, problem, unauthorized

WINDOW = 15 * 60
"""Seconds of one rate-limit window."""


@dataclass(slots=True)
class Network:
    """What only X knows."""

    signatures: Signatures
    tweets: dict[str, Tweet] = field(default_factory=dict)
    media: dict[str, XMedia] = field(default_factory=dict)
    said: dict[str, dict[str, datetime]] = field(default_factory=dict)
    used: dict[tuple[str, str, int], int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class XCall:
    """A call whose signature is good."""

    request: Request
    world: World
    network: Network
    caller: Account

    @property
    def id(self) -> str:
        """The id in the path."""
        return str(self.request.path_params["id"])

    def query(self, *allowed: str) -> dict[str, str]:
        """The query; a parameter that is not `allowed` is refused."""
        given = dict(self.request.query_params)
        for name in given:
            if name not in allowed:
                raise invalid(
                    f"The query parameter [{name}] is not one of [{','.join(allowed)}]",
                    {name: [given[name]]},
                )
        return given

    async def json_object(self) -> dict[str, Any]:
        """The body, which must be a JSON object."""
        if not self.request.headers.get("content-type", "").startswith("application/json"):
            raise invalid("The Content-Type must be application/json")
        try:
            body = await self.request.json()
        except ValueError:
            raise invalid("The request body is not valid JSON") from None
        if not isinstance(body, dict):
            raise invalid("The request body must be a JSON object")
        note(self.request, json=body)
        return body


Endpoint = Callable[[XCall], Awaitable[tuple[int, dict[str, Any]]]]


def endpoint(handler: Endpoint, *, limit: int) -> Callable[[Request], Awaitable[Response]]:
    """Wrap `handler` with what all endpoints share; `limit` counts calls of one user in 15 min."""

    async def answer(request: Request) -> Response:
        world: World = request.app.state.world
        network: Network = request.app.state.x
        world.settle()
        path = request.url.path.removeprefix("/x")
        form = request.headers.get("content-type", "").startswith(
            "application/x-www-form-urlencoded"
        )
        body = (await request.body()).decode("latin-1") if form else None
        caller = network.signatures.caller(request, path, body)
        if caller is None:
            return unauthorized()
        headers, over = _count(
            world, network, f"{handler.__module__}.{handler.__name__}", caller, limit
        )
        if over:
            response = problem(429, "Too Many Requests", "Too Many Requests")
        else:
            call = XCall(request=request, world=world, network=network, caller=caller)
            try:
                status, result = await handler(call)
                response = json_response(result, status, "utf-8")
            except XError as error:
                response = error.response
        response.headers.update(headers)
        return response

    return answer


def _count(
    world: World, network: Network, name: str, caller: Account, limit: int
) -> tuple[dict[str, str], bool]:
    window = int(world.now().timestamp()) // WINDOW
    key = (caller.id, name, window)
    used = network.used.get(key, 0)
    network.used[key] = min(used + 1, limit)
    headers = {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(max(limit - used - 1, 0)),
        "x-rate-limit-reset": str((window + 1) * WINDOW),
    }
    return headers, used >= limit
