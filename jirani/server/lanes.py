"""Few threads work and many wait, so that a slow sender or reader costs nobody else a thread.

Granian gives each request a thread, in which it reads the body and writes an answer that comes in parts. Django
and its database connections call for few threads. So a request's thread reads the whole body first, hands the request to one of
`workers` threads that run Django, and passes on the answer at the reader's pace.
"""

from __future__ import annotations

import io
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any

#: Requests that may be under way at once in all processes, waiting ones included, and granian's spare threads, so that it can still refuse
#: others and answer health checks.
PLACES, SPARE = 256, 32
#: From this many on, one address may hold only its share, so that one sender with many slow connections leaves room for everybody else.
CROWDED, SHARE = PLACES // 2, 16

#: Seconds within which a body must arrive, and how many bytes of it earn one more second: enough for a form over any usable line.
GRACE, SLOWEST = 30.0, 4096
#: Abandoned bodies whose senders still hold their connections. From this many on no body is read; from half as many, no sender may have more than its share.
HUNG = 512

#: The largest body: a form with one file of 10 MB. A larger one is not read.
MOST_BYTES = 12 * 1024 * 1024
#: How much of a body or an answer is kept in memory, and the size of the pieces in which either is moved.
IN_MEMORY, PIECE = 256 * 1024, 64 * 1024

#: The key under which `core.middleware.NameView` leaves the name of the view.
VIEW = "jirani.view"
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
#: count(view, method, status, seconds) counts one answered request.
Count = Callable[[str, str, str, float], None]

#: Sent before any page can be made, so in all languages at once.
_SENTENCES = {
    "400 Bad Request": "",
    "408 Request Timeout": (
        "What you sent came too slowly. Try again, with a better connection or with less at once.\n"
        "L’envoi est arrivé trop lentement. Réessayez avec une meilleure connexion ou envoyez-en moins à la fois.\n"
        "وصل المُرسَل ببطء شديد. أعد المحاولة باتصال أفضل أو أرسل أقل في المرة الواحدة.\n"
        "Ulichotuma kimefika polepole mno. Jaribu tena kwa mtandao ulio bora au utume kidogo kwa mara moja.\n"
    ),
    "413 Content Too Large": (
        "This is larger than 12 MB. Send less at once.\n"
        "L’envoi dépasse 12 Mo. Envoyez-en moins à la fois.\n"
        "حجم المُرسَل يتجاوز 12 ميغابايت. أرسل أقل في المرة الواحدة.\n"
        "Ulichotuma kinazidi MB 12. Tuma kidogo kwa mara moja.\n"
    ),
    "503 Service Unavailable": (
        "Too many requests are waiting. Try again in a minute.\n"
        "Trop de requêtes sont en attente. Réessayez dans une minute.\n"
        "طلبات كثيرة في الانتظار. أعد المحاولة بعد دقيقة.\n"
        "Maombi mengi mno yanasubiri. Jaribu tena baada ya dakika moja.\n"
    ),
}


class _Refused(Exception):
    """Raised for a request that is not passed on; `args` holds the status."""


