"""Carries the script out: calls are cut off, answered falsely, delayed or damaged."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from somos_social.sandbox.failures import failure
from somos_social.sandbox.faults import Fault, Faults
from somos_social.sandbox.inspection import NETWORK_PATHS
from somos_social.sandbox.world import World

BEFORE = {
    "lag", "container-error", "container-expired", "container-slow", "not-fetched", "video-error",
}  # fmt: skip
"""Kinds that only change what the call finds; the Graph stand-in carries out all but "lag"."""


@dataclass(slots=True)
class Misfortune:
    """ASGI middleware that carries the script out on calls to the networks."""

    app: ASGIApp
    faults: Faults
    world: World
    _late: list[tuple[datetime, Scope, Receive]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, spoiled where the script says so."""
        await self.catch_up()
        if scope["type"] != "http" or not scope["path"].startswith(NETWORK_PATHS):
            await self.app(scope, receive, send)
            return
        fault = self.faults.take(f"{scope['method']} {scope['path']}")
        if fault is not None and fault.kind not in BEFORE:
            await self._spoil(fault, scope, receive, send)
            return
        if fault is not None and fault.kind == "lag":
            self.world.lag = timedelta(seconds=fault.seconds)
        elif fault is not None:
            scope["somos.fault"] = fault
        await self.app(scope, receive, send)

    async def catch_up(self) -> None:
        """Do what was cut off and left for later, once the clock says so."""
        now = self.world.now()
        ready = sorted((it for it in self._late if it[0] <= now), key=lambda it: it[0])
        self._late = [it for it in self._late if it[0] > now]
        for _, scope, receive in ready:
            await captured(self.app, scope, receive)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        # The whole call has arrived: what follows happens even if its client is gone by then.
        receive = await _arrived(scope, receive)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await self.app(scope, receive, send)
            return
        if fault.kind == "late":
            due = self.world.now() + timedelta(seconds=fault.seconds)
            self._late.append((due, scope, receive))
        answer: Response | None = None
        if fault.kind.startswith("done-then-") or fault.kind in DAMAGE:
            answer = await captured(self.app, scope, receive)
        if fault.kind.endswith("close") or fault.kind == "late":
            scope["state"]["transport"].abort()
            await asyncio.sleep(0)
        elif answer is not None and fault.kind in DAMAGE:
            await DAMAGE[fault.kind](answer)(scope, receive, send)
        else:
            is_x = scope["path"].startswith("/x/")
            kind = fault.kind.removeprefix("done-then-")
            await failure(kind, fault, self.world.now(), is_x=is_x)(scope, receive, send)


async def _arrived(scope: Scope, receive: Receive) -> Receive:
    """The body of a call, received once and now told as often as asked for."""
    body = await Request(scope, receive).body()

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def captured(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """The whole answer of `app`, not yet sent."""
    messages: deque[Message] = deque()

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start = messages.popleft()
    response = Response(b"".join(part.get("body", b"") for part in messages), start["status"])
    response.raw_headers = list(start["headers"])
    return response


def _with_body(answer: Response, body: bytes) -> Response:
    changed = Response(body, answer.status_code)
    length = [(b"content-length", str(len(body)).encode())]
    changed.raw_headers = [it for it in answer.raw_headers if it[0] != b"content-length"] + length
    return changed


def _no_content_type(answer: Response) -> Response:
    answer.raw_headers = [it for it in answer.raw_headers if it[0] != b"content-type"]
    return answer


DAMAGE: dict[str, Callable[[Response], Response]] = {
    "truncated": lambda it: _with_body(it, bytes(it.body)[: len(it.body) // 2]),
    "invalid-json": lambda it: _with_body(it, b'{"id": oops'),
    "no-content-type": _no_content_type,
}
"""Kinds that send the true answer, damaged; the work is done."""
