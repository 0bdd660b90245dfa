"""How long the database may work at a question that anybody can ask."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """A statement was stopped because it went on for longer than it may."""


@contextmanager
def statements_within(seconds: float) -> Iterator[None]:
    """Stop each statement of this block that goes on for longer. Raises TookTooLong.

    The limit is local to a transaction, so that it holds behind pgbouncer too and outlives nothing.
    """
    try:
        with transaction.atomic():
            _limit(f"{seconds * 1000:.0f}")
            yield
            _limit("default")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


def _limit(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout TO {value}")
