"""A run of nothing but pure tests loads neither Django nor what tests of Django share (a pytest plugin, named in pyproject.toml).

Three quarters of the time of one pure test went into loading Django and Wagtail. A module says of itself that it is pure
(`pytestmark = pytest.mark.pure`): it imports nothing of Django, and asks for no fixture but pytest's and its own. In a run
with others it is run like these.
"""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

MARK = "pytestmark = pytest.mark.pure"


def is_pure(arguments: list[str]) -> bool:
    """Whether pytest is asked for modules that are pure, and for nothing else; and by one process, as others don't see what is asked for."""
    if "-n" in arguments:
        return False
    paths = [Path(argument.partition("::")[0]) for argument in arguments]
    named = [path for path in paths if path.exists()]
    return bool(named) and all(path.suffix == ".py" and MARK in path.read_text("utf-8") for path in named)


PURE = is_pure(sys.argv[1:]) and "PYTEST_XDIST_WORKER" not in os.environ


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Before the plugins that are installed are loaded."""
    if PURE:
        pluginmanager.set_blocked("django")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """What the conftests hold is for tests of Django, but for the patience with slow examples."""
    if PURE:
        early_config.known_args_namespace.noconftest = True
        be_patient()
    return (yield)


def be_patient() -> None:
    """How long an example takes says more about the machine than about the code."""
    from hypothesis import settings

    settings.register_profile("jirani", deadline=None)
    settings.load_profile("jirani")
