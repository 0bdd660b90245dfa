"""A network in one file, and back, as an administrator does it."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from jirani.core.erasures import Erased, add_erased, read_erased
from jirani.server.backup.archive import DUMP, MANIFEST, inspect
from jirani.server.backup.dumps import LEFT_EMPTY
from jirani.server.database import claim
from jirani.server.folders import Kind
from jirani.server.postgres import Postgres
from tests.database import empty_database, migrated_database
from tests.server.networks import everything, files, generation, make_network, refused, run, told

PERSON = """
insert into members_person (created_at, updated_at, name, email, language, sector)
values (%s, now(), 'Amina', 'amina@example.org', 'sw', '') returning id
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A network's database, as migrations make it."""
    with migrated_database("backed_up") as address:
        yield address


@pytest.fixture
def empty() -> Iterator[str]:
    with empty_database("restored") as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_network(tmp_path / "here")


@pytest.fixture
def backup(folder: Path, url: str, tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    told("backup", tmp_path / "backups" / "a.tgz", "--data", folder, DATABASE_URL=url)
    return tmp_path / "backups" / "a.tgz"


def test_what_was_backed_up_is_there_again(folder: Path, url: str, empty: str, tmp_path: Path) -> None:
    file, there = tmp_path / "a.tgz", tmp_path / "there"
    with psycopg.connect(url) as connection:
        connection.execute("insert into jirani_cache values ('who asked for a code', 'and when', now())")
        connection.execute("insert into django_session values ('who is in', 'and by what', now())")
    said = told("backup", file, "--data", folder, DATABASE_URL=url)
    manifest = inspect(file).manifest
    assert manifest is not None
    rows = sum(manifest.rows.values())
    assert (
        said
        == f"Written to {file}: {rows:,} rows in {len(manifest.rows)} tables, 1 file, {file.stat().st_size / 1e6:.1f} MB.\n"
    )
    assert [stat.S_IMODE(one.stat().st_mode) for one in (file, tmp_path / "erased.jsonl")] == [0o600] * 2
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []

    assert told("restore", file, "--data", there, DATABASE_URL=empty) == (
        f"Restored. Start the network with: jirani up --data {there}\n"
    )

    before = everything(url)
    before["audit_backup"] = []  # the backup writes itself down when it is there
    before["jirani_cache"] = []  # what is over in minutes is in no backup
    before["django_session"] = []  # nor is what signs somebody in
    assert everything(empty) == before
    assert generation(empty) not in range(generation(url) + 10_000), "a web that runs on keeps none of its pages"
    assert files(there / "media") == files(folder / "media")
    assert (there / "secret_key").read_bytes() == (folder / "secret_key").read_bytes()
    assert json.loads((there / "jirani.json").read_text()) == {"kind": "real"}
    assert not (there / "restoring").exists()


def test_a_backup_is_written_down_where_the_network_is(folder: Path, url: str, tmp_path: Path) -> None:
    file = tmp_path / "a.tgz"
    told("backup", file, "--data", folder, DATABASE_URL=url)

    with psycopg.connect(url) as connection:
        last = connection.execute("select files, missing, size from audit_backup order by id desc limit 1").fetchone()
    assert last == (1, 0, file.stat().st_size)


def test_no_network_no_backup(url: str, empty: str, folder: Path, tmp_path: Path) -> None:
    file, typo = tmp_path / "a.tgz", tmp_path / "typo"
    named = f"There is no network in {typo}: name its folder with --data or JIRANI_DATA."

    assert refused("backup", file, "--data", typo) == named
    assert refused("backup", file, "--data", typo, DATABASE_URL=url) == named
    assert refused("manage", "--data", typo, "check") == named
    assert refused("backup", file, JIRANI_DATA=str(typo)) == named
    assert refused("backup", file, "--data", folder) == (
        f"{folder} holds no database: if its network uses DATABASE_URL, set it here too."
    )
    assert refused("backup", file, "--data", folder, DATABASE_URL=empty).startswith("The database holds no network")
    assert not typo.exists()
    assert not file.exists()
    assert sorted(path.name for path in folder.iterdir()) == ["jirani.json", "media", "secret_key"]


def test_a_backup_never_takes_the_place_of_a_file(folder: Path, url: str, tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_text("the last good one")

    there = refused("backup", tmp_path / "a.tgz", "--data", folder, DATABASE_URL=url)
    nowhere = refused("backup", tmp_path / "no" / "a.tgz", "--data", folder, DATABASE_URL=url)

    assert there == f"{tmp_path / 'a.tgz'} exists: give a new name."
    assert nowhere == f"There is no folder {tmp_path / 'no'}: make it, or give another name."
    assert (tmp_path / "a.tgz").read_text() == "the last good one"


def test_uploads_that_are_not_there_are_said_and_counted(folder: Path, url: str, empty: str, tmp_path: Path) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into wagtaildocs_document (title, file, created_at, collection_id, file_hash)"
            " select 'Minutes', 'documents/minutes.pdf', now(), min(id), '' from wagtailcore_collection"
        )
    done = run("backup", tmp_path / "a.tgz", "--data", folder, DATABASE_URL=url)
    with psycopg.connect(url) as connection:
        connection.execute("delete from wagtaildocs_document")

    assert done.returncode == 0
    assert done.stderr == "Missing: 1 upload that records name: documents/minutes.pdf\n"
    manifest = inspect(tmp_path / "a.tgz").manifest
    assert manifest is not None
    assert manifest.missing == ["documents/minutes.pdf"]
    assert "lacks 1 upload that records name: documents/minutes.pdf" in told(
        "restore", tmp_path / "a.tgz", "--data", tmp_path / "there", DATABASE_URL=empty
    )


def test_two_backups_of_one_name_make_one_whole_file(folder: Path, url: str, tmp_path: Path) -> None:
    command = ("backup", tmp_path / "a.tgz", "--data", folder)
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda _: run(*command, DATABASE_URL=url), range(2)))

    assert sorted(one.returncode for one in done) == [0, 1]
    assert inspect(tmp_path / "a.tgz").manifest is not None
    assert [path.name for path in tmp_path.iterdir() if "tgz" in path.name] == ["a.tgz"]


