"""How many statements posting a note takes, and which locks it waits for."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jirani.lessons.models import Note, session_time
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db


def test_a_note_without_a_speaker_locks_no_event(cast: Cast) -> None:
    client = client_of(cast.rapporteur)
    address = f"/en/events/{cast.event.slug}/sessions/{cast.session.pk}/notes/"
    statements: list[str] = []
    for number in range(2):  # the second time, what Django remembers of types of records is there
        once = re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())
        assert once
        facts = {"once": once[1], "text": f"Word {number}", "language": "en", "speaker": ""}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(f"{address}new/", facts).status_code == 302
        statements = [each["sql"] for each in captured]

    assert [each for each in statements if "FOR NO KEY UPDATE" in each and 'FROM "events_event"' in each] == []
    assert len(statements) == 12
    assert {(each.created_at, each.typist_id) for each in Note.objects.all()} == {(session_time(cast.session), None)}
