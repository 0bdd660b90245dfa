"""The embedded database: started, adopted, shared, stopped, and what it says when it cannot be."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from jirani.server.errors import ServerError
from jirani.server.postgres import SHORT_FOLDER, Postgres
from jirani.server.processes import is_running


@pytest.fixture(scope="module")
def cluster(module_path: Path) -> Path:
    """A new cluster that nobody runs."""
    path = module_path / "postgres"
    with Postgres(path, durable=False).used():  # made without waiting for the disk
        pass
    return path


@pytest.fixture
def copied(cluster: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    copy_cluster(cluster, tmp_path / "postgres")
    return tmp_path / "postgres"


def copy_cluster(source: Path, target: Path) -> None:
    """A copy of a cluster that nobody runs, for damage by which it does not start: its files are links."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".s.*", "postmaster.pid"), copy_function=os.link)
    owner = source.stat()
    for path in (target, *target.rglob("*/")):
        os.chown(path, owner.st_uid, owner.st_gid)


def replace(path: Path, content: str) -> None:
    """Replace a file that is a link by a new file."""
    path.unlink()
    path.write_text(content)


def query(postgres: Postgres, sql: str, database: str = "jirani") -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def test_it_is_durable_and_on_no_network(cluster: Path) -> None:
    with Postgres(cluster).used() as postgres:
        shown = {
            name: query(postgres, f"SHOW {name}")[0][0] for name in ("fsync", "synchronous_commit", "listen_addresses")
        }

    assert shown == {"fsync": "on", "synchronous_commit": "on", "listen_addresses": ""}
    assert cluster.stat().st_mode & 0o077 == 0  # only its owner can reach the socket inside


def test_the_last_to_leave_stops_it(cluster: Path) -> None:
    first, second = Postgres(cluster), Postgres(cluster)
    process = first.start()

    assert second.start().pid == process.pid
    first.leave()
    assert query(second, "SELECT 1") == [(1,)]
    second.leave()
    assert process.poll() is not None


