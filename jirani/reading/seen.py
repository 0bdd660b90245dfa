"""Which of the records that a row points at the reader may see."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery


def seen(records: QuerySet[Any], key: str) -> Subquery:
    """The key of the one of `records` (what the reader may see) at which the row's `key` points; None if it is none of them.

    Not `Exists`: of that the database makes a hash of all the records that the reader may see, to look up twenty in it.
    """
    return Subquery(records.filter(pk=OuterRef(key)).order_by().values("pk")[:1])