@pytest.mark.sweep
def test_a_database_that_is_stopped_meanwhile_is_said(folder: Path, url: str, tmp_path: Path) -> None:
    """As when `up` stops during a backup: at whichever statement, the result is one sentence and no file."""
    stop = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
    done = Event()

    def terminate() -> None:
        with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as connection:
            while not done.wait(0.05):
                connection.execute(stop, [name])

    name = url.partition("?")[0].rpartition("/")[2]
    thread = Thread(target=terminate)
    thread.start()
    try:
        said = refused("backup", tmp_path / "a.tgz", "--data", folder, DATABASE_URL=url)
    finally:
        done.set()
        thread.join()

    assert said == "The database was stopped meanwhile: wait until it runs again, and run this once more."
    assert [path.name for path in tmp_path.iterdir() if "tgz" in path.name] == []


def test_a_damaged_backup_touches_nothing(backup: Path, empty: str, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tgz"
    damaged.write_bytes(backup.read_bytes()[:-10])

    said = refused("restore", damaged, "--data", tmp_path / "there", DATABASE_URL=empty)

    assert said == f"{damaged} is damaged, so nothing was restored: take another copy, or an older backup."
    assert not (tmp_path / "there").exists()
    assert everything(empty) == {}


def test_a_network_that_holds_anything_is_left_alone(
    backup: Path, folder: Path, url: str, empty: str, tmp_path: Path
) -> None:
    before, uploads = everything(url), files(folder)
    (tmp_path / "new").mkdir()

    tables = refused("restore", backup, "--data", tmp_path / "new", DATABASE_URL=url)
    held = refused("restore", backup, "--data", folder, DATABASE_URL=empty)

    assert tables == "The database holds tables already: restore into an empty one."
    assert held == f"{folder / 'media'} holds files already: restore into an empty folder."
    assert everything(url) == before
    assert {name: digest for name, digest in files(folder).items() if not name.startswith("run/")} == {
        name: digest for name, digest in uploads.items() if not name.startswith("run/")
    }
    assert not (tmp_path / "new" / "jirani.json").exists()
    assert told("restore", backup, "--data", tmp_path / "new", DATABASE_URL=empty).startswith("Restored.")


@pytest.mark.sweep
def test_half_a_restore_is_refused_by_all_but_restore(backup: Path, url: str, empty: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    told("restore", backup, "--data", there, DATABASE_URL=empty)
    (there / "jirani.json").write_text(json.dumps({"kind": "real", "restoring": inspect(backup).identity}))
    (there / "media" / "left").write_text("of another backup")
    half = f"{there} holds half of a backup: run `jirani restore FILE --data {there}` again, which finishes it."

    for command in (["up"], ["manage", "check"], ["backup", str(tmp_path / "b.tgz")]):
        name, *more = command
        assert refused(name, "--data", there, *more, DATABASE_URL=empty) == half
    with psycopg.connect(empty) as connection:
        connection.execute("create table jirani_restored as select %s as backup", [inspect(backup).identity])
    assert refused("backup", tmp_path / "b.tgz", "--data", make_network(tmp_path / "other"), DATABASE_URL=empty) == (
        "The database holds half of a restored network: run `jirani restore FILE` again, which finishes it."
    )

    told("restore", backup, "--data", there, DATABASE_URL=empty)

    assert files(there / "media").keys() == {"evidence/درس.pdf"}
    assert "jirani_restored" not in everything(empty)
    assert json.loads((there / "jirani.json").read_text()) == {"kind": "real"}


@pytest.mark.sweep
@pytest.mark.parametrize("table", [True, False])
def test_a_restore_that_had_all_but_its_marks_taken_away_is_finished(
    backup: Path, empty: str, tmp_path: Path, table: bool
) -> None:
    there = tmp_path / "there"
    told("restore", backup, "--data", there, DATABASE_URL=empty)
    (there / "jirani.json").write_text(
        json.dumps({"kind": "real", "restoring": f"finishing {inspect(backup).identity}"})
    )
    (there / "restoring").mkdir()
    before = everything(empty)
    if table:
        with psycopg.connect(empty) as connection:
            connection.execute("create table jirani_restored as select %s as backup", [inspect(backup).identity])

    told("restore", backup, "--data", there, DATABASE_URL=empty)

    assert everything(empty) == before
    assert json.loads((there / "jirani.json").read_text()) == {"kind": "real"}
    assert not (there / "restoring").exists()


@pytest.mark.sweep
def test_a_database_that_an_interrupted_restore_left_is_never_started(backup: Path, url: str, tmp_path: Path) -> None:
    """Killed with all its processes it may be beyond recovery."""
    there = tmp_path / "there"
    (there / "postgres.restoring").mkdir(parents=True)
    (there / "postgres.restoring" / "PG_VERSION").write_text("18")
    (there / "jirani.json").write_text(json.dumps({"kind": "real", "restoring": "of another backup"}))
    assert "holds half of a backup" in refused("up", "--data", there)

    told("restore", backup, "--data", there)

    with Postgres(there / "postgres").used() as server:
        kept = {table: rows for table, rows in everything(url).items() if table not in LEFT_EMPTY}
        del kept["audit_backup"]  # a backup writes itself down when it is there, and other tests make some
        assert {table: everything(server.url())[table] for table in kept} == kept
    assert [path.name for path in there.iterdir() if "restoring" in path.name] == []


def test_rows_that_do_not_arrive_end_the_restore(backup: Path, folder: Path, empty: str, tmp_path: Path) -> None:
    """A dump that says less than the manifest changes nothing."""
    whole = tmp_path / "whole"
    whole.mkdir()
    subprocess.run(["tar", "xzf", backup, "-C", whole], check=True)
    manifest = json.loads((whole / MANIFEST).read_text())
    manifest["rows"]["taxonomy_theme"] += 1
    (whole / MANIFEST).write_text(json.dumps(manifest))
    subprocess.run(["tar", "czf", tmp_path / "b.tgz", "-C", whole, DUMP, "secret_key", "media", MANIFEST], check=True)

    said = refused("restore", tmp_path / "b.tgz", "--data", tmp_path / "there", DATABASE_URL=empty)

    assert said == "The database could not be restored, and is as it was: rows are missing."
    assert everything(empty) == {}
    assert told("restore", backup, "--data", tmp_path / "there", DATABASE_URL=empty).startswith("Restored.")


def test_who_was_erased_since_is_erased_again(folder: Path, url: str, empty: str, tmp_path: Path) -> None:
    """A list beside the backup is enough if the data folder was lost; a new person with the same number is not erased."""
    made, later = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC)
    with psycopg.connect(url) as connection:
        numbers = [
            connection.execute(PERSON.replace("amina", f"amina{n}"), [when]).fetchone()
            for n, when in enumerate((made, later))
        ]
    (gone,), (stays,) = (number for number in numbers if number)
    backups = tmp_path / "backups"
    backups.mkdir()
    told("backup", backups / "monday.tgz", "--data", folder, DATABASE_URL=url)
    with psycopg.connect(url) as connection:
        connection.execute("update members_person set name = '', email = '', erased_at = now() where id = %s", [gone])
    told("backup", backups / "tuesday.tgz", "--data", folder, DATABASE_URL=url)
    add_erased(backups / "erased.jsonl", [Erased.of(stays, made)])

    said = told("restore", backups / "monday.tgz", "--data", tmp_path / "there", DATABASE_URL=empty)

    assert said.splitlines()[0] == "Erased again: 1 person who was erased after the backup was made."
    with psycopg.connect(empty) as connection:
        found = connection.execute(
            "select id, name, email, erased_at is null from members_person order by id"
        ).fetchall()
    assert found == [(gone, "", "", False), (stays, "Amina", "amina1@example.org", True)]
    assert Erased.of(gone, made) in read_erased(tmp_path / "there" / "erased.jsonl")
    assert "Amina" not in (backups / "erased.jsonl").read_text()


def test_tables_of_a_former_version_stay_as_they_are_though_somebody_was_erased(
    folder: Path, url: str, empty: str, tmp_path: Path
) -> None:
    """Somebody who goes back to that version needs them; the next start of this version erases (see test_upgrade)."""
    made = datetime(2026, 2, 2, 10, 30, 0, 654321, tzinfo=UTC)
    file = tmp_path / "former.tgz"
    with psycopg.connect(url) as connection:
        ((gone,),) = connection.execute(PERSON, [made]).fetchall()
        last = "(select id from django_migrations where app = 'audit' order by id desc limit 1)"
        ((app, name, applied),) = connection.execute(
            f"delete from django_migrations where id = {last} returning app, name, applied".encode()
        ).fetchall()
    told("backup", file, "--data", folder, DATABASE_URL=url)
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into django_migrations (app, name, applied) values (%s, %s, %s)", [app, name, applied]
        )
        connection.execute("delete from members_person where id = %s", [gone])
    add_erased(tmp_path / "erased.jsonl", [Erased.of(gone, made)])

    said = told("restore", file, "--data", tmp_path / "there", DATABASE_URL=empty)

    assert said.splitlines()[0] == "The start erases again: 1 person who was erased after the backup was made."
    with psycopg.connect(empty) as connection:
        assert connection.execute("select name from members_person where id = %s", [gone]).fetchall() == [("Amina",)]
        done = connection.execute("select name from django_migrations where app = %s", [app]).fetchall()
    assert (name,) not in done
    assert Erased.of(gone, made) in read_erased(tmp_path / "there" / "erased.jsonl")