def test_an_orphan_is_adopted_and_nothing_committed_is_lost(cluster: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from jirani.server.postgres import Postgres; "
        "postgres = Postgres(Path(sys.argv[1])); print(postgres.start().pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, cluster], capture_output=True, text=True, check=False)
    orphan = int(killed.stdout)
    assert killed.returncode == -signal.SIGKILL
    assert is_running(orphan)

    with Postgres(cluster).used() as postgres:
        assert postgres.process is not None
        assert postgres.process.pid == orphan
        query(postgres, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(orphan, signal.SIGKILL)
        wait_until_gone(orphan)
    with Postgres(cluster).used() as postgres:
        assert query(postgres, "SELECT number FROM kept") == [(7,)]
        query(postgres, "DROP TABLE kept")


def test_a_tied_server_dies_with_its_starter(cluster: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells a child of its parent's death")
    script = (
        "import os, signal, sys; from pathlib import Path; from jirani.server.postgres import Postgres; "
        "postgres = Postgres(Path(sys.argv[1])); print(postgres.start(tied=True).pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, cluster], capture_output=True, text=True, check=False)

    wait_until_gone(int(killed.stdout))


@pytest.mark.skipif(not os.access(SHORT_FOLDER, os.W_OK), reason="nobody but root may write in the folder of sockets")
def test_a_path_too_long_for_a_socket_gets_a_private_one(cluster: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / "postgres"
    deep.parent.mkdir()
    cluster.rename(deep)
    try:
        postgres = Postgres(deep)
        with postgres.used():
            assert query(postgres, "SELECT 1") == [(1,)]
            assert postgres.sockets != deep
            assert postgres.sockets.stat().st_mode & 0o077 == 0
        assert not postgres.sockets.exists()
    finally:
        deep.rename(cluster)


def test_a_folder_of_sockets_that_cannot_be_made_is_named(cluster: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / "postgres"
    copy_cluster(cluster, deep)
    postgres = Postgres(deep)
    refusal = f"The database's socket needs {postgres.sockets}, and you may not write in {SHORT_FOLDER}: "
    if os.access(SHORT_FOLDER, os.W_OK):
        postgres.sockets.touch()
        refusal = f"{postgres.sockets} is a file where a folder should be: move it away."
    try:
        with pytest.raises(ServerError, match=f"^{re.escape(refusal)}"):
            postgres.start()
    finally:
        with suppress(FileNotFoundError):
            postgres.sockets.unlink()


def test_a_long_path_has_the_same_socket_for_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100) / "postgres"
    monkeypatch.setenv("TMPDIR", "/tmp/one")
    first = Postgres(deep).url()
    monkeypatch.setenv("TMPDIR", "/tmp/two")

    assert Postgres(deep).url() == first


@pytest.mark.parametrize("spell", ["link", "dots", "linked cluster"])
def test_a_running_server_is_known_by_whatever_name_its_folder_is_given(
    cluster: Path, tmp_path: Path, spell: str
) -> None:
    (tmp_path / "link").symlink_to(cluster.parent)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "postgres").symlink_to(cluster)
    named = {
        "link": tmp_path / "link" / "postgres",
        "dots": cluster.parent / ".." / cluster.parent.name / "postgres",
        "linked cluster": tmp_path / "elsewhere" / "postgres",
    }[spell]
    with Postgres(cluster).used() as postgres:
        assert postgres.process is not None
        pid_file = (cluster / "postmaster.pid").read_bytes()

        other = Postgres(named)
        assert other.start().pid == postgres.process.pid
        assert query(other, "SELECT 1") == [(1,)]
        other.release()

        assert (cluster / "postmaster.pid").read_bytes() == pid_file
        assert query(postgres, "SELECT 1") == [(1,)]


def test_a_pid_file_left_by_a_killed_server_that_names_another_process_is_no_server(cluster: Path) -> None:
    with Postgres(cluster).used() as postgres:
        assert postgres.process is not None
        os.kill(postgres.process.pid, signal.SIGKILL)
        wait_until_gone(postgres.process.pid)
    left = (cluster / "postmaster.pid").read_text().splitlines()
    (cluster / "postmaster.pid").write_text("\n".join([str(os.getppid()), *left[1:]]) + "\n")

    with Postgres(cluster).used() as postgres:
        assert query(postgres, "SELECT 1") == [(1,)]


def test_a_folder_without_our_database_heals(cluster: Path) -> None:
    """Until version 0.1, Ctrl-C in the first seconds of a first start left such a folder behind."""
    with Postgres(cluster).used() as postgres:
        postgres.drop_database("jirani")

    with Postgres(cluster).used() as postgres:
        assert query(postgres, "SELECT current_database()") == [("jirani",)]


def test_a_server_about_to_stop_is_waited_for(cluster: Path) -> None:
    first = Postgres(cluster)
    os.kill(first.start().pid, signal.SIGTERM)
    first.release()

    with Postgres(cluster).used() as postgres:
        assert postgres.process is not None
        assert query(postgres, "SELECT 1") == [(1,)]


def test_databases_are_copied_renamed_and_dropped(cluster: Path) -> None:
    with Postgres(cluster).used() as postgres:
        postgres.create_database("model-one")
        query(postgres, "CREATE TABLE lesson AS SELECT 'silt traps' AS title", "model-one")
        postgres.create_database("copy", template="model-one")
        postgres.rename_database("copy", "renamed")

        assert query(postgres, "SELECT title FROM lesson", "renamed") == [("silt traps",)]
        for name in ("model-one", "renamed", "never was"):
            postgres.drop_database(name)
        assert postgres.databases() == {"jirani", "postgres", "template0", "template1"}


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda path: (path / "PG_VERSION").unlink(), "is damaged: restore it from a backup"),
        (lambda path: replace(path / "PG_VERSION", "\x00\x01"), "is damaged: restore it from a backup"),
        (lambda path: replace(path / "PG_VERSION", "17\n"), "was written by PostgreSQL 17 and .* brings 18"),
        (lambda path: (path / "global" / "pg_control").unlink(), "is damaged: restore it from a backup"),
        (lambda path: shutil.rmtree(path / "pg_wal"), "does not start: .*pg_wal"),
        (lambda path: replace(path / "postgresql.conf", "nonsense = = 1"), "does not start: .*postgresql.conf"),
    ],
    ids=["no version", "garbage", "other version", "no control file", "no log of changes", "bad configuration"],
)
def test_a_damaged_folder_ends_in_a_sentence(copied: Path, damage: object, sentence: str) -> None:
    damage(copied)  # type: ignore[operator]

    with pytest.raises(ServerError, match=sentence) as raised:
        Postgres(copied).start()

    assert "\n" not in str(raised.value)


def test_a_folder_that_root_copied_is_given_back_to_its_user(cluster: Path, tmp_path: Path) -> None:
    """Without root it cannot be done, and the error says what root should do."""
    shutil.copytree(cluster, tmp_path / "postgres", ignore=shutil.ignore_patterns(".s.*", "postmaster.pid"))
    (tmp_path / "postgres").chmod(0o700)
    if os.geteuid() == 0:
        with Postgres(tmp_path / "postgres", durable=False).used() as postgres:
            assert query(postgres, "SELECT 1") == [(1,)]
    else:
        (tmp_path / "postgres" / "postgresql.conf").chmod(0)
        with pytest.raises(ServerError, match=r"has files that its user may not read: .*\(chown -R\)"):
            Postgres(tmp_path / "postgres").start()


def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18")

    with Postgres(tmp_path / "postgres", durable=False).used() as postgres:
        assert query(postgres, "SELECT current_database()") == [("jirani",)]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a disk of 8 MB, if we may mount one."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "jirani-test", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a full disk is tried where the tests may mount one")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_ends_in_a_sentence(tiny_disk: Path) -> None:
    with pytest.raises(ServerError, match=r"The disk that holds .* is full: make room on it and start again"):
        Postgres(tiny_disk / "postgres").start()

    assert not (tiny_disk / "postgres.new").exists()


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.05)
