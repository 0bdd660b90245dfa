"""A tampered address is not found, and causes no server error."""

import json
from base64 import urlsafe_b64encode

import pytest
from django.test import Client

from jirani.core.paging import BadCursor, page_by_key, query_from
from jirani.members.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db


def cursor(*key: object) -> str:
    return "a" + urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


@pytest.mark.parametrize("half", ["\ud800", "x\udfff", "\x00"])
def test_what_is_no_text_is_no_cursor(half: str) -> None:
    body = make.organisation("Anybody")
    found = page_by_key(Organisation.objects.all(), ("name", "id"), cursor=cursor("Any", 0))
    assert found.rows == [body]
    with pytest.raises(BadCursor):
        page_by_key(Organisation.objects.all(), ("name", "id"), cursor=cursor(half, 0))


@pytest.mark.parametrize("path", ["plans", "outcomes", "local-authorities"])
def test_half_a_character_in_an_address_is_not_found(client: Client, path: str) -> None:
    halves = cursor("\ud800", 1), cursor("\ud800", "\ud800", 1)
    assert {client.get(f"/en/{path}/", {"cursor": key}).status_code for key in halves} == {404}
    assert client.get(f"/en/{path}/").status_code == 200


def test_a_cursor_of_brackets_or_of_a_moment_without_a_zone_is_not_found(client: Client) -> None:
    deep = "a" + urlsafe_b64encode(b"[" * 3000).decode()
    bare, whole = (cursor(f"2021-03-25T09:00:00{zone}", 1) for zone in ("", "+00:00"))
    answers = [client.get("/en/lessons/", {"cursor": key}).status_code for key in (deep, bare, whole)]
    assert answers == [404, 404, 200]


@pytest.mark.parametrize("order", [("language", "id"), ("-language", "-id"), ("language", "-id"), ("-language", "id")])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_rows_that_share_the_first_key_stand_on_one_page_each(order: tuple[str, str], size: int) -> None:
    for language in ("en", "fr", "en", "en", "sw", "fr", "en"):
        make.organisation(language=language)
    every = list(Organisation.objects.order_by(*order))

    forth, back = [page_by_key(Organisation.objects.all(), order, size=size)], []
    while forth[-1].older:
        forth.append(page_by_key(Organisation.objects.all(), order, cursor=forth[-1].older, size=size))
    newer = forth[-1].newer
    while newer:
        back.append(page_by_key(Organisation.objects.all(), order, cursor=newer, size=size))
        newer = back[-1].newer

    assert [row for page in forth for row in page.rows] == every
    assert [page.rows for page in reversed(back)] == [page.rows for page in forth[:-1]]


@pytest.mark.parametrize("order", [("id",), ("-id",)])
def test_a_page_whose_rows_have_gone_is_the_last_one_that_is_left(order: tuple[str]) -> None:
    every = [make.organisation() for _each in range(5)]
    every = every if order == ("id",) else every[::-1]
    third = page_by_key(Organisation.objects.all(), order, cursor=cursor(every[3].pk), size=2)
    assert third.rows == every[4:]

    every[4].delete()
    second = page_by_key(Organisation.objects.all(), order, cursor=cursor(every[3].pk), size=2)
    assert (second.rows, second.older) == (every[2:4], "")
    first = page_by_key(Organisation.objects.all(), order, cursor=second.newer, size=2)
    assert (first.rows, first.newer) == (every[:2], "")

    Organisation.objects.all().delete()
    assert page_by_key(Organisation.objects.all(), order, cursor=cursor(every[3].pk), size=2).is_whole


@pytest.mark.parametrize("order", [("name", "id"), ("-name", "-id")])
def test_a_page_begins_with_the_row_that_a_link_names(order: tuple[str, str]) -> None:
    every = [make.organisation(name) for name in ("A", "B", "B", "C")]
    every = every if order[0] == "name" else every[::-1]
    for place, row in enumerate(every):
        named = query_from(row, order).removeprefix("?cursor=")
        page = page_by_key(Organisation.objects.all(), order, cursor=named, size=2)
        assert (page.rows, page.ours) == (every[place : place + 2], True)

    named = query_from(every[1], order).removeprefix("?cursor=")
    every[1].delete()
    page = page_by_key(Organisation.objects.all(), order, cursor=named, size=2)
    assert (page.rows, page.ours) == (every[2:4], False)
