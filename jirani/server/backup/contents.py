"""What a database holds at one moment: its rows, the files that its records name, and the people it says were erased.

It is read in SQL from the tables that exist, because a backup may come between the upgrade of the code and that of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jirani.server.backup.dumps import LEFT_EMPTY
from jirani.server.binaries import MAJOR_VERSION
from jirani.server.database import explain_database_error
from jirani.server.errors import ServerError

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

NO_NETWORK = (
    "The database holds no network, so nothing was written: is this the environment (DATABASE_URL, JIRANI_DATA, --data) of "
    "the network that runs?"
)


@contextmanager
def explained() -> Iterator[None]:
    """Turn database errors inside the block into a sentence. Raises ServerError."""
    import psycopg
    from django.db import Error

    try:
        yield
    except (psycopg.Error, Error) as error:
        raise explain_database_error(error) from error


@contextmanager
def one_moment(url: str) -> Iterator[tuple[Connection, str]]:
    """Yield a connection that sees the database as it is now until the block ends, and the snapshot's name for pg_dump.

    Raises ServerError if the database holds no network.
    """
    import psycopg

    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if connection.info.server_version >= (MAJOR_VERSION + 1) * 10000:
            raise ServerError(
                f"The server's PostgreSQL is newer than {MAJOR_VERSION}, whose tools Jirani brings: upgrade Jirani first."
            )
        connection.execute("set local idle_in_transaction_session_timeout = 0")
        if not _holds_network(connection):
            raise ServerError(NO_NETWORK)
        yield connection, _one(connection, "select pg_export_snapshot()")


def _holds_network(connection: Connection) -> bool:
    if _one(connection, "select to_regclass('public.django_migrations') is null"):
        return False
    return bool(_one(connection, "select exists (select from public.django_migrations)"))


def _one(connection: Connection, statement: str) -> Any:
    found = connection.execute(statement.encode()).fetchone()
    assert found is not None
    return found[0]


def rows(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table whose rows a backup holds: unlogged tables and those that it leaves empty are not counted."""
    from psycopg import sql

    names = connection.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        " and relpersistence = 'p' order by 1"
    ).fetchall()
    counted = {}
    for name in [name for (name,) in names if name not in LEFT_EMPTY]:
        count = sql.SQL("select count(*) from public.{}").format(sql.Identifier(name))
        ((counted[name],),) = connection.execute(count).fetchall()
    return counted


def named_files(connection: Connection) -> set[str]:
    """The uploads that records name, below the folder `media`. Needs Django's apps."""
    from psycopg import sql

    named: set[str] = set()
    for table, column in _file_columns(connection):
        find = sql.SQL("select distinct {0} from public.{1} where {0} <> ''")
        named.update(
            name
            for (name,) in connection.execute(find.format(sql.Identifier(column), sql.Identifier(table))).fetchall()
        )
    return named


def _file_columns(connection: Connection) -> set[tuple[str, str]]:
    from django.apps import apps
    from django.db.models import FileField

    meant = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField) and field.column
    }
    there = connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    )
    return meant & set(there.fetchall())
