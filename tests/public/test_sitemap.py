"""The sitemap: an index whose parts list every public page in every language, and nothing else."""

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale

from jirani.commitments.models import Commitment
from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.newsroom.models import ArticlePage, NewsIndexPage
from jirani.plans.enums import Status
from jirani.public.views import sitemap
from tests import factories as make
from tests.cast import assemble

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> list[str]:
    """Return the addresses in a file, without the host."""
    response = client.get(address)
    assert response.status_code == 200, address
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return [str(each.text).removeprefix("http://127.0.0.1:8000") for each in ET.fromstring(body).iter() if each.text]


def pages(client: Client) -> Iterator[str]:
    for part in read(client, "/sitemap.xml"):
        yield from read(client, part)


def test_it_holds_every_public_page_in_every_language_and_no_other(client: Client) -> None:
    cast = assemble()
    made = make.commitment(cast.kwale.organisation, lesson=make.lesson(event=cast.event))
    make.outcome(made)
    make.activity(cast.plan)
    for mode in (AccessMode.NETWORK, AccessMode.CLOSED):
        hidden = make.event(access=mode)
        make.session(hidden)
        make.session(cast.event, access=mode)
        make.lesson(access=mode)
        make.outcome(made, access=mode)
        make.outcome(make.commitment(cast.kwale.organisation, access=mode), access=mode)
        make.activity(make.plan(cast.kwale, access=mode))
        make.forum(cast.kwale, access=mode)
    make.commitment(cast.kwale.organisation, status=Status.DRAFT)

    found = list(pages(client))

    english = [address for address in found if address.startswith("/en/")]
    kinds = sorted(address.split("/")[2] for address in english if address.count("/") > 3)
    assert kinds == ["commitments", "events", "events", "forums", "lessons", "local-authorities", "local-authorities",
        "organisations", "outcomes", "plans", "plans"]  # fmt: skip
    assert len(found) == len(set(found)) == len(CODES) * len(english)
    assert {client.get(address).status_code for address in english if "/news/" not in address} == {200}


def test_news_stand_in_their_own_language(client: Client) -> None:
    index = NewsIndexPage.objects.get(locale=Locale.objects.get(language_code="ar"))
    for slug, live in (("article", True), ("draft", False)):
        written = ArticlePage(title=slug, slug=slug, published_on=date(2024, 5, 1), locale=index.locale, live=live)
        index.add_child(instance=written)

    found = [address for address in pages(client) if "/news/" in address]

    assert found == [f"/{code}/news/" for code in CODES] + ["/ar/news/article/"]


def test_no_part_is_larger_than_the_format_allows_and_none_is_empty(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(CODES) * sitemap.PART <= 50_000
    monkeypatch.setattr(sitemap, "PART", 10)
    monkeypatch.setattr(sitemap, "CHUNK", 2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE commitments_commitment_id_seq RESTART WITH 98")
    body = make.organisation()
    keys = [make.commitment(body).pk for _ in range(5)]
    Commitment.objects.filter(pk=101).update(access=AccessMode.CLOSED)

    parts = [part for part in read(client, "/sitemap.xml") if "commitments" in part]

    assert (keys, parts) == ([98, 99, 100, 101, 102], ["/sitemap-commitments-9.xml", "/sitemap-commitments-10.xml"])
    assert [[address for address in read(client, part) if "/en/" in address] for part in parts] == [
        ["/en/commitments/98/", "/en/commitments/99/"],
        ["/en/commitments/100/", "/en/commitments/102/"],
    ]


@pytest.mark.parametrize("part", ["lessons-7", "weather-0", "pages-1", f"lessons-{10**30}"])
def test_what_is_no_part_is_not_found(client: Client, part: str) -> None:
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        make.lesson()

    with django_assert_num_queries(12):
        client.get("/sitemap.xml")
    with django_assert_num_queries(4):
        found = read(client, "/sitemap-lessons-0.xml")

    assert len(found) == len(CODES) * number


def test_robots_are_led_to_the_sitemap_and_away_from_filters(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://127.0.0.1:8000/sitemap.xml"
    assert [line for line in lines if line in {"Disallow: /*?", "Disallow: /cms/"}] == [
        "Disallow: /cms/",
        "Disallow: /*?",
    ]
