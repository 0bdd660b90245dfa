"""The coordinator's pages: who may open them, what is refused if somebody else saved first, and how many queries they take."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jirani.events.enums import ParticipationState, PartyRole
from jirani.events.models import Delegation, Event, EventParty, Participation
from jirani.members.enums import NetworkDuty
from jirani.members.models import Person
from jirani.translation.enums import TranslationState
from jirani.translation.models import Translation, source_hash
from tests import factories as make
from tests.cast import Cast, client_of
from tests.reader import tight

from .test_working_day import facts, shown_on

pytestmark = pytest.mark.django_db
Enter = Callable[[Person], Client]

PAGES = (
    "edit/", "edit/details/", "publish/", "cancel/", "organisations/new/", "delegations/new/", "sessions/new/",
    "participants/", "participants/new/", "participants/paste/", "participants/invite/", "participants/attendance/",
)  # fmt: skip


def test_pages_open_to_the_coordinators_of_the_event(cast: Cast, coming: Event, as_person: Enter) -> None:
    other = make.person()
    make.duty(other, "hub-coordinator", make.hub())  # type: ignore[arg-type]
    people = [cast.coordinator, cast.hub_coordinator, other, cast.kwale_focal_point, cast.rapporteur, cast.participant]
    browsers = [as_person(person) for person in people]

    for page in PAGES:
        address = f"/en/events/{coming.slug}/{page}"
        answers = [browser.get(address).status_code for browser in browsers]
        assert answers == [200, 200, 404, 403, 403, 403], page
        assert Client().get(address).headers["Location"].startswith("/en/accounts/sign-in/?next="), page


def test_pages_and_those_below_a_record_open_in_arabic(cast: Cast, coming: Event, as_person: Enter) -> None:
    session = coming.sessions.get()
    person = make.participation(coming, make.person("Asha", account=False), nonce="n" * 32)
    pages = [f"sessions/{session.pk}/{verb}/" for verb in ("edit", "delete")]
    pages += [f"participants/{person.pk}/{verb}/" for verb in ("edit", "invite", "cancel")]
    mine, others = as_person(cast.coordinator), as_person(cast.kwale_focal_point)

    assert {mine.get(f"/ar/events/{coming.slug}/{page}").status_code for page in PAGES} == {200}
    for page in pages:
        address = f"/ar/events/{coming.slug}/{page}"
        assert (mine.get(address).status_code, others.get(address).status_code) == (200, 403), page
    zone = "نيروبي (توقيت شرق أفريقيا)"
    assert f"<dd>{zone}</dd>" in tight(mine.get(f"/ar/events/{coming.slug}/edit/").content.decode())
    other = make.event(hub=cast.hub)
    for page in pages:
        assert mine.get(f"/ar/events/{other.slug}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["edit/", "participants/", "participants/attendance/", "participants/invite/"])
def test_pages_cost_the_same_with_one_and_with_thirty(
    cast: Cast, coming: Event, as_person: Enter, page: str, django_assert_max_num_queries: Any
) -> None:
    client = as_person(cast.coordinator)
    address = f"/ar/events/{coming.slug}/{page}"

    def fill(count: int) -> None:
        for _ in range(count):
            authority = make.authority(hub=cast.hub)
            delegation = Delegation.objects.create(event=coming, authority=authority)
            EventParty.objects.create(event=coming, organisation=make.organisation(), role=PartyRole.PARTNER)
            make.session(coming, host=authority.organisation)
            invited = ParticipationState.INVITED
            make.participation(coming, make.person(account=False), delegation=delegation, state=invited)
        coming.themes.add(make.theme())

    def cost() -> int:
        with django_assert_max_num_queries(15) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    fill(1)
    client.get(address)
    one = cost()
    fill(29)
    assert cost() == one


def test_a_form_over_anothers_change_says_so_and_then_takes_its_place(
    cast: Cast, coming: Event, as_person: Enter
) -> None:
    client = as_person(cast.coordinator)
    address = f"/en/events/{coming.slug}/edit/details/"
    seen = coming.version
    mine = facts(title="Mine", version=seen, place="Kwale", link="https://meet.example.org", format="hybrid")
    client.post(address, mine | {"title": "Theirs"})

    answer = client.post(address, mine)
    assert answer.status_code == 422
    assert "Somebody else saved this after you opened the page" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    coming.refresh_from_db()
    assert coming.title == "Theirs"

    client.post(address, mine | {"version": coming.version})
    coming.refresh_from_db()
    assert coming.title == "Mine"


def test_what_a_source_says_of_an_event_is_typed_in(cast: Cast, coming: Event, as_person: Enter) -> None:
    client, address = as_person(cast.coordinator), reverse("events:detail_edit", args=[coming.slug])
    form = client.get(address).context["form"]
    sent = {field.html_name: value for field in form if (value := field.value()) not in (None, "", [])}
    said = {"reported_attendance": "65–70", "source_url": "https://example.org/report"}

    assert client.post(address, sent | said).status_code == 302

    coming.refresh_from_db()
    assert (coming.reported_attendance, coming.source_url) == tuple(said.values())


def test_a_grant_is_entered_with_its_period_and_its_amount(cast: Cast, coming: Event, as_person: Enter) -> None:
    client, address = as_person(cast.coordinator), reverse("events:grant_create", args=[coming.slug])
    sent = {
        "programme": "Open cities", "funder": make.organisation("Donor").pk, "access": "public", "once": "g",
        "from_on": "2026-01-01", "until_on": "2027-12-31", "amount": "250000", "source_url": "https://example.org/grant",
    }  # fmt: skip
    wrong = [
        {},
        {"currency": "ZZZ"},
        {"currency": "eur", "until_on": "2025-12-31"},
        {"currency": "eur", "amount": "-1"},
    ]
    faults = [list(client.post(address, sent | each).context["form"].errors) for each in wrong]
    assert (faults, coming.grants.count()) == ([["currency"], ["currency"], ["until_on"], ["amount"]], 0)

    client.post(address, sent | {"currency": "eur"})

    grant = coming.grants.get()
    assert (grant.from_on, grant.until_on, grant.amount) == (date(2026, 1, 1), date(2027, 12, 31), Decimal(250000))
    assert (grant.currency, grant.source_url) == ("EUR", "https://example.org/grant")


def test_an_organisation_takes_part_in_one_way_once(cast: Cast, coming: Event, as_person: Enter) -> None:
    client, address = as_person(cast.coordinator), f"/en/events/{coming.slug}/organisations/new/"
    part = {"role": "partner", "organisation": cast.kwale.organisation.pk}

    assert client.post(address, part).status_code == 302
    assert [client.post(address, sent).status_code for sent in (part, {"role": "partner"})] == [302, 422]
    assert list(coming.parties.values_list("organisation", "role")) == [(cast.kwale.organisation.pk, "partner")]


def test_a_pasted_list_is_added_whole_or_not_at_all(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.coordinator)
    address = f"/en/events/{coming.slug}/participants/paste/"
    Delegation.objects.create(event=coming, authority=cast.kwale)
    bad = """\
