"""The `fields` parameter: which fields of which kind of node exist, and what they hold."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from somos_social.sandbox.graph.errors import invalid, no_field
from somos_social.sandbox.graph.objects import Node, kind_of
from somos_social.sandbox.world import World


class Spec(dict[str, "Spec"]):
    """Wanted fields, each with the wanted fields below it; `modifiers` are as in `.limit(5)`."""

    modifiers: Mapping[str, str] = {}


MODIFIER = re.compile(r"(\w+)\(([^()]*)\)")
View = Callable[[World, Any], dict[str, Any]]
"""All fields of a node; one that is None is known but not set, and left out as Graph does."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of node or sub-object: its fields and which of them come unasked."""

    kind: str
    view: View
    default: str

    def read(self, world: World, value: Any, spec: Spec | None) -> dict[str, Any]:
        """The wanted fields of `value`; an unknown field is refused."""
        fields = self.view(world, value)
        answer: dict[str, Any] = {}
        for name, below in (spec or parse(self.default)).items():
            if name not in fields:
                raise no_field(name, f"node type ({self.kind})")
            if fields[name] is not None:
                answer[name] = shaped(world, name, fields[name], below)
        return answer


SHAPES: dict[str, Shape] = {}
"""The shape of each kind of node; the package fills it."""


class Nodes(list[Any]):
    """A field that holds nodes, shown as an edge with `data`; `total` is what a summary counts."""

    def __init__(self, nodes: Iterable[Any] = (), *, total: int | None = None) -> None:
        super().__init__(nodes)
        self.total = len(self) if total is None else total


@dataclass(frozen=True, slots=True)
class Parts:
    """A field that holds sub-objects of one shape, shown as an edge with `data`."""

    shape: Shape
    items: list[dict[str, Any]]


def shaped(world: World, name: str, found: Any, below: Spec) -> Any:
    """A field's value with the fields wanted below it."""
    if isinstance(found, Nodes):
        return _edge(world, found, below)
    if isinstance(found, Parts):
        return {"data": [found.shape.read(world, item, below) for item in found.items]}
    if below and isinstance(found, dict):
        for wanted in below:
            if wanted not in found:
                raise no_field(wanted, f"field {name}")
        return {wanted: found[wanted] for wanted in below}
    return found


def _edge(world: World, found: Nodes, below: Spec) -> dict[str, Any]:
    limit = below.modifiers.get("limit")
    shown = found[: int(limit)] if limit and limit.isdigit() else found
    edge: dict[str, Any] = {"data": [read_node(world, node, below) for node in shown]}
    if "summary" in below.modifiers:
        edge["summary"] = {"total_count": found.total}
    return edge


def read_node(world: World, node: Node, spec: Spec | None = None) -> dict[str, Any]:
    """A node as a GET shows it; `id` is always there."""
    shape = SHAPES[kind_of(node)]
    answer = shape.read(world, node, spec)
    return {**answer, "id": node_id(node)}


def node_id(node: Any) -> str:
    """The id of any node."""
    return str(node.id if hasattr(node, "id") else node.post.id)


def parse(text: str) -> Spec:
    """Read `a,b{c,d},e.limit(5){f}`; what cannot be read is a code 100."""
    spec, rest = _parse(text)
    if rest:
        raise invalid(f"Syntax error in fields near '{rest[:20]}'")
    return spec


def _parse(text: str) -> tuple[Spec, str]:
    spec = Spec()
    while True:
        name = ""
        while text and text[0] not in ",{}":
            name, text = name + text[0], text[1:]
        below = Spec()
        if text.startswith("{"):
            below, text = _parse(text[1:])
            if not text.startswith("}"):
                raise invalid("Syntax error in fields: a brace is not closed")
            text = text[1:]
        plain, _, modified = name.strip().partition(".")
        if not plain:
            raise invalid("Syntax error in fields: a name is missing")
        below.modifiers = dict(MODIFIER.findall(modified))
        spec[plain] = below
        if not text.startswith(","):
            return spec, text
        text = text[1:]
