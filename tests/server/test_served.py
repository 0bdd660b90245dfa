"""A network as it is served, by two processes: what both share, what each has heard, and that one may die."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from jirani.server.memory import tree
from tests.server.test_command_line import free_port
from tests.server.test_supervisor import Demo, query

pytestmark = pytest.mark.sweep

LESSON = "SELECT min(id) FROM lessons_lesson WHERE language = 'en' AND access = 'public' AND state = 'published'"


class Network(Demo):
    """A first start of the demo, with two web processes and figures."""

    def __init__(self, data: Path) -> None:
        self.figures_at = free_port()
        super().__init__(data, "demo", JIRANI_WEB_PROCESSES="2", JIRANI_METRICS_PORT=str(self.figures_at))

    def workers(self) -> set[int]:
        """The processes that answer: granian's children."""
        return {pid for pid, name in tree(self.process.pid).items() if _listens(pid, self.port) and name}

    def fetch(self, path: str) -> tuple[dict[str, str], bytes]:
        """Fetch over a new connection, so that either process may get it."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Host": f"127.0.0.1:{self.port}"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return {name.lower(): value for name, value in answer.getheaders()}, body

    def figures(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.figures_at}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    def counted(self) -> float:
        """Requests for the page of the network itself, in all processes."""
        found = re.findall(r'^jirani_requests_total\{.*view="public:about".*\} (\S+)$', self.figures(), re.MULTILINE)
        return sum(map(float, found))


def _listens(pid: int, port: int) -> bool:
    """Whether a process has a socket that listens on this port of the loopback (Linux)."""
    wanted = {
        fields[9]
        for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    }
    try:
        links = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return False
    return any(f"socket:[{inode}]" in links for inode in wanted)


@pytest.fixture(scope="module")
def network(module_path: Path) -> Iterator[Network]:
    made = Network(module_path / "served")
    try:
        made.wait_for("Jirani is at")
        yield made
    finally:
        if made.process.poll() is None:
            made.stop(signal.SIGTERM)
        made.log.close()


def test_static_files_are_kept_for_good_from_the_first_start(network: Network) -> None:
    _headers, page = network.fetch("/en/")
    sheet = re.search(rb"/static/ui/jirani\.[0-9a-f]+\.css", page)
    assert sheet
    assert network.fetch(sheet[0].decode())[0]["cache-control"] == "max-age=315360000, public, immutable"


def test_two_processes_answer_and_what_is_written_is_heard_by_both(network: Network) -> None:
    assert len(network.workers()) == 2
    ((lesson,),) = query(network.data, LESSON)
    for number in range(5):
        for _ in range(20):
            network.fetch(f"/en/lessons/{lesson}/")
        query(network.data, f"UPDATE lessons_lesson SET title = 'Renamed {number}' WHERE id = {lesson}")
        time.sleep(1)

        bodies = [network.fetch(f"/en/lessons/{lesson}/")[1] for _ in range(20)]
        assert [f"Renamed {number}".encode() in body for body in bodies] == [True] * 20


def _made(network: Network) -> dict[str, float]:
    """When each page in the folder that the processes share was made."""
    return {each.name: each.stat().st_mtime for each in (network.data / "run" / "pages" / "plain").iterdir()}


def test_a_page_is_made_by_one_process_for_both_and_kept_after_a_write_that_it_does_not_show(network: Network) -> None:
    ((lesson,),) = query(network.data, LESSON)
    address = f"/fr/lessons/{lesson}/"
    before = _made(network)
    tags = {network.fetch(address)[0]["etag"] for _ in range(20)}
    (name,) = _made(network).keys() - before
    made = _made(network)[name]
    query(network.data, f"UPDATE lessons_lesson SET title = 'Elsewhere' WHERE id = (SELECT max(id) FROM lessons_lesson WHERE id <> {lesson} AND state = 'published')")  # fmt: skip
    time.sleep(1)

    assert {network.fetch(address)[0]["etag"] for _ in range(20)} == tags
    assert _made(network)[name] == made
    query(network.data, f"UPDATE lessons_lesson SET access = 'network' WHERE id = {lesson}")
    time.sleep(1)
    gone = ["etag" not in network.fetch(address)[0] for _ in range(20)]
    query(network.data, f"UPDATE lessons_lesson SET access = 'public' WHERE id = {lesson}")
    assert gone == [True] * 20


def test_figures_are_of_all_processes(network: Network) -> None:
    before = network.counted()
    for _ in range(40):
        assert network.fetch("/en/about/")[0]["etag"]
    assert network.counted() - before == 40
    assert network.figures().count("jirani_database_up 1.0") == 1


def test_one_that_dies_comes_back_and_the_others_go_on(network: Network) -> None:
    before = network.workers()
    for victim in before:
        os.kill(victim, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while len(network.workers() - {victim}) < 2:
            assert time.monotonic() < deadline, "\n".join(network.told())
            time.sleep(0.1)
        network.wait_for_page()
        time.sleep(6)  # granian takes a worker that ends twice within seconds for broken

    assert not network.workers() & before
    assert network.figures().count("jirani_database_up 1.0") == 1
    assert not any("web process ended" in line for line in network.told())


def test_asked_to_stop_none_stays(network: Network) -> None:
    pids = network.pids()
    assert network.stop(signal.SIGTERM) == 0
    deadline = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert _made(network) == {}