Asha, asha@example.org, speaker, youth, Kwale County, sw

Badru, badru-at-example.org, , , ,
Chege; asha@example.org; singer; ; Atlantis; xx"""
    page = client.post(address, {"lines": bad})
    text = page.content.decode()
    assert page.status_code == 422
    for said in (
        "Line 3, E-mail address “badru-at-example.org”",
        "Line 4, Role “singer”: Enter one of: delegate, speaker, moderator, rapporteur, interpreter, observer or organiser.",
        "Line 4, Delegation “Atlantis”: Enter one of: Kwale County.",
        "Line 4, Language “xx”",
        "Line 4: the address “asha@example.org” is already in line 1.",
    ):
        assert said in text, said
    errors = page.context["form"].errors["lines"]
    line = [words.partition("“")[0] for words in errors if words.startswith("Line 4, ")]
    assert line == ["Line 4, Role ", "Line 4, Delegation ", "Line 4, Language "]
    assert coming.participations.count() == 0

    good = "Asha\tasha@example.org\tSpeaker\tyouth\tkwale county\tKiswahili\nBadru\n"
    assert client.post(address, {"lines": good}).status_code == 302
    rows = coming.participations.order_by("person__name").values_list(
        "person__name",
        "person__email",
        "role",
        "sector",
        "delegation__authority__organisation__slug",
        "person__language",
    )
    assert list(rows) == [
        ("Asha", "asha@example.org", "speaker", "youth", "kwale", "sw"),
        ("Badru", "", "delegate", "", None, "en"),
    ]


def test_the_preview_is_what_is_sent(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.coordinator)
    for field, words in (("title", "Échange sur la jeunesse"), ("place", "Kwale en français")):
        hashed = source_hash(getattr(coming, field))
        Translation.objects.create(
            record=coming, field=field, language="fr", body=words, state=TranslationState.DRAFTED, source_hash=hashed
        )
    person = make.person("Claire", email="claire@example.org", language="fr", account=False)
    row = make.participation(coming, person, state=ParticipationState.INVITED)
    address = f"/en/events/{coming.slug}/participants/invite/"

    preview = client.get(address).content.decode()
    with translation.override("en"):
        client.post(address, {"shown": shown_on(preview)})
    from jirani.notifications.models import Message

    sent = Message.objects.get()
    assert "Échange sur la jeunesse" in sent.subject
    assert "Kwale en français" in sent.body
    assert sent.subject in preview.replace("&#x27;", "'").replace("\xa0", " ") or sent.subject in preview
    assert Participation.objects.get(pk=row.pk).nonce not in preview
    assert "Everybody on the list who has an address has been invited." in client.get(address).content.decode()


def test_a_link_on_a_page_of_texts_cannot_become_markup(cast: Cast, coming: Event, as_person: Enter) -> None:
    person = make.person("<script>alert(1)</script>", email="x@example.org", account=False)
    make.participation(coming, person, state=ParticipationState.INVITED)
    Event.objects.filter(pk=coming.pk).update(title="<b>bold</b>", place="<i>")

    for page in PAGES:
        text = as_person(cast.coordinator).get(f"/en/events/{coming.slug}/{page}").content.decode()
        assert "<script>alert" not in text
        assert "<b>bold</b>" not in text


def test_whoever_coordinates_one_hub_finds_it_chosen(cast: Cast) -> None:
    def hubs(person: Person, address: str) -> list[tuple[str, bool]]:
        page = client_of(person).get(address).content.decode()
        select = page.partition('<select name="hub"')[2].partition("</select>")[0]
        return [(value, " selected" in rest) for value, rest in re.findall(r'<option value="([^"]*)"([^>]*)>', select)]

    hub = cast.hub
    assert hubs(cast.hub_coordinator, "/en/events/new/") == [(str(hub.pk), True)]
    assert hubs(cast.hub_coordinator, "/en/local-authorities/new/")[0][0] == hub.slug
    assert hubs(cast.coordinator, "/en/events/new/") == [("", True), (str(hub.pk), False)]
    other = make.hub()
    make.duty(cast.hub_coordinator, NetworkDuty.HUB_COORDINATOR, hub=other)
    assert hubs(cast.hub_coordinator, "/en/events/new/") == [("", True), (str(hub.pk), False), (str(other.pk), False)]
    page = client_of(cast.hub_coordinator).get("/en/events/new/").content.decode()
    assert '<option value="" selected>Choose a hub</option>' in page, "none of them would be refused"
