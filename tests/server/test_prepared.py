"""Statements that a connection sends again and again are planned once, unless a connection pool is in between."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from jirani.config import environment

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
    ("variables", "shown"),
    [
        ({}, "2 True"),
        ({"JIRANI_PREPARED_STATEMENTS": "0"}, "None None"),
        ({"JIRANI_PGBOUNCER": "1"}, "None None"),
        ({"JIRANI_PGBOUNCER": "1", "JIRANI_PREPARED_STATEMENTS": "1"}, "2 True"),
    ],
)
def test_a_setting_turns_it_off_and_a_pool_does(variables: dict[str, str], shown: str) -> None:
    base = {name: value for name, value in os.environ.items() if name != "JIRANI_PGBOUNCER"}
    told = subprocess.run(
        [sys.executable, "-c", SHOW], env=base | variables, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == shown


@pytest.mark.django_db
def test_a_connection_that_was_cut_silently_fails_soon_unless_the_address_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example.org/town?tcp_user_timeout=5000")
    settings: Any = environment.database(prepared=False)

    with connection.cursor():
        own = connection.connection.info.get_parameters()
    assert (own["tcp_user_timeout"], own["keepalives_idle"]) == ("30000", "20")
    assert (settings["OPTIONS"]["tcp_user_timeout"], settings["OPTIONS"]["keepalives_idle"]) == ("5000", "20")
