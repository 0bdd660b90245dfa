"""Data of an earlier version, brought to this one: nothing is lost and nobody's edit is overwritten."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jirani.core.erasures import NAME, Erased, add_erased
from jirani.server.postgres import Postgres
from tests.server.networks import OLD_DEMO, everything, files, told
from tests.server.test_supervisor import running

pytestmark = pytest.mark.sweep

#: Tables that say what the code is, or that live for minutes.
NOT_DATA = {"django_migrations", "django_content_type", "auth_permission", "jirani_cache", "django_session"}
#: Columns in which a migration or the first start changes what stood there, and why.
MEANT = {"accounts_user.last_login": "the day is kept, no longer the minute"}
#: Lessons of the old demo that named cities although their notes do not let them: the worker takes these cities off by night.
TOLD_TOO_MUCH = {1, 2, 5, 15, 16, 17, 20}
#: Tables that this version no longer has: no task of ours was ever in it (docs/decisions/0016).
GONE = ["django_tasks_database_dbtaskresult"]

Row = dict[str, Any]


@pytest.fixture(scope="module")
def upgraded(module_path: Path) -> tuple[dict[str, list[Row]], dict[str, list[Row]], Path]:
    """The old demo's tables as they were and as they are after a start of this version, and its folder."""
    folder = module_path / "demo"
    told("restore", OLD_DEMO, "--data", folder)
    before = _all(folder)
    _erased_since(folder)
    with running(folder) as demo:
        assert demo.page() == 200
        assert demo.stop(signal.SIGTERM) == 0
    return before, _all(folder), folder


def _all(folder: Path) -> dict[str, list[Row]]:
    with Postgres(folder / "postgres").used() as server:
        return everything(server.url())


def _erased_since(folder: Path) -> None:
    """Somebody who was erased after the old demo was backed up, and whom that backup brought back."""
    with Postgres(folder / "postgres").used() as server, psycopg.connect(server.url()) as connection:
        ((number, made),) = connection.execute(
            "insert into members_person (created_at, updated_at, name, email, language, sector) "
            "values (now(), now(), 'Gone', 'gone@example.org', 'sw', '') returning id, created_at"
        ).fetchall()
    add_erased(folder / NAME, [Erased.of(number, made)])


def _shared(rows: list[Row], columns: set[str]) -> list[str]:
    return sorted(json.dumps({name: row[name] for name in sorted(columns)}, ensure_ascii=False) for row in rows)


def test_every_row_that_was_there_is_there(upgraded: tuple[dict[str, list[Row]], dict[str, list[Row]], Path]) -> None:
    """Compare every table and column that both versions have."""
    before, after, _ = upgraded
    assert sorted(set(before) - set(after)) == GONE
    differing = {}
    for table in sorted(set(before) & set(after) - NOT_DATA):
        if not before[table]:
            continue
        shared = set(before[table][0]) & set((after[table] or before[table])[0])
        columns = {name for name in shared if f"{table}.{name}" not in MEANT}
        lost = set(_shared(before[table], columns)) - set(_shared(after[table], columns))
        if table == "lessons_lesson_authorities":
            lost = {row for row in lost if json.loads(row)["lesson_id"] not in TOLD_TOO_MUCH}
        if lost:
            differing[table] = sorted(lost)[:3]
    assert differing == {}


def test_what_somebody_did_in_the_old_version_stands(
    upgraded: tuple[dict[str, list[Row]], dict[str, list[Row]], Path],
) -> None:
    _, after, folder = upgraded
    assert 1234567 in {row["population"] for row in after["members_localauthority"]}
    assert "Rotate every seat after two years, we found" in {row["title"] for row in after["lessons_lesson"]}
    assert "What Mombasa will really do" in {row["title"] for row in after["commitments_commitment"]}
    noted = "The secretary keeps the list of seats, and everybody may read it."
    assert noted in {row["text"] for row in after["lessons_note"]}
    assert [(row["name"], row["email"]) for row in after["members_person"] if row["erased_at"]] == [("", "")] * 2
    named = {row["file"] for row in after["commitments_evidence"] if row["file"]}
    assert named == set(files(folder / "media"))
    assert len(named) == 2


def test_nothing_of_the_demo_is_there_twice(upgraded: tuple[dict[str, list[Row]], dict[str, list[Row]], Path]) -> None:
    before, after, _ = upgraded
    for table in ("lessons_lesson", "commitments_commitment", "members_person", "members_organisation", "events_event"):
        since = 1 if table == "members_person" else 0
        assert len(after[table]) == len(before[table]) + since, table
