"""How much memory a running network takes, shared pages counted once."""

from __future__ import annotations

from pathlib import Path

from jirani.server.errors import ServerError
from jirani.server.folders import DataFolder


def tree(root: int) -> dict[int, str]:
    """Return `root` and every process below it, with its command (Linux)."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            head, _, tail = (entry / "stat").read_text().rpartition(")")
        except OSError:
            continue
        names[int(entry.name)] = head.partition("(")[2]
        parents[int(entry.name)] = int(tail.split()[1])
    found = {root} if root in names else set()
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: names[pid] for pid in sorted(found)}


def proportional_set_size(pids: list[int]) -> int:
    """Return the bytes of memory that these processes take together, counting shared pages once."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def memory_at_rest(folder: DataFolder) -> int:
    """Return the bytes that supervisor, web, worker and database of a running network take together (Linux)."""
    try:
        supervisor = int((folder.run / "supervisor.lock").read_text())
    except (OSError, ValueError):
        raise ServerError(f"Nothing runs on {folder.path}.") from None
    return proportional_set_size(list(tree(supervisor)))
