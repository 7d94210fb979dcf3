"""Refusals of the X API, as problem bodies."""

from typing import Any

from starlette.responses import Response

from somos_social.sandbox.wire import json_response

PREFIX = "https://api.x.com/2/problems/"


class XError(Exception):
    """A refusal; it carries the whole answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def problem(status: int, title: str, detail: str, kind: str = "about:blank") -> Response:
    """A problem body with title, detail, type and status."""
    body = {"title": title, "detail": detail, "type": kind, "status": status}
    return json_response(body, status, "utf-8")


def unauthorized() -> Response:
    """401: no signature or token that opens an account."""
    return problem(401, "Unauthorized", "Unauthorized")


def invalid(message: str, parameters: dict[str, list[str]] | None = None) -> XError:
    """400 invalid-request: one or more parameters are not as they must be."""
    error: dict[str, Any] = {"message": message}
    if parameters:
        error["parameters"] = parameters
    body = {
        "errors": [error],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": PREFIX + "invalid-request",
    }
    return XError(json_response(body, 400, "utf-8"))


def forbidden(detail: str, kind: str = "about:blank") -> XError:
    """403 with its reason in `detail`."""
    return XError(problem(403, "Forbidden", detail, kind))


def not_found() -> Response:
    """404: no such path or thing."""
    return problem(404, "Not Found", "Not Found")


def missing(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """The body that tells with status 200 that a thing does not exist."""
    return {
        "errors": [
            {
                "value": value,
                "detail": f"Could not find {kind} with {parameter}: [{value}].",
                "title": "Not Found Error",
                "resource_type": kind,
                "parameter": parameter,
                "resource_id": value,
                "type": PREFIX + "resource-not-found",
            }
        ]
    }
