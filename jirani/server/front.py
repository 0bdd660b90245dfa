"""Of granian's threads one at a time is awake, gives kept pages and does whatever needs no waiting.

Threads that take turns at the interpreter spend more on that than a kept page costs: four of them take 63 µs of a core for each page, one takes 37.
So a thread sleeps once it has answered, unless it is the only one awake, and is woken when that one has to wait: for a reader, a sender, or
Django. Granian starts threads as they are needed, and knows nothing of this. Nor has it a place where a thread could sleep after its answer is
out, so `install` puts our wrapper of WSGI applications in the place of its own (pyproject.toml bounds granian's version).
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jirani.server.lanes import Application, Environ, Start

logger = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
#: Answers without waiting for anything, or returns None.
AtOnce = Callable[[Environ, Start], list[bytes] | None]

#: What every request holds besides what granian says of it (PEP 3333).
_ALWAYS: Environ = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


@dataclass(frozen=True, slots=True)
class Front:
    """A WSGI application, and the answers among its own that are known at once."""

    application: Application
    at_once: AtOnce

    def __call__(self, request: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer as any WSGI application does."""
        body = self.at_once(request, start_response)
        return self.application(request, start_response) if body is None else body


class Turns:
    """Who of the threads that come here is awake. Unless all wait, one is: in here, or where it takes its next request."""

    def __init__(self) -> None:
        self._lock, self._here = threading.Lock(), threading.local()
        self._awake = self._asleep = 0
        self._wake = threading.Semaphore(0)

    def begin(self) -> None:
        """A thread has taken a request."""
        if not hasattr(self._here, "thread"):
            with self._lock:
                self._awake += 1
            self._here.thread = _Thread(self._leave)

    def end(self) -> None:
        """It has answered, and sleeps if another is awake."""
        with self._lock:
            if self._awake == 1:
                return
            self._awake -= 1
            self._asleep += 1
        self._wake.acquire()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """It waits within the block, and another goes on meanwhile."""
        self._leave()
        try:
            yield
        finally:
            with self._lock:
                self._awake += 1

    def _leave(self) -> None:
        """It is not awake any more. If it was the only one, another is woken; if none is left to wake, granian starts one with the next request."""
        with self._lock:
            self._awake -= 1
            if self._awake or not self._asleep:
                return
            self._awake, self._asleep = 1, self._asleep - 1
        self._wake.release()


class _Thread:
    """Lies in a thread's own memory and goes with it: granian ends threads that have had nothing to do for a while."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended

    def __del__(self) -> None:
        self._ended()


class _Head:
    """What an application begins its answer with."""

    __slots__ = ("headers", "status")

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, _exc_info: Any = None) -> None:
        self.status, self.headers = int(status[:3]), headers


def install() -> None:
    """Let granian's workers that are forked from now on serve a `Front`."""
    from granian.server import mp

    mp._wsgi_call_wrap = _served  # type: ignore[attr-defined,assignment]  # noqa: SLF001


def _served(front: Front, _options: dict[str, Any], _log_format: str | None = None) -> Callable[[Any, Environ], int]:
    """Return what granian calls for each request, with an object that takes the answer."""
    turns = Turns()

    def serve(reader: Any, told: Environ) -> int:
        turns.begin()
        head = _Head()
        body = front.at_once(told, head)
        if body is None:
            with turns.waiting():
                _answer(front.application, _ALWAYS | told, reader)
        else:
            reader.response_bytes(head.status, head.headers, b"".join(body))
        turns.end()
        return head.status

    return serve


def _answer(application: Application, request: Environ, reader: Any) -> None:
    """Ask the application, and pass on its answer at the reader's pace."""
    from granian.wsgi import ResponseIterWrap

    head = _Head()
    try:
        body = application(request, head)
        if isinstance(body, list):
            reader.response_bytes(head.status, head.headers, b"".join(body))
        else:
            reader.response_iter(head.status, head.headers, ResponseIterWrap(body))  # type: ignore[no-untyped-call]
    except Exception:
        logger.exception("A request was not answered")
        reader.response_bytes(500, [], b"")
