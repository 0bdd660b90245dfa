"""Break the domain's code in one place at a time and see whether a test notices.

    make mutants                                              a hundred, from all apps
    make mutants ARGS="--count 30 --only jirani/members"      fewer, from some

Which places is drawn with the parent commit as the seed, so that everybody who looks at a commit breaks the same ones and the next
commit breaks others. A place is tried with the tests that cover it. Mutants that change nothing are listed with
the reason in tools/mutants.toml. It works in copies in .cache/mutants and touches nothing of the checkout.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import hashlib
import json
import os
import random
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "mutants"
EQUIVALENTS = ROOT / "tools" / "mutants.toml"
#: Rooms of an app in which records are changed, read and asked for.
ROOMS = ("actions", "permissions", "models", "forms")
#: Tests that one mutant is tried with, the app's own first; and for how long, in seconds.
MOST_TESTS, PATIENCE = 60, 240
#: The share of non-equivalent mutants that must be caught.
LIMIT = 0.9

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


@dataclass(frozen=True)
class Mutant:
    """One place in one file and its replacement."""

    file: str
    line: int
    start: int
    end: int
    was: str
    becomes: str

    def apply(self, source: bytes) -> bytes:
        """The file with this one place changed."""
        return source[: self.start] + self.becomes.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {_short(self.was)}  →  {_short(self.becomes)}"


def _short(text: str) -> str:
    return " ".join(text.split())[:90]


# ── Where something can be broken, and how ──────────────────────────────────────────────────────────────────────────────


def mutants_of(file: str, source: bytes) -> Iterator[Mutant]:
    """All mutants of a file; of a file of models those in its querysets alone."""
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node, other in _changes_of(ast.parse(source), querysets_only="/models" in file):
        start = lines[node.lineno - 1] + node.col_offset
        end = lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        becomes = f"({ast.unparse(other)})" if isinstance(node, ast.expr) else ast.unparse(other)
        yield Mutant(file, node.lineno, start, end, source[start:end].decode(), becomes)


def _changes_of(tree: ast.Module, *, querysets_only: bool) -> Iterator[tuple[Place, ast.AST]]:
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
                if not _is_text(statement):
                    yield from _within(statement)


def _within(node: ast.AST) -> Iterator[Place]:
    """Yield a statement and everything in it except f-strings (Python 3.11 does not give positions in them) and inner functions."""
    if isinstance(node, ast.expr | ast.stmt):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.JoinedStr | ast.FunctionDef):
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


def domain_files(only: str) -> list[str]:
    """Files of actions, permissions, querysets and forms, by their place in the repository."""
    found = (path.relative_to(ROOT) for path in (ROOT / "jirani").rglob("*.py"))
    rooms = (path for path in found if len(path.parts) > 2 and path.parts[2].removesuffix(".py") in ROOMS)
    return sorted(str(path) for path in rooms if path.parts[1] not in {"demo", "core"} and str(path).startswith(only))


# ── Which tests run a line ──────────────────────────────────────────────────────────────────────────────────────────────


def covering(tests: list[str]) -> dict[str, dict[int, set[str]]]:
    """Return the tests that run each line of each file. The result is kept for the commit, since it takes a run of all those tests."""
    from coverage import CoverageData

    key = hashlib.sha256(" ".join([git("rev-parse", "HEAD^{tree}"), *tests]).encode()).hexdigest()[:16]
    kept = CACHE / f"coverage-{key}"
    place = CACHE / "copy-0"
    if not kept.exists():
        options = ["-n", "2", "--cov=jirani", "--cov-context=test", "--cov-report=", *tests]
        _pytest(place, options, patience=None)
        (place / ".coverage").rename(kept)
        failed = place / ".pytest_cache" / "v" / "cache" / "lastfailed"
        kept.with_suffix(".failed").write_text(failed.read_text("utf-8") if failed.exists() else "{}", "utf-8")
    failing = {name.partition("[")[0] for name in json.loads(kept.with_suffix(".failed").read_text("utf-8"))}
    data = CoverageData(str(kept))
    data.read()
    found: dict[str, dict[int, set[str]]] = defaultdict(dict)
    for path in data.measured_files():
        for line, contexts in data.contexts_by_lineno(path).items():
            names = {context.partition("|")[0].partition("[")[0] for context in contexts if "::" in context}
            found[os.path.relpath(path, place)][line] = names - failing  # who fails anyway notices nothing
    return found


def tests_for(mutant: Mutant, covered: dict[str, dict[int, set[str]]], draw: random.Random) -> list[str]:
    """Return tests that run the mutant's line, those of its own app first, and no more than time allows."""
    app = mutant.file.split("/")[1]
    names = sorted(covered.get(mutant.file, {}).get(mutant.line, set()))
    draw.shuffle(names)
    return sorted(names, key=lambda name: not name.startswith(f"tests/{app}/"))[:MOST_TESTS]


