"""People who can't sign in are corrected by whoever runs all of their events; anybody else changes their own name."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.permissions import can_correct_guest
from jirani.events.text import sign_link
from jirani.lessons.enums import Attribution
from jirani.members.enums import NetworkDuty
from jirani.members.models import Consent, Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db

TAKEN = "This address is another person’s. If it is right, remove this person and add them again with it."


@pytest.fixture
def guest(cast: Cast, coming: Event) -> Participation:
    """Somebody whom the hub's coordinator entered with first and last name swapped, and invited at somebody else's address."""
    part, _new = actions.add_participant(
        coming, by=user_of(cast.hub_coordinator), name="Mwanza, Grace", email="grace@exmaple.org", language="en", role="speaker"
    )  # fmt: skip
    actions.invite(coming, participations=[part.pk], by=user_of(cast.hub_coordinator))
    part.refresh_from_db()
    return part


def a_debrief(cast: Cast) -> Event:
    later = timezone.localdate() + timedelta(days=90)
    return make.event("Debrief", hub=cast.hub, starts_on=later, ends_on=later)


def kept(part: Participation) -> Person:
    return Person.objects.get(participations=part)


def page_of(part: Participation, verb: str = "correct") -> str:
    return f"/en/events/{part.event.slug}/participants/{part.pk}/{verb}/"


def send(client: Client, part: Participation, **changed: str) -> Any:
    """Send the page's form with its own values, replaced by what was typed."""
    form = client.get(page_of(part)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return client.post(page_of(part), shown | changed)


def link(part: Participation) -> str:
    part = Participation.objects.get(pk=part.pk)
    return reverse("events:programme_detail", args=[sign_link(part.pk, part.nonce, kept(part).email)])


def test_name_address_and_language_are_corrected_and_letters_and_links_go_to_the_new_address(
    cast: Cast, guest: Participation
) -> None:
    client, old = client_of(cast.hub_coordinator), link(guest)
    other = make.participation(a_debrief(cast), kept(guest), nonce="o" * 32)
    older = link(other)
    assert (Client().get(old).status_code, Message.objects.filter(to="grace@exmaple.org").count()) == (200, 1)

    answer = send(client, guest, name="Grace Mwanza", email="Grace@Example.org ", language="sw")
    assert answer["Location"] == page_of(guest, "invite")
    person = kept(guest)
    assert (person.name, person.email, person.language) == ("Grace Mwanza", "grace@example.org", "sw")
    assert [Client().get(address).status_code for address in (old, older)] == [404, 404]
    assert [Client().get(address).status_code for address in (link(guest), link(other))] == [200, 200]
    assert not Message.objects.filter(to="grace@exmaple.org").exists()

    said = client.get(page_of(guest, "invite"))
    assert "the old link no longer works" in said.content.decode()
    client.post(page_of(guest, "invite"), {"once": said.context["form"]["once"].value()})
    letter = Message.objects.get(to="grace@example.org")
    assert (letter.language, letter.kind) == ("sw", "events.invitation")
    entry = Entry.objects.get(verb="events.correct_guest")
    assert (entry.actor, entry.details) == (user_of(cast.hub_coordinator), {"fields": ["email", "language", "name"]})


def test_a_name_alone_leaves_letters_and_links_as_they_are(cast: Cast, guest: Participation) -> None:
    old = link(guest)
    answer = send(client_of(cast.coordinator), guest, name="Grace Mwanza")
    assert answer["Location"] == f"/en/events/{guest.event.slug}/participants/"
    assert (Client().get(old).status_code, link(guest)) == (200, old)
    assert Message.objects.filter(to="grace@exmaple.org").count() == 1


def test_an_address_of_somebody_else_is_refused_and_tells_nothing_of_them(cast: Cast, guest: Participation) -> None:
    closed = make.event("Behind closed doors", access="closed")
    hidden = make.person("Hidden Name", email="hidden@example.org", account=False)
    make.participation(closed, hidden)
    client = client_of(cast.hub_coordinator)
    for taken in ("hidden@example.org", "Outsider@example.org"):
        answer = send(client, guest, email=taken, name="")
        page = answer.content.decode()
        assert (answer.status_code, answer.context["form"].errors) == (
            422,
            {"email": [TAKEN], "name": ["Fill this in."]},
        )
        assert "Hidden Name" not in page
        assert "Behind closed doors" not in page
        assert send(client, guest, email=taken).context["form"].errors == {"email": [TAKEN]}
    person = kept(guest)
    assert (person.name, person.email) == ("Mwanza, Grace", "grace@exmaple.org")


@pytest.mark.parametrize("case", ["account", "post", "duty", "seat", "elsewhere", "gone"])
def test_whoever_is_more_than_a_guest_here_is_not_corrected(cast: Cast, guest: Participation, case: str) -> None:
    person: Any = guest.person
    if case == "account":
        Person.objects.filter(pk=person.pk).update(user=make.user("grace@example.org"))
    if case == "post":
        make.tenure(person, make.organisation("Civil"))
    if case == "duty":
        make.duty(person, NetworkDuty.EDITOR)
    if case == "seat":
        make.seat(cast.forum, person)
    if case == "elsewhere":
        make.participation(make.event("Of another hub", hub=make.hub("North")), person)
    if case == "gone":
        Participation.objects.filter(pk=guest.pk).update(person=None)
    client = client_of(cast.hub_coordinator)
    assert client.get(page_of(guest)).status_code == 404
    assert (
        client.post(page_of(guest), {"name": "Taken", "email": "taken@example.org", "language": "en"}).status_code
        == 404
    )
    if case != "gone":
        told = client.get(page_of(guest, "edit")).content.decode()
        assert (page_of(guest) in told, "cannot be corrected here" in told) == (False, True)
    mine = client_of(cast.coordinator).get(page_of(guest)).status_code
    assert mine == (200 if case == "elsewhere" else 404)


def test_those_who_run_its_event_correct_a_guest_and_nobody_else(cast: Cast, guest: Participation) -> None:
    opened = {part for part, one in cast.people().items() if client_of(one).get(page_of(guest)).status_code == 200}
    assert opened == {"coordinator", "hub_coordinator"}
    assert page_of(guest) in client_of(cast.hub_coordinator).get(page_of(guest, "edit")).content.decode()
    assert client_of(None).post(page_of(guest), {"name": "Taken"}).status_code == 302


@pytest.mark.parametrize("spoken", ["answered", "agreed", "attributed"])
def test_an_address_from_which_somebody_spoke_is_theirs(cast: Cast, guest: Participation, spoken: str) -> None:
    if spoken == "answered":
        actions.answer(guest, comes=False, nonce=guest.nonce)
    elif spoken == "attributed":
        session = make.session(guest.event)
        make.note(session, speaker=guest.person, attribution=Attribution.NAMED, attributed_at=timezone.now())
    else:
        Consent.objects.create(person=kept(guest), purpose="photographs", wording="Yes")
    client = client_of(cast.hub_coordinator)
    shown = client.get(page_of(guest))
    assert ("email" in shown.context["form"].fields, "address cannot be changed" in shown.content.decode()) == (
        False,
        True,
    )
    send(client, guest, name="Grace Mwanza", email="mine@example.org")
    person = kept(guest)
    assert (person.name, person.email) == ("Grace Mwanza", "grace@exmaple.org")


def test_two_who_correct_at_once_are_told_and_what_was_typed_elsewhere_goes(cast: Cast, guest: Participation) -> None:
    twin = a_debrief(cast)
    second, _new = actions.add_participant(
        twin, by=user_of(cast.hub_coordinator), name="G. Mwanza", email="grace@exmaple.org", role="speaker"
    )
    client = client_of(cast.hub_coordinator)
    before = client.get(page_of(guest)).context["form"]["version"].value()
    send(client, second, name="Grace Mwanza")
    second.refresh_from_db()
    assert (second.entered_name, second.called) == ("", "Grace Mwanza")
    late = {"name": "Late", "email": "grace@exmaple.org", "language": "en", "version": before}
    assert client.post(page_of(guest), late).status_code == 422
    assert kept(guest).name == "Grace Mwanza"


@pytest.mark.parametrize("case", ["over", "draft", "not invited"])
def test_nobody_is_led_to_an_invitation_that_cannot_be_sent(cast: Cast, guest: Participation, case: str) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    if case == "over":
        Event.objects.filter(pk=guest.event_id).update(starts_on=yesterday, ends_on=yesterday)
    if case == "draft":
        Event.objects.filter(pk=guest.event_id).update(state=EventState.DRAFT)
    if case == "not invited":
        Participation.objects.filter(pk=guest.pk).update(nonce="", state=ParticipationState.CONFIRMED)
    answer = send(client_of(cast.coordinator), guest, email="grace@example.org")
    assert answer["Location"] == f"/en/events/{guest.event.slug}/participants/"


def test_a_corrected_address_ends_every_link_of_the_guest_and_makes_none(cast: Cast, coming: Event) -> None:
    part = make.listed(coming, "Asha")
    assert part.person is not None
    debrief = make.event(hub=cast.hub)
    listed = make.participation(
        debrief, part.person, nonce="", state="invited", entered_name="Asche", entered_email="a@b.org"
    )
    by = user_of(cast.hub_coordinator)
    assert actions.correct_guest(part, by=by, name="Asha", language="en") == []
    part.refresh_from_db()
    listed.refresh_from_db()
    assert (part.nonce, listed.entered_name, listed.entered_email) == ("asha", "", "a@b.org")
    assert actions.correct_guest(part, by=by, email="asha.mwinyi@example.org") == ["email"]
    nonces = [Participation.objects.get(pk=one.pk).nonce for one in (part, listed)]
    assert (len(nonces[0]), nonces[1]) == (32, "")
    assert Participation.objects.get(pk=listed.pk).entered_email == ""


def test_somebody_who_has_spoken_keeps_their_address(cast: Cast, coming: Event) -> None:
    silent, answered, agreed = (make.listed(coming, name) for name in ("Asha", "Badru", "Chege"))
    Participation.objects.filter(pk=answered.pk).update(answered_at=timezone.now())
    assert agreed.person is not None
    Consent.objects.create(person=agreed.person, purpose="news", wording="…")
    people = [one.person for one in (silent, answered, agreed) if one.person]
    assert [actions.has_spoken(one) for one in people] == [False, True, True]
    by = user_of(cast.coordinator)
    for part in (answered, agreed):
        with pytest.raises(PermissionDenied):
            actions.correct_guest(part, by=by, email="new@example.org")
        assert part.person is not None
        assert actions.correct_guest(part, by=by, email=part.person.email, name="New") == ["name"]


def test_who_corrects_which_guest_and_the_list_agrees(cast: Cast, coming: Event) -> None:
    parts = {
        "guest": make.listed(coming, "Asha"),
        "account": make.listed(coming, "Badru", account=True),
        "post": make.listed(coming, "Chege"),
    }
    parts |= {name: make.listed(coming, name) for name in ("duty", "seat", "elsewhere", "nobody")}
    people = {name: part.person or cast.outsider for name, part in parts.items()}
    make.tenure(people["post"], cast.kwale.organisation)
    make.duty(people["duty"], NetworkDuty.EDITOR)
    make.seat(cast.forum, people["seat"])
    make.participation(make.event(), people["elsewhere"])
    Participation.objects.filter(pk=parts["nobody"].pk).update(person=None)

    def corrected(user: Any) -> set[str]:
        rows = {name: Participation.objects.get(pk=part.pk) for name, part in parts.items()}
        asked = {name for name, row in rows.items() if can_correct_guest(user, row)}
        listed = set(Participation.objects.correctable_by(user).values_list("pk", flat=True))
        assert {name for name, row in rows.items() if row.pk in listed} == asked
        return asked

    assert corrected(user_of(cast.coordinator)) == {"guest", "elsewhere"}
    assert corrected(user_of(cast.hub_coordinator)) == {"guest"}
    assert corrected(user_of(cast.participant)) == set()
