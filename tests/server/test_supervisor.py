"""The demo, started and stopped as a person does it, and killed as a machine does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from jirani.server.folders import open_folder
from jirani.server.memory import memory_at_rest, tree
from jirani.server.postgres import Postgres
from jirani.server.processes import is_running
from tests.server.test_command_line import free_port, jirani

pytestmark = pytest.mark.sweep

START_SECONDS = 240  # the first start on a busy machine that has no snapshot
MEMORY_LIMIT = 450 * 1000 * 1000


class Demo:
    """A running `jirani demo` or `jirani up`, in its own session."""

    def __init__(self, data: Path, command: str = "demo", **more: str) -> None:
        self.data = data
        self.port = free_port()
        self.log = (data.parent / "demo.log").open("w+")
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("JIRANI_") and name != "DATABASE_URL"
        } | more
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jirani", command, "--data", str(data), "--port", str(self.port)],
            env=environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def told(self) -> list[str]:
        return Path(self.log.name).read_text().splitlines()

    def wait_for(self, line: str, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not any(line in told for told in self.told()):
            assert self.process.poll() is None, "\n".join(self.told())
            assert time.monotonic() < deadline, "\n".join(self.told())
            time.sleep(0.1)

    def page(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/en/", timeout=30) as answer:
            return int(answer.status)

    def wait_for_page(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError):
                if self.page() == 200:
                    return
            assert time.monotonic() < deadline, "\n".join(self.told())
            time.sleep(0.2)

    def pids(self) -> set[int]:
        return set(tree(self.process.pid))

    def stop(self, number: int) -> int:
        """Send a signal. Returns the exit code once it has ended."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def running(data: Path, command: str = "demo", **more: str) -> Iterator[Demo]:
    demo = Demo(data, command, **more)
    try:
        demo.wait_for("Jirani is at")
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop(signal.SIGTERM)
        demo.log.close()


def wait_until_gone(pids: set[int], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while left := {pid for pid in pids if is_running(pid)}:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.1)


def query(data: Path, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(Postgres(data / "postgres").url(), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def data(module_path: Path) -> Path:
    """The data folder of a demo that has run once."""
    path = module_path / "demo"
    with running(path) as demo:
        assert demo.told()[-1] == f"Jirani is at http://127.0.0.1:{demo.port}  (Ctrl-C stops it)"
        assert demo.page() == 200
    return path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=["TERM", "INT", "HUP"])
def test_asked_to_stop_nothing_stays_and_nothing_is_lost(data: Path, number: int) -> None:
    with running(data) as demo:
        pids = demo.pids()
        assert len(pids) > 5
        query(data, f"CREATE TABLE kept_{number} AS SELECT {number} AS number")

        assert demo.stop(number) == 0
        assert demo.told()[-1] == "Stopped."
        assert not {pid for pid in pids if is_running(pid)}
    assert not (data / "postgres" / "postmaster.pid").exists()
    with Postgres(data / "postgres").used():
        assert query(data, f"SELECT number FROM kept_{number}") == [(number,)]
        query(data, f"DROP TABLE kept_{number}")


def test_killed_nothing_stays_and_the_next_start_has_everything(data: Path) -> None:
    with running(data) as demo:
        pids = demo.pids()
        query(data, "CREATE TABLE kept AS SELECT 7 AS number")

        assert demo.stop(signal.SIGKILL) == -signal.SIGKILL
        if sys.platform.startswith("linux"):
            wait_until_gone(pids)
    with running(data) as demo:
        assert demo.page() == 200
        assert query(data, "SELECT number FROM kept") == [(7,)]
        query(data, "DROP TABLE kept")


def test_whoever_dies_is_started_again(data: Path) -> None:
    with running(data) as demo:
        postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        children = [entry["pid"] for entry in json.loads((data / "run" / "processes.json").read_text())]
        assert len(children) == 2

        for pid in (postmaster, *children):
            os.kill(pid, signal.SIGKILL)
        for name in ("database", "web process", "worker"):
            demo.wait_for(f"The {name} ended", 30)

        demo.wait_for_page()
        assert query(data, "SELECT 1") == [(1,)]
        assert demo.stop(signal.SIGTERM) == 0


def test_a_second_one_on_the_same_folder_is_refused_and_manage_joins(data: Path) -> None:
    with running(data) as demo:
        second = jirani("demo", "--data", data, "--port", str(free_port()))
        assert second.returncode == 1
        assert second.stderr == f"jirani: Jirani already runs on {data} (process {demo.process.pid}): stop it first.\n"

        managed = jirani("manage", "--data", data, "migrate", "--check")
        assert managed.returncode == 0, managed.stderr
        assert demo.page() == 200  # the database is still there


def test_manage_brings_the_database_and_takes_it_away(data: Path) -> None:
    managed = jirani("manage", "--data", data, "migrate", "--check")

    assert managed.returncode == 0, managed.stderr
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_memory_at_rest(data: Path) -> None:
    with running(data, JIRANI_WEB_PROCESSES="1") as demo:
        for _ in range(10):
            demo.page()
        assert memory_at_rest(open_folder(data)) <= MEMORY_LIMIT