def test_a_backup_of_a_demo_names_the_command_that_serves_it(url: str, empty: str, tmp_path: Path) -> None:
    demo = make_network(tmp_path / "demo", kind="demo")
    claim(url, Kind.DEMO)
    told("backup", tmp_path / "a.tgz", "--data", demo, DATABASE_URL=url)
    with psycopg.connect(url) as connection:
        connection.execute("drop table jirani_kind")
    there = tmp_path / "it's there"

    said = told("restore", tmp_path / "a.tgz", "--data", there, DATABASE_URL=empty)

    assert said == f"Restored. Start the network with: jirani demo --data '{tmp_path}/it'\"'\"'s there'\n"
    assert json.loads((there / "jirani.json").read_text()) == {"kind": "demo"}


def test_a_damaged_list_of_the_erased_stops_no_backup_but_a_restore_before_it_begins(
    folder: Path, url: str, empty: str, tmp_path: Path
) -> None:
    for place in (folder, tmp_path):
        (place / "erased.jsonl").write_text("not a line of ours\n")
    file, there = tmp_path / "a.tgz", tmp_path / "there"
    done = run("backup", file, "--data", folder, DATABASE_URL=url)
    assert (done.returncode, file.exists()) == (0, True)
    assert "erased.jsonl is damaged at “not a line of ours”" in done.stderr

    assert "is damaged at" in refused("restore", file, "--data", there, DATABASE_URL=empty)
    assert everything(empty) == {}
