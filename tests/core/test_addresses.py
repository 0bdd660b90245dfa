"""Addresses that no record can have."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast

ADDRESSES = (
    "/media/images/%00", "/media/images/a%00.png", "/media/original_images/%00", "/documents/1/a%00.pdf", "/%00", "/en/%00/",
    "/en/lessons/%00/", "/en/events/a%00b/", "/en/news/%00/", "/static/%00", "/en/lessons/?q=%00", "/ar/local-authorities/?country=K%00",
    "/en/lessons/feed/?x=%00", "/cms/pages/%00/", "/cms/api/main/pages/?search=%00", "/cms/images/?q=%00",
)  # fmt: skip
TOO_LARGE = "/cms/api/main/pages/?offset=99999999999999999999999"


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_stands_at_an_address_with_a_nul(cast: Cast, address: str) -> None:
    clients = [Client(), Client()]
    clients[1].force_login(cast.users()["editor"], backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]

    assert [client.get(address).status_code for client in clients] == [404, 404]


def test_a_number_that_the_database_cannot_hold_is_not_there(cast: Cast, client: Client) -> None:
    user: Any = cast.users()["editor"]
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    found = [client.get(address).status_code for address in (TOO_LARGE.partition("?")[0], TOO_LARGE)]
    assert found == [200, 404]


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "language", "messages"])
def test_a_cookie_with_a_nul_is_none(cast: Cast, client: Client, name: str) -> None:
    client.cookies[name] = "abcdefgh\x00ijklmnopqrstuvwxyz"  # sent as "abcdefgh\000…", which Django reads back

    assert [client.get(address).status_code for address in ("/en/", "/en/desk/", "/cms/")] == [200, 302, 302]
