"""Every variable that Jirani reads from the environment is in docs/reference/settings.md, and no other is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "settings.md"

ENVIRON = re.compile(r"'environ'|'getenv'")
VARIABLE = re.compile(r"(?:JIRANI_[A-Z_]+|DATABASE_URL)$")


def read_in(path: Path) -> Iterator[str]:
    """Yield the names of variables in one module: keys of `os.environ`, and any string that looks like one of ours."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.match(node.value):
            yield node.value
        if isinstance(node, ast.Call) and ENVIRON.search(ast.dump(node.func)) and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value
        if (
            isinstance(node, ast.Subscript)
            and ENVIRON.search(ast.dump(node.value))
            and isinstance(node.slice, ast.Constant)
        ):
            yield str(node.slice.value)


def test_every_variable_is_documented() -> None:
    read = {name for path in (ROOT / "jirani").rglob("*.py") for name in read_in(path)} - SYSTEM - OURS_ALONE
    documented = set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))

    assert "JIRANI_DATA" in read
    assert sorted(documented) == sorted(read)


#: Variables of the system and of libraries, which are not ours to document.
SYSTEM = {
    "DJANGO_SETTINGS_MODULE",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "PGOPTIONS",
    "PROMETHEUS_MULTIPROC_DIR",
    "PYTHONPATH",
    "TMPDIR",
}
OURS_ALONE = {
    "JIRANI_TEST_RUN",
    "JIRANI_TEST_SCRATCH",
    "PYTEST_XDIST_WORKER",
}  # how the processes of a test run find each other
