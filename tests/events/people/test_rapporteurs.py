"""A rapporteur of a whole event keeps the record of all its sessions; one named for a session keeps the record of that session only."""

from typing import Any

import pytest

from jirani.events.actions import add_part, remove_part
from jirani.events.enums import ParticipationRole
from jirani.events.models import Event, Participation, Session, SessionPart
from jirani.events.permissions import can_note_session
from jirani.lessons.models import Note
from jirani.members.models import Person
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db


def test_one_rapporteur_keeps_the_record_of_an_event(cast: Cast, coming: Event) -> None:
    first, closed = coming.sessions.get(), make.session(coming, "Closed", access="closed")
    make.session(coming, "Tea", kind="break")
    part = make.participation(coming, cast.outsider, role="rapporteur", keeps_record=True)
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

    part.state = "declined"
    part.save()
    assert kept() == []


def test_less_never_becomes_more(cast: Cast, coming: Event) -> None:
    """Somebody merely listed as rapporteur, or no longer named for a session, keeps no record."""
    first, closed = coming.sessions.get(), make.session(coming, "Closed", access="closed")
    note = make.note(closed, "Said behind closed doors")
    user = user_of(cast.outsider)
    part = make.participation(coming, cast.outsider, role="rapporteur")

    def kept() -> tuple[list[int], bool]:
        return [one.pk for one in Session.objects.kept_by(user)], Note.objects.visible_to(user).filter(
            pk=note.pk
        ).exists()

    assert kept() == ([], False)
    named = add_part(first, participation=part, role="rapporteur", by=user_of(cast.coordinator))
    assert kept() == ([first.pk], False)
    remove_part(named, by=user_of(cast.coordinator))
    assert kept() == ([], False)


def test_it_is_said_on_purpose_and_of_a_rapporteur(cast: Cast, coming: Event) -> None:
    part = make.participation(coming, cast.outsider, role="delegate")
    page = f"/en/events/{coming.slug}/participants/{part.pk}/edit/"
    client = client_of(cast.coordinator)
    refused = client.post(page, {"role": "delegate", "state": part.state, "keeps_record": "on"})
    assert (refused.status_code, "Choose the role of rapporteur too" in refused.content.decode()) == (422, True)
    client.post(page, {"role": "rapporteur", "state": part.state, "keeps_record": "on"})
    assert Session.objects.kept_by(user_of(cast.outsider)).get() == coming.sessions.get()
    client.post(page, {"role": "rapporteur", "state": part.state})
    assert not Session.objects.kept_by(user_of(cast.outsider)).exists()


def test_who_runs_the_event_reads_which_rapporteur_cannot_type_notes_yet(cast: Cast, coming: Event) -> None:
    page, client = f"/en/events/{coming.slug}/participants/", client_of(cast.coordinator)
    make.participation(coming, cast.outsider, role="delegate")
    listed = make.participation(coming, make.person("Grace"), role="rapporteur")

    def warned() -> list[int]:
        shown = client.get(page)
        pks = [one.pk for one in shown.context["page"].rows if one.without_record]
        assert shown.content.decode().count("Cannot type notes yet") == len(pks)
        return pks

    assert warned() == [listed.pk]
    named = add_part(coming.sessions.get(), participation=listed, role="rapporteur", by=user_of(cast.coordinator))
    assert warned() == []
    remove_part(named, by=user_of(cast.coordinator))
    assert warned() == [listed.pk]
    Participation.objects.filter(pk=listed.pk).update(keeps_record=True)
    assert warned() == []


def test_a_rapporteurs_own_page_leads_to_the_notes_or_says_that_they_are_not_named_yet(
    cast: Cast, coming: Event
) -> None:
    first = coming.sessions.get()
    make.session(coming, "Closed", access="closed")
    make.session(coming, "Tea", kind="break")
    part = make.participation(coming, cast.outsider, role="rapporteur")
    address = f"/en/events/{coming.slug}/my-programme/"

    def page() -> tuple[int, int]:
        words = client_of(cast.outsider).get(address).content.decode()
        return words.count("not yet said at which sessions"), words.count("Keep the notes")

    assert page() == (1, 0)
    add_part(first, participation=part, role="rapporteur", by=user_of(cast.coordinator))
    assert page() == (0, 1)
    Participation.objects.filter(pk=part.pk).update(keeps_record=True)
    assert page() == (0, 2)


def test_which_rapporteurs_lack_a_record(cast: Cast, coming: Event) -> None:
    session = coming.sessions.get()
    roles = [
        ("rapporteur", False),
        ("rapporteur", True),
        ("speaker", False),
        ("rapporteur", False),
        ("rapporteur", False),
    ]
    parts = [
        make.listed(coming, f"P{number}", role=role, keeps_record=keeps) for number, (role, keeps) in enumerate(roles)
    ]
    SessionPart.objects.create(session=session, participation=parts[3], role=ParticipationRole.RAPPORTEUR)
    SessionPart.objects.create(session=session, participation=parts[4], role=ParticipationRole.SPEAKER)
    found: Any = Participation.objects.filter(event=coming).knowing_record().order_by("pk")
    assert [one.without_record for one in found] == [True, False, False, False, True]
    # What a rapporteur keeps: what they are named at, or all of an event.
    roles_of: dict[str, dict[str, Any]] = {
        "Named": {"role": "speaker"}, "Whole": {"role": "rapporteur", "keeps_record": True},
        "Neither": {"role": "speaker", "keeps_record": True}, "Away": {"role": "rapporteur", "keeps_record": True, "state": "declined"},
    }  # fmt: skip
    users = {name: make.listed(coming, name, account=True, **facts) for name, facts in roles_of.items()}
    second = make.session(coming, "Second")
    SessionPart.objects.create(session=session, participation=users["Named"], role=ParticipationRole.RAPPORTEUR)
    SessionPart.objects.create(session=second, participation=users["Named"], role=ParticipationRole.SPEAKER)

    def kept(who: Person | None, method: str) -> list[Session]:
        return list(getattr(Session.objects.filter(event=coming), method)(user_of(who or cast.outsider)).order_by("pk"))

    for method in ("kept_by", "noted_by"):
        assert {name: kept(part.person, method) for name, part in users.items()} == {
            "Named": [session], "Whole": [session, second], "Neither": [], "Away": [],
        }  # fmt: skip
    assert [kept(who, "noted_by") for who in (cast.coordinator, cast.hub_coordinator)] == [[session, second]] * 2
    assert [kept(who, "kept_by") for who in (cast.coordinator, cast.hub_coordinator)] == [[], []]
