"""Every address says who may come to it, and differs between languages by its prefix alone."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from jirani.core.routes import Door
from jirani.ui.text import language_links

from .addresses import FOREIGN, routes, unsaid


def _door(view: Any) -> Door | None:
    return getattr(view, "door", None)


@pytest.mark.gaps
def test_every_route_declares_its_door() -> None:
    bare = [
        address
        for address, pattern in routes()
        if not address.startswith(tuple(FOREIGN)) and not isinstance(_door(pattern.callback), Door)
    ]
    assert bare == [], "say above each view who may come: @public, @signed_in or @guarded(…) of core.routes"


@pytest.mark.gaps
def test_every_address_that_takes_arguments_says_of_which_records() -> None:
    assert unsaid() == set(), "say in ARGUMENTS (tests/addresses.py) of which records each is fetched"


def test_languages_differ_by_the_prefix_alone() -> None:
    """The links to the other languages count on it (ui.text.language_links)."""
    shapes = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            shapes.append([address.removeprefix(f"{code}/") for address, _pattern in routes()])
    assert shapes == [shapes[0]] * len(shapes)


@pytest.mark.parametrize(
    ("path", "french"),
    [
        ("/en/events/?page=2", "/fr/events/?page=2"),
        ("/ar/nowhere/", "/fr/nowhere/"),
        ("/sw/", "/fr/"),
        ("/cms/pages/", "/cms/pages/"),
        ("//en/", "//en/"),
        ("/", "/"),
    ],
)
def test_a_page_leads_to_itself_in_another_language(path: str, french: str) -> None:
    assert {link.code: link.url for link in language_links(path)}["fr"] == french


@pytest.mark.django_db
def test_signed_in_doors_lead_visitors_to_sign_in(client: Any) -> None:
    plain = [
        address
        for address, pattern in routes()
        if _door(pattern.callback) in {Door.SIGNED_IN, Door.GUARDED} and "<" not in address
    ]
    assert plain, "no address without arguments is guarded: this test tests nothing"
    for address in plain:
        response = client.get(f"/{address}")
        assert response.status_code == 302, address
        assert response["Location"].startswith(reverse("account_login")), address
