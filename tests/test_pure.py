"""Modules that call themselves pure need nothing of Django, and are run without it only if nothing else is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .pure import MARK, is_pure

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent
MODULES = [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if MARK in path.read_text("utf-8")]
RUN = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]) or 'django' in sys.modules)"


def test_their_fixtures_are_there_and_nothing_imports_django() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JIRANI_", "PYTEST_"))}
    command = [sys.executable, "-c", RUN, "-q", "--setup-plan", "-p", "no:cacheprovider", *MODULES]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_a_run_is_pure_if_all_that_it_is_asked_for_is() -> None:
    pure, other, folder = MODULES[0], str(ROOT / "tests" / "test_routes.py"), str(ROOT / "tests" / "core")
    asked: list[list[str]] = [[pure], ["-q", f"{pure}::one", "-k", "small"], [pure, other], [pure, folder], ["-q"], []]
    asked += [["-n", "2", pure]]

    assert [is_pure(arguments) for arguments in asked] == [True, True, False, False, False, False, False]
