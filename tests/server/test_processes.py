"""Children: ended as whole groups, started again with pauses, given up in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jirani.server.errors import ServerError
from jirani.server.folders import Kind, open_folder
from jirani.server.processes import Adopted, Child, Forked, end, is_running, started_at, wait_gone
from jirani.server.services import Service
from jirani.server.supervisor import end_leftovers

SLEEPER = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def python(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Collect processes that must be ended whatever the test's result."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_a_forked_child_tells_how_it_ended() -> None:
    def leave() -> None:
        sys.exit(3)

    assert Forked(lambda: 7).wait() == 7
    assert Forked(lambda: None).wait() == 0
    assert Forked(leave).wait() == 3
    child = Forked(lambda: time.sleep(60))
    end(child)
    assert child.poll() == -signal.SIGTERM


def test_who_does_not_leave_is_killed_with_all_it_started(started: list[subprocess.Popen[bytes]]) -> None:
    parent = python(
        f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.PIPE); "
        f"child.stdout.readline(); print(child.pid, flush=True); exec({STUBBORN!r})"
    )
    started.append(parent)
    assert parent.stdout is not None
    grandchild = int(parent.stdout.readline())
    assert parent.stdout.readline() == b"ready\n"

    end(parent, grace=0.2)

    assert parent.poll() == -signal.SIGKILL
    assert wait_gone(Adopted(grandchild), 5)  # it is init's to bury


def test_a_process_is_told_from_a_later_one_of_its_number(started: list[subprocess.Popen[bytes]]) -> None:
    process = python(SLEEPER)
    started.append(process)

    assert started_at(process.pid) == started_at(process.pid) != ""
    assert started_at(process.pid) != started_at(os.getpid())
    assert Adopted(process.pid).poll() is None
    process.kill()
    assert wait_gone(Adopted(process.pid), 5)  # a zombie is gone
    process.wait()
    assert started_at(process.pid) == ""


def test_leftovers_are_ended_and_strangers_are_not(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    folder = open_folder(tmp_path, Kind.REAL)
    left, stranger = python(SLEEPER), python(SLEEPER)
    started += [left, stranger]
    record = folder.run / "processes.json"
    record.write_text(
        f'[{{"pid": {left.pid}, "started": "{started_at(left.pid)}"}}, {{"pid": {stranger.pid}, "started": "1"}}]'
    )

    end_leftovers(folder)

    assert not is_running(left.pid)
    assert stranger.poll() is None
    record.write_text("{")
    end_leftovers(folder)  # a record cut short names nobody


def test_a_child_that_ends_is_started_again_and_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    service = Service("web process", lambda: _ended(1))
    service.launch()
    starts, pauses = 1, []

    def tend_until_given_up() -> None:
        nonlocal clock, starts
        while True:
            starts += service.tend()
            if service.child is None:
                pauses.append(round(service.due - clock, 2))
                clock = service.due

    with pytest.raises(ServerError) as raised:
        tend_until_given_up()

    assert str(raised.value) == "The web process ended 6 times right after its start (exit code 1); giving up."
    assert starts == 6
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_a_child_on_which_nothing_depends_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    service = Service("worker", lambda: _ended(1), vital=False)
    service.launch()
    pauses = []
    for _ in range(100):
        service.tend()
        if service.child is None:
            pauses.append(round(service.due - clock, 2))
            clock = service.due
    assert pauses[:11] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0]
    assert set(pauses[11:]) == {300.0}


def test_a_child_that_lived_long_is_not_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    service = Service("worker", lambda: _ended(-signal.SIGKILL))
    service.launch()

    for _ in range(20):
        clock += 3600
        assert not service.tend()  # it has ended and is due after a pause
        clock += 1
        assert service.tend()


def _ended(code: int) -> Child:
    class Ended:
        pid = 2**22 + 1  # beyond what Linux gives

        def poll(self) -> int:
            return code

    return Ended()
