"""Two memberships of one local authority never overlap, in whatever order they are saved, even at the same moment."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jirani.core.constraints import find_broken
from jirani.core.enums import Precision
from jirani.members.enums import MembershipState
from jirani.members.models import LocalAuthority, Membership
from tests import factories as make
from tests.core.test_races import at_once


def spell(joined: str, left: str = "") -> dict[str, Any]:
    """Return the fields of a membership from dates in short: a day, a year, "by" a day, or "" if unknown. Without an end it still runs."""
    begins, ends = _read(joined), _read(left)
    state = MembershipState.LEFT if left else MembershipState.MEMBER
    names = ("joined_on", "joined_precision", "left_on", "left_precision")
    return {"state": state, **dict(zip(names, (*begins, *ends), strict=True))}


def _read(words: str) -> tuple[date | None, Precision]:
    if not words:
        return None, Precision.UNKNOWN
    if len(words) == 4:
        return date(int(words), 1, 1), Precision.YEAR
    day = date.fromisoformat(words.removeprefix("by "))
    return day, Precision.BY if words.startswith("by ") else Precision.DAY


#: Two memberships, and whether both can be.
PAIRS = [
    (("2015-01-05",), ("2016-01-05", "2018-01-01"), False),
    (("2015-01-05",), ("2010-01-05", "2015-01-05"), True),
    (("2015-01-05",), ("2010-01-05", "2015-01-06"), False),
    (("2010-01-01", "2020-01-01"), ("2012-01-01", "2014-01-01"), False),
    (("2010-01-01", "2014-01-01"), ("2012-01-01", "2016-01-01"), False),
    (("2010-01-01", "2012-01-01"), ("2012-01-01", "2016-01-01"), True),
    (("2012", "2016-01-01"), ("2010-01-01", "2012-05-01"), True),
    (("2011", "2016-01-01"), ("2010-01-01", "2012-05-01"), False),
    (("2010-01-01", "by 2020-01-01"), ("2015-01-01",), True),
    (("2010-01-01", "by 2020-01-01"), ("2009-01-01", "2011-01-01"), False),
    (("", "2016-01-01"), ("2015-06-01",), False),
    (("",), ("2010-01-01", "2012-01-01"), True),
    (("", "2016-01-01"), ("2010-01-01", "2012-01-01"), True),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other", "both"), PAIRS)
@pytest.mark.parametrize("order", [1, -1])
def test_in_either_order(one: tuple[str, ...], other: tuple[str, ...], both: bool, order: int) -> None:
    there = make.authority(member=False)
    first, second = [spell(*one), spell(*other)][::order]
    Membership.objects.create(authority=there, **first)
    if both:
        Membership.objects.create(authority=there, **second)
    else:
        with pytest.raises(IntegrityError, match="membership_apart"), transaction.atomic():
            Membership.objects.create(authority=there, **second)
    assert find_broken() == {}


@pytest.mark.django_db
def test_a_membership_is_not_moved_into_another_one_either() -> None:
    there, elsewhere = (make.authority(member=False) for _ in "12")
    long, short = spell("2010-01-01", "2020-01-01"), spell("2012-01-01", "2014-01-01")
    Membership.objects.create(authority=there, **long)
    moved = Membership.objects.filter(pk=Membership.objects.create(authority=elsewhere, **short).pk)
    with pytest.raises(IntegrityError, match="membership_apart"), transaction.atomic():
        moved.update(authority=there)
    assert moved.get().authority == elsewhere


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_at_once_one_is_kept(order: int) -> None:
    for _round in range(5):
        there = make.authority(member=False)
        spells = [spell("2015-01-05"), spell("2016-01-05", "2018-01-01")][::order]
        kept = at_once(*(partial(_is_kept, there, facts) for facts in spells))
        assert (sorted(kept), there.memberships.count(), find_broken()) == ([False, True], 1, {})


def _is_kept(there: LocalAuthority, facts: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            Membership.objects.create(authority=there, **facts)
    except IntegrityError:
        return False
    return True
