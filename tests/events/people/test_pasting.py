"""Lists of people pasted from a spreadsheet or from the recipients of an e-mail, with the stray characters of both."""

from collections.abc import Callable

import pytest
from django.test import Client

from jirani.events.forms import (
    ParticipantsForm,
)
from jirani.events.models import Delegation, Event
from jirani.events.people.forms.lines import is_heading, read_lines, repeated_addresses
from jirani.events.people.forms.several import added_sentence
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


def cells(line: str) -> list[list[str]]:
    return [[value for value in said.values() if value] for _number, said in read_lines(line)]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Asha", [["Asha"]]), ("   ", []), ("", []),
        ("Asha, asha@example.org, speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("Asha; asha@example.org; speaker, health", [["Asha", "asha@example.org", "speaker, health"]]),
        ("Asha\tasha@example.org\tspeaker; x", [["Asha", "asha@example.org", "speaker; x"]]),
        ('"Mwinyi, Asha", asha@example.org', [["Mwinyi, Asha", "asha@example.org"]]),
        ('"Mwinyi; Asha", asha@example.org', [["Mwinyi; Asha", "asha@example.org"]]),
        ("Asha asha@example.org, speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("Asha (asha@example.org), speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("asha@example.org, Asha, speaker", [["Asha", "asha@example.org", "speaker"]]),
        ("asha@example.org", [["asha@example.org"]]),
        ("Asha @ home", [["Asha @ home"]]), ("Asha @home", [["Asha @home"]]), ("asha@", [["asha@"]]),
        ("أمينة، asha@example.org، speaker", [["أمينة", "asha@example.org", "speaker"]]),
        ('"أمينة، حداد"، asha@example.org', [["أمينة، حداد", "asha@example.org"]]),
    ],
)  # fmt: skip
def test_the_parts_of_a_line(line: str, read: list[list[str]]) -> None:
    assert cells(line) == read


def test_lines_are_numbered_from_one_and_a_heading_is_one_in_any_language() -> None:
    found = list(read_lines("Asha\n\nBadru <badru@example.org>, Chege <chege@example.org>"))
    assert [(number, said["name"], said["email"]) for number, said in found] == [
        (1, "Asha", ""), (3, "Badru", "badru@example.org"), (3, "Chege", "chege@example.org"),
    ]  # fmt: skip
    rows = ["Name, E-mail address", "name, email", "Nom, Courriel", "Name", "Asha, Role", "Jina, Barua pepe"]
    headed = [is_heading(next(iter(read_lines(row)))[1]) for row in rows]
    assert headed[:5] == [True, True, True, False, False]
    twice = [
        (1, {"email": "a@example.org"}),
        (2, {"email": ""}),
        (3, {"email": "A@example.org"}),
        (4, {"email": ""}),
        (5, {"email": "a@example.org"}),
    ]
    assert list(repeated_addresses(twice)) == [
        "Line 3: the address “A@example.org” is already in line 1.", "Line 5: the address “a@example.org” is already in line 1.",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_said_of_pasted_lines(cast: Cast, coming: Event) -> None:
    mine = Delegation.objects.create(event=coming, authority=cast.kwale)

    def form(lines: str) -> ParticipantsForm:
        return ParticipantsForm({"lines": lines, "once": "e" * 32}, event=coming)

    def wrong(lines: str, at: Event = coming) -> list[str]:
        return [
            str(one) for one in ParticipantsForm({"lines": lines, "once": "e" * 32}, event=at).errors.get("lines", [])
        ]

    good = form("Name, E-mail address\nAsha, asha@example.org, Speaker, health, Kwale County, français\nBadru")
    assert good.is_valid(), good.errors
    asha, badru = good.facts["people"]
    assert [asha[name] for name in ("name", "email", "role", "sector", "delegation", "language")] == [
        "Asha", "asha@example.org", "speaker", "health", mine, "fr",
    ]  # fmt: skip
    assert [badru[name] for name in ("role", "language", "delegation")] == ["delegate", "en", None]
    assert good.remembered(None) == coming
    assert wrong("Name, E-mail address") != [], "a heading alone is a person called so"
    assert wrong("x" * 1001) == ["Line 1: shorten it to 1,000 characters."] or "1000" in wrong("x" * 1001)[0]
    assert "shorten" not in " ".join(wrong("x" * 1000))
    assert wrong(", asha@example.org")[0].endswith("Enter a name beside the address.")
    assert "Enter one of: Kwale County." in wrong("Asha,,,,Nowhere")[0]
    assert "there is none to choose yet" in wrong("Asha,,,,Nowhere", cast.event)[0]
    assert wrong("\n".join(f"P{number}" for number in range(501))) == ["Paste at most 500 lines at once."]
    assert wrong("\n".join(f"P{number}" for number in range(500))) == []
    assert form(f"Asha,,,,{mine.pk}").is_valid() is True, "the number is the form's own value"


def test_how_many_were_added_is_said() -> None:
    assert [added_sentence(*counts) for counts in ((1, 0), (2, 0), (2, 1), (0, 2))] == [
        "1 person added.", "2 people added.", "2 people added. 1 was on the list already.",
        "0 people added. 2 were on the list already.",
    ]  # fmt: skip
