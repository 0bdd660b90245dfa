"""Who is rapporteur of a whole event keeps the record of all its sessions; who is named at a session, of that one."""

import pytest

from jirani.events.models import Event, Session
from jirani.events.permissions import can_note_session
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db


def test_one_rapporteur_keeps_the_record_of_an_event(cast: Cast, coming: Event) -> None:
    first, closed = coming.sessions.get(), make.session(coming, "Closed", access="closed")
    make.session(coming, "Tea", kind="break")
    part = make.participation(coming, cast.outsider, role="rapporteur")
    elsewhere = make.session(make.event(), "Elsewhere")

    def kept() -> list[int]:
        user = user_of(cast.outsider)
        found = [one for one in Session.objects.all() if can_note_session(user, one)]
        assert set(found) == set(Session.objects.noted_by(user))
        return sorted(one.pk for one in found if one.kind != "break")

    assert kept() == sorted([first.pk, closed.pk])
    notes = [f"/en/events/{one.event.slug}/sessions/{one.pk}/notes/" for one in (first, closed, elsewhere)]
    assert [client_of(cast.outsider).get(page).status_code for page in notes] == [200, 200, 404]
    needed = client_of(cast.outsider).get("/en/desk/").context["needed"]
    assert sorted(str(row["url"]) for row in needed if str(row["action"]) == "Type notes") == sorted(notes[:2])

    make.rapporteur(first, cast.outsider)
    assert kept() == [first.pk]
    first.parts.all().delete()
    part.state = "declined"
    part.save()
    assert kept() == []
