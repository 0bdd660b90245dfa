"""Whoever was erased since a backup was made is erased again: docs/decisions/0018-erased-again.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jirani.core.erasures import Erased
from jirani.server.database import put_in_environment
from jirani.server.folders import DataFolder

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


def erased_in(connection: Connection) -> set[Erased]:
    """Those of whom a database says that they were erased."""
    return {one for one, erased in _people(connection) if erased}


def erase_again(folder: DataFolder, url: str, listed: Iterable[Erased]) -> int:
    """Erase those on the list whom a restored database still names; returns how many these were."""
    import psycopg

    with psycopg.connect(url) as connection:
        named = {one for one, erased in _people(connection) if not erased} & set(listed)
    if named:
        _erase(folder, url, named)
    return len(named)


def _people(connection: Connection) -> set[tuple[Erased, bool]]:
    """Everybody, and whether they were erased."""
    (there,) = connection.execute("select to_regclass('public.members_person') is not null").fetchall()
    if not there[0]:
        return set()
    found = connection.execute("select id, created_at, erased_at is not null from public.members_person")
    return {(Erased.of(person, created), erased) for person, created, erased in found.fetchall()}


def _erase(folder: DataFolder, url: str, named: set[Erased]) -> None:
    """By the same action as in the browser, which wants the tables as the code knows them."""
    put_in_environment(folder, url)
    import django

    django.setup()
    from django.db import connections

    from jirani.members.actions import erase_again as erase
    from jirani.server.prepare import migrate, pending_migrations

    if missing := pending_migrations():
        migrate(missing, new=False)
    erase(sorted(one.person for one in named))
    connections.close_all()


def beside(backup: Path) -> Path:
    """The list that is kept where backups are."""
    from jirani.core.erasures import NAME

    return backup.parent / NAME
