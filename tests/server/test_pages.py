"""Visitors' pages are made once: what is kept, for whom, until when, and what never is."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jirani.core.enums import AccessMode
from jirani.core.routes import MADE_ONCE, Door
from jirani.server.lanes import Application, Environ, Start
from jirani.server.pages import LONGEST_ADDRESS, SHARED, Pages, Site
from tests import factories as make
from tests.addresses import addresses, routes
from tests.cast import Cast, client_of
from tests.server.wsgi import Answer, ask, connection_kept, environ, whole
from tests.stage import fill, publish

pytestmark = pytest.mark.django_db


class Served:
    """Django behind the pages that are kept, with a generation that the test sets; `made` holds what Django was asked for."""

    def __init__(self, **more: Any) -> None:
        self.generation: Hashable = 1
        self.made: list[str] = []
        self.plain = whole(get_wsgi_application())
        self.pages = Pages(self._make, Site.ours(), lambda: self.generation, **more)

    def _make(self, request: Environ, start_response: Start) -> Any:
        self.made.append(f"{request['PATH_INFO']}?{request['QUERY_STRING']}".rstrip("?"))
        return self.plain(request, start_response)

    def get(self, path: str, query: str = "", **more: str) -> Answer:
        return ask(self.pages, environ(path, query, **more))

    def is_kept(self, path: str, query: str = "", **more: str) -> bool:
        """Whether the second of two such requests is answered without Django."""
        self.get(path, query, **more)
        before = len(self.made)
        self.get(path, query, **more)
        return len(self.made) == before


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


def test_a_page_goes_with_its_generation_its_day_or_a_minute(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = make.lesson(title="Before")
    address = f"/en/lessons/{lesson.pk}/"
    assert b"Before" in site.get(address).body
    lesson.title = "Afterwards"
    lesson.save()

    assert b"Before" in site.get(address).body  # nobody has said anything yet
    site.generation = 2
    assert b"Afterwards" in site.get(address).body
    assert site.is_kept(address)
    now = pages_clock()
    monkeypatch.setattr("jirani.server.pages.time.monotonic", lambda: now + 61)
    made = len(site.made)
    site.get(address)
    assert len(site.made) == made + 1


def pages_clock() -> float:
    from jirani.server import pages

    return pages.time.monotonic()


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

    pages = Pages(slow, Site.ours(), lambda: 1)
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
    pages = Pages(large, Site.ours(), lambda: 1, most_bytes=200_000)
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


# What nobody can put there


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost:99",
        "LOCALHOST",
        "localhost.",
        "localhost@evil.example",
        "",
        "localhost, evil.example",
    ],
)
def test_another_name_than_ours_is_django_s_to_judge(site: Served, host: str) -> None:
    before = site.get("/en/")
    other = site.get("/en/", HOST=host, X_FORWARDED_HOST=host)
    after = site.get("/en/")

    assert site.made == ["/en/", "/en/"]
    assert other.status == ask(site.plain, environ("/en/", HOST=host)).status
    assert (after.body, after.headers) == (before.body, before.headers)


@pytest.mark.parametrize("forged", ["evil.example", "localhost", "127.0.0.1"])
def test_what_a_proxy_tells_counts_only_behind_one(site: Served, forged: str) -> None:
    page = site.get("/en/", X_FORWARDED_HOST=forged, X_FORWARDED_PROTO="https", X_FORWARDED_PORT="99")
    assert page.body == ask(site.plain, environ("/en/")).body
    assert (site.get("/en/").body, len(site.made)) == (page.body, 1)

    with override_settings(USE_X_FORWARDED_HOST=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        behind = Served()
        for scheme in ("http", "https", "gopher", "https, http"):
            page = behind.get("/en/", X_FORWARDED_HOST=forged, X_FORWARDED_PROTO=scheme)
            plain = ask(behind.plain, environ("/en/", X_FORWARDED_HOST=forged, X_FORWARDED_PROTO=scheme))
            assert (page.status, page.body) == (plain.status, plain.body)
        assert b"evil" not in behind.get("/en/").body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "TRACE"])
def test_other_methods_read_and_leave_nothing(site: Served, method: str) -> None:
    made = ask(site.plain, environ("/en/about/", method=method))
    for _ in range(2):
        assert site.get("/en/about/", method=method).status == made.status
    assert len(site.made) == 2
    assert site.get("/en/about/").body == ask(site.plain, environ("/en/about/")).body


@pytest.mark.parametrize(
    ("path", "query", "kept"),
    [
        ("/en/lessons/", "kind=good-practice", True),
        ("/en/lessons/", "kind=good-practice&country=KE", True),
        ("/en/lessons/", "country=KE&kind=good-practice", False),  # not as our links say it
        ("/en/lessons/", "kind=good-practice&kind=advice", False),
        ("/en/lessons/", "kind=", False),
        ("/en/lessons/", "kind=good%2Dpractice", False),
        ("/en/lessons/", "q=street", False),
        ("/en/lessons/", "kind=good-practice&q=street", False),
        ("/en/lessons/", "utm_source=letter", False),
        ("/en/lessons/", "&", False),
        ("/en/lessons/", "cursor=" + "a" * LONGEST_ADDRESS, False),
        ("/en/about/", "x=1", False),
        ("/en/about", "", False),  # a redirect
        ("/en//about/", "", False),
        ("/EN/about/", "", False),
        ("/", "", False),
        ("/en/nowhere/", "", False),
        ("/en/lessons/4711/", "", False),
        ("/en/accounts/sign-in/", "", False),  # its form holds a token
        ("/en/lessons/export/", "", False),
        ("/robots.txt", "", False),
        ("/healthz", "", False),
    ],
)
def test_only_what_our_links_say_is_kept(site: Served, path: str, query: str, kept: bool) -> None:
    assert site.is_kept(path, query) == kept


def test_a_link_to_another_language_is_remembered_and_no_other_visit(site: Served) -> None:
    plain = site.get("/fr/about/", ACCEPT_LANGUAGE="en")
    foreign = site.get("/fr/about/", ACCEPT_LANGUAGE="en", REFERER="http://evil.example/en/about/")
    within = site.get("/fr/about/", ACCEPT_LANGUAGE="en", REFERER="http://localhost/fr/")
    chosen = site.get("/fr/about/", ACCEPT_LANGUAGE="en", REFERER="http://localhost/en/about/")

    assert [("set-cookie" in each.headers) for each in (plain, foreign, within, chosen)] == [False, False, False, True]
    assert chosen.headers["set-cookie"].strip().startswith("language=fr;")
    assert chosen.headers["cache-control"] == "private"
    assert len(site.made) == 2
    assert "set-cookie" not in site.get("/fr/about/").headers


def test_what_an_answer_says_of_itself_keeps_it_out() -> None:
    """Each of these would be a page for one reader, or none."""
    for status, headers in (
        ("404 Not Found", []),
        ("500 Internal Server Error", []),
        ("206 Partial Content", []),
        ("200 OK", [("Set-Cookie", "a=b")]),
        ("200 OK", [("Vary", "Accept-Language")]),
        ("200 OK", [("Vary", "*")]),
        ("200 OK", [("Cache-Control", "private")]),
        ("200 OK", [("Cache-Control", "max-age=5, no-store")]),
        ("200 OK", [("Content-Encoding", "zstd")]),
        ("200 OK", [("Content-Security-Policy", "script-src 'nonce-abc'")]),
    ):
        assert _asked_twice(status, headers, mark=True) == 2, headers
    assert _asked_twice("200 OK", [("Vary", "cookie"), ("Cache-Control", "public, max-age=5")], mark=True) == 1
    assert _asked_twice("200 OK", [], mark=False) == 2


def _asked_twice(status: str, headers: list[tuple[str, str]], *, mark: bool) -> int:
    asked: list[Environ] = []

    def application(request: Environ, start_response: Start) -> Any:
        asked.append(request)
        request[MADE_ONCE] = mark
        start_response(status, headers)
        return [b"page"]

    pages: Application = Pages(application, Site.ours(), lambda: 1)
    answers = [ask(pages, environ("/en/")) for _ in range(2)]
    assert {each.body for each in answers} == {b"page"}
    assert {each.status for each in answers} == {int(status[:3])}
    return len(asked)


#: Public views whose answers are not kept, and why.
NOT_KEPT = {
    "account_*": "forms with a token of the reader's browser",
    "desk:*": "what a signed-in person does",
    "demo:*": "signs people in",
    "mfa_*": "forms with a token",
    "events:*": "secret links, for one guest",
    "lessons:*": "secret links, for one guest",
    "image_show": "files",
    "original_image_show": "files",
    "robots": "asked for seldom, and the same in all languages",
    "sitemap": "asked for seldom, and the same in all languages",
    "sitemap_part": "sent while it is read",
    "public:lesson_export": "sent while it is read",
    "public:evidence_file": "files",
    "ui:*": "the demo's page of components",
}


def test_every_public_view_declares_itself_or_says_why_not() -> None:
    silent = []
    for _address, pattern in routes():
        view = pattern.callback
        if getattr(view, "door", None) != Door.PUBLIC or hasattr(view, "made_once") or hasattr(view, "only_posts"):
            continue
        app = view.__module__.split(".")[1] if view.__module__.startswith("jirani.") else ""
        names = {str(pattern.name), f"{app}:{pattern.name}", f"{app}:*", f"{str(pattern.name).partition('_')[0]}_*"}
        if not names & set(NOT_KEPT):
            silent.append((app, pattern.name))
    assert silent == []


def test_no_page_of_any_record_that_is_kept_holds_what_is_one_readers_own(site: Served) -> None:
    stage = fill((AccessMode.PUBLIC, AccessMode.NETWORK))
    publish(stage)
    kept = 0
    for address in addresses(AnonymousUser(), whole=False):
        path, _, query = address.partition("?")
        first = site.get(path, query)
        plain = first.status != 200 or b"csrfmiddlewaretoken" in first.body
        assert plain or "set-cookie" not in first.headers, address
        if site.is_kept(path, query):
            kept += 1
            body = site.get(path, query).body
            assert not re.search(rb'csrf|name="once"|nonce-', body), address
            assert body == ask(site.plain, environ(path, query)).body, address
    assert kept > 40


PATHS = [
    "/en/",
    "/ar/",
    "/en/about/",
    "/fr/about/",
    "/en/lessons/",
    "/en/events/",
    "/en/nowhere/",
    "/en/accounts/sign-in/",
]
ODD = st.fixed_dictionaries(
    {},
    optional={
        "HOST": st.sampled_from(["localhost", "127.0.0.1", "evil.example", "localhost:8000"]),
        "COOKIE": st.sampled_from(
            ["language=ar", "sessionid=nobody", "csrftoken=x", "messages=W10", "a=b;language=sw"]
        ),
        "ACCEPT_LANGUAGE": st.sampled_from(["ar", "fr;q=0.5", "*", "\x00"]),
        "ACCEPT_ENCODING": st.sampled_from(["br", "gzip", "identity", "br;q=0, *;q=0", "zstd"]),
        "X_FORWARDED_HOST": st.sampled_from(["evil.example", "localhost"]),
        "X_FORWARDED_PROTO": st.sampled_from(["https", "x"]),
        "X_HTTP_METHOD_OVERRIDE": st.just("POST"),
        "REFERER": st.sampled_from(["http://localhost/fr/", "http://localhost/en/", "http://[", "/"]),
        "RANGE": st.just("bytes=0-9"),
        "IF_MODIFIED_SINCE": st.just("Mon, 30 Nov 2099 09:10:27 GMT"),
    },
)


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(["", "kind=advice", "q=a", "x=<b>"]), ODD), max_size=6)
)
def test_whatever_came_before_an_answer_is_what_django_would_give(
    cast: Cast, requests: list[tuple[str, str, dict[str, str]]]
) -> None:
    site = Served()
    for path, query, headers in requests:
        given_ = site.get(path, query, **headers)
        fresh = ask(site.plain, environ(path, query, **headers))
        assert given_.status == fresh.status
        assert _read(given_) == _read(fresh)
        assert given_.headers.get("set-cookie", "")[:9] == fresh.headers.get("set-cookie", "")[:9]


def _read(answer: Answer) -> bytes:
    encoding = answer.headers.get("content-encoding")
    body = (
        brotli.decompress(answer.body)
        if encoding == "br"
        else gzip.decompress(answer.body)
        if encoding
        else answer.body
    )
    return bytes(body) if b"csrf" not in body else b"a token of its own"
