"""The register of personal data is whole: every field that leads to a person is in it, and all of it can be taken along."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.audit.models import Entry
from jirani.commitments.models import Commitment
from jirani.core.registry import personal_data_register
from jirani.events.models import Participation, SessionPart
from jirani.forums.models import Attendance, Meeting, Seat
from jirani.lessons.models import Lesson, Note
from jirani.members.actions import export_person
from jirani.members.enums import NetworkDuty
from jirani.members.models import Consent, NetworkRole, Person, Tenure
from jirani.notifications.actions import Letter, queue_letter
from jirani.notifications.models import Message
from jirani.translation.models import Translation, source_hash
from tests import factories as make

pytestmark = pytest.mark.django_db


def leads_to_a_person(field: Any) -> bool:
    return isinstance(field, models.EmailField) or field.related_model in {Person, User}


def test_every_field_that_leads_to_a_person_is_registered() -> None:
    registered = {(entry.model, entry.field) for entry in personal_data_register()}
    found = [
        (model, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("jirani.")
        for field in model._meta.local_concrete_fields
        if leads_to_a_person(field)
    ]

    assert len(found) > 10
    assert [pair for pair in found if pair not in registered] == []


#: What stands for a link in the export: of each model, where the words of the record are that the link is about.
ABOUT: dict[type[models.Model], Callable[[Any], str]] = {
    Person: lambda it: str(it.email),
    Tenure: lambda it: str(it.organisation.name),
    NetworkRole: lambda it: str(it.hub.name),
    Consent: lambda it: str(it.wording),
    Seat: lambda it: str(it.forum.name),
    Attendance: lambda it: str(it.meeting.title),
    Participation: lambda it: str(it.event.title),
    SessionPart: lambda it: str(it.session.title),
    Note: lambda it: str(it.text),
    Lesson: lambda it: str(it.title),
    Commitment: lambda it: str(it.title),
    Message: lambda it: str(it.subject),
    Entry: lambda it: str(it.verb),
    Translation: lambda it: str(it.body),
}


def everywhere(person: Person) -> dict[type[models.Model], Any]:
    """A record of every registered model about one person, each field with words of its own."""
    user = person.user
    event = make.event("The event they went to")
    session = make.session(event, "The session they spoke in")
    typed: Any = {"entered_name": "As typed", "entered_email": "typed@example.org", "entered_language": "sw"}
    listed = make.participation(
        event, person, answered_at=timezone.now(), state="declined", declined_from="waitlisted", **typed
    )
    forum = make.forum(make.authority(), name="The forum they sit in")
    seat = make.seat(forum, person, **typed)
    meeting = Meeting.objects.create(forum=forum, title="The meeting they attended", held_on=date(2024, 5, 1))
    duty = make.duty(person, NetworkDuty.HUB_COORDINATOR, make.hub("The hub they coordinate"))
    NetworkRole.objects.filter(pk=duty.pk).update(from_on=date(2001, 1, 2), until_on=date(2002, 3, 4), **typed)
    lesson = make.lesson("The lesson they wrote", writer=person)
    queue_letter("events.invitation", Letter("Its subject", "Its body", "sw"), to="old@example.org", recipient=user)
    made: list[models.Model | None] = [
        person, user, seat, listed, lesson,
        make.tenure(
            person, make.organisation("Their workplace"), title="Their title",
            from_on=date(2003, 1, 2), until_on=date(2004, 3, 4), **typed,
        ),
        NetworkRole.objects.get(pk=duty.pk),
        Consent.objects.create(person=person, purpose="news", wording="Their consent", withdrawn_at=timezone.now()),
        Attendance.objects.create(meeting=meeting, seat=seat),
        make.rapporteur(session, person),
        make.note(session, "The note they said and typed", speaker=person, typist=person),
        make.commitment(make.organisation(), title="The promise they wrote", writer=person),
        Message.objects.get(),
        record("tests.act", lesson, by=user),
        Translation.objects.create(
            record=lesson, field="title", language="sw", body="The words they checked", state="reviewed",
            reviewer=user, source_hash=source_hash("x"),
        ),
    ]  # fmt: skip
    return {type(row): row for row in made if row}


def test_all_that_is_registered_can_be_taken_along() -> None:
    person = make.person("Their name", email="their@example.org", sector="health", language="fr")
    User.objects.filter(person=person).update(last_login=timezone.now(), language="ar")
    person = Person.objects.select_related("user").get(pk=person.pk)
    rows = everywhere(person)
    kept = export_person(person, by=person.user)
    text = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False)

    def is_in(model: type[models.Model], name: str) -> bool:
        if (model, name) == (User, "password"):
            return kept["members"]["account"]["password"] is False  # that there is none; a hash is of no use to anybody
        row, field = rows[model], model._meta.get_field(name)
        words = ABOUT[model](row) if field.is_relation else getattr(row, name)
        return json.dumps(words, cls=DjangoJSONEncoder, ensure_ascii=False) in text

    register = [(entry.model, entry.field) for entry in personal_data_register()]
    assert len(register) > 30
    assert [(model.__name__, name) for model, name in register if not is_in(model, name)] == []
