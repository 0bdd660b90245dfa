"""PostgreSQL's own programs: a dump out of a server, and into one that may be older than the programs.

Passwords are passed in the environment, because everybody on the machine can read arguments.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from jirani.server.binaries import programs
from jirani.server.database import explain_database_error
from jirani.server.errors import ServerError
from jirani.server.processes import dying_with_parent
from jirani.server.tls import without_tls

# Settings come before the statement that makes the first object.
_HEADER = re.compile(rb"(--.*|SET \w+ = .*|SELECT pg_catalog\.set_config\(.*|\\(un)?restrict .*|)\n")
_SETTING = re.compile(rb"SET (\w+) = ")
# A column's options are hints to the planner, or internal to a server: Debian's PostgreSQL 15.20 gives each column a
# `pg_attver` that no other version takes.
_COLUMN_OPTION = re.compile(rb"ALTER TABLE (ONLY )?\S+ ALTER COLUMN .+ SET \(.*\);\n")

#: Tables whose rows no backup holds: sessions, so that a stolen backup signs nobody in. After a restore everybody signs in again.
LEFT_EMPTY = frozenset({"django_session"})


def dump(url: str, file: IO[bytes], *, snapshot: str) -> None:
    """Dump a database as it is in an exported snapshot. Raises ServerError.

    Unlogged tables are left empty: they hold what expires in minutes, such as who asked for a code, which no copy should reveal.
    """
    command = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
    command += ["--no-unlogged-table-data", *(f"--exclude-table-data=public.{name}" for name in LEFT_EMPTY)]
    with tempfile.TemporaryFile() as told, without_tls(url) as near:
        done = _start("pg_dump", *command, url=near, stdout=file, stderr=told).wait()
        if done:
            reason = _reason(told)
            if "No space left on device" in reason:  # on the disk of the dump, not of the database
                raise OSError(errno.ENOSPC, reason)
            raise explain_database_error(Exception(reason))
    file.flush()


def sql(archive: Path, *options: str) -> bytes:
    """Part of a dump as SQL. Raises ServerError if it cannot be read."""
    with tempfile.TemporaryFile() as told:
        process = _start(
            "pg_restore", "--file=-", "--no-owner", *options, str(archive), stdout=subprocess.PIPE, stderr=told
        )
        with process:
            assert process.stdout is not None
            content: bytes = process.stdout.read()
        if process.returncode:
            raise ServerError(f"The dump in the backup cannot be read: {_reason(told)}.")
    return content


def load(archive: Path, url: str, *, known: Iterable[str], before: str, after: str) -> None:
    """Load a dump into an empty database in one transaction, together with our own SQL before and after it.

    Settings that are not in `known`, those that the server knows, are left out. Raises ServerError.
    """
    with tempfile.TemporaryFile() as told, without_tls(url) as near:
        reading = _start("pg_restore", "--file=-", "--no-owner", str(archive), stdout=subprocess.PIPE, stderr=told)
        options = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction")
        writing = _start("psql", *options, url=near, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told)
        with reading, writing:
            try:
                _pump(reading, writing, {name.encode() for name in known}, before.encode(), after.encode())
            except BaseException as error:
                reading.kill()
                writing.kill()  # otherwise it would commit the half that it has read
                with suppress(BrokenPipeError):
                    assert writing.stdin is not None
                    writing.stdin.close()
                if not isinstance(error, BrokenPipeError):
                    raise
        if reading.returncode or writing.returncode:
            raise ServerError(f"The database could not be restored, and is as it was: {_reason(told)}.")


def _pump(
    reading: subprocess.Popen[bytes], writing: subprocess.Popen[bytes], known: set[bytes], before: bytes, after: bytes
) -> None:
    assert reading.stdout is not None
    assert writing.stdin is not None
    writing.stdin.write(before)
    for line in understood(reading.stdout, known):
        writing.stdin.write(line)
    shutil.copyfileobj(reading.stdout, writing.stdin)
    if reading.wait():
        raise BrokenPipeError
    writing.stdin.write(after)
    writing.stdin.close()


def understood(lines: Iterable[bytes], known: set[bytes]) -> Iterator[bytes]:
    """Yield a dump's SQL up to the first table's rows, without anything that the target server does not understand.

    Make its settings local to the transaction: a pool would pass on a connection with an empty search path, on which no table is found.
    """
    header = True
    for line in lines:
        header = header and _HEADER.fullmatch(line) is not None
        setting = _SETTING.match(line) if header else None
        if (setting is None or setting[1] in known) and not _COLUMN_OPTION.fullmatch(line):
            yield _for_transaction(line) if header else line
        if line.startswith(b"COPY "):
            return


def _for_transaction(line: bytes) -> bytes:
    return line.replace(b"SET ", b"SET LOCAL ", 1).replace(b"'search_path', '', false)", b"'search_path', '', true)")


def _start(program: str, *arguments: str, url: str = "", **streams: object) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    command: list[str | Path] = [programs() / program, *arguments]
    if url:
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        parts = conninfo_to_dict(url)
        password = parts.pop("password", None)
        command.append(f"--dbname={make_conninfo(**parts)}")  # type: ignore[arg-type]
        if password:
            environment["PGPASSWORD"] = str(password)
    dying = dying_with_parent(signal.SIGKILL)
    return subprocess.Popen(command, env=environment, preexec_fn=dying, **streams)  # type: ignore[call-overload,no-any-return]  # noqa: PLW1509  we have no threads


def _reason(told: IO[bytes]) -> str:
    """Return the line of a program's error output that gives the reason."""
    told.seek(0)
    lines = told.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
    said = next((line for line in lines if re.search(r"ERROR:|FATAL:|error:", line)), lines[-1])
    return re.sub(r"^.*?(?:ERROR|FATAL|error):\s+", "", said).strip().rstrip(".")
