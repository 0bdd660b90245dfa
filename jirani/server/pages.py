"""Visitors' pages are made once: kept whole and compressed, and served before Django and the database are asked.

A view says whether its page may be kept (`core.routes.made_once`). This module decides whether a request may be answered from kept pages:
it must have no cookie that matters, one of our host names, and an address exactly as our own links write it. A page is valid as long as nothing has been
written that a visitor could see (the network's generation), on the same day, and for at most a minute. A page that was begun before a
change is not kept after it. docs/decisions/0031-pages-made-once.md says why.

After a write, and after its minute, a page is asked whether it would be the same (asking.py), and made anew only if not. What one process makes or
asks, the others of the machine find in a folder (folder.py). docs/decisions/0040-pages-that-are-asked.md says why.
"""

from __future__ import annotations

import gzip
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import brotli

from jirani.core.compression import compressed, encoding_for
from jirani.core.noted import MADE_ONCE
from jirani.server.asking import LASTS, NOTES, SAME, WANTED, question
from jirani.server.folder import Folder
from jirani.server.lanes import VIEW, Application, Count, Environ, Start, has_body

#: Bytes that all processes of a machine keep together, the share of addresses with a query, which anybody can invent, and the share of the folder.
MOST_BYTES, WITH_QUERY, SHARED_OUT = 64 * 1024 * 1024, 0.25, 0.25
#: Seconds for which a page is trusted, and from which on one reader's request asks or makes it while others are given the old one: some earlier, some
#: later.
LONGEST, AGEING, SPREAD = 60.0, 52.0, 6.0
#: Seconds after which a page is made anew even if every answer is the same, in case that it shows something that no statement said.
ANEW = 900.0
#: The longest address that is kept, in characters.
LONGEST_ADDRESS = 512
#: Seconds for which a request waits for a page that another request is making, and how many may wait.
WAIT, WAITING = 5.0, 64
#: For caches between us and the reader: they ask again after a second, and may serve what they have in the meantime.
SHARED = "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
#: Request headers on which an answer may depend, besides its address.
VARIES = frozenset({"cookie", "accept-encoding"})
#: Roughly the bytes of an entry without its body, which may be kept in two encodings.
OVERHEAD, ENCODINGS = 2048, 2.3

Headers = list[tuple[str, str]]
Address = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Site:
    """What the settings say about requests: our host names, cookies that no visitor's page depends on, the languages that
    addresses begin with, and whether a proxy sets host and scheme.
    """

    hosts: frozenset[str]
    harmless: frozenset[str]
    languages: frozenset[str]
    behind_proxy: bool = False

    @classmethod
    def ours(cls) -> Site:
        """Read Django's settings. A host name that begins with a dot or a star matches many: pages are kept only for the site's main one."""
        from django.conf import settings

        own = urlsplit(settings.BASE_URL)
        named = [name for name in settings.ALLOWED_HOSTS if name[:1] not in {".", "*"}]
        ports = {f":{own.port}"} if own.port else {""}
        return cls(
            hosts=frozenset({own.netloc, *named, *(name + port for name in named for port in ports)}),
            harmless=frozenset({settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.KNOWN_COOKIE_NAME}),
            languages=frozenset(dict(settings.LANGUAGES)),
            behind_proxy=settings.SECURE_PROXY_SSL_HEADER is not None,
        )

    def address(self, request: Environ) -> Address | None:
        """Return the key of this request's page; None if it may not be answered from kept pages."""
        scheme, host = request.get("wsgi.url_scheme", ""), request.get("HTTP_HOST", "")
        if self.behind_proxy:
            scheme = request.get("HTTP_X_FORWARDED_PROTO", "")
            host = request.get("HTTP_X_FORWARDED_HOST", host)
        path, query = request.get("PATH_INFO", ""), request.get("QUERY_STRING", "")
        plain = (
            request["REQUEST_METHOD"] in {"GET", "HEAD"}
            and scheme in {"", "http", "https"}
            and host in self.hosts
            and len(path) + len(query) <= LONGEST_ADDRESS
            and not request.get("SCRIPT_NAME")
            and "HTTP_AUTHORIZATION" not in request
            and not has_body(request)
            and not self._tells_who(request.get("HTTP_COOKIE", ""))
            and not self._chooses(request.get("HTTP_REFERER", ""), host, path)
        )
        return (scheme, host, path, query) if plain else None

    def _tells_who(self, cookies: str) -> bool:
        """Whether any cookie could change the page."""
        names = {each.partition("=")[0].strip() for each in cookies.split(";")} if cookies else set()
        return not names <= self.harmless | {""}

    def _chooses(self, before: str, host: str, path: str) -> bool:
        """Whether the reader comes from a page of ours in another language, and has thereby chosen a language that Django must remember."""
        parts = before.split("/", 4)
        return len(parts) > 3 and parts[2] == host and parts[3] in self.languages and parts[3] != path.split("/", 2)[1]


