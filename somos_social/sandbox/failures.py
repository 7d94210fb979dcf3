"""The failures that real networks are known to answer, as they put them."""

import json
from datetime import datetime

from starlette.responses import HTMLResponse, Response

from somos_social.sandbox.faults import RESTRICTIONS, Fault
from somos_social.sandbox.graph.errors import GraphError, bad_token, no_permission
from somos_social.sandbox.wire import json_response
from somos_social.sandbox.x.problems import PREFIX, problem, unauthorized


def failure(kind: str, fault: Fault, now: datetime, *, is_x: bool) -> Response:
    """The answer of `kind` on X or on the Graph API; KeyError where there is none."""
    if kind == "html-502":
        return HTMLResponse("<html><head><title>502 Bad Gateway</title></head></html>", 502)
    return _on_x(kind, fault, now) if is_x else _on_graph(kind, fault)


def _on_x(kind: str, fault: Fault, now: datetime) -> Response:
    answer = {
        "500": problem(503, "Service Unavailable", "Service Unavailable"),
        "code1": problem(500, "Internal Server Error", "Something is broken."),
        "2207051": problem(403, "Forbidden", "This request looks like it might be automated."),
        "400": problem(400, "Invalid Request", "One or more parameters was invalid."),
        "429": problem(429, "Too Many Requests", "Too Many Requests"),
        "no-reads": problem(
            403,
            "Forbidden",
            "Your app's plan does not include reading posts.",
            PREFIX + "client-forbidden",
        ),
        "restricted": _restricted(fault.code),
        "190": unauthorized(),
        "401": unauthorized(),
    }[kind]
    if kind == "429":
        answer.headers["x-rate-limit-limit"] = "100"
        answer.headers["x-rate-limit-remaining"] = "0"
        answer.headers["x-rate-limit-reset"] = str(int(now.timestamp() + fault.seconds))
    return answer


def _restricted(code: int) -> Response:
    """X's old form of an error, with its number; a lock where the number is none of these."""
    number = code if code in RESTRICTIONS else 326
    error = {"code": number, "message": RESTRICTIONS[number]}
    return json_response({"errors": [error]}, 403, "utf-8")


def _on_graph(kind: str, fault: Fault) -> Response:
    answer = {
        "500": GraphError(
            2,
            "An unexpected error has occurred. Please retry your request later.",
            status=500,
            transient=True,
        ),
        "code1": GraphError(1, "An unknown error occurred", subcode=99, status=500),
        "2207051": GraphError(
            4,
            "Application request limit reached",
            subcode=2207051,
            title="We restrict certain activity to protect our community.",
        ),
        "400": GraphError(100, "(#100) Invalid parameter"),
        "429": GraphError(
            fault.code,
            f"(#{fault.code}) Request limit reached",
            subcode=fault.subcode,
            transient=True,
        ),
        "no-reads": no_permission(10),
        "restricted": GraphError(25, "(#25) The account is restricted", subcode=2207050),
        "190": bad_token(subcode=fault.subcode),
        "401": bad_token(subcode=fault.subcode, status=401),
    }[kind].response()
    if kind == "429":
        full = {"call_count": 100, "total_time": 30, "total_cputime": 30}
        minutes = max(1, round(fault.seconds / 60))
        business = {"type": "pages", **full, "estimated_time_to_regain_access": minutes}
        answer.headers["x-app-usage"] = json.dumps(full)
        answer.headers["x-business-use-case-usage"] = json.dumps({"1": [business]})
    return answer
