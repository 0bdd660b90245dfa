"""The database that the tests get is migrated, and theirs alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection

from jirani.server.prepare import pending_migrations
from tests import database


@pytest.mark.django_db
def test_the_database_is_migrated_and_our_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), to_regclass('jirani_cache') IS NOT NULL")
        name, has_cache = cursor.fetchone()

    assert name == f"test_{os.environ['JIRANI_TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    assert has_cache
    assert pending_migrations() == 0


REFUSING = """
import sys
import pytest
from jirani.server.postgres import Postgres

def start(self, **options):
    raise RuntimeError("a server was asked for")

Postgres.start = start
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ("tests/core/test_crowds.py", 0),
        ("tests/server/test_database_fixture.py::test_the_database_is_migrated_and_our_own", 1),
    ],
)
def test_only_a_test_that_asks_for_a_database_starts_the_server(chosen: str, code: int) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("JIRANI_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-c", REFUSING, chosen],
        cwd=database.ROOT,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "a server was asked for" in done.stdout) == (code, bool(code)), done.stdout[-2000:]
