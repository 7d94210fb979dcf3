"""One call to the Graph stand-in: who speaks, to which node, and what it strictly says."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from somos_social.sandbox.graph.errors import GraphError, invalid, no_edge
from somos_social.sandbox.graph.objects import Node
from somos_social.sandbox.inspection import note
from somos_social.sandbox.world import Account, World

ALWAYS = {"access_token", "appsecret_proof", "fields", "locale"}
"""Parameters that every edge takes."""


@dataclass(slots=True, kw_only=True)
class Call:
    """A call whose token is good; `callers` are the accounts that its token opens."""

    world: World
    method: str
    version: str
    callers: tuple[Account, ...]
    node: Node
    edge: str
    params: dict[str, str]
    files: dict[str, UploadFile] = field(default_factory=dict)
    fault: str | None = None
    fault_polls: int = 0
    fault_subcode: int | None = None

    @property
    def account(self) -> Account:
        """The node, where it is an account."""
        if not isinstance(self.node, Account):
            raise no_edge(self.method, self.edge)
        return self.node

    def only(self, *allowed: str) -> None:
        """Refuse a parameter that this edge does not know."""
        for name in self.params:
            if name.split("[")[0] not in ALWAYS.union(allowed):
                raise invalid(f"Unknown parameter '{name}'")

    def text(self, name: str, default: str = "") -> str:
        """A string parameter."""
        return self.params.get(name, default)

    def flag(self, name: str, default: bool) -> bool:
        """A boolean parameter: true, false, 1 or 0, and not what Python prints."""
        value = self.params.get(name)
        if value is None:
            return default
        if value not in {"true", "false", "1", "0"}:
            raise invalid(f"Param {name} must be a boolean")
        return value in {"true", "1"}

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number not below zero; required where there is no default."""
        value = self.params.get(name)
        if value is None and default is not None:
            return default
        if value is None or not (value.isascii() and value.isdigit()):
            raise invalid(f"Param {name} must be a non-negative integer")
        return int(value)

    def page_id(self, name: str) -> str:
        """The id of a Page, such as that of a place; empty where it is absent."""
        value = self.params.get(name, "")
        if name in self.params and not (value.isascii() and value.isdigit()):
            raise invalid(f"Param {name} must be the ID of a Page")
        return value

    def json(self, name: str) -> Any:
        """A parameter that holds JSON, or None where it is absent."""
        value = self.params.get(name)
        if value is None:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise invalid(f"Param {name} must be valid JSON") from None

    def strings(self, name: str) -> list[str]:
        """A list of strings: a JSON array or values between commas."""
        value = self.params.get(name, "")
        if not value.startswith("["):
            return [part.strip() for part in value.split(",") if part.strip()]
        items = self.json(name)
        if not all(isinstance(item, str | int) for item in items):
            raise invalid(f"Param {name} must be an array of strings")
        return [str(item) for item in items]

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A list of objects: one JSON array, or `name[0]`, `name[1]`, ... with one object each."""
        whole = self.json(name)
        if whole is None:
            indexed = [key for key in self.params if key.startswith(f"{name}[")]
            whole = [self.json(key) for key in indexed]
        if not isinstance(whole, list) or not all(isinstance(item, dict) for item in whole):
            raise invalid(f"Param {name} must be an array")
        return whole


async def read_parameters(request: Request) -> tuple[dict[str, str], dict[str, UploadFile]]:
    """The parameters of query and form together, and the files; a repeated key is refused."""
    pairs = list(request.query_params.multi_items())
    files: dict[str, UploadFile] = {}
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        pairs += await _json_pairs(request)
    elif content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        form: FormData = await request.form()
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = value
            else:
                pairs.append((name, value))
    shown = {name: f"<file {file.filename}, {file.size} bytes>" for name, file in files.items()}
    params = dict(pairs)
    note(request, form=params | shown)
    for name in params:
        if [key for key, _ in pairs].count(name) > 1:
            raise invalid(f"Param {name} was given more than once")
    return params, files


async def _json_pairs(request: Request) -> list[tuple[str, str]]:
    try:
        body = await request.json()
    except ValueError:
        raise GraphError(100, "(#100) The body is not valid JSON") from None
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object")
    return [
        (name, value if isinstance(value, str) else json.dumps(value))
        for name, value in body.items()
    ]
