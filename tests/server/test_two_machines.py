"""Two machines that start at the same moment on one empty database."""

from __future__ import annotations

import signal
from pathlib import Path

import psycopg
import pytest

from tests.database import empty_database
from tests.server.test_supervisor import Demo

pytestmark = pytest.mark.sweep


def test_one_sets_it_up_the_other_waits_and_both_serve(tmp_path: Path) -> None:
    key = "a secret that both machines know " * 2
    with empty_database("two_machines") as url:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
        machines = [
            Demo(tmp_path / name / "data", "up", DATABASE_URL=url, JIRANI_SECRET_KEY=key) for name in ("one", "two")
        ]
        try:
            for machine in machines:
                machine.wait_for("Jirani is at")
                assert machine.page() == 200
            told = [line for machine in machines for line in machine.told()]
            assert told.count("Another machine sets up the database; waiting …") == 1
            assert len([line for line in told if line.startswith("Setting up the database")]) == 1
            with psycopg.connect(url) as connection:
                twice = connection.execute("select app, name from django_migrations group by 1, 2 having count(*) > 1")
                assert twice.fetchall() == []
        finally:
            for machine in machines:
                machine.stop(signal.SIGTERM)
                machine.log.close()
