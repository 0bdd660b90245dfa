"""What the database's own bookkeeping reveals about who typed or spoke which note, before and after notes are rewritten."""

import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.models import FIRST_RANDOM
from jirani.lessons.actions import attribute_note, scatter_nightly, scatter_notes, scattering, write_note
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from jirani.members.models import Person
from jirani.server.binaries import programs
from tests import factories as make
from tests.cast import Cast, assemble, user_of
from tests.database import server

pytestmark = pytest.mark.django_db(transaction=True)

SPEAKERS = 12


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outlast the other worker's tests: each is a transaction in another database of this server, and some take longer than a night waits."""
    monkeypatch.setattr(scattering, "READER_SECONDS", 240)


@pytest.fixture
def room() -> tuple[Cast, list[Person]]:
    """A session and those who will speak in it."""
    cast = assemble()
    people = [make.person(f"Speaker {n}") for n in range(SPEAKERS)]
    for person in people:
        make.participation(cast.event, person)
    return cast, people


def speak(cast: Cast, people: list[Person]) -> dict[int, Person]:
    """Return who spoke each note: they are typed in one order and unlinked in another, each speaker having just signed in."""
    spoken = {}
    for person in people:
        part = person.participations.get()
        note = write_note(
            session=cast.session,
            text=f"Words of note {person.pk}",
            language="en",
            by=user_of(cast.rapporteur),
            speaker=part,
        )
        spoken[note.pk] = person
    for pk, person in random.Random(9).sample(list(spoken.items()), SPEAKERS):
        User.objects.filter(person=person).update(last_login=timezone.now())
        attribute_note(Note.objects.get(pk=pk), Attribution.UNATTRIBUTED, by=user_of(person))
    return spoken


def columns(model: Any, order: str) -> list[tuple[Any, int]]:
    """Key and writing transaction of each row, in this order."""
    with connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute(f"SELECT {key}, xmin::text::bigint FROM {table} ORDER BY {order}")
        return list(cursor.fetchall())


def guesses(spoken: dict[int, Person]) -> int:
    """How many speakers an attacker finds who takes for each note the account written last before it."""
    signed_in = sorted((number, pk) for pk, number in columns(User, "xmin::text::bigint"))
    right = 0
    for note, number in columns(Note, "ctid"):
        before = [pk for written, pk in signed_in if written < number]
        right += bool(before) and before[-1] == spoken[note].user_id
    return right


def dumped() -> list[int]:
    """The notes in the order in which a dump holds them."""
    name = str(connections["default"].settings_dict["NAME"])
    command = [str(programs() / "pg_dump"), "--data-only", "--table=lessons_note", server().url(name)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("COPY public.lessons_note"))
    place = lines[head].partition("(")[2].partition(")")[0].split(", ").index("id")
    return [int(line.split("\t")[place]) for line in lines[head + 1 : lines.index("\\.", head)]]


def folder() -> Path:
    """Return the folder of the server's files."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return Path(cursor.fetchone()[0])


def log() -> bytes:
    """Everything in the files of the write-ahead log, what waited in memory too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_switch_wal()")
    return b"".join(path.read_bytes() for path in sorted((folder() / "pg_wal").iterdir()) if path.is_file())


@contextmanager
def log_kept() -> Iterator[None]:
    """Keep the write-ahead log whole: the other worker's tests checkpoint the same server, which throws away what is no longer needed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_create_physical_replication_slot('kept', true)")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_drop_replication_slot('kept')")


def files() -> bytes:
    """Everything in the files of this database but the planner's statistics, which hold a sample in the order of the words."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT oid::text, pg_relation_filenode('pg_statistic')::text FROM pg_database WHERE datname = current_database()"
        )
        oid, statistics = cursor.fetchone()
    # PostgreSQL replaces its list of tables (pg_internal.init) whenever it likes; no row stands in it.
    held = (path for path in (folder() / "base" / oid).iterdir() if not path.name.startswith("pg_internal.init"))
    return b"".join(path.read_bytes() for path in held if path.name != statistics)


