"""Every request to X is one that X's own OpenAPI description allows: path, query and body."""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from somos_social.platforms import Measures, Unfulfilled
from somos_social.sandbox import Fault
from tests.platforms.conftest import box, clock, media_root, stage_of  # noqa: F401  # fixtures
from tests.platforms.servers import CLOSE, Asked, Reply, answering
from tests.platforms.stage import Stage

ROOT = Path(__file__).parents[2]
CONTRACTS = Path(os.environ.get("SOMOS_CONTRACTS", ROOT.parent / "shared" / "contracts"))
NEWEST = CONTRACTS / "x" / "openapi.json"
IN_TWEEPYS_WORDS = CONTRACTS / "x" / "openapi-2.166-tweet-fields.json"
"""The last version in the vocabulary that tweepy speaks; both are answered by X."""

pytestmark = pytest.mark.skipif(
    not NEWEST.is_file() or not IN_TWEEPYS_WORDS.is_file(),
    reason=f"X's API description is not at {NEWEST}; SOMOS_CONTRACTS names its place.",
)

KINDS = ("text", "pictures", "gif", "large video", "comment", "disclosed", "link of a thread")


def all_requests(stage: Stage) -> list[Asked]:
    """What is sent for every kind of post, cut and resumed, looked for, measured, introduced."""

    def passed_on(asked: Asked) -> Reply:
        kept: dict[str, str | bytes | None] = {
            it: asked.headers[it] for it in ("authorization", "content-type") if it in asked.headers
        }
        try:
            answer = requests.request(
                asked.method,
                f"{stage.box.url}/x{asked.path}",
                params=asked.query,
                data=asked.body,
                headers=kept,
                timeout=10,
            )
        except requests.ConnectionError:
            return CLOSE
        return Reply(answer.status_code, answer.content)

    with answering(passed_on) as between:
        adapter = stage.adapter(rebase=between.rebase)
        adapter.whoami()
        for kind in KINDS:
            delivery = stage.of_kind(kind)
            text = f"{kind}: {delivery.variant.text}"
            delivery = replace(delivery, variant=replace(delivery.variant, text=text))
            if kind == "large video":
                stage.box.faults.add(Fault(match="POST */append", kind="close"))
                with pytest.raises(Unfulfilled):
                    adapter.prepare(delivery, None)
            receipt, upload, asked = stage.published(adapter, delivery)
            stage.clock.passes(minutes=1)
            adapter.find(asked, upload)
            assert isinstance(adapter, Measures)
            adapter.measure([replace(asked, receipt=receipt)])
        return between.asked


class Description:
    """One version of X's OpenAPI file."""

    def __init__(self, path: Path) -> None:
        self.whole: dict[str, Any] = json.loads(path.read_text())

    def resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            found: Any = self.whole
            for name in value["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            value = found
        return value

    def operation(self, method: str, path: str) -> dict[str, Any]:
        for template, operations in self.whole["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                # "/2/media/upload/initialize" also fits "/2/media/{media_key}" and the like.
                if "{" in template and path in self.whole["paths"]:
                    continue
                found: dict[str, Any] = operations[method.lower()]
                return found
        raise AssertionError(f"{method} {path} is not described")

    def wrongs(self, value: Any, schema: dict[str, Any], at: str = "$") -> Iterator[str]:
        """What of `value` the schema does not allow; the words of JSON Schema that X uses."""
        schema = self.resolved(schema)
        if "anyOf" in schema:
            every = [list(self.wrongs(value, choice, at)) for choice in schema["anyOf"]]
            yield from [] if [] in every else every[0]
            return
        types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
        wanted = types.get(schema.get("type", ""), object)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            yield f"{at} is not {schema['type']}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: {value} is not among {schema['enum']}"
        if isinstance(value, str):
            yield from self._wrong_text(value, schema, at)
        if isinstance(value, int) and not (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
        ):
            yield f"{at}: {value} is out of bounds"
        if isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
                yield f"{at} has {len(value)} items"
            for place, item in enumerate(value):
                yield from self.wrongs(item, schema.get("items", {}), f"{at}[{place}]")
        if isinstance(value, dict):
            yield from self._wrong_members(value, schema, at)

    def _wrong_text(self, value: str, schema: dict[str, Any], at: str) -> Iterator[str]:
        if not re.search(schema.get("pattern", ""), value):
            yield f"{at}: {value} does not fit {schema['pattern']}"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{at} is {len(value)} long"

    def _wrong_members(
        self, value: dict[str, Any], schema: dict[str, Any], at: str
    ) -> Iterator[str]:
        known = schema.get("properties", {})
        yield from (
            f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value
        )
        for name, member in value.items():
            if name in known:
                yield from self.wrongs(member, known[name], f"{at}.{name}")
            elif known:
                yield f"{at}.{name} is not described"


def as_described(text: str, schema: dict[str, Any]) -> Any:
    """A query value as the type that its schema names."""
    match schema.get("type"):
        case "array":
            return text.split(",")
        case "integer":
            return int(text)
    return text


def test_every_request_is_one_that_x_describes(
    stage_of: Callable[[str], Stage],  # noqa: F811  # the fixture
) -> None:
    newest, tweepys = Description(NEWEST), Description(IN_TWEEPYS_WORDS)
    seen = set()
    for asked in all_requests(stage_of("x")):
        method, path = asked.method, asked.path
        seen.add((method, re.sub(r"\d{5,}", "{id}", path)))
        parameters = tweepys.operation(method, path).get("parameters", ())
        queries = {
            it["name"]: tweepys.resolved(it["schema"])
            for it in map(tweepys.resolved, parameters)
            if it["in"] == "query"
        }
        for name, value in asked.query.items():
            assert name in queries, f"{path} takes no {name}"
            wrong = list(tweepys.wrongs(as_described(value, queries[name]), queries[name], name))
            assert not wrong, wrong
        body = newest.operation(method, path).get("requestBody")
        assert bool(asked.body) == (body is not None), path
        if body is not None:
            schema = body["content"]["application/json"]["schema"]
            wrong = list(newest.wrongs(json.loads(asked.body), schema))
            assert not wrong, f"{path}: {wrong}"
    assert len(seen) >= 8, "the whole adapter was heard"
