"""What a copy of the database, taken after a night, reveals about speakers who wanted no attribution, from traces of signing in and answering.

Some speak and refuse, each by real pages; as many sign in and only read. To whoever has the copy they must look alike.
"""

import re
import threading
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, models
from django.test import Client
from django.utils import timezone

from jirani.accounts.backends import SessionStore
from jirani.core.registry import nightly_tasks
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from jirani.members.models import Person
from jirani.notifications.actions import deliver_due, letter_of
from jirani.notifications.enums import Lane
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, assemble, client_of

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 4


def sign_in(person: Person) -> Client:
    """Sign in by a code in a letter, as most people do."""
    client = Client()
    client.post("/en/accounts/code/", {"email": person.email})
    letter = Message.objects.filter(kind="accounts.code").latest("pk")
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", letter_of(letter).body, re.MULTILINE)
    assert code
    deliver_due(Lane.CODES)
    client.post("/en/accounts/code/confirm/", {"code": code[0]})
    assert client.get("/en/desk/").status_code == 200
    return client


def type_notes(cast: Cast, people: list[Person]) -> dict[int, Note]:
    """A note of each of these people, by the page of the session's rapporteur."""
    keeper, page = client_of(cast.rapporteur), f"/en/events/{cast.event.slug}/sessions/{cast.session.pk}/notes/"
    for person in people:
        token = keeper.get(page).content.decode().split('name="once" value="')[1].split('"')[0]
        part = person.participations.get()
        sent = {"text": f"Said in the room {person.pk}", "language": "en", "speaker": part.pk, "once": token}
        assert keeper.post(f"{page}new/", sent).status_code == 302
    deliver_due(Lane.LETTERS)
    return {note.speaker_id: note for note in Note.objects.all() if note.speaker_id}


def night() -> None:
    """Do the worker's work: waiting jobs, then daily tasks, on separate connections that are closed afterwards."""

    def work() -> None:
        try:
            call_command("worker", once=True)
            for run in nightly_tasks().values():
                run()
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(60)
    assert not worker.is_alive()


def traces(person: Person) -> Counter[str]:
    """Each place at which the database names somebody, or their address, with how often."""
    found: Counter[str] = Counter()
    for model in apps.get_models():
        rows = model._base_manager
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in (Person, type(person.user)):
                key = person.pk if field.related_model is Person else person.user_id
                found[f"{model._meta.label}.{field.name}"] = rows.filter(**{field.name: key}).count()
            elif isinstance(field, models.CharField | models.TextField):
                found[f"{model._meta.label}.{field.name}"] = rows.filter(
                    **{f"{field.name}__icontains": person.email}
                ).count()
    visits = [SessionStore().decode(row.session_data).get("_auth_user_id") for row in Session.objects.all()]
    found["sessions"] = visits.count(str(person.user_id))
    return +found


def moments(first: datetime, last: datetime) -> set[str]:
    """The columns of any table that hold a moment of that time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN pg_class ON relname = table_name AND relkind = 'r'"
            " WHERE table_schema = 'public' AND data_type LIKE 'timestamp%%'"
        )
        found = set()
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}" BETWEEN %s AND %s)', [first, last])
            if cursor.fetchone() == (True,):
                found.add(f"{table}.{column}")
    return found


def test_whoever_refused_looks_like_whoever_only_read() -> None:
    cache.clear()
    cast = assemble()
    people = [make.person(f"Guest {n}") for n in range(2 * EACH)]
    for person in people:
        make.participation(cast.event, person)
    refusing, reading = people[:EACH], people[EACH:]
    notes = type_notes(cast, refusing)

    first = timezone.now()
    for refuses, reads in zip(refusing, reading, strict=True):
        note = notes[refuses.pk]
        sent: dict[str, Any] = {"attribution": Attribution.UNATTRIBUTED}
        assert sign_in(refuses).post(f"/en/notes/{note.pk}/attribution/", sent).status_code == 302
        sign_in(reads)
    last = timezone.now()
    assert moments(first, last), "nothing holds a moment before the night, and this test tests nothing"
    night()

    left = [traces(person) for person in people]
    assert left[0]["sessions"] == 1
    assert left[1:] == left[:-1], "somebody's traces differ from another's"
    assert moments(first, last) == set()
