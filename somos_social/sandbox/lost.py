"""What a network says to a call that leads nowhere, or that breaks the stand-in itself."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from somos_social.sandbox.graph.errors import GraphError
from somos_social.sandbox.inspection import NETWORK_PATHS
from somos_social.sandbox.x.problems import problem


async def _refused(request: Request, error: Exception) -> Response:
    """No such path, a method that is not offered, a form that cannot be read."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "Internal Server Error"
    path = request.url.path
    if path.startswith("/x/"):
        return problem(status, detail, detail)
    if not path.startswith(NETWORK_PATHS):
        return PlainTextResponse(detail, status)
    if status == 500:
        return GraphError(1, "An unknown error occurred", status=500).response()
    return GraphError(100, f"(#100) Unsupported {request.method.lower()} request").response()


HANDLERS: Mapping[Any, Callable[[Request, Exception], Any]] = {
    HTTPException: _refused,
    Exception: _refused,
}
"""A broken stand-in answers like a broken network; its traceback goes to the log."""