def test_neither_rows_nor_files_nor_the_log_tell_who_spoke(room: tuple[Cast, list[Person]]) -> None:
    with log_kept():
        spoken = speak(*room)
        texts = [f"Words of note {person.pk}".encode() for person in spoken.values()]
        written = log()
        assert sum(written.count(text) for text in texts) > SPEAKERS
    assert guesses(spoken) == SPEAKERS, "the attack does not work at all, and this test tests nothing"
    assert dumped() != sorted(spoken)
    lying = files()
    assert all(lying.count(text) > 1 for text in texts)

    assert scatter_notes() == []

    assert guesses(spoken) <= 1
    assert [pk for pk, _number in columns(Note, "ctid")] == dumped() == sorted(spoken)
    apart = [(pk, number) for pk, number in columns(Entry, "ctid") if pk >= FIRST_RANDOM]
    assert len(apart) == 2 * SPEAKERS
    assert apart == sorted(apart)
    assert [len({number for _pk, number in rows}) for rows in (columns(Note, "id"), apart, columns(User, "id"))] == [
        1,
        1,
        1,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(ctid::text), min(xmin::text::bigint) < min(%s) FROM changes_generation", [apart[0][1]]
        )
        assert cursor.fetchall() == [(1, "(0,1)", False)], (
            "nor is there a row left of any transaction that changed pages"
        )
    written, lying = log(), files()
    assert [(written.count(text), lying.count(text)) for text in texts] == [(0, 1)] * SPEAKERS


def test_nothing_that_is_kept_changes(room: tuple[Cast, list[Person]]) -> None:
    speak(*room)

    def kept() -> list[list[Any]]:
        return [list(model._base_manager.order_by("pk").values()) for model, _alike in scattering._TABLES]

    before = kept()
    assert [len(rows) > 0 for rows in before[:3]] == [True] * 3
    scatter_notes()
    assert kept() == before


def beside(act: Callable[[], None]) -> threading.Thread:
    """Start `act` in a thread with its own connection."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_it_waits_for_whoever_still_reads_rows_as_they_lay(room: tuple[Cast, list[Person]]) -> None:
    speak(*room)
    texts = [note.text.encode() for note in Note.objects.all()]
    reading, read_enough = threading.Event(), threading.Event()
    told: list[list[str]] = []

    def read_long() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM accounts_user")
            reading.set()
            assert read_enough.wait(30)

    reader = beside(read_long)
    assert reading.wait(10)
    scattering_now = beside(lambda: told.append(scatter_notes()))
    scattering_now.join(1.5)
    assert told == [], "it did not wait"
    read_enough.set()
    reader.join(10)
    scattering_now.join(30)
    assert told == [[]]
    lying = files()
    assert [lying.count(text) for text in texts] == [1] * SPEAKERS


def test_a_table_that_stays_locked_is_said(room: tuple[Cast, list[Person]], monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = speak(*room)
    monkeypatch.setattr(scattering, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(scattering, "TRIES", 2)
    faults: list[Exception] = []

    def scatter() -> None:
        try:
            scatter_notes()
        except OperationalError as fault:
            faults.append(fault)

    with transaction.atomic():
        Note.objects.select_for_update().first()
        beside(scatter).join(30)
    assert ["lock timeout" in str(fault) for fault in faults] == [True]
    assert Note.objects.filter(pk__in=spoken).count() == SPEAKERS


def test_a_table_that_is_locked_for_a_moment_is_waited_for(
    room: tuple[Cast, list[Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = speak(*room)
    monkeypatch.setattr(scattering, "LOCK_SECONDS", 0.1)
    told: list[list[str]] = []

    with transaction.atomic():
        Note.objects.select_for_update().first()
        scattering_now = beside(lambda: told.append(scatter_notes()))
        scattering_now.join(0.8)
        assert scattering_now.is_alive(), "it gave up after it had waited once"
    scattering_now.join(30)

    assert told == [[]]
    assert [pk for pk, _number in columns(Note, "ctid")] == sorted(spoken)


def test_what_the_role_may_not_is_said_and_logged_once(
    room: tuple[Cast, list[Person]], caplog: pytest.LogCaptureFixture
) -> None:
    """As on a server of somebody else's: the tables are ours, the server is not."""
    spoken = speak(*room)
    scattering._say_once.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE tenant IN ROLE CURRENT_USER")
        cursor.execute("SET ROLE tenant")
        try:
            refused = scatter_notes()
            scatter_nightly()
            scatter_nightly()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE tenant")
    assert ["may not make a checkpoint" in sentence for sentence in refused] == [True]
    assert [record.getMessage() for record in caplog.records] == refused
    assert [pk for pk, _number in columns(Note, "ctid")] == sorted(spoken)


def test_within_a_transaction_nothing_is_done(room: tuple[Cast, list[Person]]) -> None:
    with (
        transaction.atomic(),
        pytest.raises(transaction.TransactionManagementError, match="outside of any transaction"),
    ):
        scatter_notes()
    assert Note.objects.count() == 0
