"""The database that the tests get is migrated, and theirs alone."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from jirani.server.prepare import pending_migrations


@pytest.mark.django_db
def test_the_database_is_migrated_and_our_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), to_regclass('jirani_cache') IS NOT NULL")
        name, has_cache = cursor.fetchone()

    assert name == f"test_{os.environ['JIRANI_TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    assert has_cache
    assert pending_migrations() == 0
