"""Coordinators are told of records that broke a rule before it existed, with links to where they can be corrected."""

import re

import pytest
from django.db import connection
from django.test import Client

from jirani.core.constraints import rules
from jirani.desk.actions import CONTRADICTIONS, look_for_contradictions
from jirani.desk.views.contradictions import _PLACES
from jirani.events.models import Delegation, Participation
from jirani.members.models import Person
from jirani.notifications.models import Alert
from tests import factories as make
from tests.cast import Cast
from tests.core.test_rules import CASES

pytestmark = pytest.mark.django_db


def _as(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_coordinators_are_told_until_it_is_corrected(cast: Cast) -> None:
    one, other = (make.event(f"Exchange {word}") for word in ("here", "there"))
    look_for_contradictions()
    assert not Alert.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
        type(one).objects.filter(pk=one.pk).update(follow_up_of=other)
        type(one).objects.filter(pk=other.pk).update(follow_up_of=one)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_event ENABLE TRIGGER USER")

    look_for_contradictions()
    look_for_contradictions()
    alert = Alert.objects.open().get(kind=CONTRADICTIONS)
    assert alert.facts == {"number": 2}
    desk = _as(cast.coordinator).get("/en/desk/").content.decode()
    assert ("2 records contradict others." in desk, "/en/desk/contradictions/" in desk) == (True, True)
    page = _as(cast.coordinator).get("/en/desk/contradictions/").content.decode()
    assert [f'href="/en/events/{event.slug}/edit/details/"' in page for event in (one, other)] == [True, True]
    assert _as(cast.hub_coordinator).get("/en/desk/contradictions/").status_code == 403

    type(one).objects.filter(pk=one.pk).update(follow_up_of=None)
    look_for_contradictions()
    assert not Alert.objects.open().exists()
    assert "No record contradicts" in _as(cast.coordinator).get("/en/desk/contradictions/").content.decode()


def test_all_are_counted_and_the_oldest_are_shown(cast: Cast) -> None:
    place, wrong = make.event("Exchange"), [make.participation(cast.event, make.person()) for _ in range(102)]
    delegation = Delegation.objects.create(event=place, authority=cast.kwale)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_participation DISABLE TRIGGER USER")
        Participation.objects.filter(pk__in=[one.pk for one in wrong]).update(delegation=delegation)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_participation ENABLE TRIGGER USER")

    look_for_contradictions()
    assert Alert.objects.open().get(kind=CONTRADICTIONS).facts == {"number": 102}
    page = _as(cast.coordinator).get("/en/desk/contradictions/").content.decode()
    shown = [int(key) for key in re.findall(r"participants/(\d+)/edit/", page)]
    assert (shown, "82 more records, shown once these are corrected." in page) == ([one.pk for one in wrong[:20]], True)


@pytest.mark.parametrize("name", CASES)
def test_every_record_that_breaks_a_rule_has_a_page(name: str, cast: Cast) -> None:
    record, wrong, _right = CASES[name](cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {rules()[name].table} DISABLE TRIGGER {name}")
        type(record)._base_manager.filter(pk=record.pk).update(**wrong)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {rules()[name].table} ENABLE TRIGGER {name}")
    client = _as(cast.coordinator)
    page = client.get("/en/desk/contradictions/").content.decode()

    link = page.split('class="rows"')[1].split('href="')[1].split('"')[0]
    assert client.get(link).status_code == 200
    assert rules()[name].model in _PLACES
