"""Break the domain's code in one place at a time and see whether a test notices.

    make mutants                                                   a hundred, from all apps
    make mutants ARGS="--count 30 --only jirani/members"           fewer, from some
    make mutants ARGS="--seed other --tests tests/members"         others, tried with these tests

Which places is drawn with the parent commit as the seed, so that everybody who looks at a commit breaks the same ones and the next
commit breaks others. All of them are loaded at once, each behind a switch. A first run of the tests, with every switch off, notes which
test asks which switch; then each mutant is tried in a fork, with the tests that ask for it. What is known of a draw is kept in .cache/mutants:
a run that was stopped goes on where it was. Mutants that change nothing stand with the reason in tools/mutants/equivalents.toml.
"""

from __future__ import annotations

import argparse
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
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from .places import ROOT, Mutant, domain_files, mutants_of, short

CACHE = ROOT / ".cache" / "mutants"
EQUIVALENTS = Path(__file__).parent / "equivalents.toml"
#: Tests whose servers are processes of their own, in which nothing is switched on.
ELSEWHERE = {"browser", "server"}
#: How many tests one mutant is tried with, and how long these may take together, in seconds of a processor.
MOST_TESTS, PATIENCE = 80, 60.0
#: The share of non-equivalent mutants that must be caught.
LIMIT = 0.9


def equivalents() -> dict[tuple[str, str, str], str]:
    """Mutants that change nothing anybody could see, with the reason."""
    listed = tomllib.loads(EQUIVALENTS.read_text("utf-8")).get("equivalent", [])
    return {(one["file"], one["was"], one["becomes"]): one["why"] for one in listed}


def draw_mutants(count: int, only: Iterable[str], draw: random.Random) -> list[Mutant]:
    """Mutants that are not known to be equivalent. A longer file has more of them."""
    known = equivalents()
    found = [mutant for file in domain_files(only) for mutant in mutants_of(file, (ROOT / file).read_text("utf-8"))]
    meant = [mutant for mutant in found if (mutant.file, short(mutant.was), short(mutant.becomes)) not in known]
    return draw.sample(meant, min(count, len(meant)))


