"""JSON as the networks put it on the wire."""

import json
from datetime import datetime
from typing import Any

from starlette.responses import Response


def json_response(body: Any, status: int = 200, charset: str = "UTF-8") -> Response:
    """A JSON answer whose content type is spelled as the networks spell it."""
    content = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
    return Response(
        content, status, headers={"content-type": f"application/json; charset={charset}"}
    )


def graph_time(moment: datetime) -> str:
    """2026-12-01T14:00:00+0000"""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def x_time(moment: datetime) -> str:
    """2026-12-01T14:00:00.000Z"""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
