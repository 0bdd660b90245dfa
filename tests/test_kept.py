"""Records that are put back rather than made anew: nothing is missing of them or of what came of them, and no two tests share one."""

import pytest
from django.db import transaction

from tests.cast import assemble, on_stage
from tests.unchanged import Ledger


@pytest.mark.django_db
def test_the_cast_is_put_back_as_it_was_made_with_all_that_came_of_it() -> None:
    found, made = [], []
    for make in (on_stage, on_stage, assemble):
        before, point = Ledger(whole=True), transaction.savepoint()
        made.append(make())
        found.append(before.added())
        transaction.savepoint_rollback(point)

    assert found[0] == found[1]
    assert {table: len(rows) for table, rows in found[1].items()} == {
        table: len(rows) for table, rows in found[2].items()
    }
    assert (made[0] == made[1], made[0].hub is made[1].hub) == (True, False)
    numbers = [{row.pk for row in rows} for rows in ([made[1].hub], [made[1].event], [made[1].session], [made[1].plan])]
    assert len(set.union(*numbers)) == len(numbers)
