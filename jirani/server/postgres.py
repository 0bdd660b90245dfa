"""The embedded PostgreSQL: one cluster in the data folder, reached through a Unix socket in it, nothing on the network.

Several of our processes may use one server at once (`jirani up`, `jirani manage`, tests). Each holds a shared lock on
`run/database.users` while it does; whoever finds itself alone when it leaves stops the server. A server that outlived
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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from jirani.server.binaries import MAJOR_VERSION, RunAs, give, programs, run_as
from jirani.server.errors import ServerError, explain_os_error
from jirani.server.processes import Adopted, Child, dying_with_parent, end, is_running

ROLE = "jirani"
DATABASE = "jirani"
START_SECONDS = 60.0  # recovery after a crash may take a while
STOP_SECONDS = 30.0
RETRIES, RETRY_SECONDS = 8, 0.5
LOG_BYTES = 5 * 1024 * 1024
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "32MB",
    "max_connections": "40",
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
    "wal_recycle": "off",  # a file that is taken up again would keep who typed which note until it is overwritten
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


class Postgres:
    """One embedded server. `durable=False` is for data that can be made again: tests and benches."""

    def __init__(self, cluster: Path, *, durable: bool = True) -> None:
        self.cluster = cluster.absolute()
        self.log = self.cluster.with_name(self.cluster.name + ".log")
        self.run = self.cluster.parent / "run"
        self.durable = durable
        self.process: Child | None = None
        self._users: BinaryIO | None = None

    def url(self, database: str = DATABASE) -> str:
        """The address that Django, psql and pg_dump take."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: the cluster itself, or a private one where that path is too long for a socket."""
        if len(os.fsencode(self.cluster / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return self.cluster
        digest = hashlib.sha256(os.fsencode(self.cluster.resolve())).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"jirani-{digest}"

    def start(self, *, tied: bool = False) -> Child:
        """Have the server run: adopt the one that runs, or start it. `tied` ends it together with this process."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            with self._exclusively():
                self._join()
                self.process = self._running() or self._launch(tied=tied)
        except OSError as error:
            self.forget()
            raise explain_os_error(error, self.cluster) from error
        except ServerError:
            self.forget()
            raise
        return self.process

    def leave(self) -> None:
        """Be done with the server; the last to leave stops it."""
        if self._users is None:
            return
        with self._exclusively():
            if self._alone():
                self.stop()
            self.forget()

    def stop(self) -> None:
        """Stop the server, whoever uses it: clients are sent away, everything committed is on disk."""
        process = self.process or self._running()
        if process is not None:
            end(process, signal.SIGINT, grace=STOP_SECONDS)
        self.process = None
        if self.sockets != self.cluster:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def forget(self) -> None:
        """Let go of the server without stopping it (in a forked child, whose parent uses it)."""
        if self._users is not None:
            self._users.close()
            self._users = None

    @contextmanager
    def used(self) -> Iterator[Postgres]:
        """The server, running while the block does."""
        self.start()
        try:
            yield self
        finally:
            self.leave()

    # Databases

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """Make a database, as a copy of `template` where given (to which nobody may be connected)."""
        from psycopg import sql

        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            strategy = sql.SQL(" STRATEGY FILE_COPY") if not self.durable else sql.SQL("")
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) + strategy
        self._execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, and send away whoever is connected to it."""
        from psycopg import sql

        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, name: str, new: str) -> None:
        """Rename a database to which nobody is connected."""
        from psycopg import sql

        self._execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))

    def databases(self) -> set[str]:
        """The names of all databases."""
        import psycopg

        with psycopg.connect(self.url("postgres")) as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()}

    def _execute(self, statement: object) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    # Starting

    def _running(self) -> Child | None:
        """The server that runs on this cluster, if one does and answers to us."""
        pid, status = self._postmaster()
        if pid is None or not is_running(pid) or not self._is_ours(pid):
            return None
        if status != "ready" and not self._wait_ready(Adopted(pid)):
            raise ServerError(f"The database left running on {self.cluster} (process {pid}) does not answer: end it.")
        return Adopted(pid)

    def _postmaster(self) -> tuple[int | None, str]:
        """Process id and status out of the server's own file."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (OSError, ValueError, IndexError):
            return None, ""

    def _is_ours(self, pid: int) -> bool:
        """Whether that process is a server of this cluster, not a later process of the same number."""
        command = Path(f"/proc/{pid}/cmdline")
        if not Path("/proc/self").exists():
            answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False).stdout
        else:
            answer = command.read_bytes() if command.exists() else b""
        return b"postgres" in answer and os.fsencode(self.cluster) in answer

    def _launch(self, *, tied: bool) -> Child:
        self._ensure_cluster()
        user = run_as(self.cluster)
        give(self.cluster, user)
        self._make_sockets(user)
        self._turn_log()
        for last in (False,) * RETRIES + (True,):
            self._disown_pid()
            before = self.log.stat().st_size if self.log.exists() else 0
            process = self._spawn(user, tied=tied)
            if self._wait_ready(process):
                return process if tied else _let_go(process)
            end(process, signal.SIGINT)
            told = self._told_since(before)
            if last or "still in use" not in told:  # by what a killed server left, which goes by itself
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
        """Where the server's own file names a process that is no server (a zombie, a later process of that number).

        PostgreSQL would take it for a running server. It ignores the number of its own parent, and goes on to see by
        the file's other lines whether anything of a killed server is still at work, so the file must stay.
        """
        path = self.cluster / "postmaster.pid"
        pid, _ = self._postmaster()
        if pid is not None:
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
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
        owner = self.sockets.stat().st_uid
        if owner not in (os.geteuid(), user.uid if user else os.geteuid()):
            raise ServerError(
                f"{self.sockets}, which the database's socket needs, belongs to somebody else: delete it."
            )
        give(self.sockets, user)

    def _turn_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _wait_ready(self, process: Child) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            if self._postmaster() == (process.pid, "ready"):
                return True
            time.sleep(0.03)
        return False

    def _told_since(self, position: int) -> str:
        """What the server has written to its log since then."""
        try:
            return self.log.read_bytes()[position:].decode(errors="replace")
        except OSError:
            return ""

    def _explain(self, told: str) -> ServerError:
        """The sentence for a server that does not start, from what it told."""
        if "No space left on device" in told:
            return explain_os_error(OSError(errno.ENOSPC, ""), self.cluster)
        reasons = re.findall(r"(?:FATAL|PANIC):\s+(.+)", told) or ["it gave no reason"]
        return ServerError(
            f"The database in {self.cluster} does not start: {reasons[-1].strip()}. See {self.log}; if the folder is "
            "damaged, restore it from a backup."
        )

    # A new cluster

    def _ensure_cluster(self) -> None:
        if self.cluster.exists() and any(self.cluster.iterdir()):
            self._check_version()
            return
        draft = self.cluster.with_name(self.cluster.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        user = run_as(draft)
        draft.mkdir(mode=0o700)
        give(draft, user)
        try:
            self._initialise(draft, user)
        except ServerError:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        if self.cluster.exists():
            self.cluster.rmdir()
        draft.rename(self.cluster)

    def _initialise(self, draft: Path, user: RunAs | None) -> None:
        # PostgreSQL's own UTF-8 locale: the same order on every machine, and after every update of the system.
        command: list[str | Path] = [programs() / "initdb", "-D", draft, "-U", ROLE, "--auth=trust", "--encoding=UTF8"]
        command += ["--no-instructions", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += [] if self.durable else ["--no-sync"]
        done = _run(command, user)
        if done.returncode == 0:
            # Without a server, so that a cluster never exists without our database in it.
            single: list[str | Path] = [programs() / "postgres", "--single", "-D", draft, "postgres"]
            done = _run(single, user, f"CREATE DATABASE {DATABASE}\n")
        if done.returncode == 0:
            return
        if "No space left on device" in done.stderr + done.stdout:
            raise explain_os_error(OSError(errno.ENOSPC, ""), self.cluster)
        reasons = re.findall(r"(?:error|FATAL|PANIC):\s+(.+)", done.stderr) or ["it gave no reason"]
        raise ServerError(f"The database in {self.cluster} cannot be made: {reasons[0].strip()}.")

    def _check_version(self) -> None:
        damaged = f"The database in {self.cluster} is damaged: restore it from a backup, or choose another with --data."
        try:
            version = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            raise ServerError(damaged) from None
        if not version.isdigit() or not (self.cluster / "global" / "pg_control").exists():
            raise ServerError(damaged)
        if int(version) != MAJOR_VERSION:
            raise ServerError(
                f"The database in {self.cluster} was written by PostgreSQL {version} and this version of Jirani brings "
                f"{MAJOR_VERSION}: dump it with the former version and load it into this one."
            )

    # Locks

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Only one process at a time starts, joins or leaves."""
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


def _run(command: list[str | Path], user: RunAs | None, words: str = "") -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs to its end, as whoever owns the folder."""
    arguments = user.arguments() if user else {}
    return subprocess.run(command, input=words, capture_output=True, text=True, check=False, cwd="/", **arguments)


def _let_go(process: subprocess.Popen[bytes]) -> Child:
    """A started process as one that we do not wait for: others may use it longer than we live."""
    process.returncode = 0
    return Adopted(process.pid)
