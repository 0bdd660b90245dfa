"""A lesson told in a closed session never reveals its city: not on a page, in a list, count, map or table, and not to anybody."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from jirani.core.enums import AccessMode
from jirani.events.models import Event, Session
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Lesson
from tests import factories as make
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    for place, at in ((made.kwale, "39.4"), (made.mombasa, "39.6")):
        place.latitude, place.longitude = "-4.1", at
        place.save()
    return made


def said(cast: Cast) -> dict[str, Any]:
    """Return what the coordinator, who sees everything, and readers of the table learn about Mombasa as an origin."""
    client = Client()
    client.force_login(cast.coordinator.user)  # type: ignore[arg-type]
    home = client.get("/en/").context["sentences"]
    authority = client.get("/en/local-authorities/mombasa/").context
    table = b"".join(client.get("/en/lessons/export/").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return {
        "home": [strip_tags(each.sentence) for each in home],
        "taught": [lesson.title for lesson in authority["given"]],
        "taught, counted": (authority["counts"]["given"], authority["counts"]["given_taken_up"]),
        "library": [row["lesson"].title for row in client.get("/en/lessons/?authority=mombasa").context["rows"]],
        "commitments": len(client.get("/en/commitments/?from=mombasa").context["rows"]),
        "arcs": client.get("/en/local-authorities/map.svg").content.count(b'class="arc"'),
        "table": [(row["authorities"], row["countries"]) for row in csv.DictReader(io.StringIO(table, newline=""))],
        "lesson": [body.name for row in Lesson.objects.all() for body in shared_by(client, row)],
    }


def shared_by(client: Client, lesson: Lesson) -> Any:
    return client.get(f"/en/lessons/{lesson.pk}/").context["origins"]


NAMED = {
    "home": ["Kwale County took up from Mombasa County: Rotate the seats"],
    "taught": ["Rotate the seats"],
    "taught, counted": (1, 1),
    "library": ["Rotate the seats"],
    "commitments": 1,
    "arcs": 1,
    "table": [("Mombasa County", "Kenya")],
    "lesson": ["Mombasa County"],
}
UNNAMED = {
    "home": ["Kwale County took up: Rotate the seats"],
    "taught": [],
    "taught, counted": (0, 0),
    "library": [],
    "commitments": 0,
    "arcs": 0,
    "table": [("", "")],
    "lesson": [],
}


@pytest.mark.parametrize("event", [AccessMode.PUBLIC, AccessMode.CLOSED])
@pytest.mark.parametrize("session", [None, AccessMode.PUBLIC, AccessMode.CLOSED])
def test_a_closed_room_names_nobody_even_where_a_speaker_let_it(
    cast: Cast, event: AccessMode, session: AccessMode | None
) -> None:
    Event.objects.filter(pk=cast.event.pk).update(access=event)
    room = (
        Session.objects.create(event=Event.objects.get(), kind="panel", title="Panel", access=session)
        if session
        else None
    )
    lesson = make.lesson("Rotate the seats", event=Event.objects.get(), session=room, authorities=[cast.mombasa])
    if room:
        told: dict[str, Any] = {
            "attribution": Attribution.AUTHORITY,
            "authority": cast.mombasa,
            "attributed_at": timezone.now(),
        }
        lesson.notes.add(make.note(room, **told))
    make.commitment(cast.kwale.organisation, lesson=lesson)

    closed = AccessMode.CLOSED in (event, session)

    assert said(cast) == (UNNAMED if closed else NAMED)
    assert (lesson.names_origin, Lesson.objects.naming_origin().exists()) == (not closed, not closed)
