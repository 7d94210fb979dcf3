"""Every way in which one rule of a module can be broken, read from its source."""

import ast
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

STATUSES = (
    "SCHEDULED",
    "CLAIMED",
    "PUBLISHING",
    "PUBLISHED",
    "UNCONFIRMED",
    "FAILED",
    "MISSED",
    "CANCELLED",
    "REMOVED",
)
ENDS = ("PUBLISHED", "REMOVED")
"""What a rule allows from there in addition, `MOVES` refuses all the same, in the same words."""

OTHER_STATUS = {
    "SCHEDULED": "FAILED",
    "CLAIMED": "PUBLISHING",
    "PUBLISHING": "CLAIMED",
    "PUBLISHED": "UNCONFIRMED",
    "UNCONFIRMED": "SCHEDULED",
    "FAILED": "SCHEDULED",
    "MISSED": "FAILED",
    "CANCELLED": "FAILED",
    "REMOVED": "PUBLISHED",
}
OTHER_NAME = {
    "max": "min",
    "min": "max",
    "and_": "or_",
    "or_": "and_",
    # Events that hold the same: what matters is which of them it is.
    "Unanswered": "Unreachable",
    "Unreachable": "Unanswered",
    "Blocked": "Unreachable",
    "Unread": "Unknowable",
    "Absent": "Returned",
    "Returned": "Absent",
    "Abandoned": "Overdue",
    "Overdue": "Abandoned",
    "PassedBy": "Overdue",
    "Busy": "Returned",
    "Withheld": "Unanswered",
    "Suspected": "Refused",
}
OTHER_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OTHER_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}
DROPPED_KEYWORDS = {"replace", "values"}
DROPPED_ARGUMENTS = {"where", "and_", "or_", "order_by", "max", "min"}
DROPPED_CALLS = {"where", "limit", "order_by", "with_for_update"}
NO_RULES = {"annotation", "returns", "decorator_list", "bases", "type_params"}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change of one place of a module's tree."""

    file: str
    line: int
    where: str
    says: str
    break_it: Callable[[], None]

    @property
    def name(self) -> str:
        """The same from run to run, whatever moves above it in the file."""
        return f"{self.file} {self.where}: {self.says}"


@dataclass(frozen=True)
class Place:
    """Where a node hangs in the tree, so that another can hang there."""

    owner: ast.AST
    field: str
    index: int | None = None

    def put(self, new: Any) -> Callable[[], None]:
        def put() -> None:
            if self.index is None:
                setattr(self.owner, self.field, new)
            else:
                getattr(self.owner, self.field)[self.index] = new

        return put


Change = tuple[str, Callable[[], None]]


def mutants(file: str, tree: ast.Module, leave: Collection[str]) -> list[Mutant]:
    """All of them in the order of the source; `leave` names what holds no rules."""
    returning = {
        node.name: index
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and (index := _given_back(node)) is not None
    }
    seen: Counter[str] = Counter()
    found = []
    for node, place, where in _places(tree, "", leave):
        for says, break_it in _changes(node, place, returning):
            seen[f"{where} {says}"] += 1
            times = seen[f"{where} {says}"]
            found.append(
                Mutant(
                    file=file,
                    line=getattr(node, "lineno", getattr(place.owner, "lineno", 0)),
                    where=where or "(module)",
                    says=says if times == 1 else f"{says} ({times})",
                    break_it=break_it,
                )
            )
    return found


def _given_back(function: ast.FunctionDef) -> int | None:
    """Which of its arguments is of the kind that it returns, so that it can be left out."""
    if function.returns is None:
        return None
    kinds = [ast.dump(arg.annotation) if arg.annotation else "" for arg in function.args.args]
    kind = ast.dump(function.returns)
    return kinds.index(kind) if kind in kinds else None


def _places(
    node: ast.AST, where: str, leave: Collection[str]
) -> Iterator[tuple[ast.AST, Place, str]]:
    for field, value in ast.iter_fields(node):
        if field in NO_RULES:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_said_only(child):
                continue
            inside = f"{where}.{name}".strip(".") if (name := _name(child, where)) else where
            if inside in leave:
                continue
            yield child, Place(node, field, index), inside
            yield from _places(child, inside, leave)


