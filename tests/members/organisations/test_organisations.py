"""Organisations other than local authorities: entered on their own or from a form whose list lacks them, and corrected."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jirani.audit.models import Entry
from jirani.core import unsaved
from jirani.events.models import EventParty
from jirani.forums.models import Seat
from jirani.members.actions import change_organisation, create_agreement, create_organisation, slug_for
from jirani.members.models import Agreement, Organisation
from jirani.plans.models import Pillar
from tests import factories as make
from tests.cast import Cast, client_of, user_of
from tests.pages import Page

pytestmark = pytest.mark.django_db

LIST, NEW, ASIDE = "/en/organisations/", "/en/organisations/new/", "/en/organisations/aside/"
ENTER = {"coordinator", "hub_coordinator", "kwale_focal_point", "mombasa_focal_point", "forum_secretary"}
BACK = "What you sent is back, but not saved yet. Check it and save it."


def fields(**other: Any) -> dict[str, Any]:
    return {
        "name": "Kwale Women’s Network", "local_name": "Mtandao wa Wanawake wa Kwale", "sector": "women", "country": "KE",
        "summary": "Women of the county.", "website": "kwale-women.example.org", "source_url": "", "language": "en", "once": "o1",
    } | other  # fmt: skip


def go_aside(client: Client, page: str, field: str, **typed: Any) -> Any:
    """Press the button beside a field's list that leads to the page for a new organisation."""
    found = client.get(page)
    button = Page(found.content.decode()).soup.find("button", attrs={"name": "aside", "value": field})
    assert button is not None, f"{page} has no such button"
    return client.post(
        str(button["formaction"]), {**typed, "aside": field}, headers={"Referer": f"http://testserver{page}"}
    )


