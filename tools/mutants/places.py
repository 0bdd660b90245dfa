"""Where the domain's code can be broken in one place, and how."""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Files and folders in which records are changed, read and asked for, wherever in an app they stand.
ROOMS = {"actions", "permissions", "models", "forms"}
#: The function that a switched file asks, with a mutant's number, whether that mutant is on.
SWITCH = "__is_broken__"

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"filter": "exclude", "exclude": "filter", "any": "all", "all": "any", "min": "max", "max": "min"}

Place = ast.expr | ast.stmt
Span = tuple[bool, int, int, int, int]


@dataclass(frozen=True)
class Mutant:
    """One place in one file and its replacement."""

    file: str
    #: Whether it is a statement, then the first line and column (in bytes, as ast counts) and the last.
    span: Span
    was: str
    becomes: str

    @property
    def line(self) -> int:
        """The line that it begins in."""
        return self.span[1]

    def node(self) -> ast.AST:
        """What stands there instead."""
        return ast.parse(self.becomes).body[0] if self.span[0] else ast.parse(self.becomes, mode="eval").body

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {short(self.was)}  →  {short(self.becomes)}"


def short(text: str) -> str:
    """A piece of code in one line of at most 90 characters."""
    return " ".join(text.split())[:90]


def domain_files(only: Iterable[str] = ()) -> list[str]:
    """Files of actions, permissions, querysets and forms, by their place in the repository."""
    found = sorted((ROOT / "jirani").rglob("*.py"))
    paths = [path.relative_to(ROOT) for path in found]
    rooms = (path for path in paths if ROOMS & {*path.parts[2:-1], path.stem} and path.parts[1] != "demo")
    starts = tuple(only) or ("",)
    return [str(path) for path in rooms if str(path).startswith(starts)]


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """All mutants of a file; of a file of models those in its querysets alone."""
    for node, other in _changes_of(ast.parse(source), querysets_only="models" in Path(file).with_suffix("").parts):
        yield Mutant(file, span_of(node), ast.unparse(node), ast.unparse(other))


def span_of(node: Place) -> Span:
    """Return the position of a node. An expression that is a whole statement has the statement's position."""
    end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return isinstance(node, ast.stmt), node.lineno, node.col_offset, *end


def switched(source: str, mutants: Iterable[tuple[int, Mutant]]) -> ast.Module:
    """A file's code in which each of its mutants, by number, can be switched on while it runs."""
    tree = ast.parse(source)
    _Switches(mutants).visit(tree)
    return ast.fix_missing_locations(tree)


class _Switches(ast.NodeTransformer):
    def __init__(self, mutants: Iterable[tuple[int, Mutant]]) -> None:
        self.mutants: dict[Span, list[tuple[int, Mutant]]] = defaultdict(list)
        for number, mutant in mutants:
            self.mutants[mutant.span].append((number, mutant))

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.JoinedStr):
            return node  # within it Python 3.11 gives places that are other nodes' as well
        span = span_of(node) if isinstance(node, ast.expr | ast.stmt) else None
        node = self.generic_visit(node)
        for number, mutant in self.mutants.get(span, ()) if span else ():
            asked = ast.Call(ast.Name(SWITCH, ast.Load()), [ast.Constant(number)], [])
            node = _either(asked, mutant.node(), node)
        return node


def _either(asked: ast.expr, other: ast.AST, node: ast.AST) -> ast.AST:
    if isinstance(node, ast.stmt):
        assert isinstance(other, ast.stmt)
        return ast.copy_location(ast.If(asked, [other], [node]), node)
    assert isinstance(node, ast.expr)
    assert isinstance(other, ast.expr)
    return ast.copy_location(ast.IfExp(asked, other, node), node)


def _changes_of(tree: ast.Module, *, querysets_only: bool) -> Iterator[tuple[Place, Place]]:
    for node in _places(tree, querysets_only=querysets_only):
        if isinstance(node, ast.If):
            yield node.test, ast.Constant(False)  # its body never runs
        for other in _others(node) if isinstance(node, ast.expr) else _other_statements(node):
            yield node, other


def _places(tree: ast.Module, *, querysets_only: bool) -> Iterator[Place]:
    """Statements and expressions within functions, but for what only types and documents look at."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name.endswith("QuerySet")]
    for top in classes if querysets_only else [tree]:
        for function in (node for node in ast.walk(top) if isinstance(node, ast.FunctionDef)):
            for statement in function.body:
                if not _is_text(statement) and not isinstance(statement, ast.FunctionDef):
                    yield from _within(statement)


def _within(node: ast.AST) -> Iterator[Place]:
    """A statement and all in it, but for types, patterns, what stands in f-strings (Python 3.11 does not say where) and
    functions within.
    """
    if isinstance(node, ast.expr | ast.stmt):
        yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            beyond = isinstance(child, ast.JoinedStr | ast.FunctionDef | ast.pattern) or name == "annotation"
            if isinstance(child, ast.AST) and not beyond:
                yield from _within(child)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _others(node: ast.expr) -> Iterator[ast.expr]:
    """Yield possible replacements of an expression."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield ast.Compare(node.left, [COMPARISONS[type(operator)]()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            yield node.values[0]
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Call(func=ast.Attribute(attr=name)) if name in NAMES:
            yield _renamed(node)


def _other_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield possible replacements of a statement."""
    match node:
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))


def _renamed(call: ast.Call) -> ast.Call:
    other = copy.deepcopy(call)
    assert isinstance(other.func, ast.Attribute)
    other.func.attr = NAMES[other.func.attr]
    return other
