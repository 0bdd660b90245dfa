"""Whoever saves over somebody else’s change is told, and whoever takes a turn holds it until the end."""

import pytest
from django.db import connection

from jirani.audit.actions import (
    ChangedMeanwhile,
    GoneMeanwhile,
    lock_unchanged,
    state_of,
    take_turns,
)
from jirani.events.models import Delegation
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_version_is_asked_if_it_is_named() -> None:
    event, plain = make.event(), make.event()
    delegation = Delegation.objects.create(event=event, authority=make.authority())
    for row in (event, delegation):
        assert lock_unchanged(row, "") == row
        assert lock_unchanged(row, state_of(row)) == row
        with pytest.raises(ChangedMeanwhile) as caught:
            lock_unchanged(row, "other")
        assert caught.value.version == state_of(row)
        assert caught.value.messages[0].startswith("Somebody else saved this after you opened the page")
    assert (state_of(event), len(state_of(delegation))) == (event.version, 40)
    before = state_of(delegation)
    delegation.event = plain
    assert state_of(delegation) != before
    number = plain.pk
    type(plain).objects.filter(pk=number).delete()
    with pytest.raises(GoneMeanwhile, match="Somebody removed this"):
        lock_unchanged(plain, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("8s",)


def test_turns_are_held_until_the_end_of_the_transaction() -> None:
    def held() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            return int(cursor.fetchone()[0])

    before = held()
    take_turns("tests.one")
    take_turns("tests.one")
    take_turns("tests.two")
    assert held() == before + 2
