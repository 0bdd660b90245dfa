"""Child processes that never outlive us: forked or started, watched, ended as whole groups.

Every child leads its own process group, so that Ctrl-C in a terminal reaches only the supervisor, which decides
the order in which the others end.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

# From <linux/prctl.h>; Python has no name for it.
PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05


class Child(Protocol):
    """A process that we watch."""

    pid: int

    def poll(self) -> int | None:
        """None while it runs, then its exit code (negative: the signal that ended it)."""
        ...


def dying_with_parent(signal_number: int, *, parent: int | None = None) -> Callable[[], None]:
    """Return a function to call in a new child, which makes the kernel send it `signal_number` when its parent is gone (Linux).

    The parent is this process, or the one given if this process is the child.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    expected = parent or os.getpid()

    def call() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != expected:  # the parent was gone before we asked
            os.kill(os.getpid(), signal_number)

    return call


class Forked:
    """A child that runs a function of this process and shares all memory that neither side changes."""

    def __init__(self, run: Callable[[], object], *, death_signal: int = signal.SIGTERM) -> None:
        # What is still in a buffer would be written twice, once by the child.
        sys.stdout.flush()
        sys.stderr.flush()
        on_death = dying_with_parent(death_signal)
        self._code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _run_as_child(run, on_death)

    def poll(self) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def wait(self) -> int:
        """Wait for its end. Returns the exit code."""
        while self.poll() is None:
            time.sleep(POLL_SECONDS)
        assert self._code is not None
        return self._code


def _run_as_child(run: Callable[[], object], on_death: Callable[[], None]) -> None:
    """Body of a forked child; never returns."""
    code = 1
    try:
        # The pipe and the handlers belong to the parent.
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)
        on_death()
        result = run()
        code = result if isinstance(result, int) else 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001  the traceback is all that is left to give
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        # Not sys.exit(): what the parent registered for its own end must not run here.
        os._exit(code)


class Adopted:
    """A process that was started elsewhere and that we watch."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        with suppress(ChildProcessError):  # it may be a child of ours that we no longer wait for
            os.waitpid(self.pid, os.WNOHANG)
        return None if is_running(self.pid) else 0


def is_running(pid: int) -> bool:
    """Whether a process with that id exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # After the last bracket, because the program's name before it may hold brackets and spaces itself.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists() or Path(f"/proc/{pid}").exists()


def started_at(pid: int) -> str:
    """Return when a process started, which tells it from a later one with the same id. Empty if it is gone."""
    try:
        # Field 22 of proc(5), counted from the third, which follows the name in brackets.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        if Path("/proc/self").exists():
            return ""
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def end(child: Child, first: int = signal.SIGTERM, *, grace: float = 10.0) -> None:
    """Ask a child to end by the signal `first`, and kill its whole group after `grace` seconds. Returns once it is gone."""
    with suppress(ProcessLookupError):
        os.kill(child.pid, first)
    if not wait_gone(child, grace):
        kill_group(child.pid)
        wait_gone(child, 10.0)
    kill_group(child.pid)  # grandchildren may have stayed behind


def wait_gone(child: Child, seconds: float) -> bool:
    """Wait for the child's end. Returns whether it ended within `seconds`."""
    deadline = time.monotonic() + seconds
    while child.poll() is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def kill_group(pid: int) -> None:
    """Kill what is left of the process group that `pid` leads (or the process alone, when it leads none)."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
