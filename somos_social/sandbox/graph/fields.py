"""The `fields` parameter: which fields of which kind of node exist, and what they hold."""

from collections.abc import Callable, Mapping
from typing import Any

from somos_social.sandbox.graph.errors import invalid, no_field
from somos_social.sandbox.graph.objects import Node, kind_of
from somos_social.sandbox.world import World

Spec = dict[str, "Spec"]
"""Wanted fields, each with the wanted fields below it."""
Reader = Callable[[World, Any], Any]
"""Reads one field of a node; None leaves the field out of the answer, as Graph does."""


class Shape:
    """A kind of node or sub-object: its fields and which of them come unasked."""

    def __init__(self, kind: str, readers: Mapping[str, Reader], default: str) -> None:
        self.kind = kind
        self.readers = readers
        self.default = default

    def read(self, world: World, value: Any, spec: Spec | None) -> dict[str, Any]:
        """The wanted fields of `value`; an unknown field is refused."""
        spec = spec or parse(self.default)
        answer: dict[str, Any] = {}
        for name, below in spec.items():
            if name not in self.readers:
                raise no_field(name, f"node type ({self.kind})")
            found = self.readers[name](world, value)
            if found is not None:
                answer[name] = shaped(world, name, found, below)
        return answer


SHAPES: dict[str, Shape] = {}
"""The shape of each kind of node, filled by `nodes`."""


class Nodes(list[Any]):
    """A field that holds nodes, shown as an edge with `data`."""


class Parts(list[Any]):
    """A field that holds sub-objects of one shape, shown as an edge with `data`."""

    def __init__(self, shape: Shape, items: list[Any]) -> None:
        super().__init__(items)
        self.shape = shape


def shaped(world: World, name: str, found: Any, below: Spec) -> Any:
    """A field's value with the fields wanted below it."""
    if isinstance(found, Nodes):
        return {"data": [read_node(world, node, below) for node in found]}
    if isinstance(found, Parts):
        return {"data": [found.shape.read(world, item, below) for item in found]}
    if below and isinstance(found, dict):
        for wanted in below:
            if wanted not in found:
                raise no_field(wanted, f"field {name}")
        return {wanted: found[wanted] for wanted in below}
    return found


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
    spec: Spec = {}
    while True:
        name = ""
        while text and text[0] not in ",{}":
            name, text = name + text[0], text[1:]
        below: Spec = {}
        if text.startswith("{"):
            below, text = _parse(text[1:])
            if not text.startswith("}"):
                raise invalid("Syntax error in fields: a brace is not closed")
            text = text[1:]
        plain = name.strip().split(".")[0]
        if not plain:
            raise invalid("Syntax error in fields: a name is missing")
        spec[plain] = below
        if not text.startswith(","):
            return spec, text
        text = text[1:]
