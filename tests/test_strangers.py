"""Entering an address that already belongs to somebody reveals nothing about them: not on a list, for a post or for a seat."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from jirani.core.registry import personal_erasers
from jirani.events.actions import add_participant, invitations, mark_attended
from jirani.events.models import Participation, SessionPart
from jirani.forums.actions import add_seat
from jirani.forums.models import Seat
from jirani.members.actions import add_post
from jirani.members.enums import ConsentPurpose
from jirani.members.models import Consent, Person, Tenure
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db

TYPED: dict[str, Any] = {"name": "Whoever", "email": "work@example.org", "language": "en"}
#: What is kept: the name, the other address, the language and the sector.
KEPT = re.compile("Known Name|home@example[.]org|Kiswahili|Faith|Mpendwa|umealikwa")


@pytest.fixture
def known(cast: Cast) -> Person:
    """Somebody in no network list, who signs in with one address and is written to at another."""
    person = make.person("Known Name", email="work@example.org", language="sw", sector="faith")
    Person.objects.filter(pk=person.pk).update(email="home@example.org")
    return Person.objects.get(pk=person.pk)


def seen(person: Person, *addresses: str) -> tuple[set[str], set[int]]:
    """Return which stored facts the pages reveal to a reader, and whether each page names what was typed."""
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    pages = [client.get(address).content.decode() for address in addresses]
    # A list of languages or sectors to choose from is not about anybody.
    plain = [
        re.sub(r"<option.*?</option>|<footer.*?</footer>|<nav.*?</nav>", "", page, flags=re.DOTALL) for page in pages
    ]
    return set(KEPT.findall(" ".join(plain))), {"Whoever" in page for page in pages}


def test_on_the_list_of_an_event(cast: Cast, known: Person) -> None:
    event, session, by = cast.event, cast.session, cast.users()["hub_coordinator"]
    part, new = add_participant(event, by=by, role="speaker", **TYPED)
    assert (part.person, new, part.sector) == (known, True, "")
    people = f"/en/events/{event.slug}/participants/"
    one = f"{people}{part.pk}/"
    before = seen(
        cast.hub_coordinator,
        people,
        f"{one}edit/",
        f"{one}cancel/",
        f"{one}invite/",
        f"{people}invite/",
        f"{people}attendance/",
    )
    assert before == (set(), {True})
    shown = [letter for _, _, letter in invitations(event, [Participation.objects.get(pk=part.pk)]).samples]
    assert [letter.body.split(",")[0] for letter in shown] == ["Dear Whoever"]

    mark_attended(event, shown=[part.pk], present=[part.pk], by=by)
    SessionPart.objects.create(session=session, participation=part, role="speaker")
    of_session = f"/en/events/{event.slug}/sessions/{session.pk}/"
    for reader in (cast.hub_coordinator, cast.rapporteur):
        assert seen(reader, f"{of_session}notes/") == (set(), {True})
    assert seen(cast.hub_coordinator, f"{of_session}edit/") == ({"Kiswahili"}, {True}), "a language to interpret into"
    assert "Known Name" in seen(cast.coordinator, people)[0]

    make.tenure(cast.hub_coordinator, make.organisation())
    Consent.objects.create(person=known, purpose=ConsentPurpose.DIRECTORY, wording="Yes")
    assert "Known Name" in seen(cast.hub_coordinator, people)[0]


def test_to_a_post_and_to_a_seat(cast: Cast, known: Person) -> None:
    by = cast.users()["hub_coordinator"]
    post = add_post(cast.kwale.organisation, by=by, role="official", **TYPED)
    secretary = cast.users()["forum_secretary"]
    organisation = make.organisation()
    seat = add_seat(
        cast.forum, by=secretary, organisation=organisation, role="member", from_on=date(2026, 1, 1), **TYPED
    )  # fmt: skip
    posts, seats = "/en/organisations/kwale/people/", f"/en/forums/{cast.forum.slug}/seats/"

    assert seen(cast.hub_coordinator, posts, f"{posts}{post.pk}/end/") == (set(), {True})
    assert seen(cast.forum_secretary, seats, f"{seats}{seat.pk}/end/", f"{seats}{seat.pk}/replace/") == (set(), {True})
    assert seen(cast.coordinator, posts, seats) == ({"Known Name", "home@example.org"}, {False})


def test_what_was_typed_goes_with_the_person(cast: Cast, known: Person) -> None:
    by = cast.users()["coordinator"]
    add_participant(cast.event, by=by, role="speaker", **TYPED)
    add_post(cast.kwale.organisation, by=by, role="official", **TYPED)
    add_seat(cast.forum, by=by, organisation=None, role="member", from_on=date(2026, 1, 1), **TYPED)

    def kept() -> list[int]:
        return [
            rows.filter(entered_name="Whoever").count()
            for rows in (Participation.objects, Tenure.objects, Seat.objects)
        ]

    assert kept() == [1, 1, 1]
    for erase in personal_erasers().values():
        erase(Person.objects.get(pk=known.pk))
    assert kept() == [0, 0, 0]


def test_who_is_new_is_kept_as_typed(cast: Cast) -> None:
    part, _new = add_participant(cast.event, by=cast.users()["hub_coordinator"], role="speaker", **TYPED)

    assert (part.entered_name, part.entered_email, part.entered_language) == ("", "", "")
    assert (part.called, part.address, part.written_in) == ("Whoever", "work@example.org", "en")
