"""Few threads work, many wait: what a slow network takes to bring a request or to take an answer costs nobody else a thread.

Granian gives each request a thread of its own and reads its body, and writes an answer that comes in parts, within it. Django
and its connections to the database want few. So a request's thread fetches the whole body first, hands the request to one of
`workers` threads that run Django, and passes on what comes of it at the reader's own pace.
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

#: Requests that may be under way at once in all processes, waiting ones included, and what granian has besides, so that it can still refuse
#: others and say that it lives.
PLACES, SPARE = 256, 32
#: From so many on, one address may hold only its share: one sender with many slow connections leaves room for all others.
CROWDED, SHARE = PLACES // 2, 16

#: Seconds in which a body must have come, and bytes of it that give a second more: a form over any line that works, not one byte a minute.
GRACE, SLOWEST = 30.0, 4096
#: Bodies given up whose senders still hold their connections. From here on no body is taken; from half of it, no sender has more than its share.
HUNG = 512

#: The largest body: a form with one file of 10 MB. What is larger is not read.
MOST_BYTES = 12 * 1024 * 1024
#: What of a body or an answer is kept in memory, and in how large pieces either is moved.
IN_MEMORY, PIECE = 256 * 1024, 64 * 1024

#: Where `core.middleware.NameView` leaves the name of the view that answers.
VIEW = "jirani.view"
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
#: count(view, method, status, seconds): one request that was answered.
Count = Callable[[str, str, str, float], None]

#: Said before any page can be made, so to everybody in all languages.
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
    """A request that is not passed on; `args` hold the status."""


class Lanes:
    """A WSGI application around another: `workers` threads run it, whoever waits for the network waits elsewhere.

    If it is one of several processes that serve the site, it has its part of the places, so that they are as many in all.
    """

    def __init__(
        self, application: Application, *, workers: int, behind_proxy: bool = False, processes: int = 1
    ) -> None:
        self._application = application
        self._behind_proxy = behind_proxy
        self._pool = ThreadPoolExecutor(workers, "worker")
        self._places = _Places(processes)

    def __call__(self, request: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer a request, from the thread that it came in."""
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
        """What takes the place of the environment's body: all of it, at hand. Raises _Refused."""
        if not has_body(request):
            return {"wsgi.input": io.BytesIO()}
        return _Body(
            request, given_up=lambda: self._places.hang(sender), over=lambda: self._places.let_go(sender)
        ).wait()

    def _sender(self, request: Environ) -> str:
        """The network that a request comes from, by the last address that the proxy names, else by the connection's own: one host has
        all of an IPv6 network of 64 bits.
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
    """How many requests are under way, and whose; how many bodies that were given up still hold a connection."""

    def __init__(self, processes: int = 1) -> None:
        """Of what is allowed in all, the part of one of so many processes."""
        self._most, self._crowded, self._hung_most = PLACES // processes, CROWDED // processes, HUNG // processes
        self._share = max(1, SHARE // processes)
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._hung: Counter[str] = Counter()

    def take(self, sender: str, *, with_body: bool) -> bool:
        """Take a place; False if there is none for this sender."""
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
        """Count a body that was given up although its connection is still there."""
        with self._lock:
            self._hung[sender] += 1

    def let_go(self, sender: str) -> None:
        """Its connection has ended, or the rest has come after all."""
        with self._lock:
            self._hung -= Counter([sender])


class _Body:
    """A body on its way, read in a thread of its own: granian's reading cannot be ended, but whoever waits for it can leave."""

    def __init__(self, request: Environ, *, given_up: Callable[[], None], over: Callable[[], None]) -> None:
        self._source, self._stated = request["wsgi.input"], request.get("CONTENT_LENGTH") or ""
        self._given_up, self._over = given_up, over
        self._arrived = 0
        self._whole: Future[Environ] = Future()

    def wait(self) -> Environ:
        """What takes the place of the environment's body. Raises _Refused, if it comes too slowly too."""
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
            raise _Refused("400 Bad Request")  # the connection ended on the way
        body.seek(0)
        return {"wsgi.input": body, "CONTENT_LENGTH": str(self._arrived)}


class _Answer:
    """What the application answers: whole, or in parts that are kept until the reader takes them.

    Parts whose length is not stated are all made before the first is passed on. Granian ends an answer that fails on the way like one that
    is whole; only where it falls short of its stated length does the reader learn of it.
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
        """Run the application, in a thread of its own; errors go to whoever waits for the head or reads the parts."""
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
        """The parts as they come; the last one has been read when this ends. Raises what the application did on the way."""
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
        """Nobody reads on: let the application stop, and forget what is kept."""
        with self._more:
            self._abandoned = True
            if self._file is not None:
                self._file.close()


class _Passage:
    """An answer in parts, on its way. The server closes it when it has been read or nobody reads on."""

    def __init__(self, answer: _Answer, leave: Callable[[], None]) -> None:
        self._answer, self._leave = answer, leave
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.parts()

    def close(self) -> None:
        """Forget it; a second time does nothing."""
        if self._open:
            self._open = False
            self._answer.abandon()
            self._leave()


def has_body(request: Environ) -> bool:
    """Whether the request brings something."""
    return bool(request.get("CONTENT_LENGTH") or request.get("HTTP_TRANSFER_ENCODING"))


def _refuse(status: str, start_response: Start) -> list[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
    start_response(status, headers + ([("Retry-After", "60")] if status.startswith("503") else []))
    return [_SENTENCES[status].encode()]
