"""What the database answered while a page was made, so that it can be asked later whether the page would still be the same.

Asking costs a tenth of making: the statements are sent again as they were, and their answers compared by their digests. Whoever makes a page
uses `noting`; what it remembers from earlier requests instead of asking the database says so with `remembered`. A page whose making did
anything else than read, or that was made with the clock's help, cannot be asked. docs/decisions/0040-pages-that-are-asked.md says why.
"""

from __future__ import annotations

import marshal
import pickle
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpRequest
from django.utils import timezone
from psycopg import Error as DriverError
from psycopg import ServerCursor

#: The key of a request by which `made_once` tells the server that an answer may be kept (server/pages.py), and the one by which paging tells that
#: the cursor is one that we wrote.
MADE_ONCE, OURS = "jirani.made_once", "jirani.ours"

#: How a statement begins that only asks, and what nothing that is sent again may hold.
_ASKS = re.compile(r"[\s(]*SELECT\b")
_DOES = (
    ";",
    " FOR UPDATE",
    " FOR NO KEY ",
    " FOR SHARE",
    " FOR KEY ",
    " INTO ",
    "nextval",
    "setval",
    "set_config",
    "pg_",
    "changes_",
)
#: The most statements that are asked for a page, and the most bytes of its notes; a page with more is made anew.
MANY, MOST = 50, 64 * 1024
#: The cache that lasts from request to request in this network's processes.
MEMORY = "memory"

type_statement = tuple[str, tuple[Any, ...] | None, bytes]


@dataclass(slots=True)
class Noted:
    """Statements with their parameters and a digest of their answers, and what was remembered, by key."""

    began: datetime = field(default_factory=timezone.now)
    statements: list[type_statement] = field(default_factory=list)
    remembered: dict[str, Any] = field(default_factory=dict)
    #: When the page changes by itself, in seconds since 1970.
    until: float = float("inf")
    #: Whether everything that the page was made of is here.
    whole: bool = True
    paused: bool = False

    def packed(self) -> bytes:
        """The notes in few bytes; none if the page cannot be asked."""
        if not self.whole or len(self.statements) > MANY:
            return b""
        with suppress(pickle.PicklingError, TypeError, AttributeError):
            packed = zlib.compress(pickle.dumps((self.statements, self.remembered)), 1)
            return packed if len(packed) <= MOST else b""
        return b""

    def listen(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Run a statement and note it with the answer (an execute_wrapper of Django's)."""
        result = execute(sql, params, many, context)
        if self.whole and not self.paused:
            cursor = context["cursor"].cursor
            self.whole = not many and _only_asks(sql) and self._is_timeless(params) and _is_plain(cursor)
            if self.whole:
                self.statements.append((sql, None if params is None else tuple(params), _digest(cursor.pgresult)))
        return result

    def _is_timeless(self, params: Any) -> bool:
        """Whether no parameter is a moment since the page was begun, such as the clock's."""
        return not any(isinstance(each, datetime) and _is_since(each, self.began) for each in params or ())


_here = threading.local()


@contextmanager
def noting() -> Iterator[Noted]:
    """Note what this thread reads until the block ends."""
    noted = Noted()
    _here.noted = noted
    try:
        with connection.execute_wrapper(noted.listen):
            yield noted
    finally:
        _here.noted = None


def tell_cursor(request: HttpRequest, name: str, *, ours: bool) -> None:
    """Tell whether our own links hold the cursor in the parameter `name`. Anybody can invent others, so their pages are not kept."""
    if not ours:
        request.META[MADE_ONCE] = False
    elif name == "cursor":
        request.META[OURS] = True


def tell_invented(request: HttpRequest) -> None:
    """Tell that no link of ours leads here: anybody can invent more such addresses, so their pages are not kept."""
    request.META[MADE_ONCE] = False


def _noted() -> Noted | None:
    return getattr(_here, "noted", None)


@contextmanager
def apart() -> Iterator[None]:
    """Note no statements: what they answer is remembered, and the page depends on what is remembered alone."""
    noted = _noted()
    if noted is None or noted.paused:
        yield
        return
    noted.paused = True
    try:
        yield
    finally:
        noted.paused = False


def remembered(key: str, value: Any, *, until: float) -> None:
    """Note that the page shows what is remembered under `key`, and that at `until` (seconds since 1970) the same would be shown differently."""
    if noted := _noted():
        noted.remembered[key] = value
        noted.until = min(noted.until, until)


def seconds_left(noted: Noted) -> float:
    """How long until the page changes by itself."""
    return noted.until - time.time()


def still_same(packed: bytes) -> bool:
    """Ask everything again: whether each answer is the one of then. A database that does not answer leaves it unknown, which is no."""
    statements, known = pickle.loads(zlib.decompress(packed))  # noqa: S301  (our own, from memory or a folder that only we may enter)
    memory = caches[MEMORY]
    if any(memory.get(key) != value for key, value in known.items()):
        return False
    try:
        connection.ensure_connection()
        return _answers(statements) == [digest for _sql, _params, digest in statements]
    except (Error, DriverError):
        connection.close()
        return False


def _answers(statements: list[type_statement]) -> list[bytes]:
    """Send all statements at once, in their order, where the driver can."""
    database = connection.connection
    cursors: list[Any] = []
    at_once = database.pipeline() if _binds() else nullcontext()
    with at_once:
        for sql, params, _digest_then in statements:
            cursor = database.cursor()
            cursor.execute(sql, params)
            cursors.append(cursor)
    return [_digest(cursor.pgresult) for cursor in cursors]


def _binds() -> bool:
    """Whether the server binds values, as it must in a pipeline."""
    return bool(connection.settings_dict["OPTIONS"].get("server_side_binding"))


def _only_asks(sql: Any) -> bool:
    return isinstance(sql, str) and _ASKS.match(sql) is not None and not any(each in sql for each in _DOES)


def _is_plain(cursor: Any) -> bool:
    """Whether the cursor holds the whole answer."""
    return not isinstance(cursor, ServerCursor) and cursor.pgresult is not None


def _is_since(moment: datetime, began: datetime) -> bool:
    return began <= (moment if moment.tzinfo else timezone.make_aware(moment))


def _digest(result: Any) -> bytes:
    """A digest of all rows, as the server sent them."""
    width, height, value = result.nfields, result.ntuples, result.get_value
    cells = [value(row, column) for row in range(height) for column in range(width)]
    return blake2b(marshal.dumps((width, cells), 2), digest_size=16).digest()
