"""A slow connection delays only its own sender. Tested over real sockets, with the server that serves the site."""

import io
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import IO

import pytest

from jirani.bench.running import free_port, wait_for
from jirani.server import lanes
from jirani.server.lanes import Lanes

APPLICATION = """
    import sys, threading, time
    from granian.constants import Interfaces
    from granian.server import Server
    from jirani.server.front import Front, install
    from jirani.server.health import tells_live
    from jirani.server.lanes import PLACES, SPARE, Lanes
    from jirani.server.readers import ends_stalled

    class Parts:
        streaming = True
        def __init__(self): self.closed = False
        def __iter__(self): return (b"x" * 65536 for _ in range(200))
        def close(self): pass

    class Half(Parts):
        def __iter__(self):
            yield b"x" * 65536
            raise ValueError("broken on the way")

    def application(environ, start_response):
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/half-of-a-file":
            start_response("200 OK", [("Content-Length", "131072")])
            return Half()
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/parts":
            return Parts()
        if environ["PATH_INFO"] == "/half":
            return Half()
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("broken")
        return [str(len(body)).encode(), b" ", threading.current_thread().name.split("_")[0].encode()]

    def load():
        nothing_at_once = ends_stalled(tells_live(lambda _request, _start: None), seconds=4)
        return Front(Lanes(application, workers=2), nothing_at_once)

    install()
    Server("app", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, blocking_threads=PLACES + SPARE,
           blocking_threads_idle_timeout=5, websockets=False).serve(target_loader=load, wrap_loader=False)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    script = tmp_path_factory.mktemp("lanes") / "serve.py"
    script.write_text(textwrap.dedent(APPLICATION))
    number = free_port()
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(
        [sys.executable, str(script), str(number)], env={**os.environ, "PYTHONPATH": root}, start_new_session=True
    )
    try:
        wait_for(f"http://127.0.0.1:{number}/")
        yield number
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ask(
    port: int, path: str = "/", body: bytes | None = None, *, method: str = "GET", sender: str = "127.0.0.1"
) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20, source_address=(sender, 0))) as connection:
        connection.request(method, path, body)
        with connection.getresponse() as answer:
            return answer.status, answer.read()


def begin(port: int, head: bytes, *, sender: str = "127.0.0.1") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(sender, 0))
    connection.sendall(head)
    return connection


def test_a_body_arrives_whole_and_django_runs_in_its_own_threads(port: int) -> None:
    assert ask(port, body=b"y" * 300_000, method="POST") == (200, b"300000 worker")
    assert ask(port) == (200, b"0 worker")


def test_slow_bodies_hold_nobody_else(port: int) -> None:
    """Sixty bodies never arrive (four used to block the whole site); then one of them does after all."""
    slow = [begin(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"z" * 60) for _ in range(60)]
    try:
        assert [ask(port, body=b"1234", method="POST") for _ in range(20)] == [(200, b"4 worker")] * 20
        slow[0].sendall(b"z" * 940)
        assert b"1000 worker" in slow[0].recv(4096)
    finally:
        for connection in slow:
            connection.close()


def test_slow_readers_hold_nobody_else(port: int) -> None:
    """Forty who ask for 13 MB each and read none of it."""
    slow = [begin(port, b"GET /parts HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(40)]
    try:
        assert [ask(port) for _ in range(20)] == [(200, b"0 worker")] * 20
        status, whole = ask(port, "/parts")
        assert (status, len(whole)) == (200, 200 * 65536)
    finally:
        for connection in slow:
            connection.close()


def test_one_sender_leaves_room_for_others(port: int) -> None:
    """At 128 requests their only sender gets no more places; places are freed when connections end."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    slow = [begin(port, head) for _ in range(lanes.CROWDED)]
    try:
        deadline = time.monotonic() + 20
        while (status := ask(port)[0]) != 503 and time.monotonic() < deadline:
            slow.append(begin(port, head))  # for each that was refused, as others before it were just leaving
            time.sleep(0.1)
        assert status == 503
    finally:
        for connection in slow:
            connection.close()
    deadline = time.monotonic() + 20
    while (status := ask(port)[0]) != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems end no such connection")
