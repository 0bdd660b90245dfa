"""Which database a command works on: the one in DATABASE_URL, or the embedded one of the data folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jirani.config import environment
from jirani.server.errors import NotThereYetError, ServerError
from jirani.server.folders import DataFolder, Kind
from jirani.server.postgres import Postgres

if TYPE_CHECKING:
    import psycopg

OLDEST_SERVER = 140000  # PostgreSQL 14, the oldest that Django 5.2 supports
CONNECT_SECONDS = 10
STOPPED = "The database was stopped meanwhile: wait until it runs again, and run this once more."
#: The table in a database that a backup was brought into, until everything else that belongs to the restore is done.
RESTORED = "jirani_restored"
#: The number of PostgreSQL's advisory lock that those take who set a database up, or fill it: one after the other.
TURNS = 0x6A6972616E69


def external_url(kind: Kind, *, restore: bool = False) -> str | None:
    """The database of DATABASE_URL, tried out; None when it is not set.

    Raises ServerError when it cannot be used, or not for this kind of network: the demo never touches a real network's. Only
    `restore` may use one that was not restored to the end.
    """
    url = environment.text("DATABASE_URL")
    if not url:
        return None
    try:
        environment.database(prepared=False)
    except environment.BadSetting as error:
        raise ServerError(str(error)) from None
    _try_out(url, kind, restore=restore)
    return url


def claim(url: str, kind: Kind) -> None:
    """Record the kind in the database, as in the data folder. Raises ServerError if it already records another.

    The table is not Django's: it is read before Django starts.
    """
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", [TURNS + 1])  # another machine may make the same table
        connection.execute(
            "create table if not exists jirani_kind (one boolean primary key default true check (one), kind text not null)"
        )
        connection.execute("insert into jirani_kind (kind) values (%s) on conflict do nothing", [kind.value])
        _check_kind(connection, kind)


def _check_kind(connection: psycopg.Connection[tuple[Any, ...]], kind: Kind) -> None:
    known = connection.execute("select to_regclass('public.jirani_kind')").fetchone() != (None,)
    said = connection.execute("select kind from jirani_kind").fetchone() if known else None
    if said is None and kind is Kind.DEMO and _tables(connection):
        raise ServerError(
            "The database that DATABASE_URL names holds something already, and `jirani demo` fills empty ones only: "
            "unset DATABASE_URL, or name another."
        )
    if said is not None and said[0] != kind:
        held = "a real network, which `jirani demo` never touches" if kind is Kind.DEMO else "the demo network"
        raise ServerError(f"The database holds {held}: unset DATABASE_URL, or name another.")


def _check_restored(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    if connection.execute("select to_regclass(%s)", [f"public.{RESTORED}"]).fetchone() != (None,):
        raise ServerError(
            "The database holds half of a restored network: run `jirani restore FILE` again, which finishes it."
        )


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> int:
    found = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    return int(found[0]) if found else 0


@contextmanager
def database(folder: DataFolder, *, restore: bool = False) -> Iterator[str]:
    """The address of the database, which is there while the block runs."""
    url = external_url(folder.kind, restore=restore)
    if url is not None:
        yield url
        return
    with Postgres(folder.postgres).used() as server:
        yield server.url()


def _try_out(url: str, kind: Kind, *, restore: bool) -> None:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version
            _check_kind(connection, kind)
            if not restore:
                _check_restored(connection)
    except psycopg.OperationalError as error:
        raise _explained(str(error)) from None
    except psycopg.ProgrammingError:
        raise ServerError("DATABASE_URL is not an address that PostgreSQL understands.") from None
    if version < OLDEST_SERVER:
        raise ServerError(f"DATABASE_URL names a PostgreSQL {version // 10000}; Jirani needs 14 or later.")


def _explained(message: str) -> ServerError:
    """A sentence for libpq's message. The message may name host, port, user and database, never the password."""
    if _was_stopped(message):
        return NotThereYetError(STOPPED)
    lowered = message.lower()
    where = "the server that DATABASE_URL names"
    if "password" in lowered or "authentication failed" in lowered:
        return ServerError("The user or the password in DATABASE_URL is wrong.")
    if "refused" in lowered or "no such file" in lowered:
        return NotThereYetError(f"Nothing answers at {where}: start PostgreSQL there, or correct DATABASE_URL.")
    if "starting up" in lowered or "shutting down" in lowered or "in recovery mode" in lowered:
        return NotThereYetError(f"PostgreSQL is just starting or stopping at {where}: try again in a moment.")
    if "could not translate" in lowered or "resolve" in lowered:
        return NotThereYetError(f"The name of {where} is not known: correct DATABASE_URL.")
    if "timeout" in lowered or "timed out" in lowered:
        seconds = CONNECT_SECONDS
        return NotThereYetError(f"Within {seconds} seconds, {where} has not answered: is it reachable from here?")
    if "does not exist" in lowered:
        sentence = (
            "The database or the user that DATABASE_URL names does not exist: create it, or correct DATABASE_URL."
        )
        return ServerError(sentence)
    reason = message.strip().splitlines()[-1].rpartition(":")[2].strip() or "it gave no reason"
    return ServerError(f"DATABASE_URL cannot be used: {reason}.")


def _was_stopped(message: str) -> bool:
    signs = (
        "terminating connection",
        "server closed the connection",
        "system is shutting down",
        "connection is closed",
        "connection is lost",
    )
    return any(sign in message for sign in signs)


def explain_database_error(error: Exception) -> ServerError:
    """A sentence for an error of the database's own that our code can do nothing about."""
    message = str(error)
    if "No space left on device" in message:
        return ServerError("The disk that holds the database is full: make room on it and start again.")
    if _was_stopped(message):
        return ServerError(STOPPED)
    reasons = re.findall(r"(?:FATAL|ERROR|DETAIL):\s+(.+)", message) or message.strip().splitlines()[:1]
    told = "; ".join(reason.strip().rstrip(".") for reason in reasons) or "it gave no reason"
    return ServerError(f"The database cannot be used: {told}. If it is damaged, restore it from a backup.")


def put_in_environment(folder: DataFolder, url: str, **more: str) -> None:
    """Tell Django's settings, which read only the environment, where everything is. Variables that are set already stay, but the demo
    answers on this machine only.
    """
    from jirani.server.secrets import secret_key

    os.environ["DJANGO_SETTINGS_MODULE"] = "jirani.config.settings"
    os.environ["DATABASE_URL"] = url
    os.environ["JIRANI_DATA"] = str(folder.path)
    os.environ["JIRANI_DEMO"] = "1" if folder.kind == "demo" else "0"
    if folder.kind is Kind.DEMO:
        os.environ["JIRANI_HOSTS"] = "127.0.0.1,localhost,[::1]"
    if not os.environ.get("JIRANI_SECRET_KEY", "").strip():
        os.environ["JIRANI_SECRET_KEY"] = secret_key(folder)
    for name, value in more.items():
        os.environ.setdefault(name, value)
