"""Whose turn an action waits for, and which rows it locks."""

import re
from collections.abc import Callable

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

#: The name of a turn (`take_turns`), or the table whose rows are locked.
_TAKEN = re.compile(r"hashtextextended\('([^']+)'|FOR (?:NO KEY )?UPDATE OF \"(\w+)\"")


def turns(act: Callable[[], object]) -> list[str]:
    """Return what an action takes for itself before others, each once, in the order in which it does; then undo it."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        act()
        transaction.set_rollback(True)
    found = (match for query in asked for match in _TAKEN.findall(query["sql"]))
    return list(dict.fromkeys(turn or table for turn, table in found))
