"""Nobody can poison the kept pages, and some pages are never kept."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jirani.core.enums import AccessMode
from jirani.core.noted import MADE_ONCE, MEMORY
from jirani.core.routes import Door
from jirani.server.asking import NOTES, WANTED, notes_and_asks
from jirani.server.lanes import Application, Environ, Start
from jirani.server.pages import LONGEST_ADDRESS, Pages, Site, State
from tests.addresses import addresses, routes
from tests.cast import Cast
from tests.server.wsgi import Answer, Served, ask, connection_kept, environ, whole
from tests.stage import fill, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    with connection_kept():
        yield


@pytest.fixture
def site() -> Served:
    return Served()


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

    pages: Application = Pages(application, Site.ours(), lambda: State(1))
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
    "security_txt": "asked for seldom, and the same in all languages",
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


@pytest.mark.sweep
def test_no_page_that_may_be_asked_shows_the_hour() -> None:
    """Statements don't tell how late it is: a page that shows it must not be kept, or must say until when it holds (`core.noted.remembered`)."""
    stage = fill((AccessMode.PUBLIC,))
    publish(stage)
    plain, asked = notes_and_asks(whole(get_wsgi_application())), 0
    today = timezone.localtime()
    for address in addresses(AnonymousUser(), whole=False):
        path, _, query = address.partition("?")
        seen = set()
        for hour in (1, 23):
            caches[MEMORY].clear()
            request = environ(path, query) | {WANTED: True}
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("django.utils.timezone.now", partial(today.replace, hour=hour, minute=59))
                seen.add(ask(plain, request).body)
        if request.get(NOTES):
            asked += 1
            assert len(seen) == 1, address
    assert asked > 40


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