@dataclass
class Hunt:
    """A draw of mutants, the tests to try them with, and what is known of them so far."""

    mutants: list[Mutant]
    tests: list[str]
    draw: random.Random
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(json.dumps([[*map(astuple, self.mutants)], self.tests]).encode())
        for path in sorted([*(ROOT / "jirani").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]):
            digest.update(path.read_bytes())
        self.folder = CACHE / digest.hexdigest()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)

    def pytest(self, name: str, options: list[str], *, work: object = None, active: int | None = None) -> None:
        """Run pytest with the switches in; what it finds is added to a file of that name."""
        plan = {
            "mutants": [astuple(mutant) for mutant in self.mutants],
            "work": work,
            "active": active,
            "results": str(self.folder / f"{name}.jsonl"),
        }
        (self.folder / f"{name}.json").write_text(json.dumps(plan), "utf-8")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("JIRANI_", "PYTEST_"))}
        environment |= {"MUTANTS_PLAN": str(self.folder / f"{name}.json"), "PYTHONDONTWRITEBYTECODE": ""}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tools.mutants.plugin",
            "-p",
            "no:cacheprovider",
            *options,
        ]
        with open(self.folder / f"{name}.log", "a", encoding="utf-8") as log:
            subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=False)

    def lines(self, name: str) -> list[dict[str, Any]]:
        """What a run has found."""
        path = self.folder / f"{name}.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def asked(self) -> tuple[dict[int, dict[str, float]], set[int]]:
        """Return, by mutant, the tests that reach it and how long they take; and the mutants that an import reaches."""
        if not (self.folder / "asked.done").exists():
            (self.folder / "asked.jsonl").unlink(missing_ok=True)
            self.pytest("asked", ["-n", "2", *self.tests])
            if not any("test" in line for line in self.lines("asked")):
                raise SystemExit(f"No test was run: see {self.folder / 'asked.log'}")
            (self.folder / "asked.done").touch()
        by_mutant: dict[int, dict[str, float]] = defaultdict(dict)
        early: set[int] = set()
        for line in self.lines("asked"):
            early.update(line.get("early", []))
            if "test" in line and not line["fails"]:  # who fails anyway notices nothing
                name = line["test"].partition("[")[0]
                for number in line["asks"]:
                    by_mutant[number][name] = by_mutant[number].get(name, 0) + line["takes"]
        return by_mutant, early

    def tests_for(self, mutant: Mutant, asking: dict[str, float]) -> list[str]:
        """Tests that ask for it: those of its own app first, quick ones before slow ones, as many as patience allows."""
        own = f"tests/{mutant.file.split('/')[1]}/"
        names = sorted(asking)
        self.draw.shuffle(names)
        names.sort(key=lambda name: (not name.startswith(own), asking[name] if name.startswith(own) else 0))
        chosen, left = names[:1], PATIENCE - sum(asking[name] for name in names[:1])
        for name in names[1:MOST_TESTS]:
            left -= asking[name]
            if left > 0:
                chosen.append(name)
        return chosen

    def results(self) -> dict[int, bool]:
        """Return the mutants that were tried, and whether a test failed for each."""
        lines = [line for path in self.folder.glob("tried-*.jsonl") for line in self.lines(path.stem)]
        return {line["mutant"]: line["caught"] for line in lines if "mutant" in line}

    def run(self) -> dict[int, bool]:
        """Try what was not tried before, in two processes; returns whether each was caught."""
        by_mutant, early = self.asked()
        known = self.results()
        work = [(number, self.tests_for(self.mutants[number], by_mutant[number])) for number in sorted(by_mutant)]
        work = [one for one in work if one[0] not in known]
        ordinary = [one for one in work if one[0] not in early]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.try_some, ("tried-0", "tried-1"), (ordinary[::2], ordinary[1::2])))
            list(pool.map(self.try_early, [one for one in work if one[0] in early]))
        known = self.results()
        if any(number not in known for number, _tests in work):
            raise SystemExit(f"Not every mutant was tried: see the logs in {self.folder}")
        return {number: known.get(number, False) for number in range(len(self.mutants))}

    def try_some(self, name: str, work: list[tuple[int, list[str]]]) -> None:
        """Try mutants one after the other in one process."""
        files = sorted({test.partition("::")[0] for _, tests in work for test in tests})
        if work:
            self.pytest(name, files, work=work)

    def try_early(self, one: tuple[int, list[str]]) -> None:
        """Try a mutant that is on from the beginning; with some nothing can even be loaded."""
        name = f"tried-early-{one[0]}"
        self.pytest(name, sorted({test.partition("::")[0] for test in one[1]}), work=[one], active=one[0])
        if not self.lines(name):
            (self.folder / f"{name}.jsonl").write_text(json.dumps({"mutant": one[0], "caught": True}) + "\n", "utf-8")


def report(hunt: Hunt) -> bool:
    """Say of each mutant whether it was caught, and at last how many were; returns whether these are enough."""
    results = hunt.run()
    for number, mutant in enumerate(hunt.mutants):
        print("caught  " if results[number] else "SURVIVED", mutant)
    caught, tried = sum(results.values()), len(results)
    print(f"{caught} of {tried} caught; {len(equivalents())} are known to change nothing.")
    return caught >= LIMIT * tried


def test_folders() -> Iterator[str]:
    """All tests but those that look at other processes."""
    for path in sorted((ROOT / "tests").iterdir()):
        if (path.is_dir() and any(path.rglob("test_*.py")) and path.name not in ELSEWHERE) or path.match("test_*.py"):
            yield str(path.relative_to(ROOT))


def main() -> int:
    """Draw, try and report; 1 if too many survive."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--count", type=int, default=100)
    reader.add_argument("--only", nargs="*", default=[], metavar="PLACE", help="such as jirani/members")
    reader.add_argument("--seed", default="", help="another than the parent commit")
    reader.add_argument("--tests", nargs="*", default=[], help="the tests to choose from")
    chosen = reader.parse_args()
    parent = subprocess.run(["git", "rev-parse", "HEAD^"], cwd=ROOT, capture_output=True, text=True, check=True)
    draw = random.Random(chosen.seed or parent.stdout.strip())  # noqa: S311  not for secrets
    hunt = Hunt(draw_mutants(chosen.count, chosen.only, draw), chosen.tests or list(test_folders()), draw)
    return 0 if report(hunt) else 1


if __name__ == "__main__":
    sys.exit(main())
