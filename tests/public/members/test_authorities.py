"""The list of local authorities: order, filters and map."""

import re
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jirani.core.enums import AccessMode
from jirani.members.actions import save_authority
from jirani.members.enums import Sector
from jirani.members.models import LocalAuthority, Organisation
from jirani.translation.actions import save_translation
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        authority = make.authority(hub=make.hub())
        authority.themes.add(make.theme())

    with django_assert_num_queries(8):
        response = client.get("/ar/local-authorities/")

    assert response.context["count"] == number


def test_names_stand_in_the_order_of_the_readers_language(client: Client) -> None:
    for slug, name, arabic in (
        ("dakar", "Dakar", "داكار"),
        ("cair", "Çair", "تشاير"),
        ("eldoret", "Eldoret", "إلدوريت"),
    ):
        body = Organisation(name=name, slug=slug, sector=Sector.LOCAL_GOVERNMENT, country="KE")
        save_authority(LocalAuthority(organisation=body, kind="city", country="KE"))
        save_translation(body, "name", "ar", arabic)

    assert listed(client, "en") == ["cair", "dakar", "eldoret"]
    assert listed(client, "ar") == ["eldoret", "cair", "dakar"]


def test_pages_by_key_hold_everybody_once(client: Client) -> None:
    for n in range(45):
        make.authority(f"County {n:02}", slug=f"county-{n:02}")
    seen, address = [], "/en/local-authorities/"
    while address:
        page = client.get(address).context["page"]
        seen += [row.organisation.slug for row in page.rows]
        address = f"/en/local-authorities/?cursor={page.older}" if page.older else ""

    assert seen == [f"county-{n:02}" for n in range(45)]


def test_a_cursor_that_is_not_ours_is_not_found(client: Client) -> None:
    make.authority()

    assert client.get("/en/local-authorities/?cursor=axxxx").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["cape-town", "kwale", "lamu", "mombasa"]),
        ("member=yes", ["cape-town", "kwale", "mombasa"]),
        ("member=no", ["lamu"]),
        ("country=KE", ["kwale", "lamu", "mombasa"]),
        ("country=KE&member=yes", ["kwale", "mombasa"]),
        ("hub=esa", ["cape-town", "kwale"]),
        ("kind=city", ["cape-town"]),
        ("theme=youth", ["kwale", "lamu"]),
        ("theme=youth&member=no&country=KE", ["lamu"]),
        ("theme=youth&kind=city", []),
        ("country=FR", ["cape-town", "kwale", "lamu", "mombasa"]),
        ("theme='--", ["cape-town", "kwale", "lamu", "mombasa"]),
    ],
)
def test_filters(client: Client, query: str, found: list[str]) -> None:
    some_authorities()

    assert listed(client, "en", query) == found


def test_choices_say_how_many_they_lead_to(client: Client) -> None:
    some_authorities()
    form = client.get("/en/local-authorities/?country=KE").context["form"]
    choices = {name: dict(field.choices) for name, field in form.fields.items()}

    assert choices == {
        "member": {"": "All", "yes": "Members (2)", "no": "Take part without being members (1)"},
        "country": {"": "All countries", "KE": "Kenya (3)", "ZA": "South Africa (1)"},
        "hub": {"": "All hubs", "esa": "Hub (1)"},
        "kind": {"": "All kinds", "county": "County (3)"},
        "theme": {"": "All themes", "youth": "Youth (2)"},
    }


@pytest.mark.parametrize("query", ["", "theme=youth", "country=KE&member=yes", "hub=esa&theme=youth"])
def test_each_choice_leads_to_as_many_as_it_says(client: Client, query: str) -> None:
    some_authorities()
    form = client.get(f"/en/local-authorities/?{query}").context["form"]
    asked = dict(parse_qsl(query))
    said = {
        (name, value): int(re.findall(r"\((\d+)\)", words)[0])
        for name, field in form.fields.items()
        for value, words in field.choices
        if value
    }

    led = {(name, value): len(listed(client, "en", urlencode({**asked, name: value}))) for name, value in said}
    assert said == led != {}
    assert form.count == len(listed(client, "en", query))


