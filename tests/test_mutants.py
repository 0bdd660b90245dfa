"""`make mutants` breaks code in one place, so that it is still code and says something else."""

import ast

from tools.mutants import mutants_of

SOURCE = b'''"""A file."""
CONSTANT = 1 == 1

class Seats(list):
    def of(self, *, by):
        """Seats \xc3\xa9t\xc3\xa9."""
        require(by)
        if not by.active or by.gone:
            raise Refused
        return self.filter(n=1)

class SeatQuerySet(list):
    def free(self):
        return self.exclude(a=True)
'''


def changed(file: str) -> list[tuple[int, str, str]]:
    return [(mutant.line, mutant.was, mutant.becomes) for mutant in mutants_of(file, SOURCE)]


def test_each_place_in_a_function_is_broken_once_in_each_way() -> None:
    assert sorted(changed("jirani/a/actions.py")) == [
        (7, "require(by)", "pass"),
        (8, "not by.active", "(by.active)"),
        (8, "not by.active or by.gone", "(False)"),
        (8, "not by.active or by.gone", "(not by.active and by.gone)"),
        (8, "not by.active or by.gone", "(not by.active)"),
        (9, "raise Refused", "pass"),
        (10, "1", "(2)"),
        (10, "return self.filter(n=1)", "return None"),
        (10, "self.filter(n=1)", "(self.exclude(n=1))"),
        (14, "True", "(False)"),
        (14, "return self.exclude(a=True)", "return None"),
        (14, "self.exclude(a=True)", "(self.filter(a=True))"),
    ]
    assert [line for line, _, _ in changed("jirani/a/models/seats.py")] == [14, 14, 14]


def test_what_is_broken_is_still_code_and_the_rest_stays() -> None:
    for mutant in mutants_of("jirani/a/actions.py", SOURCE):
        other = mutant.apply(SOURCE)

        assert ast.dump(ast.parse(other)) != ast.dump(ast.parse(SOURCE))
        assert other[: mutant.start] == SOURCE[: mutant.start]
        assert other.endswith(SOURCE[mutant.end :])
