"""Lessons as a feed and as a table."""

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from jirani.core.enums import AccessMode
from jirani.lessons.enums import Publication
from jirani.public.lessons.views.feeds import harmless
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import assemble

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def some_lessons() -> None:
    """One public lesson, among others that a feed must not contain."""
    cast = assemble()
    shown = make.lesson(
        "Rotate the seats <soon> & often", authorities=[cast.mombasa], event=cast.event, body="How\x0b it is done"
    )
    save_translation(shown, "title", "ar", "تدوير المقاعد")
    make.lesson("Secret of the network", access=AccessMode.NETWORK)
    make.lesson("Secret of the room", access=AccessMode.CLOSED)
    make.lesson("Secret draft", state=Publication.DRAFT)
    make.lesson("Told in a closed room", event=make.event("Secret event", access=AccessMode.CLOSED))


@pytest.mark.parametrize("who", ["visitor", "coordinator"])
def test_the_feed_holds_public_lessons_whoever_asks(client: Client, who: str) -> None:
    some_lessons()
    if who == "coordinator":
        from jirani.accounts.models import User

        client.force_login(User.objects.get(email="coordinator@example.org"))

    page = client.get("/en/lessons/feed/")
    feed = ET.fromstring(page.content)

    assert page["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [each.text for each in feed.iterfind(f"{ATOM}entry/{ATOM}title")] == [
        "Told in a closed room",
        "Rotate the seats <soon> & often",
    ]
    assert [each.text for each in feed.iterfind(f"{ATOM}entry/{ATOM}summary")] == [None, "How it is done"]
    assert "Secret" not in page.content.decode()


def test_a_feed_says_the_language_of_each_title(client: Client) -> None:
    some_lessons()
    feed = ET.fromstring(client.get("/ar/lessons/feed/").content)
    language = "{http://www.w3.org/XML/1998/namespace}lang"

    assert [(each.get(language), each.text) for each in feed.iterfind(f"{ATOM}entry/{ATOM}title")] == [
        ("en", "Told in a closed room"),
        ("ar", "تدوير المقاعد"),
    ]


def test_the_table_holds_public_lessons_whoever_asks(client: Client) -> None:
    some_lessons()
    from jirani.accounts.models import User

    visitors = table(client, "en")
    client.force_login(User.objects.get(email="coordinator@example.org"))

    assert [(row["title"], row["event"], row["authorities"], row["countries"]) for row in visitors] == [
        ("Rotate the seats <soon> & often", "Inter-county exchange", "Mombasa County", "Kenya"),
        ("Told in a closed room", "", "", ""),
    ]
    assert table(client, "en") == visitors
    assert [(row["title"], row["title_language"]) for row in table(client, "ar")] == [
        ("تدوير المقاعد", "ar"),
        ("Told in a closed room", "en"),
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_the_table_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        make.lesson(authorities=[make.authority()], themes=[make.theme()], event=make.event())

    with django_assert_num_queries(6):
        rows = table(client, "ar")

    assert len(rows) == number


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t'=1"),
        ("Cities; =cmd|' /C calc'!A0 ;x", "Cities;' =cmd|' /C calc'!A0 ;x"),
        ("Cities;\n=1", "Cities;\n'=1"),
        ('Cities; "=1"', 'Cities;\' "=1"'),
        ("Cities\t@SUM(A1)", "Cities\t'@SUM(A1)"),
        ("\u2003=1+1", "'\u2003=1+1"),
        ("\u200b=1+1", "'\u200b=1+1"),
        ("\u00ad\ufeff-1", "'\u00ad\ufeff-1"),
        ("\u3164=1", "'\u3164=1"),
        ("Kwale; Nakuru", "Kwale; Nakuru"),
        ("by 2021-03; see note", "by 2021-03; see note"),
        ("＝1", "'＝1"),
        ("Rotate = share", "Rotate = share"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(client: Client, value: str, cell: str) -> None:
    assert harmless(value) == cell
    if value.strip():
        make.lesson(value)
        assert [row["title"] for row in table(client, "en")] == [cell]


def table(client: Client, language: str) -> list[dict[str, str]]:
    text = body(client.get(f"/{language}/lessons/export/")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def body(response: Any) -> bytes:
    """Return the whole content of a streamed response."""
    return b"".join(response.streaming_content)


def test_addresses_that_leave_the_page_are_those_of_the_network_whatever_host_was_asked_for(
    client: Client, settings: Settings
) -> None:
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://neighbours.example", ["neighbours.example", "10.0.0.7"]
    some_lessons()
    pages = (
        "/en/lessons/feed/",
        "/robots.txt",
        "/sitemap.xml",
        "/sitemap-pages-0.xml",
        "/en/lessons/",
        "/ar/news/",
        "/nowhere/",
    )
    for address in pages:
        told = {
            (part, link)
            for host in settings.ALLOWED_HOSTS
            for part in _whole(client.get(address, headers={"host": host}))
            for link in [part.partition("://")[2].partition("/")[0]]
            if "://" in part
        }
        assert {link for _, link in told} - {"www.w3.org", "www.sitemaps.org"} in ({"neighbours.example"}, set()), (
            address
        )
        assert (address == "/nowhere/") == (not told), address


def _whole(response: Any) -> list[str]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return re.findall(r"https?://[^\s<\"']+", body.decode())
