"""The people who run an event learn of refusals and changes of mind: several in one letter, and as a line on the desk until they look."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jirani.events import actions
from jirani.events.letters.actions.turns import tell_without
from jirani.events.models import Event, Participation, SessionPart
from jirani.events.text import sign_link
from jirani.members.models import NetworkRole, Person
from jirani.members.people.actions.personal import erase_person
from jirani.notifications.actions import deliver_due, key_of
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db
Answer = Callable[[Participation, str], int]


@pytest.fixture
def speaker(coming: Event) -> Participation:
    person = make.person("Omar", account=False)
    return make.participation(coming, person, state="invited", role="speaker", nonce="s" * 32)


@pytest.fixture
def guest(coming: Event) -> Participation:
    return make.participation(coming, make.person("Zawadi", account=False), state="invited", nonce="g" * 32)


@pytest.fixture
def says(client: Client) -> Answer:
    """Answer an invitation by its link."""

    def answer(who: Participation, comes: str) -> int:
        return client.post(f"/en/my-programme/{sign_link(who.pk, who.nonce)}/answer/", {"comes": comes}).status_code

    return answer


def letters() -> list[tuple[str, str]]:
    return [(one.to, one.body) for one in Message.objects.filter(kind="events.answers").order_by("pk")]


def desk(person: Person) -> list[str]:
    rows = client_of(person).get("/en/desk/").context["needed"]
    return [str(row["what"]) for row in rows if str(row["action"]) == "See who"]


def test_a_first_yes_is_no_news(speaker: Participation, cast: Cast, says: Answer) -> None:
    assert [says(speaker, "yes"), says(speaker, "yes")] == [302, 302]
    assert (letters(), desk(cast.hub_coordinator)) == ([], [])


def test_refusals_are_told_in_one_letter(
    cast: Cast, coming: Event, speaker: Participation, guest: Participation, says: Answer
) -> None:
    session = coming.sessions.get()
    actions.add_part(session, participation=speaker, role="speaker", by=cast.users()["coordinator"])
    for who, comes in [(speaker, "no"), (guest, "no"), (guest, "yes"), (guest, "yes")]:
        says(who, comes)

    [(to, body)] = letters()
    assert to == cast.hub_coordinator.email
    assert body.splitlines()[1:5] == [
        "",
        "– Omar (speaker) cannot come. Has a part in: Opening; with tea, and a vote.",
        "– Zawadi (delegate) is coming after all.",
        "",
    ]
    assert f"/en/events/{coming.slug}/participants/" in body
    assert deliver_due() == 0, "it waits for a further answer"


def test_it_stays_on_the_desk_until_it_is_seen(
    cast: Cast, coming: Event, speaker: Participation, guest: Participation, says: Answer
) -> None:
    says(speaker, "no")
    says(guest, "no")
    page, seen = f"/en/events/{coming.slug}/participants/", f"/en/events/{coming.slug}/participants/seen/"
    client = client_of(cast.hub_coordinator)
    shown = client.get(page)
    until = shown.context["turned"][-1].turned_at.isoformat()
    said = ["2 people cannot come, or are coming after all."]

    assert [one.called for one in shown.context["turned"]] == ["Omar", "Zawadi"]
    assert (desk(cast.hub_coordinator), desk(cast.coordinator), desk(cast.kwale_focal_point)) == (said, said, [])
    assert [client_of(who).post(seen, {"until": until}).status_code for who in (cast.outsider, None)] == [403, 302]
    assert client.post(seen, {"until": "yesterday"}).status_code == 302
    assert desk(cast.hub_coordinator) == said
    says(guest, "yes")  # after the page was opened
    client.post(seen, {"until": until})
    assert [one.called for one in client.get(page).context["turned"]] == ["Zawadi"]
    assert desk(cast.hub_coordinator) == ["1 person cannot come, or is coming after all."]
    client.post(seen, {"until": timezone.now().isoformat()})
    assert (desk(cast.hub_coordinator), letters()) == ([], []), "a letter that still waits has nothing to tell any more"


def test_without_a_hub_coordinator_it_is_the_networks(cast: Cast, speaker: Participation, says: Answer) -> None:
    NetworkRole.objects.filter(person=cast.hub_coordinator).delete()
    Person.objects.filter(pk=cast.coordinator.pk).update(language="sw")
    says(speaker, "no")

    assert [(one.to, one.language) for one in Message.objects.all()] == [(cast.coordinator.email, "sw")]


def test_the_letter_names_nobody_otherwise_than_the_list_does(cast: Cast, coming: Event, says: Answer) -> None:
    make.person("Known Name", email="known@example.org", account=False)
    typed: Any = {"name": "Whoever", "email": "known@example.org", "role": "delegate", "language": "en"}
    part, _new = actions.add_participant(coming, by=cast.users()["hub_coordinator"], **typed)
    actions.invite(coming, participations=[part.pk], by=cast.users()["hub_coordinator"])
    part.refresh_from_db()
    says(part, "no")

    [(_to, body)] = letters()
    assert ("Whoever" in body, "Known Name" in body) == (True, False)


def test_what_those_who_run_it_change_themselves_is_no_news(cast: Cast, speaker: Participation, says: Answer) -> None:
    says(speaker, "no")
    speaker.refresh_from_db()
    actions.change_participation(speaker, by=cast.users()["coordinator"], state="declined", role="delegate")
    assert len(desk(cast.coordinator)) == 1
    actions.change_participation(speaker, by=cast.users()["coordinator"], state="confirmed")
    assert desk(cast.coordinator) == []


def test_who_gets_the_letter_opens_the_list_and_no_participant_does_either(
    cast: Cast, coming: Event, speaker: Participation, says: Answer
) -> None:
    """The letter goes to the people who run the event for its organisers; the role "organiser" of a participant gives no rights."""
    organiser = make.person("Mwana", email="mwana@example.org")
    make.participation(coming, organiser, state="confirmed", role="organiser")
    says(speaker, "no")
    address = f"/en/events/{coming.slug}/participants/"
    people = {**cast.people(), "organiser": organiser}
    opens = {part for part, person in people.items() if client_of(person).get(address).status_code == 200}
    told = {to for to, _body in letters()}
    assert opens == {"coordinator", "hub_coordinator"}
    assert told <= {people[part].email for part in opens}
    assert told == {cast.hub_coordinator.email}


def test_a_place_on_the_list_is_not_changed_over_somebody_elses_word(cast: Cast) -> None:
    guest = make.participation(cast.event, make.person("Zawadi"), state="invited")
    client, address = client_of(cast.coordinator), f"/en/events/{cast.event.slug}/participants/{guest.pk}/edit/"
    opened = client.get(address).context["form"]["version"].value()
    sent = {"role": "delegate", "state": "confirmed"}
    assert client.post(address, {**sent, "version": opened}).status_code == 302
    late = client.post(address, {**sent, "state": "declined", "version": opened})
    guest.refresh_from_db()
    assert (late.status_code, bool(late.context["form"].non_field_errors()), guest.state) == (422, True, "confirmed")


@pytest.mark.parametrize("attempts", [0, 3])
def test_a_letter_that_waits_does_not_name_who_was_erased(
    cast: Cast, coming: Event, speaker: Participation, guest: Participation, says: Answer, attempts: int
) -> None:
    for who in (speaker, guest):
        says(who, "no")
    Message.objects.update(attempts=attempts)
    told = len(letters())
    assert all("Omar" in body and "Zawadi" in body for _to, body in letters())

    assert speaker.person is not None
    assert guest.person is not None
    erase_person(speaker.person, by=user_of(cast.coordinator))
    assert [("Omar" in body, "Zawadi" in body) for _to, body in letters()] == [(False, True)] * told
    erase_person(guest.person, by=user_of(cast.coordinator))
    assert letters() == []


def test_those_who_run_it_read_who_turned_and_no_more_once_they_have_seen_it(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    people = [make.listed(coming, name, state="invited") for name in ("Asha", "Badru")]
    session = coming.sessions.get()
    for role in ("speaker", "moderator"):
        SessionPart.objects.create(session=session, participation=people[0], role=role)
    for part in people:
        actions.answer(part, comes=False, nonce=part.nonce)
    letters = Message.objects.filter(kind="events.answers")
    first = Participation.objects.get(pk=people[0].pk)
    assert first.turned_at is not None
    assert sorted(letters.values_list("to", flat=True)) == ["hub_coordinator@example.org"]
    body = letters.first()
    assert body is not None
    assert (body.body.count("Opening; with tea"), "Asha" in body.body, "Badru" in body.body) == (1, True, True)
    assert body.records == [key_of(coming)]

    actions.see_turned(coming, until=first.turned_at, by=by)
    assert [Participation.objects.get(pk=one.pk).turned_at is None for one in people] == [True, False]
    assert letters.count() == 1, "one is left to be seen"
    actions.see_turned(coming, until=timezone.now(), by=by)
    assert letters.count() == 0

    # Of somebody who was erased no waiting letter speaks, and without others there is none.
    for part in people:
        actions.answer(Participation.objects.get(pk=part.pk), comes=True, nonce=part.nonce)
    Participation.objects.filter(pk=people[0].pk).update(person=None)
    tell_without([coming])
    assert [("Asha" in one.body, "Badru" in one.body) for one in letters] == [(False, True)]
    letters.update(state="sent", sent_at=timezone.now())
    tell_without([coming])
    assert letters.count() == 1
    letters.update(state="queued")
    Participation.objects.filter(pk=people[1].pk).update(person=None)
    tell_without([coming])
    assert letters.count() == 0
