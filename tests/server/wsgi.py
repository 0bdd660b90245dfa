"""Requests to a WSGI application, as a server makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from jirani.server.asking import notes_and_asks
from jirani.server.lanes import Application, Environ, Start
from jirani.server.pages import Pages, Site, State


@dataclass(frozen=True)
class Answer:
    """The answer to a request, with header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def environ(path: str, query: str = "", *, method: str = "GET", **headers: str) -> Environ:
    """A request to this machine, its body empty; headers by their names in WSGI without HTTP_."""
    more = {f"HTTP_{name}": value for name, value in headers.items()}
    return {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "REMOTE_ADDR": "10.0.0.9", **more,
    }  # fmt: skip


def ask(application: Application, request: Environ) -> Answer:
    """Send a request and read the answer."""
    heads: list[Any] = []
    result = application(request, lambda *head: heads.append(head))
    try:
        body = b"".join(result)
    finally:
        getattr(result, "close", lambda: None)()
    status, headers = heads[0][:2]
    return Answer(int(status.split()[0]), {name.lower(): value for name, value in headers}, body)


def whole(application: Application) -> Application:
    """`application` with answers that are whole lists, as lanes give them, unless they are streamed."""

    def answered(request: Environ, start_response: Start) -> Any:
        result: Any = application(request, start_response)
        if getattr(result, "streaming", False):
            return result
        body = [b"".join(result)]
        getattr(result, "close", lambda: None)()
        return body

    return answered


@contextmanager
def connection_kept() -> Iterator[None]:
    """A test's connection stays open, which the beginning and the end of a request would close."""
    ends = (request_started, request_finished)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.db.close_old_connections", lambda: None)
        for signal in ends:
            signal.disconnect(close_old_connections)
        yield
        for signal in ends:
            signal.connect(close_old_connections)


class Served:
    """Django behind the pages that are kept, with a generation that the test sets; `made` holds what Django was asked for."""

    def __init__(self, **more: Any) -> None:
        self.generation: int | None = 1
        self.made: list[str] = []
        self.plain = whole(get_wsgi_application())
        self.pages = Pages(notes_and_asks(self._make), Site.ours(), self.state, **more)

    def state(self) -> State | None:
        return None if self.generation is None else State(self.generation)

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
