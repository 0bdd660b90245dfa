"""Small numbers of people are not told, and do not follow from what is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirani.core.crowds import CROWD, distinguishable

pytestmark = pytest.mark.pure


def test_small_groups_go_together_and_take_another_along_where_they_would_follow() -> None:
    told = {
        str(groups): distinguishable(dict(enumerate(groups)))
        for groups in ((5, 3), (5, 1), (9, 4, 2), (9, 4, 1, 1), (9, 4, 2, 1), (9, 4, 1, 1, 1), (9, 0), (2,), ())
    }

    assert told == {
        "(5, 3)": ([(0, 5), (1, 3)], 0),
        "(5, 1)": ([], 6),
        "(9, 4, 2)": ([(0, 9)], 6),
        "(9, 4, 1, 1)": ([(0, 9)], 6),
        "(9, 4, 2, 1)": ([(0, 9), (1, 4)], 3),
        "(9, 4, 1, 1, 1)": ([(0, 9)], 7),
        "(9, 0)": ([(0, 9)], 0),
        "(2,)": ([], 2),
        "()": ([], 0),
    }


@given(st.dictionaries(st.integers(), st.integers(0, 12), max_size=8))
def test_what_is_told_is_a_crowd_and_hides_the_rest(groups: dict[int, int]) -> None:
    shown, others = distinguishable(groups)
    hidden = [count for key, count in groups.items() if count and key not in dict(shown)]

    assert sum(dict(shown).values()) + others == sum(groups.values())
    assert all(count >= CROWD and groups[key] == count for key, count in shown)
    assert sum(hidden) == others
    assert not shown or not hidden or (len(hidden) > 1 and others >= CROWD and others > len(hidden))