def test_the_filters_count_in_the_database(client: Client) -> None:
    for number in range(12):
        make.authority(f"Place {number}")
    form = client.get("/en/local-authorities/").context["form"]

    assert [group.count for group in form.groups] == [12]


def test_the_map_shows_what_the_list_shows(client: Client) -> None:
    some_authorities()
    whole, kenya = client.get("/en/local-authorities/map.svg"), client.get("/en/local-authorities/map.svg?country=KE")

    assert [page["Content-Type"] for page in (whole, kenya)] == ["image/svg+xml"] * 2
    assert [page.content.count(b"<circle") for page in (whole, kenya)] == [4, 3]


def test_the_map_comes_nearer_where_the_places_lie_together(client: Client) -> None:
    some_authorities()
    make.authority("Athens, Ohio", country="US", latitude=39.33, longitude=-82.1)
    whole, kenya = client.get("/en/local-authorities/map.svg"), client.get("/en/local-authorities/map.svg?country=KE")

    assert [width_of(dots(page.content)) > 100 for page in (whole, kenya)] == [True, False]
    assert [len(page.content) > 30_000 for page in (whole, kenya)] == [True, False]
    assert all(0 < x < 1000 and 0 < y < 435 for page in (whole, kenya) for x, y in dots(page.content))


def test_an_arc_leads_from_the_lesson_to_who_took_it_up(client: Client) -> None:
    found = some_authorities()
    lesson = make.lesson(authorities=[found["mombasa"]])
    secret = make.lesson(authorities=[found["mombasa"]])
    make.commitment(found["cape-town"].organisation, lesson=lesson)
    make.commitment(found["lamu"].organisation, lesson=secret)
    make.narrowed_alone(secret, AccessMode.NETWORK)
    editor = make.person()
    make.duty(editor, "editor")  # type: ignore[arg-type]

    visitors = client.get("/en/local-authorities/map.svg").content
    client.force_login(editor.user)  # type: ignore[arg-type]
    editors = client.get("/en/local-authorities/map.svg").content

    assert [arcs(visitors), arcs(editors)] == [1, 2]


def some_authorities() -> dict[str, LocalAuthority]:
    """Three Kenyan counties (Lamu is not a member) and Cape Town; two of them belong to a hub, two work on youth."""
    hub, youth = make.hub("Hub"), make.theme("Youth")
    type(hub).objects.filter(pk=hub.pk).update(slug="esa")
    type(youth).objects.filter(pk=youth.pk).update(slug="youth")
    hub.refresh_from_db()
    found = {
        "cape-town": make.authority(
            "Cape Town", slug="cape-town", country="ZA", kind="city", hub=hub, latitude=-33.9, longitude=18.4
        ),
        "kwale": make.authority("Kwale", slug="kwale", hub=hub, latitude=-4.17, longitude=39.45),
        "lamu": make.authority("Lamu", slug="lamu", member=False, latitude=-2.27, longitude=40.9),
        "mombasa": make.authority("Mombasa", slug="mombasa", latitude=-4.05, longitude=39.66),
    }
    for slug in ("kwale", "lamu"):
        found[slug].themes.add(youth)
    return found


def listed(client: Client, language: str, query: str = "") -> list[str]:
    page = client.get(f"/{language}/local-authorities/?{query}").context["page"]
    return [row.organisation.slug for row in page.rows]


def dots(svg: bytes) -> list[tuple[float, float]]:
    """Return the positions of a map's dots."""
    circles = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}circle")
    return [(float(each.get("cx", "")), float(each.get("cy", ""))) for each in circles]


def width_of(points: list[tuple[float, float]]) -> float:
    """Return the distance between the westernmost and the easternmost dot."""
    return max(x for x, _ in points) - min(x for x, _ in points)


def arcs(svg: bytes) -> int:
    """Count the arcs on a map: all are in one path, and each begins with a "move to"."""
    root = ET.fromstring(svg)
    paths = [each for each in root.iter("{http://www.w3.org/2000/svg}path") if each.get("class") == "arc"]
    return sum((each.get("d") or "").count("M") for each in paths)
