"""The installation reports its health, and nothing more than that."""

import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest

from jirani.audit.actions import note_alive
from jirani.audit.models import Clock
from jirani.server import health
from jirani.server.lanes import Application
from jirani.server.metrics import Requests, Work
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test's connection stays open, which the beginning and the end of a request would close."""
    ends = (request_started, request_finished)
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def get(application: Application, path: str, host: str = "10.0.0.7") -> tuple[str, bytes]:
    statuses: list[str] = []
    request: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "REMOTE_ADDR": "10.0.0.9",
    }  # fmt: skip
    body = b"".join(application(request, lambda status, *_rest: statuses.append(status)))
    return statuses[0], body


def test_a_process_says_that_it_answers_and_asks_nobody(django_assert_num_queries: Any) -> None:
    site = health.tells_live(get_wsgi_application())

    with django_assert_num_queries(0):
        assert get(site, "/healthz") == ("200 OK", b"ok\n")
    assert get(site, "/en/")[0] == "400 Bad Request"  # a Host that is not ours


def test_ready_is_who_has_its_tables_and_a_worker() -> None:
    site = health.tells_ready(get_wsgi_application())
    assert json.loads(get(site, "/readyz")[1]) == {"database": "ok", "migrations": "ok", "worker": "not seen yet"}

    note_alive()
    assert get(site, "/readyz") == ("200 OK", b'{"database": "ok", "migrations": "ok", "worker": "ok"}\n')

    late = timezone.now() - health.LATE - timedelta(seconds=1)
    Clock.objects.update(seen_at=late)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name LIKE '0001%'")
    status, body = get(site, "/readyz")
    assert (status, json.loads(body)) == (
        "503 Service Unavailable",
        {"database": "ok", "migrations": "1 missing", "worker": f"last seen {late.isoformat(timespec='seconds')}"},
    )


def test_a_database_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_clock RENAME TO audit_clock_away")

    assert health.readiness() == {"database": "does not answer"}


def test_figures_name_views_and_tasks_and_nobody(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["10.0.0.7"]
    registry = CollectorRegistry()
    site = Requests(registry).counting(get_wsgi_application())
    lesson = make.lesson(title="Radio")
    for path in ("/en/", f"/en/lessons/{lesson.pk}/", "/en/lessons/4711/", "/nowhere/amina@example.org/"):
        get(site, path)
    note_alive()
    registry.register(Work())
    told = generate_latest(registry).decode()

    counted = re.findall(
        r'^jirani_requests_total\{method="(\w+)",status="(\d+)",view="([\w:]+)"\} (\S+)', told, re.MULTILINE
    )
    assert sorted(counted) == [
        ("GET", "200", "public:home", "1.0"),
        ("GET", "200", "public:lesson_detail", "1.0"),
        ("GET", "404", "none", "1.0"),
        ("GET", "404", "public:lesson_detail", "1.0"),
    ]
    assert {"jirani_letters_waiting 0.0", "jirani_letters_given_up 0.0", "jirani_database_up 1.0"} <= set(
        told.splitlines()
    )
    assert re.search(r"^jirani_worker_seen_seconds 0\.", told, re.MULTILINE)
    assert "example.org" not in told
    assert "10.0.0" not in told


@pytest.mark.django_db(transaction=True)
def test_scrapes_leave_no_connection_behind() -> None:
    """Each runs in its own thread, whose connection nobody else would close."""
    registry = CollectorRegistry()
    registry.register(Work())
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(count)
        before = cursor.fetchone()
        scrapes = [threading.Thread(target=generate_latest, args=[registry]) for _ in range(5)]
        for scrape in scrapes:
            scrape.start()
        for scrape in scrapes:
            scrape.join()
        for _ in range(100):  # a connection that is closed ends a moment later in the server
            cursor.execute(count)
            if cursor.fetchone() <= before:
                break
            time.sleep(0.05)
        else:
            pytest.fail("Connections are left behind")
