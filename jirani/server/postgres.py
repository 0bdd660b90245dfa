"""The embedded PostgreSQL: one cluster in the data folder, reached through a Unix socket in it, nothing on the network.

Several of our processes may use one server at once (`jirani up`, `jirani manage`, tests). Each holds a shared lock on
`run/database.users` while it does; the last one to leave stops the server. A server that outlived
its starter (killed with SIGKILL) is adopted by the next one.

Durable by default: fsync is on and a commit is on the disk when it returns. The settings suit a small machine: what the
whole site uses at rest stays under 450 MB.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from jirani.server.binaries import RunAs, give, programs, run_as
from jirani.server.cluster import ROLE, ensure_cluster, serves
from jirani.server.errors import ServerError, explain_os_error
from jirani.server.processes import Adopted, Child, dying_with_parent, end, wait_gone

DATABASE = "jirani"
START_SECONDS = 60.0  # recovery after a crash can take a while
STOP_SECONDS = 30.0
RETRIES, RETRY_SECONDS = 8, 0.5
# Two files of this size at most, so that a server in trouble does not fill the disk with its log.
LOG_BYTES = 5 * 1024 * 1024
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107
SHORT_FOLDER = Path("/tmp")  # noqa: S108  a folder in it is made for us alone, and refused when it is somebody else's
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "32MB",
    "max_connections": "120",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "temp_buffers": "2MB",
    "effective_cache_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "io_method": "sync",  # no input/output processes
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
    "min_wal_size": "32MB",
    "max_wal_size": "512MB",
    "wal_recycle": "off",  # a recycled file would show who typed which note until it is overwritten
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # an error's details and its statement quote rows
    "log_min_error_statement": "panic",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


class Postgres:
    """One embedded server. `durable=False` is for disposable data: tests and benches."""

    def __init__(self, cluster: Path, *, durable: bool = True) -> None:
        # Resolve the folder: its socket and locks must not depend on how a command spells the path.
        self.cluster = cluster.parent.resolve() / cluster.name
        self.log = self.cluster.with_name(self.cluster.name + ".log")
        self.run = self.cluster.parent / "run"
        self.durable = durable
        self.process: Child | None = None
        self._users: BinaryIO | None = None

    def url(self, database: str = DATABASE) -> str:
        """Return the URL that Django, psql and pg_dump take."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def sockets(self) -> Path:
        """Return the folder of the socket: the cluster itself, or a private folder if its path is too long for a socket.

        The private folder is not in TMPDIR, which may differ between commands.
        """
        if len(os.fsencode(self.cluster / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return self.cluster
        digest = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]
        return SHORT_FOLDER / f"jirani-{digest}"

    def start(self, *, tied: bool = False) -> Child:
        """Adopt the running server, or start one. `tied` ends it together with this process."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            with self._exclusively():
                self._join()
                self.process = self._adopt() or self._launch(tied=tied)
        except OSError as error:
            self.release()
            raise explain_os_error(error, self.cluster) from error
        except ServerError:
            self.release()
            raise
        return self.process

    def leave(self) -> None:
        """Stop using the server; the last to leave stops it."""
        if self._users is None:
            return
        with self._exclusively():
            if self._alone():
                self.stop()
            self.release()

    def stop(self) -> None:
        """Stop the server even if others use it: clients are disconnected, everything committed is on disk."""
        process = self.process or self._running()
        if process is not None:
            end(process, signal.SIGINT, grace=STOP_SECONDS)
        self.process = None
        if self.sockets != self.cluster:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def discard(self) -> None:
        """Delete the cluster, whatever its state, without starting it."""
        self.stop()
        self.log.unlink(missing_ok=True)
        if self.cluster.exists():
            # Processes left by a killed server may write for a moment longer, even after the folder is renamed.
            aside = Path(tempfile.mkdtemp(prefix=f"{self.cluster.name}.new", dir=self.cluster.parent))
            self.cluster.rename(aside)
        for left in self.cluster.parent.glob(f"{self.cluster.name}.new*"):
            shutil.rmtree(left, ignore_errors=True)

    def release(self) -> None:
        """Let go of the server without stopping it (in a forked child whose parent uses it)."""
        if self._users is not None:
            self._users.close()
            self._users = None

    @contextmanager
    def used(self) -> Iterator[Postgres]:
        """Run the server for the duration of the block."""
        self.start()
        try:
            yield self
        finally:
            self.leave()

    # Databases

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """Create a database, as a copy of `template` if given, to which nobody may be connected."""
        from psycopg import sql

        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            strategy = sql.SQL(" STRATEGY FILE_COPY") if not self.durable else sql.SQL("")
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) + strategy
        self._execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, disconnecting its clients."""
        from psycopg import sql

        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, name: str, new: str) -> None:
        from psycopg import sql

        self._execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))

    def databases(self) -> set[str]:
        import psycopg

        with psycopg.connect(self.url("postgres")) as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()}

    def _execute(self, statement: object) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    # Starting

    def _adopt(self) -> Child | None:
        """Return the running server, after making sure that it has our database; None if there is none, or if it was stopping and is gone now."""
        server = self._running()
        if server is None or self._ensure_database():
            return server
        if wait_gone(server, STOP_SECONDS):
            return None
        raise ServerError(f"The database left running on {self.cluster} (process {server.pid}) lets nobody in: end it.")

    def _running(self) -> Child | None:
        """Return the server that runs on this cluster, if there is one and it answers."""
        pid, status = self._postmaster()
        if pid is None or not serves(pid, self.cluster):
            return None
        server = Adopted(pid)
        if status != "ready" and not self._wait_ready(server):
            if server.poll() is not None:  # it was stopping
                return None
            raise ServerError(f"The database left running on {self.cluster} (process {pid}) does not answer: end it.")
        if not (self.sockets / SOCKET_NAME).exists():
            raise ServerError(
                f"The database of {self.cluster} runs (process {pid}), but its socket in {self.sockets} is not to be seen "
                "from here: give the service PrivateTmp=no, or move the data to a folder with a shorter path."
            )
        return server

    def _postmaster(self) -> tuple[int | None, str]:
        """Return process id and status from the server's postmaster.pid."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (OSError, ValueError, IndexError):
            return None, ""

    def _launch(self, *, tied: bool) -> Child:
        ensure_cluster(self.cluster, durable=self.durable)
        user = run_as(self.cluster)
        give(self.cluster, user)
        self._make_sockets(user)
        self._turn_log()
        for last in (False,) * RETRIES + (True,):
            self._disown_pid()
            before = self.log.stat().st_size if self.log.exists() else 0
            process = self._spawn(user, tied=tied)
            if self._wait_ready(process) and self._ensure_database():
                return process if tied else _let_go(process)
            end(process, signal.SIGINT)
            told = self._told_since(before)
            if last or "still in use" not in told:  # by processes left by a killed server, which end by themselves
                raise self._explain(told)
            time.sleep(RETRY_SECONDS)
        raise AssertionError

    def _spawn(self, user: RunAs | None, *, tied: bool) -> subprocess.Popen[bytes]:
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [programs() / "postgres", "-D", self.cluster, "-k", self.sockets, *self._settings()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                preexec_fn=dying_with_parent(signal.SIGINT) if tied else None,  # noqa: PLW1509  we have no threads
                **(user.arguments() if user else {}),
            )

    def _disown_pid(self) -> None:
        """Replace the process id in postmaster.pid if that process is not a server of this cluster (a zombie, or a later process with the same id).

        PostgreSQL would take it for a running server. It ignores its parent's process id and goes on to check, by
        the file's other lines, whether any process of a killed server is still at work, so the file must stay. A live
        server's file is never touched: the server would shut down at once, as after a crash.
        """
        path = self.cluster / "postmaster.pid"
        pid, _ = self._postmaster()
        if pid is not None and not serves(pid, self.cluster):
            lines = path.read_text(errors="replace").splitlines()
            path.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
            (self.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _settings(self) -> Iterator[str]:
        chosen = SETTINGS if self.durable else SETTINGS | CARELESS
        for name, value in chosen.items():
            yield from ("-c", f"{name}={value}")

    def _make_sockets(self, user: RunAs | None) -> None:
        if self.sockets == self.cluster:
            return
        try:
            self.sockets.mkdir(mode=0o700, exist_ok=True)
        except PermissionError:
            raise ServerError(
                f"The database's socket needs {self.sockets}, and you may not write in {SHORT_FOLDER}: let everybody write "
                "there (chmod 1777), or move the data to a folder with a shorter path."
            ) from None
        owner = self.sockets.stat().st_uid
        if owner not in (os.geteuid(), user.uid if user else os.geteuid()):
            raise ServerError(
                f"{self.sockets}, which the database's socket needs, belongs to somebody else: delete it."
            )
        give(self.sockets, user)

    def _ensure_database(self) -> bool:
        """Create our database if an interrupted first start did not. Returns False if the server lets nobody in."""
        import psycopg

        try:
            if DATABASE not in self.databases():
                self.create_database(DATABASE)
        except psycopg.OperationalError:
            return False
        return True

    def _turn_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        self.log.chmod(0o600)  # it holds rows that a constraint refused

    def _wait_ready(self, process: Child) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            if self._postmaster() == (process.pid, "ready"):
                return True
            time.sleep(0.03)
        return False

    def _told_since(self, position: int) -> str:
        """Return what the server has written to its log since `position`."""
        try:
            return self.log.read_bytes()[position:].decode(errors="replace")
        except OSError:
            return ""

    def _explain(self, told: str) -> ServerError:
        """Turn the log of a server that does not start into a sentence."""
        if "No space left on device" in told:
            return explain_os_error(OSError(errno.ENOSPC, ""), self.cluster)
        if "Permission denied" in told:
            return ServerError(
                f"The database in {self.cluster} has files that its user may not read: give all of them to the owner of "
                "that folder (chown -R)."
            )
        reasons = re.findall(r"(?:FATAL|PANIC):\s+(.+)", told) or ["it gave no reason"]
        return ServerError(
            f"The database in {self.cluster} does not start: {reasons[-1].strip()}. See {self.log}; if the folder is "
            "damaged, restore it from a backup."
        )

    # Locks

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Let only one process at a time start, join or leave."""
        with open(self.run / "database.lock", "a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _join(self) -> None:
        if self._users is None:
            self._users = open(self.run / "database.users", "a+b")  # noqa: SIM115  held while we use the server
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _alone(self) -> bool:
        assert self._users is not None
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _let_go(process: subprocess.Popen[bytes]) -> Child:
    """Wrap a started process so that we don't wait for it: others may use it after we have ended."""
    process.returncode = 0
    return Adopted(process.pid)
