"""Erase people again who were erased since a backup was made: docs/decisions/0018-erased-again.md."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jirani.core.erasures import NAME, Erased, read_erased
from jirani.server.database import put_in_environment
from jirani.server.folders import DataFolder

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Erasing:
    """How many people were erased again, and how many the next start will erase because the tables are of an earlier version."""

    done: int
    put_off: int


def erased_in(connection: Connection) -> set[Erased]:
    """Return the people whom a database marks as erased."""
    return {one for one, erased in _people(connection) if erased}


def still_named(connection: Connection, listed: Iterable[Erased]) -> set[Erased]:
    """Return the people on the list whom a database still names."""
    return {one for one, erased in _people(connection) if not erased} & set(listed)


def erase_again(folder: DataFolder, url: str, listed: Iterable[Erased]) -> Erasing:
    """Erase the listed people whom a restored database still names, if its tables are of the code's version.

    Tables of an earlier version are left alone, because somebody who goes back to that version needs them. The next start of this version
    migrates them and calls `erase_listed`.
    """
    import psycopg

    with psycopg.connect(url) as connection:
        named = still_named(connection, listed)
    if not named:
        return Erasing(0, 0)
    put_in_environment(folder, url)
    import django

    django.setup()
    from jirani.server.prepare import pending_migrations

    if pending_migrations():
        return Erasing(0, len(named))
    _erase(named)
    return Erasing(len(named), 0)


def erase_listed(folder: DataFolder) -> int:
    """Erase the people on the folder's list whom the database still names. Returns how many there were.

    Needs Django, and the tables of this code. Raises ValueError if the list is damaged.
    """
    import psycopg

    if not (listed := read_erased(folder.path / NAME)):
        return 0
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        named = still_named(connection, listed)
    if named:
        _erase(named)
    return len(named)


def _erase(named: set[Erased]) -> None:
    """Erase by the same action as in the browser."""
    from django.db import connections

    from jirani.members.actions import erase_again as erase

    erase(sorted(one.person for one in named))
    connections.close_all()


def _people(connection: Connection) -> set[tuple[Erased, bool]]:
    """Return all people and whether they were erased."""
    (there,) = connection.execute("select to_regclass('public.members_person') is not null").fetchall()
    if not there[0]:
        return set()
    found = connection.execute("select id, created_at, erased_at is not null from public.members_person")
    return {(Erased.of(person, created), erased) for person, created, erased in found.fetchall()}


def beside(backup: Path) -> Path:
    """Return the path of the list beside a backup."""
    return backup.parent / NAME
