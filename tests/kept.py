"""Records that most tests begin with: made once in a process, as anybody makes them, and put back as they were for every other test.

Their rows are written past all triggers, since whoever listens was told of them when they were made; what came of that is put back too.
"""

import json
import pickle
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from .unchanged import Ledger

#: How far apart the numbers of different kinds of records begin, so that none of one kind is taken for one of another.
APART = 1000

T = TypeVar("T")


class Kept(Generic[T]):
    """What `make` makes, as often as it is asked for."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made_on: date | None = None
        self._made = self._rows = b""

    def __call__(self) -> T:
        """Put the records into the database, in which none of them is, and return them as objects of the caller's own."""
        if self._made_on != timezone.localdate():
            return self._begin()
        connection.ensure_connection()
        psycopg: Any = connection.connection  # past Django, so that no test counts it among its statements
        psycopg.execute(self._rows)
        made: T = pickle.loads(self._made)
        return made

    def _begin(self) -> T:
        with transaction.atomic():
            _made, rows = self._watched()
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            for place, table in enumerate(rows, 1):
                cursor.execute(_counting_from(table, place * APART))
        made, rows = self._watched()
        self._made, self._rows = pickle.dumps(made), "\n".join(_putting(rows)).encode()
        self._made_on = timezone.localdate()
        return made

    def _watched(self) -> tuple[T, dict[str, list[str]]]:
        """Make the records, and return with them which rows have come by it."""
        ledger = Ledger(whole=True)
        with transaction.atomic():
            made = self._make()
        return made, ledger.added()


def _putting(rows: dict[str, list[str]]) -> Iterator[str]:
    yield "SET session_replication_role = replica;"
    for table, added in rows.items():
        packed = f"[{','.join(added)}]".replace("'", "''")
        yield f"""INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", '{packed}');"""
        yield _counting_from(table, max(json.loads(row)["id"] for row in added))
    yield "SET session_replication_role = origin; SELECT changes_raise();"


def _counting_from(table: str, last: int) -> str:
    return f"""SELECT setval('"{table}_id_seq"', greatest({last}, (SELECT last_value FROM "{table}_id_seq")));"""
