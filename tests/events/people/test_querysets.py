"""Whose participations somebody sees, which are their own, which let in, and which have turned."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.events.models import Event, Participation
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_who_sees_whose_part_and_whose_is_inside(cast: Cast, coming: Event) -> None:
    other = make.event("Other")
    person = make.person("Asha")
    rows = {name: make.participation(coming if number % 2 else other, who, state=state, nonce=nonce)
            for number, (name, who, state, nonce) in enumerate([
                ("asha invited", person, "invited", "n"), ("asha listed", person, "invited", ""),
                ("confirmed", make.person(), "confirmed", ""), ("declined", make.person(), "declined", ""),
                ("attended", make.person(), "attended", ""), ("waits", make.person(), "waitlisted", "n"),
            ])}  # fmt: skip

    def names(found: Any) -> set[str]:
        keys = {one.pk for one in found}
        return {name for name, row in rows.items() if row.pk in keys}

    def seen(who: Any) -> set[str]:
        return names(Participation.objects.visible_to(user_of(who)))

    assert (seen(cast.coordinator), seen(cast.outsider)) == (set(rows), set())
    assert seen(person) == {"asha invited", "asha listed"}
    assert seen(cast.hub_coordinator) == {"asha listed", "declined", "waits"}
    assert names(Participation.objects.visible_to(make.user())) == set()
    assert names(Participation.objects.inside()) == {"asha invited", "confirmed", "attended"}
    assert names(Participation.objects.of_person(user_of(person))) == {"asha invited"}
    assert names(Participation.objects.of_person(make.user())) == set()
    now = timezone.now()
    Participation.objects.filter(pk=rows["waits"].pk).update(turned_at=now - DAY)
    Participation.objects.filter(pk=rows["declined"].pk).update(turned_at=now)
    Participation.objects.filter(pk=rows["attended"].pk).update(turned_at=now, person=None)
    assert list(Participation.objects.turned()) == [rows["waits"], rows["declined"]]
