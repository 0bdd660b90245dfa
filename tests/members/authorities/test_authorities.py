"""Creating and changing local authorities and memberships: permissions, and what happens if two people edit at once."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jirani.members.actions import put_authority
from jirani.members.enums import NetworkDuty
from jirani.members.forms import AuthorityForm
from jirani.members.models import Hub, LocalAuthority, Membership, Organisation
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

LAMU = {"name": "Lamu County", "kind": "county", "country": "KE", "subdivision": "ke-21", "population": "143 920"}


def test_a_coordinator_writes_a_new_one_and_admits_it(cast: Cast) -> None:
    client = client_of(cast.coordinator)
    key = client.get("/en/local-authorities/new/").content.decode().split('name="once" value="')[1].split('"')[0]
    made, again = (client.post("/en/local-authorities/new/", LAMU | {"once": key}) for _ in range(2))
    assert made.headers["Location"] == again.headers["Location"]
    assert client.post("/en/local-authorities/new/", LAMU).status_code == 422
    assert made.headers["Location"] == "/en/local-authorities/lamu-county/membership/edit/"
    lamu = LocalAuthority.objects.get(organisation__slug="lamu-county")
    assert (lamu.subdivision, lamu.population, lamu.organisation.sector) == ("KE-21", 143920, "local-government")

    address = made.headers["Location"]
    assert client.post(address, {"state": "member", "joined": "lately"}).status_code == 422
    for joined, more, unconfirmed in (("by 2021-03", {"unconfirmed": "on"}, True), ("2021-03-25", {}, False)):
        assert client.post(address, {"state": "member", "joined": joined} | more).status_code == 302
        membership = Membership.objects.get(authority=lamu)
        assert membership.unconfirmed is unconfirmed
    assert (membership.joined_on, membership.joined_precision) == (date(2021, 3, 25), "day")
    assert 'value="2021-03-25"' in client.get(address).content.decode()


def test_a_year_that_is_none_is_refused_without_a_comma_in_the_years_named(cast: Cast) -> None:
    client = client_of(cast.kwale_focal_point)
    sent = typed(cast.kwale) | {"population": "866,820", "population_year": "20190"}
    refused = client.post("/en/local-authorities/kwale/edit/", sent)
    assert refused.context["form"].errors == {"population_year": ["Enter a year from 1800 to 2100."]}


def test_a_focal_point_changes_its_own_and_admits_nobody(cast: Cast) -> None:
    client = client_of(cast.kwale_focal_point)
    address = "/en/local-authorities/kwale/edit/"
    now = typed(cast.kwale)

    assert client.post(address, now | {"population": "866,820", "population_year": "2019"}).status_code == 302
    kwale = LocalAuthority.objects.get(pk=cast.kwale.pk)
    assert (kwale.population, kwale.population_year, kwale.hub) == (866820, 2019, cast.hub)

    more = {"languages": ["sw", "en"], "contexts": ["coastal", "rural"], "themes": [make.theme().slug]}
    assert client.post(address, typed(kwale) | more).status_code == 302
    ticked = re.findall(
        r'<input type="checkbox" name="(\w+)" value="([\w-]+)"[^>]* checked>', client.get(address).content.decode()
    )
    assert {name: {value for field, value in ticked if field == name} for name in more} == {
        name: set(values) for name, values in more.items()
    }

    over = client.post(address, now | {"population": "1"})
    assert over.status_code == 422
    assert "Somebody else saved this after you opened the page" in over.content.decode()

    assert client.get("/en/local-authorities/mombasa/edit/").status_code == 404
    assert client.get("/en/local-authorities/kwale/membership/edit/").status_code == 403
    assert client.get("/en/local-authorities/new/").status_code == 403
    assert "membership/edit" not in client.get(address).content.decode()


def test_languages_that_a_list_of_the_well_known_lacks_are_offered_and_kept(cast: Cast) -> None:
    client, address = client_of(cast.kwale_focal_point), "/sw/local-authorities/kwale/edit/"
    LocalAuthority.objects.update(languages=["sw", "zgh", "vo"])
    boxes = re.findall(
        r'<input type="checkbox" name="languages" value="(\w+)"([^>]*)>', client.get(address).content.decode()
    )
    kept = [code for code, rest in boxes if " checked" in rest]
    assert sorted(kept) == ["sw", "vo", "zgh"]
    assert [code in dict(boxes) for code in ("luo", "kam", "mas", "fr", "io", "ae")] == [True] * 4 + [False] * 2

    assert (
        client.post(address, typed(LocalAuthority.objects.get(pk=cast.kwale.pk)) | {"languages": kept}).status_code
        == 302
    )
    assert set(LocalAuthority.objects.get(pk=cast.kwale.pk).languages) == {"sw", "zgh", "vo"}


def test_a_remark_is_kept_in_the_language_of_whoever_wrote_it(cast: Cast) -> None:
    client, address = client_of(cast.coordinator), "/fr/local-authorities/kwale/membership/edit/"

    offered = client.get(address).context["form"]["language"].value()
    client.post(address, {"state": "member", "joined": "2015", "remark": "Membre fondateur", "language": offered})

    remarked = Membership.objects.get(authority=cast.kwale)
    assert (remarked.remark, remarked.language) == ("Membre fondateur", "fr")
    assert client.get(address.replace("/fr/", "/sw/")).context["form"]["language"].value() == "fr"


def test_dates_in_a_hint_stand_apart_from_right_to_left(cast: Cast) -> None:
    client, address = client_of(cast.coordinator), "/ar/local-authorities/kwale/membership/edit/"

    pages = [client.get(path).content.decode() for path in (address, address.replace("/ar/", "/en/"))]

    assert ["\u20682021-03-25\u2069" in page for page in pages] == [True, False]


def typed(authority: LocalAuthority) -> dict[str, Any]:
    """Return what an authority's form sends if nothing on it was changed."""
    form = AuthorityForm(record=authority)
    return {name: "" if (value := form[name].value()) is None else value for name in form.fields}