class State(NamedTuple):
    """What pages depend on besides their address."""

    generation: int
    day: date | None = None


@dataclass(slots=True)
class Page:
    """A kept page: its body in the encoding in which Django sent it, and in others once somebody asks for them.

    `known` is when it was made or last found to be the same, `ends` when it must be made anew; these and `ageing` are readings of the machine's clock
    that only goes forward. `notes` are what it can be asked by, if it can.
    """

    state: State
    known: float
    ends: float
    notes: bytes
    headers: Headers
    tag: str
    view: str
    encoding: str
    sent: bytes
    ageing: float = 0.0
    until: float = field(init=False)
    _answers: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.until = min(self.known + LONGEST, self.ends)

    @property
    def size(self) -> float:
        """The number of bytes that it may grow to."""
        return OVERHEAD + len(self.notes) + ENCODINGS * len(self.sent)

    def is_for(self, state: State | None) -> bool:
        """Whether it may be given to readers."""
        return self.state == state and time.monotonic() < self.until

    def may_be_asked(self, state: State | None) -> bool:
        """Whether it may be given to readers if nothing that it shows has changed."""
        return bool(self.notes and state and self.state.day == state.day) and time.monotonic() < self.ends

    def answer(self, encoding: str) -> tuple[Headers, bytes]:
        """Return all headers and the whole body in this encoding."""
        known = self._answers.get(encoding)
        if known is None:
            body = self.sent if encoding == self.encoding else decoded(self.encoding, self.sent)
            body = compressed(body, encoding) if encoding not in {"", self.encoding} else body
            encoded = [("Content-Encoding", encoding)] if encoding else []
            known = [*self.headers, *encoded, ("Content-Length", str(len(body)))], body
            if encoding:
                self._answers[encoding] = known
        return known


def decoded(encoding: str, body: bytes) -> bytes:
    """Return a body as it was before it was compressed."""
    return bytes(brotli.decompress(body)) if encoding == "br" else gzip.decompress(body) if encoding == "gzip" else body


class Shelf:
    """Pages by address, up to a number of bytes; the oldest are dropped first. What is put here lies in the folder for other processes too."""

    def __init__(self, most: float, folder: Folder | None = None) -> None:
        self._most, self._folder = most, folder
        self._pages: dict[Address, Page] = {}
        self._size = 0.0
        self._lock = threading.Lock()

    def get(self, address: Address) -> Page | None:
        """Return the page that is kept there, however old."""
        return self._pages.get(address)

    def fetch(self, address: Address) -> Page | None:
        """Return the page that any process has put there last, however old."""
        page: Page | None = self._folder.get(address) if self._folder else None
        return page

    def share(self, address: Address, page: Page) -> None:
        """Keep a page for all processes."""
        self.put(address, page)
        if self._folder and page.size <= self._most / 8:
            self._folder.put(address, replace(page, _answers={}), made=time.time() - (time.monotonic() - page.known))

    def put(self, address: Address, page: Page) -> None:
        """Keep a page, unless it would take an eighth of all the space."""
        if page.size > self._most / 8:
            return
        page.ageing = page.known + AGEING + random.random() * SPREAD  # noqa: S311  (so that processes take turns)
        with self._lock:
            self._drop(address)
            self._pages[address] = page
            self._size += page.size
            while self._size > self._most:
                self._drop(next(iter(self._pages)))

    def _drop(self, address: Address) -> None:
        if before := self._pages.pop(address, None):
            self._size -= before.size


