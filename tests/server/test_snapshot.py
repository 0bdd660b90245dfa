"""The snapshot that saves a first start half a minute is exactly what the migrations make."""

from __future__ import annotations

import os

import psycopg
import pytest

from jirani.server import snapshot
from tests import database


@pytest.mark.gaps
def test_it_is_of_the_migrations_that_are_installed() -> None:
    assert snapshot.fits(), "a migration has changed: run `make snapshot` and commit what it writes"


def test_a_snapshot_of_other_migrations_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "migrations_digest", lambda: "another")

    assert not snapshot.restore("postgresql://nobody.is.asked/")


@pytest.mark.sweep
def test_it_makes_what_the_migrations_make() -> None:
    """Tables, constraints and indexes to the letter; as many rows of what migrations write."""
    with (
        database.migrated_from_zero("snapshot_compared") as migrated,
        database.empty_database("restored") as restored,
        database.empty_database("copied") as copied,
    ):
        assert snapshot.restore(restored)
        # PostgreSQL writes some constraints in other words once they were dumped, so both are compared after that.
        assert snapshot.load(copied, snapshot.dump(migrated).encode())

        assert snapshot.dump(restored, schema_only=True) == snapshot.dump(copied, schema_only=True)
        assert row_counts(restored) == row_counts(migrated)


def row_counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchall()[0][0] for name in names}


def test_the_environment_of_the_tests_is_theirs() -> None:
    assert os.environ["JIRANI_DATA"].startswith(os.environ["JIRANI_TEST_SCRATCH"])