def test_where_it_belongs_is_not_said_by_its_focal_point(cast: Cast) -> None:
    client, other = client_of(cast.kwale_focal_point), make.hub("Elsewhere")
    address = "/en/local-authorities/kwale/edit/"

    assert 'name="hub"' not in client.get(address).content.decode()
    assert client.post(address, typed(cast.kwale) | {"hub": other.slug, "population": "9"}).status_code == 302
    kwale = LocalAuthority.objects.get(pk=cast.kwale.pk)
    assert (kwale.hub, kwale.population) == (cast.hub, 9)
    with pytest.raises(ValidationError, match="a hub that you coordinate"):
        put_authority(kwale, by=cast.kwale_focal_point.user, hub=other.slug)
    assert client_of(cast.hub_coordinator).get(address).status_code == 200


def test_a_hub_coordinator_places_authorities_among_their_own_hubs(cast: Cast) -> None:
    second, other = make.hub("Second"), make.hub("Elsewhere")
    make.duty(cast.hub_coordinator, NetworkDuty.HUB_COORDINATOR, second)
    client, address = client_of(cast.hub_coordinator), "/en/local-authorities/kwale/edit/"

    def place(hub: str) -> tuple[int, Hub | None]:
        kwale = LocalAuthority.objects.get(pk=cast.kwale.pk)
        answer = client.post(address, typed(kwale) | {"hub": hub})
        return answer.status_code, LocalAuthority.objects.get(pk=kwale.pk).hub

    assert [place(hub) for hub in (other.slug, "", second.slug)] == [(422, cast.hub), (422, cast.hub), (302, second)]

    new = "/en/local-authorities/new/"
    answers = [client.post(new, LAMU | {"hub": hub}).status_code for hub in ("", other.slug, second.slug)]
    assert (answers, LocalAuthority.objects.get(subdivision="KE-21").hub) == ([422, 422, 302], second)

    LocalAuthority.objects.filter(pk=cast.kwale.pk).update(hub=other)
    assert client.get(address).status_code == 404
    moved = client_of(cast.coordinator).post(address, typed(LocalAuthority.objects.get(pk=cast.kwale.pk)) | {"hub": ""})
    assert (moved.status_code, LocalAuthority.objects.get(pk=cast.kwale.pk).hub) == (302, None)


