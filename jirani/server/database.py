"""Which database a command works on: the one in DATABASE_URL, or the embedded one of the data folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from jirani.config import environment
from jirani.server.errors import ServerError
from jirani.server.folders import DataFolder
from jirani.server.postgres import Postgres

OLDEST_SERVER = 140000  # PostgreSQL 14, the oldest that Django 5.2 supports
CONNECT_SECONDS = 10


def external_url() -> str | None:
    """The database of DATABASE_URL, tried out; None when it is not set. Raises ServerError when it cannot be used."""
    url = environment.text("DATABASE_URL")
    if not url:
        return None
    try:
        environment.database()
    except environment.BadSetting as error:
        raise ServerError(str(error)) from None
    _try_out(url)
    return url


@contextmanager
def database(folder: DataFolder) -> Iterator[str]:
    """The address of the database, which is there while the block runs."""
    url = external_url()
    if url is not None:
        yield url
        return
    with Postgres(folder.postgres).used() as server:
        yield server.url()


def _try_out(url: str) -> None:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise ServerError(_explain(str(error))) from None
    except psycopg.ProgrammingError:
        raise ServerError("DATABASE_URL is not an address that PostgreSQL understands.") from None
    if version < OLDEST_SERVER:
        raise ServerError(f"DATABASE_URL names a PostgreSQL {version // 10000}; Jirani needs 14 or later.")


def _explain(message: str) -> str:
    """A sentence for libpq's message. The message may name host, port, user and database, never the password."""
    lowered = message.lower()
    where = "the server that DATABASE_URL names"
    if "password" in lowered or "authentication failed" in lowered:
        return "The user or the password in DATABASE_URL is wrong."
    if "refused" in lowered or "no such file" in lowered:
        return f"Nothing answers at {where}: start PostgreSQL there, or correct DATABASE_URL."
    if "could not translate" in lowered or "resolve" in lowered:
        return f"The name of {where} is not known: correct DATABASE_URL."
    if "timeout" in lowered or "timed out" in lowered:
        return f"Within {CONNECT_SECONDS} seconds, {where} has not answered: is it reachable from here?"
    if "does not exist" in lowered:
        return "The database or the user that DATABASE_URL names does not exist: create it, or correct DATABASE_URL."
    reason = message.strip().splitlines()[-1].rpartition(":")[2].strip() or "it gave no reason"
    return f"DATABASE_URL cannot be used: {reason}."


def explain_database_error(error: Exception) -> ServerError:
    """A sentence for an error of the database's own that our code can do nothing about."""
    message = str(error)
    if "No space left on device" in message:
        return ServerError("The disk that holds the database is full: make room on it and start again.")
    reasons = re.findall(r"(?:FATAL|ERROR|DETAIL):\s+(.+)", message) or message.strip().splitlines()[:1]
    told = "; ".join(reason.strip().rstrip(".") for reason in reasons) or "it gave no reason"
    return ServerError(f"The database cannot be used: {told}. If it is damaged, restore it from a backup.")


def put_in_environment(folder: DataFolder, url: str, **more: str) -> None:
    """Tell Django's settings, which read the environment only, where everything is. What is set already stays."""
    from jirani.server.secrets import secret_key

    os.environ["DJANGO_SETTINGS_MODULE"] = "jirani.config.settings"
    os.environ["DATABASE_URL"] = url
    os.environ["JIRANI_DATA"] = str(folder.path)
    os.environ["JIRANI_DEMO"] = "1" if folder.kind == "demo" else "0"
    if not os.environ.get("JIRANI_SECRET_KEY", "").strip():
        os.environ["JIRANI_SECRET_KEY"] = secret_key(folder)
    for name, value in more.items():
        os.environ.setdefault(name, value)
