"""Which of the records that a row points at the reader may see."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery


def seen(records: QuerySet[Any], key: str) -> Subquery:
    """Return the key to which the row's `key` points, if it is one of `records` (what the reader may see); None
    otherwise.

    Not `Exists`: of that the database makes a hash of all the records that the reader may see, to look up twenty in it.
    """
    return Subquery(records.filter(pk=OuterRef(key)).order_by().values("pk")[:1])
