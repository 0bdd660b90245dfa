"""A network that is written to while it is backed up, restored into every PostgreSQL that there is, and by Debian's Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.database import demo_database, empty_database
from tests.server import servers
from tests.server.networks import ROOT, everything, files, make_network, run, told

pytestmark = pytest.mark.sweep

DEBIANS_PYTHON = Path("/usr/bin/python3")


@contextmanager
def writers(url: str) -> Iterator[list[int]]:
    """Let three people type notes. Yields the numbers of notes that the database has acknowledged."""
    done = threading.Event()
    acknowledged: list[int] = []

    def write(number: int) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.is_set():
                made = connection.execute(
                    "insert into audit_submission (key, digest, \"on\") values (%s, '', current_date) returning length(key)",
                    [f"{number}-{len(acknowledged)}-{os.urandom(6).hex()}"],
                ).fetchone()
                assert made is not None
                acknowledged.append(made[0])

    threads = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        done.set()
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def source(module_path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the demo network as a data folder and the URL of its database."""
    with demo_database("other_servers") as (url, media):
        folder = make_network(module_path / "here", kind="demo")
        shutil.copytree(media, folder / "media", dirs_exist_ok=True)
        yield folder, url


@pytest.fixture(scope="module")
def backup(source: tuple[Path, str], module_path: Path) -> Path:
    """A backup that was written while others wrote: what was acknowledged before it began is in it."""
    folder, url = source
    file = module_path / "a.tgz"
    with writers(url) as acknowledged:
        while len(acknowledged) < 100:
            time.sleep(0.01)
        before = len(acknowledged)
        told("backup", file, "--data", folder, DATABASE_URL=url)
    with empty_database("under_load") as restored:
        told("restore", file, "--data", module_path / "under_load", DATABASE_URL=restored)
        with psycopg.connect(restored) as connection:
            ((count,),) = connection.execute("select count(*) from audit_submission").fetchall()
    assert before <= count <= len(acknowledged)
    return file


@pytest.fixture(scope="module")
def restored(backup: Path, module_path: Path) -> Iterator[tuple[dict[str, object], dict[str, str]]]:
    """Yield what the backup holds, restored into the server that comes with Jirani."""
    with empty_database("expected") as url:
        told("restore", backup, "--data", module_path / "expected", DATABASE_URL=url)
        yield dict(everything(url)), files(module_path / "expected" / "media")


@pytest.fixture(params=servers.installed() or [Path()], ids=lambda programs: programs.parent.name or "none")
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == Path():
        pytest.skip("another PostgreSQL is tried where one is installed: apt install postgresql-15")
    with servers.server(request.param) as found:
        yield found


def test_into_another_server_out_of_it_and_back(
    backup: Path, restored: tuple[dict[str, object], dict[str, str]], address: str, tmp_path: Path
) -> None:
    """As a plain role, whose password is in DATABASE_URL."""
    there, again = servers.database(address, "there"), servers.database(address, "again")

    told("restore", backup, "--data", tmp_path / "there", DATABASE_URL=there)
    assert (everything(there), files(tmp_path / "there" / "media")) == restored

    told("backup", tmp_path / "b.tgz", "--data", tmp_path / "there", DATABASE_URL=there)
    told("restore", tmp_path / "b.tgz", "--data", tmp_path / "again", DATABASE_URL=again)
    expected: Mapping[str, object] = restored[0] | {"audit_backup": []}
    assert everything(again) | {"audit_backup": []} == expected
    with empty_database("back") as embedded:
        told("restore", tmp_path / "b.tgz", "--data", tmp_path / "back", DATABASE_URL=embedded)
        assert everything(embedded) | {"audit_backup": []} == expected


def test_a_password_is_in_no_list_of_processes(backup: Path, address: str, tmp_path: Path) -> None:
    there = servers.database(address, "there")
    environment = {**os.environ, "DATABASE_URL": there}
    command = [sys.executable, "-m", "jirani", "restore", str(backup), "--data", str(tmp_path / "there")]
    shown = set()
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            shown |= {line for line in _commands() if "psql" in line}
    assert process.returncode == 0
    assert shown
    assert not [line for line in shown if "secret" in line]


def _commands() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue


def test_debians_python_writes_and_reads_backups(source: tuple[Path, str], tmp_path: Path) -> None:
    said = subprocess.run(
        ["make", "--silent", "--eval=print-uv: ; @echo $(UV)", "print-uv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    uv = said.stdout.strip()
    if not DEBIANS_PYTHON.exists() or not (ROOT / uv).exists():
        pytest.skip("the system's Python is tried where there is one, and uv")
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv")}
    command = [
        str(ROOT / uv),
        "sync",
        "--frozen",
        "--no-dev",
        "--quiet",
        "--no-python-downloads",
        "--python",
        str(DEBIANS_PYTHON),
    ]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
    python = tmp_path / "venv" / "bin" / "python"
    folder, url = source

    written = run("backup", tmp_path / "a.tgz", "--data", folder, python=python, DATABASE_URL=url)
    assert (written.returncode, written.stderr) == (0, "")
    with empty_database("by_debian") as there:
        read = run("restore", tmp_path / "a.tgz", "--data", tmp_path / "there", python=python, DATABASE_URL=there)
        assert (read.returncode, read.stderr) == (0, "")
        assert everything(there) | {"audit_backup": []} == everything(url) | {"audit_backup": []}
    assert files(tmp_path / "there" / "media") == files(folder / "media")