def test_readers_who_take_nothing_do_not_keep_their_places(port: int) -> None:
    """As many as a sender may have, each asking for 13 MB; the kernel ends them (in production after sixty seconds)."""
    slow = [begin(port, b"GET /parts HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(lanes.CROWDED)]
    try:
        deadline = time.monotonic() + 60
        refused = False
        while (status := ask(port)[0]) != 200 or not refused:
            refused = refused or status == 503
            assert time.monotonic() < deadline, (status, refused)
            if not refused:
                slow.append(begin(port, b"GET /parts HTTP/1.1\r\nHost: x\r\n\r\n"))
            time.sleep(0.1)
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one address of the loopback")
def test_with_all_places_taken_a_visitor_is_told_so_and_the_site_says_that_it_lives(port: int) -> None:
    """Nine senders take as many places as each may have."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    senders = ["127.0.0.1"] * lanes.CROWDED
    senders += [f"127.0.0.{last}" for last in range(2, 10) for _ in range(lanes.SHARE)]
    slow = [begin(port, head, sender=sender) for sender in senders]
    try:
        more = iter(range(1, 250))
        while (answer := ask(port, sender="127.0.0.99"))[0] != 503:
            # For each that was refused: of the test before up to 128 were just leaving.
            slow.append(begin(port, head, sender=f"127.0.1.{next(more)}"))
            time.sleep(0.05)
        status, said = answer
        assert (status, said.splitlines()[0]) == (503, b"Too many requests are waiting. Try again in a minute.")
        assert [ask(port, "/healthz", sender="127.0.0.99") for _ in range(20)] == [(200, b"ok\n")] * 20
    finally:
        for connection in slow:
            connection.close()
    deadline = time.monotonic() + 20
    while (answer := ask(port, sender="127.0.0.99")) != (200, b"0 worker") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer == (200, b"0 worker")


def test_what_is_too_large_or_breaks_off_is_not_passed_on(port: int) -> None:
    with begin(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (lanes.MOST_BYTES + 1)) as large:
        assert large.recv(64).startswith(b"HTTP/1.1 413")
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with begin(port, head + b"4\r\nabcd\r\n0\r\n\r\n") as chunked:
        assert b"4 worker" in chunked.recv(4096)
    with begin(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabcd") as broken:
        broken.shutdown(socket.SHUT_WR)
        assert broken.recv(64)[:12] in {b"HTTP/1.1 400", b""}


def test_an_error_of_the_application_is_the_servers_to_answer(port: int) -> None:
    assert ask(port, "/broken")[0] == 500
    assert ask(port)[0] == 200


def test_half_an_answer_does_not_look_like_a_whole_one(port: int) -> None:
    assert ask(port, "/half")[0] == 500
    with pytest.raises((IncompleteRead, ConnectionError)):
        ask(port, "/half-of-a-file")
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/parts")
        with connection.getresponse() as answer:
            assert answer.headers["Content-Length"] == str(len(answer.read())) == str(200 * 65536)


def test_places_are_counted_by_the_address_that_the_proxy_names(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def application(environ: lanes.Environ, start_response: lanes.Start) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return [b"in"]

    monkeypatch.setattr(lanes, "PLACES", 0)
    started: list[str] = []
    site = Lanes(application, workers=1, behind_proxy=True)
    environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 2.2.2.2", "wsgi.input": io.BytesIO()}
    list(site(environ, lambda status, *_: started.append(status)))
    assert (started, seen) == (["503 Service Unavailable"], [])
    assert [site._sender(environ), Lanes(application, workers=1)._sender(environ)] == ["2.2.2.2", "127.0.0.1"]


def post(site: Lanes, source: IO[bytes], length: int) -> tuple[str, bytes]:
    """Return the answer to a request whose body is read from `source`."""
    started: list[str] = []
    environ = {"REMOTE_ADDR": "192.0.2.7", "CONTENT_LENGTH": str(length), "wsgi.input": source}
    whole = b"".join(site(environ, lambda status, *_: started.append(status)))
    return started[0], whole


def measured(environ: lanes.Environ, start_response: lanes.Start) -> list[bytes]:
    start_response("200 OK", [])
    return [str(len(environ["wsgi.input"].read())).encode()]


def test_what_comes_too_slowly_is_given_up_and_its_place_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sender keeps the connection and goes on, one byte at a time, until the end."""
    monkeypatch.setattr(lanes, "GRACE", 0.3)
    site, (source, sender) = Lanes(measured, workers=1), os.pipe()
    with os.fdopen(source, "rb") as reading, os.fdopen(sender, "wb", buffering=0) as writing:
        writing.write(b"z")
        status, said = post(site, reading, 1000)
        assert (status, len(said.decode().splitlines())) == ("408 Request Timeout", 4)
        assert [site._places._held.total(), site._places._hung.total()] == [0, 1]
        assert post(site, io.BytesIO(b"1234"), 4) == ("200 OK", b"4")
        writing.write(b"z")
        writing.close()
        deadline = time.monotonic() + 20
        while site._places._hung.total() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert site._places._hung.total() == 0


def test_a_slow_line_that_goes_on_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """For longer than the time in which the first of it must come."""
    monkeypatch.setattr(lanes, "GRACE", 2.0)
    site, (source, sender) = Lanes(measured, workers=1), os.pipe()

    def send() -> None:
        with os.fdopen(sender, "wb", buffering=0) as writing:
            for _ in range(6):
                writing.write(b"z" * lanes.SLOWEST)
                time.sleep(0.5)

    thread = threading.Thread(target=send)
    thread.start()
    with os.fdopen(source, "rb") as reading:
        assert post(site, reading, 6 * lanes.SLOWEST) == ("200 OK", b"%d" % (6 * lanes.SLOWEST))
    thread.join()


def test_who_leaves_many_bodies_hanging_begins_no_more_of_them() -> None:
    places = lanes._Places()
    for _ in range(lanes.HUNG // 2):
        places.hang("2.2.2.2")
    assert [places.take(who, with_body=True) for who in ("2.2.2.2", "1.1.1.1")] == [False, True]
    assert places.take("2.2.2.2", with_body=False), "who reads is answered"
    for _ in range(lanes.HUNG // 2):
        places.hang("3.3.3.3")
    assert [places.take("1.1.1.1", with_body=body) for body in (True, False)] == [False, True]
    for who in ("2.2.2.2", "3.3.3.3"):
        for _ in range(lanes.HUNG // 2):
            places.let_go(who)
    assert places.take("2.2.2.2", with_body=True)


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_host_has_one_share_whichever_of_its_addresses_it_takes(address: str, sender: str) -> None:
    assert Lanes(lambda *_: [], workers=1)._sender({"REMOTE_ADDR": address}) == sender
