"""Words that can be chosen, and that two servers which start at once fill an empty network once."""

import pytest
from django.db import connection

from jirani.taxonomy.actions import ensure_taxonomy
from jirani.taxonomy.models import Driver, Theme
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_is_retired_is_offered_to_whoever_has_it_already() -> None:
    for model, make_one in ((Theme, make.theme), (Driver, make.driver)):
        current, retired, chosen = make_one(), make_one(retired=True), make_one(retired=True)
        offered = model.objects.offered
        assert set(offered()) == {current}
        assert set(offered([chosen.pk])) == {current, chosen}
        assert retired not in offered([current.pk])


def test_whoever_fills_a_network_lets_others_wait() -> None:
    def held() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            return int(cursor.fetchone()[0])

    make.theme()
    before = held()
    assert (ensure_taxonomy(), held()) == (False, before + 1)
