"""Lists of people pasted from a spreadsheet or from the recipients of an e-mail, with the stray characters of both."""

from collections.abc import Callable

import pytest
from django.test import Client

from jirani.events.models import Event
from jirani.events.people.forms import read_lines
from jirani.members.models import Person
from jirani.members.people.actions.accounts import named_person, person_at
from tests.cast import Cast

Enter = Callable[[Person], Client]


def parts(text: str) -> list[tuple[str, str, str]]:
    return [(said["name"], said["email"], said["role"]) for _number, said in read_lines(text)]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Rita Odhiambo <rita@example.org>", [("Rita Odhiambo", "rita@example.org", "")]),
        ("Rita Odhiambo <Rita@Example.org>, speaker", [("Rita Odhiambo", "rita@example.org", "speaker")]),
        ('"Said, Omar", omar@example.org, observer', [("Said, Omar", "omar@example.org", "observer")]),
        ('"Said; Omar";omar@example.org;observer', [("Said; Omar", "omar@example.org", "observer")]),
        (
            'Rita <rita@example.org>; "Said, Omar" <omar@example.org>',
            [("Rita", "rita@example.org", ""), ("Said, Omar", "omar@example.org", "")],
        ),
        ("Rita,\u200erita@example.org\u200e", [("Rita", "rita@example.org", "")]),
        ("ريتا، rita@example.org، متحدث", [("ريتا", "rita@example.org", "متحدث")]),
        ("Rita\trita@example.org\tspeaker", [("Rita", "rita@example.org", "speaker")]),
        ("rita@example.org, Rita, speaker", [("Rita", "rita@example.org", "speaker")]),
        ("Rita Odhiambo (rita@example.org)", [("Rita Odhiambo", "rita@example.org", "")]),
        ("Rita rita@example.org; speaker", [("Rita", "rita@example.org", "speaker")]),
        ("rita@example.org", [("", "rita@example.org", "")]),
        ("\u200b \u00ad", []),
    ],
)
def test_a_line_is_read_as_it_is_meant(line: str, read: list[tuple[str, str, str]]) -> None:
    assert parts(line) == read


@pytest.mark.django_db
def test_one_mailbox_is_one_person_however_it_is_spelled(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.coordinator)
    address = f"/en/events/{coming.slug}/participants/paste/"
    twice = "Rita, rita@größe.example\nOmar, omar@example.org\nRita O., RITA@xn--gre-6ka8i.example"
    page = client.post(address, {"lines": twice})
    assert page.status_code == 422
    assert "Line 3: the address “RITA@xn--gre-6ka8i.example” is already in line 1." in page.content.decode()

    assert client.post(address, {"lines": "Rita <rita@xn--gre-6ka8i.example>"}).status_code == 302
    assert person_at("\u200eRita@gro\u0308ße.example", name="Someone else") == Person.objects.get(name="Rita")
    assert Person.objects.get(name="Rita").email == "rita@größe.example"
    assert named_person(name="R", email="RITA@GRÖẞE.example").user == Person.objects.get(name="Rita").user


@pytest.mark.django_db
@pytest.mark.parametrize(
    "heading",
    ["Name\tE-mail\tRole\tSector", "name,email", "NOM;Adresse e-mail;Rôle", "الاسم\tالبريد الإلكتروني"],
)
def test_a_sheet_s_first_row_is_no_person(cast: Cast, coming: Event, as_person: Enter, heading: str) -> None:
    address = f"/en/events/{coming.slug}/participants/paste/"
    mark = next(one for one in "\t;," if one in heading)
    before = Person.objects.count()
    sent = as_person(cast.coordinator).post(address, {"lines": f"{heading}\nRita{mark}rita@example.org"})
    assert (sent.status_code, Person.objects.count()) == (302, before + 1)

    alone = as_person(cast.coordinator).post(address, {"lines": heading})
    named = as_person(cast.coordinator).post(address, {"lines": "Name\nOmar"})  # a person may be called so
    assert (alone.status_code, named.status_code, Person.objects.count()) == (422, 302, before + 3)


@pytest.mark.django_db
def test_a_name_that_is_an_address_is_refused(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.coordinator)
    pasted = client.post(f"/en/events/{coming.slug}/participants/paste/", {"lines": "rita@example.org"})
    typed = client.post(
        f"/en/events/{coming.slug}/participants/new/",
        {"name": "Rita <rita@example.org>", "role": "delegate", "language": "en"},
    )

    assert [pasted.status_code, typed.status_code] == [422, 422]
    assert "Enter a name beside the address." in pasted.content.decode()
    assert "Enter the name without the address." in typed.content.decode()
    assert coming.participations.count() == 0


@pytest.mark.django_db
def test_what_was_pasted_by_mistake_is_refused_by_its_line(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.coordinator)
    for wrong in ("x" * 1_001, 'a@"<(' * 30_000):
        page = client.post(
            f"/en/events/{coming.slug}/participants/paste/", {"lines": f"Rita, rita@example.org\n{wrong}"}
        )
        assert page.status_code == 422
        assert "Line 2: shorten it to 1000 characters." in page.content.decode()
    assert coming.participations.count() == 0
