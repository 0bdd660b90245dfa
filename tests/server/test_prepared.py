"""Statements that a connection sends again and again are planned once, unless a connection pool is in between."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

SHOW = """
import django; django.setup()
from django.conf import settings
options = settings.DATABASES["default"]["OPTIONS"]
print(options.get("prepare_threshold"), options.get("server_side_binding"))
"""


@pytest.mark.django_db
def test_a_statement_that_comes_again_is_prepared() -> None:
    for key in range(5):
        ContentType.objects.filter(pk=-key, model="none at all").exists()

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ["%content_type%model%"])
        assert len(cursor.fetchall()) == 1


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, "2 True"),
        ({"JIRANI_PREPARED_STATEMENTS": "0"}, "None None"),
        ({"JIRANI_PGBOUNCER": "1"}, "None None"),
        ({"JIRANI_PGBOUNCER": "1", "JIRANI_PREPARED_STATEMENTS": "1"}, "2 True"),
    ],
)
def test_a_setting_turns_it_off_and_a_pool_does(environment: dict[str, str], shown: str) -> None:
    base = {name: value for name, value in os.environ.items() if name != "JIRANI_PGBOUNCER"}
    told = subprocess.run(
        [sys.executable, "-c", SHOW], env=base | environment, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == shown
