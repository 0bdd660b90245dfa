"""A restore that is killed at any moment: the next one finishes, and everything is there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from jirani.server.backup.dumps import LEFT_EMPTY
from jirani.server.folders import open_folder
from jirani.server.postgres import Postgres
from tests.server.networks import OLD_DEMO, everything, files, refused, told

pytestmark = pytest.mark.sweep

UPLOADS, MEGABYTES = 8, 62


@pytest.fixture(scope="module")
def backup(module_path: Path) -> Path:
    """A backup of a used demo with half a gigabyte of uploads."""
    told("restore", OLD_DEMO, "--data", module_path / "first")
    for number in range(UPLOADS):
        with (module_path / "first" / "media" / "evidence" / f"film-{number}.mp4").open("wb") as film:
            for _ in range(MEGABYTES):
                film.write(os.urandom(1 << 20))
    told("backup", module_path / "big.tgz", "--data", module_path / "first")
    return module_path / "big.tgz"


@pytest.fixture(scope="module")
def whole(backup: Path) -> tuple[dict[str, object], dict[str, str]]:
    """All rows and files that the backup was made of."""
    source = backup.with_name("first")
    with Postgres(source / "postgres").used() as server:
        rows: dict[str, object] = dict(everything(server.url()))
    rows |= {table: [] for table in LEFT_EMPTY}  # what signs somebody in is in no backup
    return rows, files(source / "media")


@pytest.fixture(scope="module")
def seconds(backup: Path, module_path: Path) -> float:
    """How long a restore takes that nobody interrupts."""
    begun = time.monotonic()
    told("restore", backup, "--data", module_path / "second")
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def small(module_path: Path) -> tuple[Path, dict[str, object], float]:
    """A backup of a used demo as it is, all rows it was made of, and how long a restore takes that nobody interrupts."""
    begun = time.monotonic()
    told("restore", OLD_DEMO, "--data", module_path / "small")
    taken = time.monotonic() - begun
    with Postgres(module_path / "small" / "postgres").used() as server:
        return OLD_DEMO, dict(everything(server.url())), taken


@pytest.mark.parametrize("moment", range(20))
def test_the_next_restore_finishes(
    backup: Path, whole: tuple[dict[str, object], dict[str, str]], seconds: float, tmp_path: Path, moment: int
) -> None:
    there = tmp_path / "there"
    share = (moment + random.random()) / 20
    killed = begin(backup, there)
    time.sleep(share * seconds)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    finish(backup, there)

    with Postgres(there / "postgres").used() as server:
        assert everything(server.url()) == whole[0], f"after {share:.0%}"
    assert files(there / "media") == whole[1]
    assert leftovers(there) == set()
    open_folder(there)


@pytest.mark.parametrize("moment", range(20))
def test_the_next_restore_finishes_if_the_database_was_killed_too(
    small: tuple[Path, dict[str, object], float], tmp_path: Path, moment: int
) -> None:
    """All its processes and the one filling it are killed at once, as by a power cut."""
    backup, rows, seconds = small
    there = tmp_path / "there"
    share = (moment + random.random()) / 20
    killed = begin(backup, there)
    time.sleep(share * seconds)
    for number in (signal.SIGSTOP, signal.SIGKILL):  # held first, so that none of them sees another one go
        for process in at_work(there) | {killed.pid}:
            with suppress(ProcessLookupError):
                os.kill(process, number)
    killed.wait()

    finish(backup, there)

    with Postgres(there / "postgres").used() as server:
        assert everything(server.url()) == rows, f"after {share:.0%}"
    assert leftovers(there) == set()
    open_folder(there)


def begin(backup: Path, there: Path) -> subprocess.Popen[bytes]:
    """Start a restore in its own process group."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JIRANI_", "DATABASE_"))}
    command = [sys.executable, "-m", "jirani", "restore", str(backup), "--data", str(there)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)


def finish(backup: Path, there: Path) -> None:
    """Restore once more, if the killed one had not finished; nothing else takes what it left."""
    mark = json.loads((there / "jirani.json").read_text()) if (there / "jirani.json").exists() else {}
    if "restoring" in mark:
        assert "holds half of a backup" in refused("demo", "--data", there)
    if mark != {"kind": "demo"}:
        told("restore", backup, "--data", there)


def at_work(there: Path) -> set[int]:
    """Return the processes that work in the folder or have its name as an argument: the database's and those that fill it."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            named = os.fsencode(there) in (process / "cmdline").read_bytes()
            if named or (process / "cwd").readlink().is_relative_to(there):
                found.add(int(process.name))
    return found - {os.getpid()}


def leftovers(there: Path) -> set[str]:
    """Return files that exist only while a restore is under way."""
    return {path.name for path in there.iterdir() if "restoring" in path.name}
