"""Of the threads that answer one is awake, and the others sleep until it has to wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from queue import SimpleQueue
from threading import Barrier, BrokenBarrierError, Event, Thread, get_ident
from typing import Any

import pytest

from jirani.bench.running import free_port, wait_for
from jirani.server.front import Turns

MANY = 6
#: Seconds after which something that should happen won't.
PATIENCE = 20


class Server:
    """Threads that take what is asked by turns, as granian's do."""

    def __init__(self) -> None:
        self.turns = Turns()
        self._asked: SimpleQueue[tuple[Callable[[], Any] | None, Future[int]]] = SimpleQueue()
        for _ in range(MANY):
            Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            task, who = self._asked.get()
            if task is None:  # the thread ends, as if it had had nothing to do for long
                who.set_result(get_ident())
                return
            self.turns.begin()
            task()
            who.set_result(get_ident())
            self.turns.end()

    def ask(self, task: Callable[[], Any] | None) -> Future[int]:
        """The thread that has answered."""
        who: Future[int] = Future()
        self._asked.put((task, who))
        return who

    def busy(self) -> set[int]:
        """All threads, which were busy at once."""
        together = Barrier(MANY)
        asked = [self.ask(together.wait) for _ in range(MANY)]
        return {each.result(PATIENCE) for each in asked}

    def meet(self) -> bool:
        """Whether two threads are at work at once."""
        met: list[bool] = []
        together = Barrier(2)

        def wait() -> None:
            with suppress(BrokenBarrierError):
                together.wait(0.5)
                met.append(True)

        for each in [self.ask(wait) for _ in range(2)]:
            each.result(PATIENCE)
        return len(met) == 2

    def one(self) -> int:
        """The thread that goes on alone."""
        deadline = time.monotonic() + PATIENCE
        while len(found := {self.ask(lambda: None).result(PATIENCE) for _ in range(20)}) > 1:
            assert time.monotonic() < deadline
        return found.pop()


@pytest.fixture
def server() -> Server:
    return Server()


def test_one_goes_on_and_the_others_sleep(server: Server) -> None:
    assert len(server.busy()) == MANY
    assert server.one() == server.one()
    assert not server.meet()


def test_another_goes_on_while_one_waits(server: Server) -> None:
    threads, over = server.busy(), Event()
    server.one()

    def wait() -> None:
        with server.turns.waiting():
            over.wait(PATIENCE)

    waiting = [server.ask(wait)]
    for _ in range(MANY - 2):
        server.one()
        waiting.append(server.ask(wait))
    last = server.one()
    assert not any(each.done() for each in waiting)
    over.set()
    assert {each.result(PATIENCE) for each in waiting} == threads - {last}
    server.one()


def test_another_goes_on_when_one_ends(server: Server) -> None:
    threads = server.busy()
    ended = []
    for _ in range(MANY - 1):
        server.one()
        ended.append(server.ask(None).result(PATIENCE))
    assert {server.one()} == threads - {*ended}


SERVED = """
    import sys, time
    from granian.constants import Interfaces
    from granian.server import Server
    from jirani.server.front import Front, install

    def application(request, start_response):
        time.sleep(0.2)
        if request["PATH_INFO"] == "/fails":
            raise ValueError
        start_response("200 OK", [])
        return [b"%d" % len(request["wsgi.input"].read())]

    def at_once(request, start_response):
        if request["PATH_INFO"] != "/known":
            return None
        start_response("203 Known", [("X-Known", "yes")])
        return [b"kno", b"wn"]

    install()
    Server("app", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, blocking_threads=8,
           blocking_threads_idle_timeout=5, websockets=False).serve(target_loader=lambda: Front(application, at_once), wrap_loader=False)
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    script, number = tmp_path / "serve.py", free_port()
    script.write_text(textwrap.dedent(SERVED))
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


def ask(port: int, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET" if body is None else "POST", path, body)
        with connection.getresponse() as answer:
            return answer.status, answer.headers.get("X-Known", ""), answer.read()


@pytest.mark.sweep
def test_granian_s_threads_take_turns_and_none_is_missed_when_some_have_ended(port: int) -> None:
    """More requests than threads, of all kinds; then a pause after which granian has ended the threads that slept or had nothing to do."""
    kinds = {
        ("/known", None): (203, "yes", b"known"),
        ("/", None): (200, "", b"0"),
        ("/", b"x" * 9): (200, "", b"9"),
        ("/fails", None): (500, "", b""),
    }
    with ThreadPoolExecutor(24) as readers:
        for pause in (0, 12, 7):
            time.sleep(pause)
            asked = [(readers.submit(ask, port, *kind), answer) for _ in range(12) for kind, answer in kinds.items()]
            assert all(each.result(PATIENCE) == answer for each, answer in asked)
