"""Rewrite notes in random order, so that the database's own bookkeeping does not reveal what their columns leave out.

PostgreSQL keeps with each row the number of the transaction that wrote it, lays rows in the order in which they came, leaves old
versions of a row in place, and writes every change into a log. Compared with rows that show a minute (a sign-in, an entry of the
audit), each of these shows when a note was typed or its speaker was unlinked, and so by whom. See docs/decisions/0022.
"""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q

from jirani.accounts.models import User
from jirani.audit.models import Entry, Submission
from jirani.changes.generation import ORDER, TABLE, compact
from jirani.core.models import FIRST_RANDOM
from jirani.lessons.models import Lesson, Note
from jirani.notifications.models import Message

logger = logging.getLogger(__name__)

#: Seconds to wait for a table's lock, and for readers who still see its rows in the old order; how often to try.
LOCK_SECONDS, READER_SECONDS, TRIES = 3, 20, 5

#: The tables, each with the rows that must not differ by when they were written. The other rows show their time in their columns;
#: what must go of them is the versions that were deleted.
_TABLES: tuple[tuple[Any, Q], ...] = (
    (Note, Q()),
    (Entry, Q(pk__gte=FIRST_RANDOM)),
    (User, Q()),
    (Submission, Q()),
    (Message, Q(pk__in=[])),
    (Lesson.authorities.through, Q(pk__in=[])),
    (Lesson.notes.through, Q(pk__in=[])),
)


def scatter_notes() -> list[str]:
    """Rewrite notes each night and before each backup. Afterwards one transaction wrote all of them, they lie in the order of their random
    keys, no old version is left and the log starts afresh. Call it outside a transaction; readers see no change.

    Returns a sentence for each step that the database's role may not take here, or that somebody held up. Raises
    OperationalError if a table stays locked.
    """
    if connection.in_atomic_block:  # VACUUM would end the transaction of whoever asks
        raise transaction.TransactionManagementError("Notes are laid anew outside of any transaction.")
    for model, alike in _TABLES:
        _patiently(lambda model=model, alike=alike: _rewrite(model, alike))  # type: ignore[misc]
    compact()  # rows of the generation show the order of transactions too
    # CLUSTER copies every version that an open transaction may still see, so wait for these transactions to end first.
    held_up = [] if _outlast_readers() else ["A long transaction still needs old versions of notes: they go next time."]
    for model, _alike in _TABLES:
        _patiently(lambda model=model: _lay_in_order(_table(model), _index(model)))  # type: ignore[misc]
    _patiently(lambda: _lay_in_order(TABLE, ORDER))
    with connection.cursor() as cursor:
        for model, _alike in _TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {_table(model)}")
    return [*held_up, *_begin_new_log()]


def scatter_nightly() -> None:
    """Scatter notes as the worker does each night, and log once what this database does not allow."""
    for sentence in scatter_notes():
        _say_once(sentence)


@cache
def _say_once(sentence: str) -> None:
    logger.warning("%s", sentence)


def _table(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _rewrite(model: Any, alike: Q) -> None:
    """Rewrite all rows in one transaction, so that they share its number. Writers wait, because locking row by row could deadlock."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_SECONDS * 1000:.0f}")
        cursor.execute(f"LOCK TABLE {_table(model)} IN EXCLUSIVE MODE")
        key = model._meta.pk.name
        # Setting a column to itself changes nothing, but writes a new version of the row under this transaction's number.
        model._base_manager.filter(alike).update(**{key: F(key)})


def _index(model: Any) -> str:
    """Return the index of the table's primary key."""
    with connection.cursor() as cursor:
        find = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass AND indisprimary"
        cursor.execute(find, [_table(model)])
        return str(cursor.fetchone()[0])


def _lay_in_order(table: str, index: str) -> None:
    """Write the table into a new file in the order of an index, without old versions of rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_SECONDS * 1000:.0f}")
        cursor.execute(f"CLUSTER {table} USING {index}")


def _patiently(step: Callable[[], None]) -> None:
    """Take a step that waits for a table, a few times: those who work on it go first."""
    for left in reversed(range(TRIES)):
        try:
            return step()
        except OperationalError:
            if not left:
                raise
            time.sleep(1)
    raise AssertionError


def _outlast_readers() -> bool:
    """Wait until no transaction can see the old rows, because CLUSTER would keep them for it. Returns whether that was reached.

    A transaction that writes into another database of the server holds them too: no new snapshot is younger than it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
        for _second in range(READER_SECONDS):
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND age(%s::xid8::xid) <="
                " greatest(age(backend_xid), CASE WHEN datname = current_database() THEN age(backend_xmin) END))",
                [now],
            )
            if cursor.fetchone() == (False,):
                return True
            time.sleep(1)
    return False


#: Statements that start a new log file, each with what remains readable if the role may not run it.
_LOG = {
    "SELECT pg_switch_wal()": "This database's role may not begin a new file of the write-ahead log (pg_switch_wal).",
    "CHECKPOINT": "This database's role may not make a checkpoint (pg_checkpoint).",
}


def _begin_new_log() -> list[str]:
    """Start a new log file, then drop the files before it, because they hold each change with its time."""
    refused = []
    with connection.cursor() as cursor:
        for statement, sentence in _LOG.items():
            try:
                cursor.execute(statement)
            except OperationalError:
                raise
            except DatabaseError:
                refused.append(
                    f"{sentence} Old files hold the order in which notes were written until they are reused."
                )
    return refused
