"""Refusals of the Graph API, each with the code and the words a client has to tell apart."""

import re
import secrets
from typing import Any

from starlette.responses import Response

from somos_social.sandbox.wire import json_response

VERSIONS = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")
"""The versions in service in November 2026; v21.0 ends on 2027-01-21."""


class GraphError(Exception):
    """A refusal that becomes the error envelope; `status` is the HTTP status, 400 almost always."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        kind: str = "OAuthException",
        status: int = 400,
        title: str | None = None,
        transient: bool = False,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            self.body |= {"error_subcode": subcode, "is_transient": transient}
        elif transient:
            self.body["is_transient"] = True
        if title is not None:
            self.body |= {"error_user_title": title, "error_user_msg": message}
        if data is not None:
            self.body["error_data"] = data

    def response(self) -> Response:
        """The envelope as an HTTP answer."""
        trace = secrets.token_urlsafe(10)
        words = self.body["message"].encode("ascii", "replace").decode().replace('"', "'")
        answer = json_response({"error": self.body | {"fbtrace_id": trace}}, self.status)
        answer.headers["www-authenticate"] = (
            f'OAuth "Facebook Platform" "invalid_request" "{" ".join(words.split())}"'
        )
        return answer


def invalid(message: str, subcode: int | None = None, title: str | None = None) -> GraphError:
    """Code 100: a parameter that cannot be."""
    return GraphError(100, f"(#100) {message}", subcode=subcode, title=title)


def no_object(object_id: str, method: str) -> GraphError:
    """Code 100/33: not there, or not yours to see; Graph does not say which."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, "
        "cannot be loaded due to missing permissions, or does not support this operation",
        subcode=33,
        kind="GraphMethodException",
    )


def no_edge(method: str, edge: str) -> GraphError:
    """Code 100 for a path that this kind of object does not have."""
    return GraphError(
        100,
        f"(#100) Unsupported {method.lower()} request: no edge '{edge}' here",
        kind="GraphMethodException",
    )


def no_field(name: str, kind: str) -> GraphError:
    """Code 100 for a field that does not exist on this kind of object."""
    return GraphError(100, f"(#100) Tried accessing nonexisting field ({name}) on {kind}")


def bad_token(subcode: int | None = None, status: int = 400) -> GraphError:
    """Code 190: the token opens nothing (here)."""
    return GraphError(
        190,
        "Invalid OAuth access token - Cannot parse access token",
        subcode=subcode,
        status=status,
    )


def no_token() -> GraphError:
    """Code 104: the call carries no token at all."""
    return GraphError(104, "An access token is required to request this resource.")


def no_permission(code: int = 200) -> GraphError:
    """Code 200 (pages) or 10 (Instagram): a good token, but not for this account."""
    return GraphError(code, f"(#{code}) The token does not have permission to act for this account")


def wrong_version(version: str) -> GraphError:
    """Code 2635 for a version out of service or none; 2500 for one that never was."""
    found = re.fullmatch(r"v(\d+)\.\d+", version)
    if found and int(found[1]) > int(VERSIONS[-1][1:3]):
        return GraphError(2500, f"Unknown path components: /{version}")
    return GraphError(
        2635,
        "(#2635) You are calling a deprecated version of the Graph API. "
        f"Please update to the latest version: {VERSIONS[-1]}.",
    )
