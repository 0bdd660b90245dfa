"""How a load balancer, and whoever watches the installation, learn how it is.

`/healthz` says that this process answers; it asks nobody. `/readyz` says whether pages can be made: the database answers, its
tables are those of this code, and a worker was seen lately. Both answer under any Host, since those who ask know a number only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar

from jirani.server.lanes import Application, Environ, Start

T = TypeVar("T")

LIVE, READY = "/healthz", "/readyz"
#: A worker says every minute that it is there.
LATE = timedelta(minutes=5)

_PLAIN = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
_JSON = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]


def tells_live(application: Callable[[Environ, Start], T]) -> Callable[[Environ, Start], T | list[bytes]]:
    """Wrap `application` to say, before anything else is asked, that this process answers."""

    def live(request: Environ, start_response: Start) -> T | list[bytes]:
        if request.get("PATH_INFO") != LIVE:
            return application(request, start_response)
        start_response("200 OK", _PLAIN)
        return [b"ok\n"]

    return live


def tells_ready(application: Application) -> Application:
    """Wrap `application` to say, in a thread that may query the database, whether pages can be made."""

    def ready(request: Environ, start_response: Start) -> Iterable[bytes]:
        if request.get("PATH_INFO") != READY:
            return application(request, start_response)
        found = readiness()
        start_response("200 OK" if set(found.values()) == {"ok"} else "503 Service Unavailable", _JSON)
        return [json.dumps(found).encode() + b"\n"]

    return ready


def readiness() -> dict[str, str]:
    """Return each check as "ok" or what is wrong. Without the database, the checks that need it are skipped."""
    from django.db import DatabaseError, close_old_connections

    found: dict[str, str] = {}
    close_old_connections()
    try:
        for name, fault in _LOOKS.items():
            found[name] = fault() or "ok"
    except DatabaseError:
        found = {"database": "does not answer"}
    close_old_connections()
    return found


def _database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    missing = len(_known() - MigrationRecorder(connection).applied_migrations().keys())
    return f"{missing} missing" if missing else ""


@lru_cache(maxsize=1)
def _known() -> frozenset[tuple[str, str]]:
    from jirani.server.snapshot import migration_files

    return frozenset(migration_files())


def _worker() -> str:
    from django.utils import timezone

    from jirani.notifications.actions import worker_last_seen

    seen = worker_last_seen()
    if seen is None:
        return "not seen yet"
    return "" if timezone.now() - seen < LATE else f"last seen {seen.isoformat(timespec='seconds')}"


_LOOKS: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "worker": _worker}
