"""Visitors' pages are made once: what is kept, for whom, until when, and what never is."""

from __future__ import annotations

import gzip
import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
from django.conf import settings

from jirani.core.enums import AccessMode
from jirani.core.noted import MADE_ONCE
from jirani.core.paging import page_by_key, place_cursor, write_cursor
from jirani.lessons.models import Lesson
from jirani.server.lanes import Environ, Start
from jirani.server.pages import SHARED, Pages, Site, State
from tests import factories as make
from tests.cast import Cast, client_of
from tests.server.wsgi import Served, ask, connection_kept, environ

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    with connection_kept():
        yield


@pytest.fixture
def site() -> Served:
    return Served()


# What a reader gets


def test_a_page_is_made_once_and_given_in_each_encoding(site: Served) -> None:
    make.lesson(title="Drums on the roof")
    first = site.get("/en/lessons/", ACCEPT_ENCODING="br")
    again = site.get("/en/lessons/", ACCEPT_ENCODING="gzip, br;q=0")
    plain = site.get("/en/lessons/")

    assert site.made == ["/en/lessons/"]
    assert [each.headers.get("content-encoding") for each in (first, again, plain)] == ["br", "gzip", None]
    assert brotli.decompress(first.body) == gzip.decompress(again.body) == plain.body
    assert b"Drums on the roof" in plain.body
    for each in (first, again, plain):
        assert each.headers["content-length"] == str(len(each.body))
        assert each.headers["cache-control"] == SHARED
        assert each.headers["vary"] == "Accept-Encoding, Cookie"
        assert "set-cookie" not in each.headers
    assert {each.headers["etag"] for each in (first, again, plain)} == {first.headers["etag"]}


def test_whoever_has_it_is_told_so_and_a_head_has_no_body(site: Served) -> None:
    head = site.get("/en/about/", method="HEAD")
    page = site.get("/en/about/")
    tag = page.headers["etag"]

    assert (head.status, head.body, head.headers) == (200, b"", page.headers)
    assert site.made == ["/en/about/"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = site.get("/en/about/", IF_NONE_MATCH=known)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["cache-control"] == SHARED
        assert not {"content-type", "content-length", "content-encoding"} & set(answer.headers)
    assert site.get("/en/about/", IF_NONE_MATCH='"other"').status == 200


def test_the_head_of_what_is_not_kept_has_no_body_either(site: Served) -> None:
    head = site.get("/en/nowhere/", method="HEAD")

    assert (head.status, head.body) == (404, b"")


def test_readers_of_four_languages_get_their_own(site: Served) -> None:
    pages = {code: site.get(f"/{code}/about/", ACCEPT_LANGUAGE="sw").body for code, _ in settings.LANGUAGES}

    assert len(set(pages.values())) == 4
    assert all(f'<html lang="{code}"'.encode() in body for code, body in pages.items())
    assert all(site.get(f"/{code}/about/", ACCEPT_LANGUAGE="fr").body == body for code, body in pages.items())
    assert len(site.made) == 4


# Until when


def test_a_page_goes_with_its_generation(site: Served) -> None:
    lesson = make.lesson(title="Before")
    address = f"/en/lessons/{lesson.pk}/"
    assert b"Before" in site.get(address).body
    lesson.title = "Afterwards"
    lesson.save()

    assert b"Before" in site.get(address).body  # nobody has said anything yet
    site.generation = 2
    assert b"Afterwards" in site.get(address).body
    assert site.is_kept(address)


def test_a_page_that_was_begun_before_a_change_is_not_kept_after_it() -> None:
    class Slow(Served):
        def _make(self, request: Environ, start_response: Start) -> Any:
            result = super()._make(request, start_response)
            self.generation = len(self.made)  # somebody writes while it is made
            return result

    slow = Slow()
    slow.generation = 0
    assert slow.get("/en/about/").status == slow.get("/en/about/").status == 200
    assert slow.made == ["/en/about/"] * 2


def test_while_nobody_knows_the_generation_nothing_is_kept_or_given(site: Served) -> None:
    assert site.is_kept("/en/about/")
    site.generation = None
    assert not site.is_kept("/en/about/")
    site.generation = 1
    made = len(site.made)
    site.get("/en/about/")
    assert len(site.made) == made


def test_many_who_come_at_once_wait_for_the_one_that_is_made() -> None:
    begun, go, made = threading.Event(), threading.Event(), []

    def slow(request: Environ, start_response: Start) -> Any:
        made.append(request["PATH_INFO"])
        begun.set()
        go.wait(10)
        request[MADE_ONCE] = True
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"made"]

    pages = Pages(slow, Site.ours(), lambda: State(1))
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(ask, pages, environ("/en/about/"))
        begun.wait(10)
        others = [pool.submit(ask, pages, environ("/en/about/")) for _ in range(8)]
        go.set()
        assert {each.result(20).body for each in (first, *others)} == {b"made"}
    assert len(made) < 9
    assert ask(pages, environ("/en/about/")).body == b"made"


