"""One number for everything that visitors may see: while it stays the same, so do their pages.

Each transaction that writes something of the kind adds a row, so writers never wait for one another; the number is the sum over the
rows that are committed. It grows with each commit, also when a transaction with a lower number comes to its end later.
"""

from django.db import connection

#: Where PostgreSQL says, as soon as such a transaction is committed, that the number has changed (LISTEN).
CHANNEL = "jirani_changed"
#: The table, and the index by which it can be written into a new file.
TABLE, ORDER = "changes_generation", "changes_generation_order"
#: SQL for the number, for callers with their own connection.
GENERATION = "SELECT coalesce(sum(raised), 0)::bigint FROM changes_generation"


def generation() -> int:
    """The number now. It only ever grows, but after a restore it may be an earlier one: compare for equality."""
    with connection.cursor() as cursor:
        cursor.execute(GENERATION)
        return int(cursor.fetchone()[0])


def raise_generation() -> None:
    """Announce that pages change for a reason outside the records, such as a new day or a setting; listeners hear it after the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes_raise()")


def compact() -> None:
    """Replace many rows by one; the number stays the same, even for concurrent writers and readers.

    Also whenever notes are scattered: each row holds the number of the transaction that wrote it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            # One statement, so that no reader sees the sum without these rows. Rows that others commit meanwhile are not deleted.
            "WITH gone AS (DELETE FROM changes_generation RETURNING raised)"
            " INSERT INTO changes_generation SELECT sum(raised) FROM gone HAVING count(*) > 0"
        )
