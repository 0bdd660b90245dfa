"""`make mutants` breaks code in one place, so that it is still code and says something else, and only if it is asked to."""

import ast
from typing import Any

import pytest

from tools.mutants.places import SWITCH, Mutant, domain_files, mutants_of, switched

pytestmark = pytest.mark.pure

SOURCE = '''"""A file."""
CONSTANT = 1 == 1

class Seats(list):
    def of(self, *, by):
        """Seats été."""
        require(by)
        if not by.active or by.gone:
            raise Refused
        found: int | None = f"{1 == 1}"
        return self.filter(n=1)

class SeatQuerySet(list):
    def free(self):
        return self.exclude(a=True)
'''
SMALL = """
def small(numbers, most=9):
    if not numbers:
        raise ValueError
    numbers.sort()
    return numbers[0] < most and max(numbers) > 1
"""


def changed(file: str) -> list[tuple[int, str, str]]:
    return [(mutant.line, mutant.was, mutant.becomes) for mutant in mutants_of(file, SOURCE)]


def test_each_place_in_a_function_is_broken_once_in_each_way() -> None:
    assert sorted(changed("jirani/a/actions.py")) == [
        (7, "require(by)", "pass"),
        (8, "not by.active", "by.active"),
        (8, "not by.active or by.gone", "False"),
        (8, "not by.active or by.gone", "not by.active"),
        (8, "not by.active or by.gone", "not by.active and by.gone"),
        (9, "raise Refused", "pass"),
        (11, "1", "2"),
        (11, "return self.filter(n=1)", "return None"),
        (11, "self.filter(n=1)", "self.exclude(n=1)"),
        (15, "True", "False"),
        (15, "return self.exclude(a=True)", "return None"),
        (15, "self.exclude(a=True)", "self.filter(a=True)"),
    ]
    assert [line for line, _, _ in changed("jirani/a/models/seats.py")] == [15, 15, 15]


def outcome(code: ast.Module, on: int | None) -> tuple[list[int], str]:
    """What becomes of three numbers in a function that is switched, and what it answers."""
    names: dict[str, Any] = {SWITCH: lambda number: number == on}
    exec(compile(code, "small.py", "exec"), names)
    numbers = [3, 2, 1]
    try:
        return numbers, repr(names["small"](numbers))
    except ValueError:
        return numbers, "refused"


def test_a_switch_that_is_on_makes_exactly_its_mutant() -> None:
    mutants = list(enumerate(mutants_of("jirani/a/actions.py", SMALL)))
    together = switched(SMALL, mutants)

    assert outcome(together, None) == ([1, 2, 3], "True")
    assert {f"{mutant.was} → {mutant.becomes}": outcome(together, number) for number, mutant in mutants} == {
        "not numbers → False": ([1, 2, 3], "True"),
        "not numbers → numbers": ([3, 2, 1], "refused"),
        "raise ValueError → pass": ([1, 2, 3], "True"),
        "numbers.sort() → pass": ([3, 2, 1], "True"),
        "return numbers[0] < most and max(numbers) > 1 → return None": ([1, 2, 3], "None"),
        "numbers[0] < most and max(numbers) > 1 → numbers[0] < most or max(numbers) > 1": ([1, 2, 3], "True"),
        "numbers[0] < most and max(numbers) > 1 → numbers[0] < most": ([1, 2, 3], "True"),
        "numbers[0] < most → numbers[0] <= most": ([1, 2, 3], "True"),
        "0 → 1": ([1, 2, 3], "True"),
        "max(numbers) > 1 → max(numbers) >= 1": ([1, 2, 3], "True"),
        "1 → 2": ([1, 2, 3], "True"),
    }


def test_rooms_are_found_wherever_an_app_puts_them() -> None:
    files = domain_files(["jirani/lessons"])

    assert {"jirani/lessons/permissions.py", "jirani/lessons/actions/notes.py"} <= set(files)
    assert not [file for file in files if "migrations" in file or "views" in file]
    assert all(isinstance(mutant, Mutant) for file in files for mutant in mutants_of(file, "def f(): return f()"))