def test_what_is_kept_has_an_end_and_queries_take_a_quarter() -> None:
    def large(request: Environ, start_response: Start) -> Any:
        made.append(request["PATH_INFO"] + request["QUERY_STRING"])
        request[MADE_ONCE] = True
        start_response("200 OK", [])
        return [b"x" * (100_000 if "huge" in request["PATH_INFO"] else 1000)]

    made: list[str] = []
    pages = Pages(large, Site.ours(), lambda: State(1), most_bytes=200_000)
    ask(pages, environ("/en/about/"))
    for number in range(200):
        ask(pages, environ("/en/lessons/", f"cursor={number}"))
    ask(pages, environ("/en/about/"))
    ask(pages, environ("/en/huge/"))
    ask(pages, environ("/en/huge/"))
    ask(pages, environ("/en/lessons/", "cursor=0"))
    ask(pages, environ("/en/lessons/", "cursor=199"))

    assert (made[0], made[201:]) == ("/en/about/", ["/en/huge/", "/en/huge/", "/en/lessons/cursor=0"])


# For whom


@pytest.mark.parametrize(
    "cookies", ["sessionid=x", "messages=x", "a=b", "language=fr; owner=x", "LANGUAGE=fr", "=", "x"]
)
def test_a_cookie_that_might_matter_is_django_s_to_read(site: Served, cookies: str) -> None:
    site.get("/en/about/")

    made = len(site.made)
    site.get("/en/about/", COOKIE=cookies)
    assert len(site.made) - made == (0 if cookies == "=" else 1)
    assert not site.is_kept("/en/plans/", COOKIE=cookies) or cookies == "="


def test_cookies_on_which_no_page_depends_do_no_harm(site: Served) -> None:
    assert site.get("/en/about/", COOKIE=f"language=fr; csrftoken={'a' * 32}; known=1").status == 200
    assert site.get("/en/about/").status == 200
    assert site.made == ["/en/about/"]


def test_who_is_signed_in_neither_fills_nor_reads_what_visitors_get(cast: Cast, site: Served) -> None:
    lesson = make.lesson(title="For members alone", access=AccessMode.NETWORK)
    address, cookies = f"/en/lessons/{lesson.pk}/", client_of(cast.coordinator).cookies
    cookie = f"{settings.SESSION_COOKIE_NAME}={cookies[settings.SESSION_COOKIE_NAME].value}"

    seen = site.get(address, COOKIE=cookie)
    assert (seen.status, b"For members alone" in seen.body) == (200, True)
    assert seen.headers["cache-control"] == "private, no-store"
    for _ in range(2):
        assert site.get(address).status == 404
        assert site.get("/en/").status == 200
        own = site.get("/en/", COOKIE=cookie)
        assert b"Your desk" in own.body
        assert b"Your desk" not in site.get("/en/").body


def test_what_is_narrowed_is_gone_for_visitors(site: Served) -> None:
    lesson = make.lesson(title="Told to all, then not")
    address = f"/en/lessons/{lesson.pk}/"
    assert site.get(address).status == 200
    make.narrowed_alone(lesson, AccessMode.NETWORK)
    site.generation = 2

    assert [site.get(each).body.count(b"Told to all") for each in (address, "/en/lessons/", "/en/")] == [0, 0, 0]


def test_only_cursors_that_our_own_links_hold_are_kept(site: Served) -> None:
    for _ in range(45):
        make.lesson()
    older = page_by_key(Lesson.objects.all(), ("-published_at", "-id")).older
    newer = page_by_key(Lesson.objects.all(), ("-published_at", "-id"), cursor=older).newer
    last = Lesson.objects.order_by("published_at", "id").first()
    assert last is not None
    invented = write_cursor("a", Lesson(published_at=last.published_at, id=last.pk + 100_000), ["published_at", "id"])

    for cursor in (older, newer):
        assert site.is_kept("/en/lessons/", f"cursor={cursor}")
    assert site.get("/en/lessons/", f"cursor={invented}").status == 200
    assert not site.is_kept("/en/lessons/", f"cursor={invented}")
    for path in ("/en/lessons/", "/en/news/", "/en/plans/"):
        assert not site.is_kept(path, "cursor=junk")


def test_another_spelling_of_our_own_cursor_is_not_kept(site: Served) -> None:
    for _ in range(45):
        make.lesson()
    older = page_by_key(Lesson.objects.all(), ("-published_at", "-id")).older
    key = json.loads(urlsafe_b64decode(older[1:] + "=="))
    spaced = older[0] + urlsafe_b64encode(json.dumps(key, indent=3).encode()).decode().rstrip("=")
    assert site.get("/en/lessons/", f"cursor={spaced}").status == 200
    assert not site.is_kept("/en/lessons/", f"cursor={spaced}")


def test_a_number_with_zeros_before_it_is_not_kept(site: Served) -> None:
    lesson = make.lesson()
    assert site.get(f"/en/lessons/00{lesson.pk}/").status == 200
    assert not site.is_kept(f"/en/lessons/00{lesson.pk}/")
    assert site.is_kept(f"/en/lessons/{lesson.pk}/")


def test_a_place_of_an_outline_is_kept_if_something_stands_there(site: Served) -> None:
    plan = make.plan(make.authority())
    for place in range(3):
        make.activity(plan, title=f"Activity {place}")
    first = place_cursor(min(plan.outline()))
    address = f"/en/plans/{plan.slug}/"

    assert site.is_kept(address, f"cursor={first}")
    for cursor in (f"0{first}", "999", "1.999.1"):
        assert site.get(address, f"cursor={cursor}").status == 200
        assert not site.is_kept(address, f"cursor={cursor}")