class Lanes:
    """A WSGI application around another, which `workers` threads run; waiting for the network happens in other threads.

    If several processes serve the site, each has its part of the places, so that the total stays the same.
    """

    def __init__(
        self, application: Application, *, workers: int, behind_proxy: bool = False, processes: int = 1
    ) -> None:
        self._application = application
        self._behind_proxy = behind_proxy
        self._pool = ThreadPoolExecutor(workers, "worker")
        self._places = _Places(processes)

    def __call__(self, request: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer a request, in the thread that received it."""
        sender = self._sender(request)
        if not self._places.take(sender, with_body=has_body(request)):
            return _refuse("503 Service Unavailable", start_response)
        answer = None
        try:
            request |= self._fetched(request, sender)
            answer = _Answer()
            self._pool.submit(answer.fill, self._application, request)
            start_response(*answer.head.result())
        except _Refused as refused:
            return _refuse(refused.args[0], start_response)
        finally:
            if answer is None or not answer.comes_in_parts:
                self._places.leave(sender)
        return _Passage(answer, lambda: self._places.leave(sender)) if answer.comes_in_parts else [answer.whole]

    def _fetched(self, request: Environ, sender: str) -> Environ:
        """Read the whole body and return the entries that replace it in the environment. Raises _Refused."""
        if not has_body(request):
            return {"wsgi.input": io.BytesIO()}
        return _Body(
            request, given_up=lambda: self._places.hang(sender), over=lambda: self._places.let_go(sender)
        ).wait()

    def _sender(self, request: Environ) -> str:
        """Return the network that a request comes from: the last address that the proxy names, else that of the connection. An IPv6 network
        of 64 bits counts as one, because a single host has all of it.
        """
        forwarded: str = request.get("HTTP_X_FORWARDED_FOR", "") if self._behind_proxy else ""
        own: str = request.get("REMOTE_ADDR", "")
        named = forwarded.rpartition(",")[2].strip() or own
        with suppress(ValueError):
            address = ip_address(named)
            if isinstance(address, IPv6Address):
                return str(address.ipv4_mapped or address.exploded[:19])
        return named


class _Places:
    """Counts of requests under way, by sender, and of abandoned bodies that still hold a connection."""

    def __init__(self, processes: int = 1) -> None:
        """Take one process's part of the total limits."""
        self._most, self._crowded, self._hung_most = PLACES // processes, CROWDED // processes, HUNG // processes
        self._share = max(1, SHARE // processes)
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._hung: Counter[str] = Counter()

    def take(self, sender: str, *, with_body: bool) -> bool:
        """Take a place. Returns False if there is none for this sender."""
        with self._lock:
            hung = self._hung.total()
            many = hung >= self._hung_most // 2 and self._hung[sender] >= self._share
            if with_body and (hung >= self._hung_most or many):
                return False
            taken = self._held.total()
            if taken >= self._most or (taken >= self._crowded and self._held[sender] >= self._share):
                return False
            self._held[sender] += 1
            return True

    def leave(self, sender: str) -> None:
        """Give a place back."""
        with self._lock:
            self._held -= Counter([sender])

    def hang(self, sender: str) -> None:
        """Count an abandoned body whose connection is still open."""
        with self._lock:
            self._hung[sender] += 1

    def let_go(self, sender: str) -> None:
        """Stop counting an abandoned body: its connection has ended, or the rest has arrived after all."""
        with self._lock:
            self._hung -= Counter([sender])


class _Body:
    """A body on its way, read in a separate thread: granian's read cannot be interrupted, but the thread that waits for it can leave."""

    def __init__(self, request: Environ, *, given_up: Callable[[], None], over: Callable[[], None]) -> None:
        self._source, self._stated = request["wsgi.input"], request.get("CONTENT_LENGTH") or ""
        self._given_up, self._over = given_up, over
        self._arrived = 0
        self._whole: Future[Environ] = Future()

    def wait(self) -> Environ:
        """Wait for the body and return the entries that replace it in the environment. Raises _Refused, also if it arrives too slowly."""
        if self._stated and int(self._stated) > MOST_BYTES:
            raise _Refused("413 Content Too Large")
        threading.Thread(target=self._fetch, name="body", daemon=True).start()
        began = time.monotonic()
        while (left := began + GRACE + self._arrived / SLOWEST - time.monotonic()) > 0:
            with suppress(TimeoutError):
                return self._whole.result(min(left, 1.0))
        self._given_up()
        if not self._whole.cancel():
            self._over()
            return self._whole.result()
        raise _Refused("408 Request Timeout")

    def _fetch(self) -> None:
        whole: Environ | None = None
        fault: Exception | None = None
        try:
            whole = self._read()
        except Exception as error:  # noqa: BLE001  (it is raised where the body is awaited)
            fault = error
        if not self._whole.set_running_or_notify_cancel():
            self._over()
        elif whole is None:
            self._whole.set_exception(fault)
        else:
            self._whole.set_result(whole)

    def _read(self) -> Environ:
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (it goes with the request)
        while piece := self._source.read(SLOWEST):
            if self._arrived + len(piece) > MOST_BYTES:
                raise _Refused("413 Content Too Large")
            self._arrived += body.write(piece)
        if self._stated and self._arrived != int(self._stated):
            raise _Refused("400 Bad Request")  # the connection broke off
        body.seek(0)
        return {"wsgi.input": body, "CONTENT_LENGTH": str(self._arrived)}


class _Answer:
    """The application's answer: whole, or in parts that are kept until the reader takes them.

    If the length is not stated, all parts are made before the first is passed on. Granian ends an answer that fails midway like one that
    is complete; the reader notices only if it falls short of its stated length.
    """

    def __init__(self) -> None:
        self.head: Future[tuple[str, list[tuple[str, str]]]] = Future()
        self.comes_in_parts = False
        self.whole = b""
        self._file: IO[bytes] | None = None
        self._written = 0
        self._ended = self._abandoned = False
        self._failure: BaseException | None = None
        self._more = threading.Condition()

    def fill(self, application: Application, request: Environ) -> None:
        """Run the application in a separate thread; errors go to the thread that waits for the head or reads the parts."""
        started: list[Any] = []
        try:
            response: Any = application(request, lambda status, headers, *_rest: started.append((status, headers)))
            try:
                if getattr(response, "streaming", False):
                    self._keep(started[0], response)
                else:
                    self.whole = b"".join(response)
            finally:
                getattr(response, "close", lambda: None)()
            if not self.comes_in_parts:
                self.head.set_result(started[0])
        except BaseException as error:  # noqa: BLE001  (it is raised where the answer is awaited)
            if self.head.done():
                self._failure = error
            else:
                self.comes_in_parts = False
                self.head.set_exception(error)
        finally:
            self._end()

    def _keep(self, head: tuple[str, list[tuple[str, str]]], response: Iterable[bytes]) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  (the reader closes it)
        self.comes_in_parts = True
        status, headers = head
        states_length = any(name.lower() == "content-length" for name, _value in headers)
        if states_length:
            self.head.set_result(head)
        for part in response:
            with self._more:
                if self._abandoned:
                    return
                self._file.seek(self._written)
                self._written += self._file.write(part)
                self._more.notify()
        if not states_length:
            self.head.set_result((status, [*headers, ("Content-Length", str(self._written))]))

    def _end(self) -> None:
        with self._more:
            self._ended = True
            self._more.notify()

    def parts(self) -> Iterator[bytes]:
        """Yield the parts as they come. Raises what the application raised on the way."""
        assert self._file is not None
        read = 0
        while True:
            with self._more:
                while not self._ended and self._written <= read:
                    self._more.wait()
                self._file.seek(read)
                piece = self._file.read(PIECE)
            if not piece:
                if self._failure is not None:
                    raise self._failure
                return
            read += len(piece)
            yield piece

    def abandon(self) -> None:
        """Stop the application and discard the parts, because nobody reads on."""
        with self._more:
            self._abandoned = True
            if self._file is not None:
                self._file.close()


class _Passage:
    """An answer in parts, on its way. The server closes it once it has been read or abandoned."""

    def __init__(self, answer: _Answer, leave: Callable[[], None]) -> None:
        self._answer, self._leave = answer, leave
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.parts()

    def close(self) -> None:
        """Discard the answer; calling it again does nothing."""
        if self._open:
            self._open = False
            self._answer.abandon()
            self._leave()


def has_body(request: Environ) -> bool:
    """Whether the request has a body."""
    return bool(request.get("CONTENT_LENGTH") or request.get("HTTP_TRANSFER_ENCODING"))


def _refuse(status: str, start_response: Start) -> list[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
    start_response(status, headers + ([("Retry-After", "60")] if status.startswith("503") else []))
    return [_SENTENCES[status].encode()]
