"""Scripted misfortune: the failures that real networks are known for, on the calls that match."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from somos_social.sandbox.graph.errors import GraphError, bad_token
from somos_social.sandbox.inspection import NETWORK_PATHS
from somos_social.sandbox.world import World
from somos_social.sandbox.x.problems import problem, unauthorized

Kind = Literal[
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502",
    "done-then-2207051", "done-then-400",
    "close", "429", "190", "401", "500", "html-502",
    "slow", "truncated", "invalid-json", "no-content-type",
    "container-error", "container-expired", "container-slow", "not-fetched", "lag",
]  # fmt: skip
"""`done-then-...` lets the call do its work and then hides that; the rest up to html-502 does not."""
IN_HANDLER = {"container-error", "container-expired", "container-slow", "not-fetched"}
"""Kinds that the Instagram stand-in carries out itself."""
TORTURE: tuple[Kind, ...] = (
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502", "close", "429",
    "500", "html-502", "truncated", "invalid-json", "no-content-type",
)  # fmt: skip
"""What `seed` mixes: all that passes by itself and says nothing for sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One misfortune for the next `times` calls whose "METHOD /path" matches the pattern `match`.

    `code` and `subcode` choose the Graph error of "429" and "190". `seconds` is the wait of "slow"
    (real time), the distance of X's reset in "429", the duration of "lag" (by the clock) and the
    number of polls of "container-slow".
    """

    match: str
    kind: Kind
    times: int = 1
    code: int = 4
    subcode: int | None = None
    seconds: float = 60.0


def as_fault(values: dict[str, Any]) -> Fault:
    """A fault from JSON; ValueError where it is none."""
    try:
        fault = Fault(**values)
    except TypeError as error:
        raise ValueError(str(error)) from None
    if fault.kind not in get_args(Kind):
        raise ValueError(f"no such kind: {fault.kind}")
    return fault


@dataclass(slots=True)
class Faults:
    """The script: what is still to go wrong."""

    script: list[Fault] = field(default_factory=list)
    _dice: random.Random | None = None
    _rate: float = 0.0

    def add(self, fault: Fault) -> None:
        """Let one more thing go wrong; faults are taken in the order of their adding."""
        self.script.append(fault)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.script.clear()
        self._dice = None

    def seed(self, n: int, rate: float) -> None:
        """From now on let a share `rate` of all calls fail at random, the same for the same `n`."""
        self._dice, self._rate = random.Random(n), rate

    def take(self, call: str) -> Fault | None:
        """The fault of this call, which is thereby used up once."""
        for place, fault in enumerate(self.script):
            if fnmatchcase(call, fault.match):
                if fault.times <= 1:
                    del self.script[place]
                else:
                    self.script[place] = replace(fault, times=fault.times - 1)
                return fault
        if self._dice is not None and self._dice.random() < self._rate:
            return Fault(match=call, kind=self._dice.choice(TORTURE))
        return None


@dataclass(slots=True)
class Misfortune:
    """ASGI middleware that carries the script out on calls to the networks."""

    app: ASGIApp
    faults: Faults
    world: World

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, spoiled where the script says so."""
        if scope["type"] != "http" or not scope["path"].startswith(NETWORK_PATHS):
            return await self.app(scope, receive, send)
        fault = self.faults.take(f"{scope['method']} {scope['path']}")
        if fault is None:
            return await self.app(scope, receive, send)
        if fault.kind == "lag":
            self.world.lag = timedelta(seconds=fault.seconds)
            return await self.app(scope, receive, send)
        if fault.kind in IN_HANDLER:
            scope["somos.fault"] = fault
            return await self.app(scope, receive, send)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return await self.app(scope, receive, send)
        await self._spoil(fault, scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer: Response | None = None
        if fault.kind.startswith("done-then-") or fault.kind in DAMAGE:
            answer = await captured(self.app, scope, receive)
        else:
            async for _ in Request(scope, receive).stream():
                pass
        if fault.kind.endswith("close"):
            scope["state"]["transport"].abort()
            await asyncio.sleep(0)
        elif answer is not None and fault.kind in DAMAGE:
            await DAMAGE[fault.kind](answer)(scope, receive, send)
        else:
            is_x = scope["path"].startswith("/x/")
            kind = fault.kind.removeprefix("done-then-")
            await ANSWERS[kind](fault, is_x, self.world)(scope, receive, send)


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


def _transient(fault: Fault, is_x: bool, world: World) -> Response:
    if is_x:
        return problem(503, "Service Unavailable", "Service Unavailable")
    return GraphError(
        2,
        "An unexpected error has occurred. Please retry your request later.",
        status=500,
        transient=True,
    ).response()


def _code1(fault: Fault, is_x: bool, world: World) -> Response:
    if is_x:
        return problem(500, "Internal Server Error", "Something is broken.")
    return GraphError(1, "An unknown error occurred", subcode=99, status=500).response()


def _spam(fault: Fault, is_x: bool, world: World) -> Response:
    if is_x:
        return problem(403, "Forbidden", "This request looks like it might be automated.")
    return GraphError(
        4,
        "Application request limit reached",
        subcode=2207051,
        title="We restrict certain activity to protect our community.",
    ).response()


def _bad_request(fault: Fault, is_x: bool, world: World) -> Response:
    if is_x:
        return problem(400, "Invalid Request", "One or more parameters was invalid.")
    return GraphError(100, "(#100) Invalid parameter").response()


def _limited(fault: Fault, is_x: bool, world: World) -> Response:
    reset = int(world.now().timestamp() + fault.seconds)
    if is_x:
        answer = problem(429, "Too Many Requests", "Too Many Requests")
        answer.headers["x-rate-limit-limit"] = "100"
        answer.headers["x-rate-limit-remaining"] = "0"
        answer.headers["x-rate-limit-reset"] = str(reset)
        return answer
    answer = GraphError(
        fault.code, f"(#{fault.code}) Request limit reached", subcode=fault.subcode, transient=True
    ).response()
    full = {"call_count": 100, "total_time": 30, "total_cputime": 30}
    minutes = max(1, round(fault.seconds / 60))
    business = {"type": "pages", **full, "estimated_time_to_regain_access": minutes}
    answer.headers["x-app-usage"] = json.dumps(full)
    answer.headers["x-business-use-case-usage"] = json.dumps({"1000001": [business]})
    return answer


def _dead_token(fault: Fault, is_x: bool, world: World) -> Response:
    return unauthorized() if is_x else bad_token(subcode=fault.subcode).response()


def _unauthorized(fault: Fault, is_x: bool, world: World) -> Response:
    return unauthorized() if is_x else bad_token(subcode=fault.subcode, status=401).response()


def _html(fault: Fault, is_x: bool, world: World) -> Response:
    return HTMLResponse("<html><head><title>502 Bad Gateway</title></head></html>", 502)


ANSWERS: dict[str, Callable[[Fault, bool, World], Response]] = {
    "500": _transient,
    "code1": _code1,
    "2207051": _spam,
    "400": _bad_request,
    "429": _limited,
    "190": _dead_token,
    "401": _unauthorized,
    "html-502": _html,
}