def _name(node: ast.AST, where: str) -> str | None:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) if not where:
            return name
        case ast.AnnAssign(target=ast.Name(id=name)) if not where:
            return name
    return None


def _is_said_only(node: ast.AST) -> bool:
    """A docstring, an import or a message: changing it breaks no rule."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.JoinedStr():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return True  # the type checker's, and never reached
    return False


def _changes(node: ast.AST, place: Place, returning: Mapping[str, int]) -> Iterator[Change]:
    yield from _of_a_condition(node, place)
    yield from _of_an_operation(node, place)
    yield from _of_a_statement(node, place)
    match node:
        case ast.BoolOp():
            yield from _of_all_or_any(node, place)
        case ast.Call():
            yield from _of_a_call(node, place, returning)
        case ast.Constant(value=bool() | int() as value):
            new = ast.Constant(not value if isinstance(value, bool) else value + 1)
            yield f"{new.value!r} instead of {value} in {_short(place.owner)}", place.put(new)
        case ast.Attribute(value=ast.Name(id="Status"), attr=attr) if not _is_member(place):
            other = _status(OTHER_STATUS[attr])
            yield f"{_short(other)} instead of {attr} in {_short(place.owner)}", place.put(other)
        case ast.Set(elts=elts) | ast.Tuple(elts=elts) if _are_statuses(elts):
            guarded = isinstance(node, ast.Set) and not _is_the_guard(place)
            yield from _of_statuses(node, ENDS if guarded else ())
        case ast.Match() | ast.MatchOr():
            yield from _of_a_match(node, place)


def _of_an_operation(node: ast.AST, place: Place) -> Iterator[Change]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for other in OTHER_COMPARISONS.get(type(op), ()):
                new = ast.Compare(left=left, ops=[other()], comparators=[right])
                yield _instead(node, new), place.put(new)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _instead(node, operand), place.put(operand)
        case ast.BinOp(left=left, right=right, op=ast.BitOr()):
            yield _instead(node, left), place.put(left)
            yield _instead(node, right), place.put(right)
        case ast.BinOp(left=left, right=right, op=op) if type(op) in OTHER_SUMS:
            sum_ = ast.BinOp(left=left, right=right, op=OTHER_SUMS[type(op)]())
            yield _instead(node, sum_), place.put(sum_)


def _of_a_condition(node: ast.AST, place: Place) -> Iterator[Change]:
    asks = place.field in ("test", "guard") or (
        place.field == "ifs" and isinstance(place.owner, ast.comprehension)
    )
    if asks and not isinstance(node, ast.Constant):
        for value, word in ((True, "always"), (False, "never")):
            yield f"{word} {_short(node)}", place.put(ast.Constant(value))


def _of_all_or_any(node: ast.BoolOp, place: Place) -> Iterator[Change]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    new = ast.BoolOp(op=other, values=node.values)
    yield _instead(node, new), place.put(new)
    for dropped in node.values:
        rest = [value for value in node.values if value is not dropped]
        left = rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)
        yield _instead(node, left), place.put(left)


def _of_a_call(node: ast.Call, place: Place, returning: Mapping[str, int]) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if isinstance(node.func, ast.Name) and name in OTHER_NAME:
        new = ast.Call(ast.Name(OTHER_NAME[name], ast.Load()), node.args, node.keywords)
        yield f"{OTHER_NAME[name]} instead of {_short(node)}", place.put(new)
    if isinstance(node.func, ast.Attribute) and name in DROPPED_CALLS:
        yield f"without .{name}({_inside(node)})", place.put(node.func.value)
    if name == "not_" or name in returning:
        yield f"without {_short(node)}", place.put(node.args[returning.get(name, 0)])
    if name in DROPPED_ARGUMENTS and len(node.args) > 1:
        for dropped in node.args:
            rest = [arg for arg in node.args if arg is not dropped]
            yield f"without {_short(dropped)} in {name}", Place(node, "args").put(rest)
    if name in DROPPED_KEYWORDS:
        for keyword in node.keywords:
            others = [k for k in node.keywords if k is not keyword]
            says = f"without {keyword.arg}={_short(keyword.value)} in {name}"
            yield says, Place(node, "keywords").put(others)


def _of_statuses(node: ast.Set | ast.Tuple, ends: Collection[str]) -> Iterator[Change]:
    there = [elt.attr for elt in node.elts if isinstance(elt, ast.Attribute)]
    for status in STATUSES:
        if status in ends and status not in there:
            continue
        names = [name for name in there if name != status]
        word = "without" if len(names) < len(there) else "also"
        if word == "also":
            names.append(status)
        elts: list[ast.expr] = [_status(name) for name in names]
        # An empty set has no literal; a starred empty tuple in braces is one.
        full = elts or [ast.Starred(ast.Tuple([], ast.Load()), ast.Load())]
        yield f"{word} {status} in {_short(node)}", Place(node, "elts").put(full)


def _status(name: str) -> ast.Attribute:
    return ast.Attribute(ast.Name("Status", ast.Load()), name, ast.Load())


def _of_a_match(node: ast.Match | ast.MatchOr, place: Place) -> Iterator[Change]:
    if isinstance(node, ast.MatchOr):
        for dropped in node.patterns:
            left = [pattern for pattern in node.patterns if pattern is not dropped]
            says = f"without {_short(dropped)} in {_short(node)}"
            one_left = place.put(left[0])
            yield says, one_left if len(left) == 1 else Place(node, "patterns").put(left)
        return
    rules = [case for case in node.cases if not _is_for_ever(case)]
    for case in rules:
        rest = [other for other in node.cases if other is not case]
        yield f"without {_head(case)}", Place(node, "cases").put(rest)
    for one, two in pairwise(rules):
        if _of(one.body) != _of(two.body):
            yield f"{_head(one)} and {_head(two)} swapped", _swap(one, two)


def _of(body: list[ast.stmt]) -> list[str]:
    return [ast.dump(statement) for statement in body]


def _is_for_ever(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _head(case: ast.match_case) -> str:
    return " ".join(ast.unparse(case).partition("\n")[0].rstrip(":").split())


def _swap(one: ast.match_case, two: ast.match_case) -> Callable[[], None]:
    def swap() -> None:
        one.body, two.body = two.body, one.body

    return swap


def _of_a_statement(node: ast.AST, place: Place) -> Iterator[Change]:
    match node:
        case ast.ExceptHandler(type=ast.AST() as kind):
            yield f"{_short(kind)} not expected", Place(node, "type").put(ast.Tuple([], ast.Load()))
        case ast.Expr() | ast.Raise() | ast.AugAssign():
            yield f"without {_short(node)}", place.put(ast.Pass())
        case ast.Continue():
            yield "break instead of continue", place.put(ast.Break())
        case ast.Break():
            yield "continue instead of break", place.put(ast.Continue())


def _are_statuses(elts: list[ast.expr]) -> bool:
    return bool(elts) and all(
        isinstance(elt, ast.Attribute)
        and isinstance(elt.value, ast.Name)
        and elt.value.id == "Status"
        for elt in elts
    )


def _is_the_guard(place: Place) -> bool:
    """MOVES: a table of sets, each in a call that freezes it."""
    return isinstance(place.owner, ast.Call) and ast.unparse(place.owner.func) == "frozenset"


def _is_member(place: Place) -> bool:
    """Whether the set or the table it stands in is broken as a whole."""
    elts = getattr(place.owner, "elts", [])
    return place.field == "keys" or (place.field == "elts" and _are_statuses(elts))


def _instead(old: ast.AST, new: ast.AST) -> str:
    return f"{_short(new)} instead of {_short(old)}"


def _inside(node: ast.Call) -> str:
    return ", ".join(_short(arg) for arg in (*node.args, *(k.value for k in node.keywords)))


def _short(node: ast.AST) -> str:
    said = " ".join(ast.unparse(node).split())
    return said if len(said) <= 72 else f"{said[:48]} ... {said[-20:]}"
