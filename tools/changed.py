"""Name the test files of what a change touches and of what imports it.

make test-changed                       against main, or the commit that the branch follows
make test-changed ARGS="--since HEAD"   what is not committed yet
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
#: Files that all tests depend on, whatever they import.
EVERYWHERE = ("pyproject.toml", "uv.lock", "tests/conftest.py", "tests/database.py", "jirani/config/settings.py")
#: Files that only tests which read them as files depend on.
PAGES = (".md", ".png")


def git(*arguments: str) -> str:
    """Return git's output; "" if it fails, as it does for a missing branch."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def start_of_the_change() -> str:
    """Return the commit at which this branch left the one that it follows."""
    for base in ("@{upstream}", "origin/main", "main"):
        if found := git("merge-base", "HEAD", base):
            return found
    return "HEAD"


def changed_files(since: str) -> list[str]:
    """Everything that is not as it was in that commit: committed, uncommitted and new."""
    listed = git("diff", "--name-only", since), git("ls-files", "--others", "--exclude-standard")
    return sorted({line for part in listed for line in part.splitlines()})


def choose(files: Iterable[str], graph: grimp.ImportGraph) -> list[str]:
    """Test files that import what has changed, at any depth, and the folders of tests of each app that does.

    Most tests ask the test client for pages and import no view, so the import graph alone would miss them.
    """
    files = list(files)
    if any(file in EVERYWHERE for file in files):
        return ["tests"]
    code = [file for file in files if not file.endswith(PAGES)]
    touched = {module for file in code for module in modules_of(file, graph)}
    reached = touched.union(*(graph.find_downstream_modules(module) for module in touched))
    apps = {parts[1] for module in reached if len(parts := module.split(".")) > 1 and parts[0] == "jirani"}
    found = {module.replace(".", "/") + ".py" for module in reached if module.rpartition(".")[2].startswith("test_")}
    folders = {f"tests/{app}" for app in apps if f"tests.{app}" in graph.modules}
    alone = {file for file in found if file.rpartition("/")[0] not in folders}
    return sorted(folders | alone)


def modules_of(file: str, graph: grimp.ImportGraph) -> set[str]:
    """The module that a file is; of a template or another file of an app, the views that may show it."""
    if file.endswith(".py"):
        return {file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")} & graph.modules
    parts = file.split("/")
    package = ".".join(parts[:2])
    return {module for module in graph.modules if f"{module}.".startswith((f"{package}.views.", f"{package}.urls."))}


def main() -> None:
    """Print them, one a line."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--since", default="", metavar="COMMIT")
    since = reader.parse_args().since or start_of_the_change()
    chosen = choose(changed_files(since), grimp.build_graph("jirani", "tests", "tools", cache_dir=None))
    print(*chosen, sep="\n") if chosen else print(f"Nothing that has tests has changed since {since}.", file=sys.stderr)


if __name__ == "__main__":
    main()