# ── Trying them ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pytest(place: Path, options: list[str], *, patience: int | None) -> int:
    """Run tests in a copy. Returns pytest's exit code, or 1 if it does not finish in time."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JIRANI_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", *options]
    try:
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return 1
    return done.returncode


def is_caught(mutant: Mutant, tests: list[str], place: Path) -> bool:
    """Whether a test fails with it. A place that no test runs is caught by none."""
    if not tests:
        return False
    path = place / mutant.file
    source = path.read_bytes()
    path.write_bytes(mutant.apply(source))
    try:
        return _pytest(place, ["-x", *tests], patience=PATIENCE) != 0
    finally:
        path.write_bytes(source)


def equivalents() -> dict[tuple[str, str, str], str]:
    """Mutants that change nothing anybody could see, with the reason."""
    listed = tomllib.loads(EQUIVALENTS.read_text("utf-8")).get("equivalent", [])
    return {(one["file"], one["was"], one["becomes"]): one["why"] for one in listed}


def draw_mutants(count: int, only: str, draw: random.Random) -> list[Mutant]:
    """Draw mutants that are not known to be equivalent. Every file has the same chance, whatever its length."""
    known = equivalents()
    by_file = {file: list(mutants_of(file, (ROOT / file).read_bytes())) for file in domain_files(only)}
    drawn: dict[Mutant, None] = {}
    files = [file for file, found in by_file.items() for _ in found]
    while files and len(drawn) < min(count, len(files)):
        mutant = draw.choice(by_file[draw.choice(files)])
        if (mutant.file, _short(mutant.was), _short(mutant.becomes)) not in known:
            drawn[mutant] = None
        else:
            files.remove(mutant.file)
    return list(drawn)


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


@contextlib.contextmanager
def copies(number: int) -> Iterator[Queue[Path]]:
    """Yield work trees of the current commit, each with its own database server."""
    places: Queue[Path] = Queue()
    for index in range(number):
        place = CACHE / f"copy-{index}"
        if place.exists():
            git("-C", str(place), "checkout", "--quiet", "--force", "--detach", git("rev-parse", "HEAD"))
        else:
            git("worktree", "add", "--quiet", "--detach", str(place))
            (place / ".venv").symlink_to(ROOT / ".venv")  # tests run our commands from there
        places.put(place)
    try:
        yield places
    finally:
        for index in range(number):
            git("worktree", "remove", "--force", str(CACHE / f"copy-{index}"))


def try_all(mutants: list[Mutant], tests: list[str], draw: random.Random) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant and whether a test noticed, two at a time."""
    with copies(2) as places:
        covered = covering(tests)
        work = [(mutant, tests_for(mutant, covered, draw)) for mutant in mutants]

        def attempt(pair: tuple[Mutant, list[str]]) -> tuple[Mutant, bool]:
            place = places.get()
            try:
                return pair[0], is_caught(*pair, place)
            finally:
                places.put(place)

        with ThreadPoolExecutor(2) as pool:
            yield from pool.map(attempt, work)


def report(results: Iterable[tuple[Mutant, bool]]) -> bool:
    """Print whether each was caught and how many were. Returns whether these are enough."""
    caught = tried = 0
    for mutant, noticed in results:
        tried, caught = tried + 1, caught + noticed
        print("caught  " if noticed else "SURVIVED", mutant, flush=True)
    print(f"{caught} of {tried} caught; {len(equivalents())} are known to change nothing.")
    return caught >= LIMIT * tried


def main() -> int:
    """Draw, try and report; 1 if too many survive."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--count", type=int, default=100)
    reader.add_argument("--only", default="", metavar="PLACE", help="such as jirani/members")
    reader.add_argument("--seed", default="", help="another than the parent commit")
    reader.add_argument("--tests", nargs="*", default=["tests"], help="the tests to choose from")
    chosen = reader.parse_args()
    draw = random.Random(chosen.seed or git("rev-parse", "HEAD^"))  # noqa: S311  not for secrets
    CACHE.mkdir(parents=True, exist_ok=True)
    return 0 if report(try_all(draw_mutants(chosen.count, chosen.only, draw), chosen.tests, draw)) else 1


if __name__ == "__main__":
    sys.exit(main())
