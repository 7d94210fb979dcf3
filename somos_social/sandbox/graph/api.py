"""Every Graph call goes this way: version, token, node, edge, and an envelope for each refusal."""

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from somos_social.sandbox.graph import logins
from somos_social.sandbox.graph.call import Call, read_parameters
from somos_social.sandbox.graph.errors import (
    VERSIONS,
    GraphError,
    no_edge,
    no_object,
    no_permission,
    wrong_version,
)
from somos_social.sandbox.graph.fields import parse, read_node
from somos_social.sandbox.graph.insights import require
from somos_social.sandbox.graph.objects import Node, Photo, kind_of, owner_of
from somos_social.sandbox.graph.removal import delete
from somos_social.sandbox.graph.tokens import callers_of
from somos_social.sandbox.wire import json_response
from somos_social.sandbox.world import Account, World

Edge = Callable[[Call], Awaitable[dict[str, Any]]]
ENGAGEMENT = {"comments", "likes", "reactions", "shares"}
"""Fields that tell how a post of a Page was received."""
EDGES: dict[tuple[str, str, str], Edge] = {}
"""(method, kind of node, edge) to its handler."""


async def answer(request: Request) -> Response:
    """The answer to any call under /graph or /graph-video."""
    version, _, path = request.path_params["path"].partition("/")
    try:
        response = json_response(await _result(request, version, path))
    except GraphError as error:
        response = error.response()
    usage = {"call_count": 1, "total_time": 1, "total_cputime": 1}
    response.headers["facebook-api-version"] = version if version in VERSIONS else VERSIONS[-1]
    response.headers["x-fb-trace-id"] = secrets.token_urlsafe(8)
    response.headers["x-app-usage"] = json.dumps(usage)
    return response


async def _result(request: Request, version: str, path: str) -> dict[str, Any]:
    world: World = request.app.state.world
    params, files = await read_parameters(request)
    if version not in VERSIONS:
        raise wrong_version(version)
    known = logins.answer(request, world, path, params)
    if known is not None:
        return cast("dict[str, Any]", known)
    callers = callers_of(world, request, params)
    world.settle()
    node_name, _, edge = path.strip("/").partition("/")
    only_videos = request.url.path.startswith("/graph-video/")
    if only_videos and (request.method, edge) != ("POST", "videos"):
        raise no_edge(request.method, edge)
    node = _node(world, callers, node_name, request.method)
    fault = request.scope.get("somos.fault")
    call = Call(
        world=world,
        method=request.method,
        version=version,
        callers=callers,
        node=node,
        edge=edge,
        params=params,
        files=files,
        fault=fault.kind if fault else None,
        fault_polls=fault.polls if fault else 0,
        fault_subcode=fault.subcode if fault else None,
    )
    return await (_on_edge(call) if edge else _on_node(call))


def _node(world: World, callers: tuple[Account, ...], name: str, method: str) -> Node:
    if name == "me":
        return callers[0]
    account = next((it for it in world.accounts if it.id == name and it.platform != "x"), None)
    node = cast("Node | None", account or world.objects.get(name))
    if node is None or (isinstance(node, Photo) and node.gone(world.now())):
        raise no_object(name, method)
    if owner_of(node) not in callers:
        if isinstance(node, Account) and method == "POST":
            raise no_permission(10 if node.platform == "instagram" else 200)
        raise no_object(name, method)
    return node


async def _on_node(call: Call) -> dict[str, Any]:
    if call.method == "DELETE":
        return await delete(call)
    if call.method != "GET":
        raise no_object(call.text("id"), call.method)
    call.only("metadata")
    spec = parse(call.text("fields")) if call.text("fields") else None
    if spec and not ENGAGEMENT.isdisjoint(spec) and kind_of(call.node) in ("post", "video"):
        require(call, "pages_read_engagement", code=10)
    return read_node(call.world, call.node, spec)


async def _on_edge(call: Call) -> dict[str, Any]:
    handler = EDGES.get((call.method, kind_of(call.node), call.edge))
    if handler is None:
        raise no_edge(call.method, call.edge)
    result = await handler(call)
    if call.method == "POST" and call.text("fields") and "id" in result:
        made = cast("Node", call.world.objects[result["id"]])
        return {**read_node(call.world, made, parse(call.text("fields"))), **result}
    return result
