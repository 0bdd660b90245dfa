"""A form that is opened and sent back unchanged is accepted, changes nothing, and carries the version of its record."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from jirani.core.enums import wider_than
from jirani.events.models import Session
from jirani.lessons.actions.telling import wrongly_named
from jirani.lessons.models import Lesson

from .cast import client_of
from .reader import quiet
from .stage import Stage, fill
from .unchanged import WITHOUT_A_VERSION, Ledger, every_form, fields_left_out, send_back

#: Who opens the pages: the person with most rights first, then those with pages of their own.
PARTS = [
    "coordinator",
    "mombasa_focal_point",
    "forum_secretary",
    "rapporteur",
    "participant",
    "translator",
    "hub_coordinator",
]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Something of every kind, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield fill()
        transaction.set_rollback(True)


def beyond_the_rules() -> dict[str, str]:
    """Of the records that stand on stage as no form lets them become, the addresses of their forms and the field that says so: sessions
    wider than their event, and lessons that name cities which their notes do not let be named.
    """
    sessions = [one for one in Session.objects.select_related("event") if one.access in wider_than(one.event.access)]
    lessons = [one for one in Lesson.objects.filter(session__isnull=False) if wrongly_named(one)]
    found = {reverse("events:session_edit", args=[one.event.slug, one.pk]): "access" for one in sessions}
    return found | {reverse("lessons:lesson_edit", args=[one.pk]): "authorities" for one in lessons}


@pytest.mark.gaps
@pytest.mark.sweep
def test_a_page_shows_every_field_of_its_form(scene: Stage, django_db_blocker: Any) -> None:
    """A field that a template leaves out is sent empty, and saving the page empties its column."""
    with django_db_blocker.unblock(), quiet():
        people = [client_of(scene.cast.people()[part], fresh=True) for part in PARTS]
        asked, bare = fields_left_out(people)
    assert len(asked) > 15
    assert bare == {}, "include each in the template that lays out its form"


@pytest.mark.sweep
def test_forms_on_stage(scene: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), quiet():
        people = [client_of(scene.cast.people()[part], fresh=True) for part in PARTS]
        ledger, found, beyond = Ledger(), list(every_form(people, whole=False)), beyond_the_rules()
        told = [
            send_back(client, form, ledger, refused=beyond.get(form.to, "")) for client, form in found if form.changes
        ]
    assert len(told) > 100
    assert [one for one in told if one] == []
    without = {form.name for _client, form in found if form.says_nothing_of_its_state}
    assert without - set(WITHOUT_A_VERSION) == set(), "each form that changes a record says over which state of it"
