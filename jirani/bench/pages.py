"""What an uncached page costs, compared with commit 803be05.

Method. That commit is checked out into a separate folder, with the packages of its own lock file, and each of the two
serves a fresh demo network with one web process. A page is asked for BATCH times over one connection, with a cookie that keeps it from being
answered from what is kept; the CPU time of all processes of the network (supervisor, web, worker, database; user and system, from /proc) is
taken before and after. The two take turns, ROUNDS times for each page, the first round not counted. The figure is the largest ratio of medians.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from jirani.server.errors import ServerError
from jirani.server.memory import tree

from .first_view import page_types
from .output import figure, tell
from .running import free_port, running, wait_for

ROOT = Path(__file__).resolve().parents[2]
COMMIT = "803be05"
PAGES = ("home", "event", "lesson", "authority")
LIMIT = 0.6
BATCH, ROUNDS = 25, 7
TICK = os.sysconf("SC_CLK_TCK")


def run(argv: list[str]) -> int:
    """Measure; 0 if every page holds."""
    as_json, worst = "--json" in argv, 0.0
    with tempfile.TemporaryDirectory(prefix="jirani-pages-") as folder, ExitStack() as stack:
        then = stack.enter_context(_served(stack.enter_context(_checked_out(Path(folder))), Path(folder) / "then"))
        now = stack.enter_context(_served(ROOT, Path(folder) / "now"))
        for name, path in dict(page_types(now.origin)).items():
            if name in PAGES:
                costs = _compare(f"/en/{path}", then, now)
                worst = max(worst, costs[1] / costs[0])
                told = {"page": name, f"ms at {COMMIT}": round(costs[0], 1), "ms now": round(costs[1], 1)}
                tell(told | {"ratio": round(costs[1] / costs[0], 2)}, as_json=as_json)
    return 0 if figure("pages", worst, "ratio", LIMIT, as_json=as_json) else 1


@dataclass(frozen=True)
class Network:
    """A demo network that runs."""

    origin: str
    pid: int

    def cpu(self) -> float:
        """Milliseconds that its processes have worked."""
        return sum(map(_worked, tree(self.pid)))

    def ask(self, path: str) -> float:
        """Milliseconds of work that each of a batch of requests cost."""
        host = self.origin.removeprefix("http://")
        before, connection = self.cpu(), HTTPConnection(host, timeout=60)
        for _ in range(BATCH):
            connection.request("GET", path, headers={"Cookie": "made=anew", "Accept-Encoding": "br"})
            answer = connection.getresponse()
            if not answer.read() or answer.status != 200:
                raise ServerError(f"{self.origin}{path} answers {answer.status}.")
        connection.close()
        return (self.cpu() - before) / BATCH


def _worked(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def _compare(path: str, then: Network, now: Network) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for network, costs in zip((then, now), taken, strict=True):
            costs.append(network.ask(path))
    first, second = (statistics.median(costs[1:]) for costs in taken)
    return first, second


@contextmanager
def _checked_out(folder: Path) -> Iterator[Path]:
    """Yield a checkout of the commit with its own packages."""
    there = folder / COMMIT
    uv = str(ROOT / ".uv" / "bin" / "uv") if (ROOT / ".uv" / "bin" / "uv").exists() else "uv"
    done = subprocess.run(
        ["git", "-C", str(ROOT), "worktree", "add", "--detach", "--quiet", str(there), COMMIT], check=False
    )
    if done.returncode:
        raise ServerError(f"This bench needs a repository with commit {COMMIT}.")
    try:
        plain = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        subprocess.run([uv, "sync", "--frozen", "--no-dev", "--quiet"], cwd=there, env=plain, check=True)
        yield there
    finally:
        subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(there)], check=False)


@contextmanager
def _served(code: Path, data: Path) -> Iterator[Network]:
    port = free_port()
    command = [str(code / ".venv" / "bin" / "jirani"), "demo", "--port", str(port), "--data", str(data)]
    with running(command, cwd=code, environment={"JIRANI_WEB_PROCESSES": "1", "PYTHONPATH": str(code)}) as process:
        origin = f"http://127.0.0.1:{port}"
        wait_for(f"{origin}/en/")
        yield Network(origin, process.pid)