class Pages:
    """A WSGI application around another, which it asks for each page once.

    `state` returns the network's generation and the day; None while they are unknown, when nothing is answered from kept pages. The other
    application notes what a page was made of and asks it again if `asking.notes_and_asks` is within. `folders` hold the pages without
    and with a query that other processes have put there.
    """

    def __init__(
        self,
        application: Application,
        site: Site,
        state: Callable[[], State | None],
        *,
        most_bytes: float = MOST_BYTES,
        folders: tuple[Folder | None, Folder | None] = (None, None),
        count: Count | None = None,
    ) -> None:
        self._application, self._site, self._state, self._count = application, site, state, count
        self._plain = Shelf(most_bytes * (1 - WITH_QUERY), folders[0])
        self._queried = Shelf(most_bytes * WITH_QUERY, folders[1])
        self._making: dict[Address, threading.Event] = {}
        self._waiting = threading.BoundedSemaphore(WAITING)

    def at_once(self, request: Environ, start_response: Start) -> list[bytes] | None:
        """Answer with a kept page, without waiting for anybody; None if there is none, or if this request must ask or make it."""
        began = time.perf_counter()
        address, state = self._site.address(request), self._state()
        if address is None or state is None:
            return None
        page = self._kept(self._queried if address[3] else self._plain, address, state)
        if page is None or (time.monotonic() > page.ageing and address not in self._making):
            return None
        return self._given(page, request, start_response, began)

    def __call__(self, request: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer with a kept page, or else make the page and keep it if allowed."""
        if (body := self.at_once(request, start_response)) is not None:
            return body
        began = time.perf_counter()
        address = self._site.address(request)
        if address is None or self._state() is None:
            return self._application(request, start_response)
        shelf = self._queried if address[3] else self._plain
        page = self._awaited(shelf, address)
        if page is None:
            with self._announced(address):
                page = self._found(shelf, address, request)
                if page is None:
                    return self._make(shelf, address, request, start_response)
        return self._given(page, request, start_response, began)

    def _given(self, page: Page, request: Environ, start_response: Start, began: float) -> list[bytes]:
        status, body = _answer(page, request, start_response)
        if self._count:
            self._count(page.view, request["REQUEST_METHOD"], status, time.perf_counter() - began)
        return body

    def _kept(self, shelf: Shelf, address: Address, state: State | None) -> Page | None:
        page = shelf.get(address)
        return page if page and page.is_for(state) else None

    def _awaited(self, shelf: Shelf, address: Address) -> Page | None:
        """Wait for the page that another request is making, and return it if it may be kept."""
        making = self._making.get(address)
        if making is None or not self._waiting.acquire(blocking=False):
            return None
        try:
            making.wait(WAIT)
        finally:
            self._waiting.release()
        return self._kept(shelf, address, self._state())

    @contextmanager
    def _announced(self, address: Address) -> Iterator[None]:
        """Let other requests wait for what this one does."""
        self._making[address] = done = threading.Event()
        try:
            yield
        finally:
            self._making.pop(address, None)
            done.set()

    def _found(self, shelf: Shelf, address: Address, request: Environ) -> Page | None:
        """Return the page that another process put there, or one that is old or from before a write if it would be the same now."""
        state, now, own, theirs = self._state(), time.monotonic(), shelf.get(address), shelf.fetch(address)
        if theirs and theirs.is_for(state) and now < theirs.known + AGEING:
            shelf.put(address, theirs)
            return theirs
        before = max(
            (each for each in (own, theirs) if each and each.may_be_asked(state)),
            key=lambda page: page.known,
            default=None,
        )
        if state is None or before is None or not self._is_same(before, request) or self._state() != state:
            return None
        page = replace(before, state=state, known=now)
        shelf.share(address, page)
        return page

    def _is_same(self, page: Page, request: Environ) -> bool:
        """Whether the database answers everything as it did when the page was made."""
        started: list[tuple[Any, ...]] = []
        self._application(question(request, page.notes), lambda *head: started.append(head))
        return bool(started[0][0] == SAME)

    def _make(self, shelf: Shelf, address: Address, request: Environ, start_response: Start) -> Iterable[bytes]:
        """Ask the application for the whole page, even for a HEAD request."""
        state, began = self._state(), time.monotonic()
        asked = {**request, "REQUEST_METHOD": "GET", WANTED: True}
        started: list[tuple[Any, ...]] = []
        result = self._application(asked, lambda *head: started.append(head))
        status, headers = started[0][:2]
        page = _page(asked, status, headers, result, state, began)
        if page:
            if self._state() == state:
                shelf.share(address, page)
            return _answer(page, request, start_response)[1]
        start_response(*started[0])
        if request["REQUEST_METHOD"] == "HEAD":
            getattr(result, "close", lambda: None)()
            return []
        return result


def _page(
    asked: Environ, status: str, headers: Headers, result: Iterable[bytes], state: State | None, made: float
) -> Page | None:
    """Return the page that the application made if it may be kept: complete, the same for everybody, and without a reader's cookie or
    token.
    """
    found = {name.lower(): value for name, value in headers}
    varies = {each.strip().lower() for each in found.get("vary", "").split(",")} - {""}
    encoding = found.get("content-encoding", "")
    may_be_kept = (
        asked.get(MADE_ONCE)
        and status == "200 OK"
        and isinstance(result, list)
        and "set-cookie" not in found
        and varies <= VARIES
        and encoding in {"", "br", "gzip"}
        and "nonce-" not in found.get("content-security-policy", "")
        and not {"private", "no-store"} & {each.strip() for each in found.get("cache-control", "").split(",")}
    )
    if not may_be_kept or state is None:
        return None
    body = b"".join(result)
    tag = f'W/"{blake2b(decoded(encoding, body), digest_size=16).hexdigest()}"'
    ours = [("Vary", "Accept-Encoding, Cookie"), ("ETag", tag)]
    if "cache-control" not in found:
        ours.append(("Cache-Control", SHARED))
    rest = [each for each in headers if each[0].lower() not in {"vary", "etag", "content-encoding", "content-length"}]
    ends = made + min(ANEW, asked.get(LASTS, ANEW))
    return Page(state, made, ends, asked.get(NOTES, b""), rest + ours, tag, asked.get(VIEW, "none"), encoding, body)


def _answer(page: Page, request: Environ, start_response: Start) -> tuple[str, list[bytes]]:
    """Start the answer with a kept page, or tell the reader that they have it already (304). Returns status and body."""
    if _has(page.tag, request.get("HTTP_IF_NONE_MATCH", "")):
        start_response("304 Not Modified", [each for each in page.headers if each[0] != "Content-Type"])
        return "304", []
    headers, body = page.answer(_encoding_for(request.get("HTTP_ACCEPT_ENCODING", "")))
    start_response("200 OK", headers)
    return "200", [] if request["REQUEST_METHOD"] == "HEAD" else [body]


_encoding_for = lru_cache(256)(encoding_for)  # browsers send one of a few values


def _has(tag: str, known: str) -> bool:
    """Whether `tag` is among the tags of If-None-Match (RFC 9110, 13.1.2), compared as weak ones."""
    return bool(known) and (
        known.strip() == "*" or tag[2:] in {each.strip().removeprefix("W/") for each in known.split(",")}
    )
