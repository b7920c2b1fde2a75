"""Small mutations of a function's source: what a slip of the pen makes of a right answer."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (),
}
_COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_SWAPPED_NAMES = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "std": "var",
    "var": "std",
    "argmax": "argmin",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "all": "any",
    "any": "all",
    "sqrt": "square",
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "floor": "ceil",
    "ceil": "floor",
    "sorted": "list",
}


@dataclass(frozen=True)
class Mutant:
    """A changed source, and the changed statement (its first line) as ``audit`` prints it."""

    statement: str
    source: str


def mutants(source: str, name: str) -> Iterator[Mutant]:
    """All first-order mutants of the function ``name`` in ``source``: one operator, constant, axis, comparison,
    argument order, keyword, condition or function name changed at a time. Texts of errors are left alone."""
    tree = ast.parse(source)
    places = [i for i, n in enumerate(tree.body) if isinstance(n, ast.FunctionDef) and n.name == name]
    if not places:
        raise ValueError(f"the source defines no function {name!r}")
    position = places[-1]
    function = tree.body[position]
    assert isinstance(function, ast.FunctionDef)
    _drop_docstring(function)
    _drop_annotations(function)
    statements = _enclosing_statements(function)
    seen = {ast.unparse(tree)}
    for number, node in enumerate(ast.walk(function)):
        if number not in statements:
            continue
        for change in _changes(node):
            mutated = copy.deepcopy(tree)
            nodes = list(ast.walk(mutated.body[position]))
            change(nodes[number])
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text in seen:
                continue
            seen.add(text)
            yield Mutant(ast.unparse(nodes[statements[number]]).splitlines()[0], text + "\n")


def _enclosing_statements(function: ast.FunctionDef) -> dict[int, int]:
    """The number of the innermost statement around each node that may be changed, both as ``ast.walk`` counts."""
    numbers = {id(n): i for i, n in enumerate(ast.walk(function))}
    found: dict[int, int] = {}

    def visit(node: ast.AST, statement: int) -> None:
        if isinstance(node, ast.stmt):
            statement = numbers[id(node)]
        found[numbers[id(node)]] = statement
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.JoinedStr) or (isinstance(node, ast.Raise) and child is node.exc):
                continue
            # operators and contexts are shared objects in the tree; nothing about them is changed by themselves
            if isinstance(child, ast.expr | ast.stmt | ast.arguments | ast.comprehension | ast.keyword):
                visit(child, statement)

    visit(function, 0)
    return found


def _drop_annotations(function: ast.FunctionDef) -> None:
    function.returns = None
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None


def _drop_docstring(function: ast.FunctionDef) -> None:
    if ast.get_docstring(function) is not None and len(function.body) > 1:
        function.body = function.body[1:]


Change = Callable[[ast.AST], None]


def _changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        for operator in _BINARY.get(type(node.op), ()):
            yield _set(node, "op", operator())
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
            yield _swap_operands
    elif isinstance(node, ast.AugAssign):
        for operator in _BINARY.get(type(node.op), ()):
            yield _set(node, "op", operator())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield _set(node, "op", ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not())
    elif isinstance(node, ast.Compare):
        for comparison in _COMPARE.get(type(node.ops[0]), ()):
            yield _set(node, "ops", [comparison(), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.Constant):
        for value in _other_constants(node.value):
            yield _set(node, "value", value)
    elif isinstance(node, ast.Call):
        yield from _call_changes(node)
    elif isinstance(node, ast.IfExp):
        yield _swap_branches
    elif isinstance(node, ast.If | ast.While):
        yield _negate_condition
    elif isinstance(node, ast.Attribute) and node.attr in _SWAPPED_NAMES:
        yield _set(node, "attr", _SWAPPED_NAMES[node.attr])
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield _drop_transpose
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _SWAPPED_NAMES:
        yield _set(node, "id", _SWAPPED_NAMES[node.id])


def _other_constants(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 2, value + 1.0] if value else [1.0]
    if isinstance(value, str) and value:
        return [value + "_"]
    return []


def _call_changes(node: ast.Call) -> Iterator[Change]:
    if len(node.args) >= 2 and not any(isinstance(a, ast.Starred) for a in node.args):
        for i in range(len(node.args) - 1):
            yield _swap_arguments(i)
    for i in range(len(node.keywords)):
        yield _drop_keyword(i)


def _set(node: ast.AST, field: str, value: object) -> Change:
    def change(target: ast.AST) -> None:
        setattr(target, field, copy.deepcopy(value))

    return change


def _swap_operands(target: ast.AST) -> None:
    assert isinstance(target, ast.BinOp)
    target.left, target.right = target.right, target.left


def _swap_branches(target: ast.AST) -> None:
    assert isinstance(target, ast.IfExp)
    target.body, target.orelse = target.orelse, target.body


def _negate_condition(target: ast.AST) -> None:
    assert isinstance(target, ast.If | ast.While)
    target.test = ast.UnaryOp(ast.Not(), target.test)


def _drop_transpose(target: ast.AST) -> None:
    assert isinstance(target, ast.Attribute)
    # an attribute cannot be replaced by its value in place; .real of a real array is the array itself
    target.attr = "real"


def _swap_arguments(i: int) -> Change:
    def change(target: ast.AST) -> None:
        assert isinstance(target, ast.Call)
        target.args[i], target.args[i + 1] = target.args[i + 1], target.args[i]

    return change


def _drop_keyword(i: int) -> Change:
    def change(target: ast.AST) -> None:
        assert isinstance(target, ast.Call)
        del target.keywords[i]

    return change