def test_it_is_entered_once_corrected_and_found_in_the_list(cast: Cast) -> None:
    client = client_of(cast.coordinator)
    answers = [client.post(NEW, fields())["Location"] for _ in range(2)]
    made = Organisation.objects.get(name="Kwale Women’s Network")
    assert answers == [f"/en/organisations/{made.slug}/"] * 2
    assert (made.sector, made.country, made.website) == ("women", "KE", "https://kwale-women.example.org")

    edit = f"{LIST}{made.slug}/edit/"
    version = client.get(edit).context["form"]["version"].value()
    changed = fields(name="Kwale Women’s Peace Network", sector="civil-society", version=version)
    assert client.post(edit, changed)["Location"] == f"/en/organisations/{made.slug}/"
    assert client.post(edit, {**changed, "name": "Late"}).status_code == 422  # over a state that is gone
    made.refresh_from_db()
    assert (made.name, made.sector) == ("Kwale Women’s Peace Network", "civil-society")
    assert [row.name for row in client.get(f"{LIST}?q=wanawake").context["page"].rows] == [made.name]
    assert sorted(row.name for row in client.get(LIST).context["page"].rows) == [made.name, "Mombasa civil society"]
    verbs = Entry.objects.filter(verb__startswith="members.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["members.add_organisation", "members.edit_organisation"]


def test_who_comes_across_them_enters_them_and_who_speaks_for_them_corrects_them(cast: Cast) -> None:
    own = make.organisation("Kwale interfaith council")
    make.tenure(cast.participant, own)
    addresses = {
        LIST: ENTER | {"participant"}, NEW: ENTER | {"participant"}, f"{LIST}{own.slug}/edit/": {"coordinator", "participant"},
        f"{LIST}kwale/edit/": set(),
    }  # fmt: skip
    for address, allowed in addresses.items():
        opened = {part for part, one in cast.people().items() if client_of(one).get(address).status_code == 200}
        assert opened == allowed, address
    for part, person in {**cast.people(), "visitor": None}.items():
        sent = client_of(person).post(NEW, fields(name=f"Entered by the {part}", once=part)).status_code
        assert Organisation.objects.filter(name=f"Entered by the {part}").exists() == (part in ENTER | {"participant"})
        assert sent == (302 if part in ENTER | {"participant", "visitor"} else 403), part
    refused = client_of(cast.hub_coordinator).post(f"{LIST}{own.slug}/edit/", fields(name="Taken over"))
    own.refresh_from_db()
    assert (refused.status_code, own.name) == (404, "Kwale interfaith council")


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        ({"name": ""}, {"name": ["Fill this in."]}),
        ({"sector": ""}, {"sector": ["Choose one."]}),
        ({"name": "MOMBASA civil  society"}, {"name": ["There is already an organisation with this name."]}),
        (
            {"name": "Kwale county", "sector": "", "website": "no address"},
            {
                "name": ["There is already an organisation with this name."], "sector": ["Choose one."],
                "website": ["Enter a web address such as https://example.org."],
            },
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_once_and_changes_nothing(
    cast: Cast, wrong: dict[str, str], faults: dict[str, list[str]]
) -> None:
    before = Organisation.objects.count()
    answer = client_of(cast.coordinator).post(NEW, fields(**wrong))
    assert (answer.status_code, answer.context["form"].errors) == (422, faults)
    assert Organisation.objects.count() == before
    civil = Organisation.objects.get(name="Mombasa civil society")
    version = client_of(cast.coordinator).get(f"{LIST}{civil.slug}/edit/").context["form"]["version"].value()
    own = {"name": civil.name, "version": version}  # its own name is nobody else's
    assert client_of(cast.coordinator).post(f"{LIST}{civil.slug}/edit/", fields(**own)).status_code == 302


def test_from_a_seat_one_goes_aside_and_finds_what_was_typed_with_the_new_one_chosen(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsaved, "SLOTS", 1)  # the page that one goes to, and sends, has its place where the other has
    client, page = client_of(cast.forum_secretary), f"/en/forums/{cast.forum.slug}/seats/new/"
    typed = {
        "organisation": "",
        "role": "member",
        "name": "Zuhura Ali",
        "email": "",
        "from_on": "2024-05-06",
        "once": "s1",
    }
    aside = go_aside(client, page, "organisation", **typed)
    assert aside["Location"] == f"{NEW}?back={page.replace('/', '%2F')}&country=KE"
    shown = client.get(aside["Location"])
    assert shown.context["form"]["country"].value() == "KE"

    saved = client.post(aside["Location"], fields(country="CH"))  # works elsewhere, and sits here all the same
    made = Organisation.objects.get(name="Kwale Women’s Network")
    assert saved["Location"] == page
    back = client.get(page)
    form, html = back.context["form"], Page(back.content.decode())
    assert [form[name].value() for name in ("organisation", "name", "from_on")] == [
        str(made.pk),
        "Zuhura Ali",
        "2024-05-06",
    ]
    assert (made.pk, made.name) in form.fields["organisation"].choices
    assert (dict(form.errors), html.faults(), BACK in back.content.decode()) == ({}, [], True)
    assert not Seat.objects.filter(organisation=made).exists()

    sent = {**typed, "organisation": made.pk, "email": "zuhura@example.org", "language": "sw"}
    assert client.post(page, sent).status_code == 302
    assert Seat.objects.get(organisation=made).from_on == date(2024, 5, 6)


def test_one_of_that_name_is_chosen_instead(cast: Cast) -> None:
    client, page = client_of(cast.coordinator), f"/en/events/{cast.event.slug}/organisations/new/?role=host"
    civil = Organisation.objects.get(name="Mombasa civil society")
    aside = go_aside(client, page, "organisation", role="host")["Location"]
    found = client.post(aside, fields(name="Mombasa Civil Society"))
    take = Page(found.content.decode()).soup.find("button", attrs={"name": "take"})
    assert (found.status_code, take["value"] if take else None) == (422, civil.slug)
    assert client.post(aside, {"take": civil.slug})["Location"] == page
    form = client.get(page).context["form"]
    assert (form["organisation"].value(), form["role"].value()) == (str(civil.pk), "host")
    assert client.post(page, {"organisation": civil.pk, "role": "host", "once": "p1"}).status_code == 302
    assert EventParty.objects.get(event=cast.event, organisation=civil).role == "host"
    assert client.post(aside, {"take": "nobody"}).status_code == 404


def test_of_several_it_is_one_more(cast: Cast) -> None:
    client, page = client_of(cast.coordinator), "/en/agreements/new/"
    two = [str(cast.kwale.organisation_id), str(cast.mombasa.organisation_id)]
    aside = go_aside(client, page, "parties", title="Three sign", parties=two)["Location"]
    client.post(aside, fields())
    form = client.get(page).context["form"]
    made = Organisation.objects.get(name="Kwale Women’s Network")
    assert (form["title"].value(), form["parties"].value()) == ("Three sign", [*two, str(made.pk)])
    assert not Agreement.objects.exists()


def test_whoever_is_not_signed_in_any_more_finds_the_form_as_they_left_it(cast: Cast) -> None:
    client, page = client_of(cast.coordinator), f"/en/plans/{cast.plan.slug}/pillars/new/"
    typed = {"title": "Peaceful youth", "summary": "Two hours of typing."}
    client.get("/en/desk/")  # whose browser it is
    client.get(page)
    client.post("/en/accounts/sign-out/")
    refused = client.post(
        ASIDE, {**typed, "aside": "lead_civil_society"}, headers={"Referer": f"http://testserver{page}"}
    )
    assert refused["Location"] == f"/en/accounts/sign-in/?next={page}"
    for name, cookie in client_of(cast.coordinator).cookies.items():
        client.cookies[name] = cookie.value
    form = client.get(page).context["form"]
    assert [form[name].value() for name in typed] == list(typed.values())
    assert not Pillar.objects.filter(title="Peaceful youth").exists()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_away_from_here(cast: Cast, back: str) -> None:
    saved = client_of(cast.coordinator).post(f"{NEW}?back={back}", fields())
    assert saved["Location"] == f"/en/organisations/{Organisation.objects.get(name='Kwale Women’s Network').slug}/"


def test_whoever_meets_the_button_may_press_it_and_enter_presses_another(cast: Cast) -> None:
    event, plan = cast.event.slug, cast.plan.slug
    pages = [
        f"/en/forums/{cast.forum.slug}/seats/new/", f"/en/plans/{plan}/pillars/new/",
        reverse("plans:activity_create", args=[plan]), "/en/agreements/new/", f"/en/events/{event}/organisations/new/",
        f"/en/events/{event}/grants/new/", f"/en/events/{event}/sessions/new/",
    ]  # fmt: skip
    met: dict[str, set[str]] = {page: set() for page in pages}
    for part, person in cast.people().items():
        client = client_of(person)
        for page in pages:
            answer = client.get(page)
            if answer.status_code != 200:
                continue
            forms = [
                form for form in Page(answer.content.decode()).soup.select("form") if form.select('[name="aside"]')
            ]
            assert len(forms) == 1, page
            first = forms[0].find("button")
            assert first is not None
            assert (first.get("formaction"), first.get("aria-hidden")) == (None, "true"), page
            assert (
                client.post(ASIDE, {"aside": "x"}, headers={"Referer": f"http://testserver{page}"}).status_code == 302
            )
            met[page].add(part)
    assert all(met.values())
    assert set().union(*met.values()) == {"coordinator", "hub_coordinator", "mombasa_focal_point", "forum_secretary"}


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_with_one_and_with_thirty(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        make.organisation(f"Body {each}")
    client = client_of(cast.coordinator)
    client.get(LIST)
    with django_assert_num_queries(6):
        assert len(client.get(LIST).context["page"].rows) == number + 1


def test_a_name_is_taken_however_it_is_entered_and_two_of_one_length_have_addresses_of_their_own(cast: Cast) -> None:
    by, civil = user_of(cast.coordinator), Organisation.objects.get(name="Mombasa civil society")
    civil.name = "KWALE county"
    for act in (
        lambda: change_organisation(civil, by=by),
        lambda: create_organisation(Organisation(name="kwale County", sector="women"), by=by),
        lambda: create_organisation(Organisation(name="Amani", sector="nonsense"), by=by),
        lambda: create_agreement(Agreement(title="Pact", kind="memorandum"), parties=[civil], by=by),
    ):
        with pytest.raises(ValidationError):
            act()
    assert Organisation.objects.get(pk=civil.pk).name == "Mombasa civil society"
    assert not Agreement.objects.exists()
    same = Organisation.objects.get(pk=civil.pk)
    same.summary = "It speaks for all."
    assert change_organisation(same, by=by).summary == "It speaks for all."
    asked = []
    for _ in "123":
        asked.append(slug_for("a" * 80, country="KE"))
        make.organisation(slug=asked[-1])
    assert asked == ["a" * 80, "a" * 70 + "-ke", "a" * 70 + "-ke-2"]
