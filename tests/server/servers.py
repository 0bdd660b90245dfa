"""PostgreSQL servers of the machine's own, in folders of the tests', never the system's cluster."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import connect, sql

from tests.server.test_command_line import free_port

#: More folders of programs to try, for versions that Debian does not bring: PATH/OF/16/bin:PATH/OF/17/bin
MORE = "POSTGRES_PROGRAMS"


def installed() -> list[Path]:
    """The folders with PostgreSQL's programs on this machine, Debian's and those named in the environment."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, filter(None, os.environ.get(MORE, "").split(":")))]
    return sorted(path for path in found if (path / "postgres").exists())


def version(programs: Path) -> int:
    """The major version."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Start a new server on its own port, with a plain role that has a password. Yields the URL without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="jirani-postgres-"))
    whom = _unprivileged()
    if whom:
        os.chown(folder, whom["user"], whom["group"])
    try:
        password = folder / "password"
        password.write_text("secret of the owner")
        password.chmod(0o644)
        made: list[str | Path] = [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "owner",
            "--auth=scram-sha-256",
            "-N",
            "-E",
            "UTF8",
        ]
        subprocess.run([*made, f"--pwfile={password}"], check=True, capture_output=True, cwd=folder, **whom)
        port = free_port()
        running: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port), "-F"]
        with (folder / "log").open("wb") as log, subprocess.Popen(running, stderr=log, cwd=folder, **whom) as process:
            try:
                _wait(port)
                yield f"postgresql://plain:a%20secret@127.0.0.1:{port}"
            finally:
                process.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int) -> None:
    import time

    from psycopg import OperationalError

    for _ in range(300):
        try:
            with connect(_owner(port), autocommit=True) as connection:
                connection.execute("create role plain login password 'a secret'")
                return
        except OperationalError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def _owner(port: int) -> str:
    return f"postgresql://owner:secret%20of%20the%20owner@127.0.0.1:{port}/postgres"


def database(address: str, name: str) -> str:
    """Create a database that the plain role owns. Returns its URL."""
    port = int(address.rpartition(":")[2])
    with connect(_owner(port), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} owner plain template template0").format(sql.Identifier(name)))
    return f"{address}/{name}"
