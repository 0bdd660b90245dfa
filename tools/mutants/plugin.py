"""A pytest plugin: the code holds a switch for each mutant, and tests are run with one of them on, each in a fork.

Django, the models and the tests are loaded once for all mutants. What a plan asks for is described by `Plan`.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import json
import os
import resource
import signal
import sys
import time
import types
from collections.abc import Generator, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import NoReturn, TypedDict

import pytest

from tests import database

from .places import ROOT, SWITCH, Mutant, switched

#: For how long a mutant is tried, in seconds of a processor and of the clock: one that never ends is caught.
PROCESSOR, CLOCK = 120, 900


class Plan(TypedDict):
    """What a process is to do, as JSON in a file that MUTANTS_PLAN names."""

    mutants: list[list[object]]  # the fields of each, by number
    work: list[tuple[int, list[str]]] | None  # numbers and the tests to try each with; None: note who runs what
    active: int | None  # on from the beginning, for what is run while it is imported
    results: str  # a file to which lines of JSON are added


PLAN: Plan = json.loads(Path(os.environ["MUTANTS_PLAN"]).read_text("utf-8"))
hits: set[int] = set()
failed: list[str] = []
active: int | None = PLAN["active"]


def is_broken(number: int) -> bool:
    """What the switches ask; notes that this one was asked."""
    hits.add(number)
    return number == active


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a file with its switches. Nothing of it is kept as compiled."""

    def get_code(self, fullname: str) -> types.CodeType:
        file = os.path.relpath(self.path, ROOT)
        tree = switched(self.get_data(self.path).decode(), MUTANTS[file])
        return compile(tree, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target) if "jirani" in fullname else None
        if spec is None or os.path.relpath(spec.origin or "", ROOT) not in MUTANTS:
            return None
        spec.loader = _Loader(fullname, str(spec.origin))
        return spec


MUTANTS: dict[str, list[tuple[int, Mutant]]] = {}
for _number, (_file, _span, _was, _becomes) in enumerate(PLAN["mutants"]):
    _mutant = Mutant(str(_file), tuple(_span), str(_was), str(_becomes))  # type: ignore[arg-type]
    MUTANTS.setdefault(_mutant.file, []).append((_number, _mutant))
setattr(builtins, SWITCH, is_broken)
sys.meta_path.insert(0, _Finder())


def pytest_collection_finish(session: pytest.Session) -> None:
    """Load every page, so that forks need not; what was asked by then is asked by nobody later on."""
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    if PLAN["work"] is None:
        _note(early=sorted(hits))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what fails."""
    if report.failed:
        failed.append(report.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note which switches a test asks, and how long it takes a processor."""
    _forget()
    hits.clear()
    began = time.process_time()
    result = yield
    if PLAN["work"] is None:
        _note(test=item.nodeid, asks=sorted(hits), takes=round(time.process_time() - began, 3), fails=bool(failed))
        failed.clear()
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Instead of running all tests once, fork for each mutant and stop at the first test that fails."""
    if PLAN["work"] is None:
        return None
    with database.server().used() as postgres:
        for number, names in PLAN["work"]:
            order = {name: turn for turn, name in enumerate(names)}
            items = [item for item in session.items if _base(item) in order]
            items.sort(key=lambda item: order[_base(item)])
            began = time.monotonic()
            code = _in_a_fork(number, items)
            _note(mutant=number, caught=code != 0, code=code, seconds=round(time.monotonic() - began, 1))
        postgres.drop_database(f"test_{os.environ['JIRANI_TEST_RUN']}_main")  # of a fork that was stopped
    return True


def _forget() -> None:
    """Empty what the mutants' modules remember, or only the first test that needs it would ask their switches."""
    for file in MUTANTS:
        module = sys.modules.get(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for value in vars(module).values() if module else ():
            getattr(value, "cache_clear", lambda: None)()


def _base(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _in_a_fork(number: int, items: list[pytest.Item]) -> int:
    """0 if all tests passed with that mutant on; 1 if one failed; less than 0 if it had to be stopped."""
    child = os.fork()
    if child == 0:
        _try(number, items)
    end = time.monotonic() + CLOCK
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _try(number: int, items: list[pytest.Item]) -> NoReturn:
    global active  # noqa: PLW0603  the switches are asked from everywhere
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    active = number
    try:
        for turn, item in enumerate(items):
            following = items[turn + 1] if turn + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failed:
                _note(number=number, by=failed[0])
                item.session._setupstate.teardown_exact(None)  # noqa: SLF001  as pytest does after the last test
                break
    except BaseException:  # noqa: BLE001  what a test does not survive catches the mutant
        os._exit(1)
    os._exit(1 if failed else 0)


def _note(**what: object) -> None:
    with open(PLAN["results"], "a", encoding="utf-8") as results:
        results.write(json.dumps(what) + "\n")
