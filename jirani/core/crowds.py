"""Numbers of people so small that they could point at somebody: they are not told, nor can they be found by subtraction."""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")

#: A number of people could tell who they are unless it is at least this.
CROWD = 3


def distinguishable(groups: Mapping[K, int]) -> tuple[list[tuple[K, int]], int]:
    """The groups of at least CROWD people, the largest first and equals as given, and how many are in all the others
    together.

    The others are several groups, a crowd, and more people than groups; if the small ones alone are not, the next smallest
    goes with them. So the number of a small group is never the total less what is shown. Where nothing is left to set the others
    apart from, the list is empty.
    """
    shown = sorted(((key, count) for key, count in groups.items() if count), key=lambda group: -group[1])
    others: list[int] = []
    while shown and (shown[-1][1] < CROWD or (others and not _hide(others))):
        others.append(shown.pop()[1])
    return shown, sum(others)


def _hide(others: list[int]) -> bool:
    return len(others) > 1 and sum(others) >= CROWD and sum(others) > len(others)
