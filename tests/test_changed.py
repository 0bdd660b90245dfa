"""`make test-changed` runs the tests of what a change touches and of what imports it."""

import grimp
import pytest

from tools.changed import choose

pytestmark = pytest.mark.pure

LINKS = [
    ("jirani.lessons.views", "jirani.lessons.models"),
    ("jirani.public.lessons.views", "jirani.lessons.models"),
    ("jirani.public.views", "jirani.reading.figures"),
    ("tests.lessons.test_notes", "jirani.lessons.models"),
    ("tests.test_canary", "tests.factories"),
    ("tests.factories", "jirani.lessons.models"),
    ("tests.test_css", "tools.css"),
]
MODULES = ["tests.lessons", "tests.public", "tests.public.test_home", "tests.core.test_text", "jirani.core.text"]


@pytest.fixture
def graph() -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for module in [*MODULES, *(module for link in LINKS for module in link)]:
        graph.add_module(module)
    for importer, imported in LINKS:
        graph.add_import(importer=importer, imported=imported)
    return graph


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (["jirani/lessons/models.py"], ["tests/lessons", "tests/public", "tests/test_canary.py"]),
        (["jirani/reading/figures.py"], ["tests/public"]),
        (["jirani/public/templates/public/home.html"], ["tests/public"]),
        (["tests/public/test_home.py"], ["tests/public/test_home.py"]),
        (["tools/css.py", "README.md"], ["tests/test_css.py"]),
        (["tests/core/test_text.py", "jirani/core/gone.py"], ["tests/core/test_text.py"]),
        (["docs/how-to/upgrade.md"], []),
        (["README.md", "uv.lock"], ["tests"]),
        ([], []),
    ],
)
def test_a_change_names_its_tests(files: list[str], chosen: list[str], graph: grimp.ImportGraph) -> None:
    assert choose(files, graph) == chosen