@pytest.mark.parametrize(
    ("part", "ways"),
    [
        ("kwale_focal_point", [True, False, False, False]),
        ("mombasa_focal_point", [False, False, False, False]),
        ("hub_coordinator", [True, True, True, True]),
        ("coordinator", [True, True, True, True]),
        ("editor", [False, False, False, False]),
        ("outsider", [False, False, False, False]),
    ],
)
def test_the_ways_in_are_shown_to_those_who_may_go_them(cast: Cast, part: str, ways: list[bool]) -> None:
    client, kwale = client_of(cast.people()[part]), "/en/local-authorities/kwale/"
    addresses = [
        f"{kwale}edit/",
        f"{kwale}membership/edit/",
        "/en/organisations/kwale/people/",
        "/en/local-authorities/new/",
    ]
    pages = client.get(kwale).content.decode() + client.get("/en/local-authorities/").content.decode()

    assert [f'href="{address}"' in pages for address in addresses] == ways
    assert [client.get(address).status_code == 200 for address in addresses] == ways


def test_a_hub_coordinator_who_speaks_for_a_city_of_another_hub_does_not_admit_it(cast: Cast) -> None:
    far = make.authority("Oslo", slug="oslo", hub=make.hub("Nordic"))
    make.tenure(cast.hub_coordinator, far.organisation)
    client = client_of(cast.hub_coordinator)

    assert client.get("/en/local-authorities/oslo/edit/").status_code == 200
    assert client.get("/en/local-authorities/oslo/membership/edit/").status_code == 404
    assert "membership/edit" not in client.get("/en/local-authorities/oslo/").content.decode()


def test_a_name_that_grows_as_it_is_compared_is_kept_and_found(cast: Cast) -> None:
    """A single character of it folds to eighteen."""
    client, name = client_of(cast.coordinator), "ﷺ" * 40
    assert client.post("/en/local-authorities/new/", LAMU | {"name": name}).status_code == 302
    assert Organisation.objects.called(name).count() == 1
    assert client.post("/en/local-authorities/new/", LAMU | {"name": name, "once": ""}).status_code == 422


def version_of(page: Any) -> str:
    found = re.search(r'name="version" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def test_of_two_who_begin_or_end_a_membership_at_once_the_second_is_told(cast: Cast) -> None:
    lamu = make.authority("Lamu", member=False)
    client, address = client_of(cast.coordinator), f"/en/local-authorities/{lamu.organisation.slug}/membership/edit/"

    def stored() -> list[Any]:
        return list(Membership.objects.filter(authority=lamu).order_by("pk").values_list("state", "remark"))

    opened = version_of(client.get(address))
    assert client.post(address, {"state": "member", "joined": "2018", "version": opened}).status_code == 302
    second = {"state": "prospect", "remark": "Not decided", "version": opened}
    refused = client.post(address, second)
    assert (refused.status_code, stored()) == (422, [("member", "")])
    assert "Somebody else saved this after you opened the page" in refused.content.decode()

    opened = version_of(client.get(address))
    left = {"state": "left", "joined": "2018", "left": "2019", "version": opened}
    assert client.post(address, left).status_code == 302
    refused = client.post(address, {"state": "member", "remark": "Since long", "version": opened})
    assert (refused.status_code, stored()) == (422, [("left", "")])
    again = {"state": "member", "joined": "2020", "version": version_of(refused)}
    assert client.post(address, again).status_code == 302
    assert stored() == [("left", ""), ("member", "")]
