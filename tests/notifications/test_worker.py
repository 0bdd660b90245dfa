"""The worker survives the loss of its database and errors of its tasks, sends codes before everything else, and repeats work at which it was killed."""

import asyncio
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jirani.audit.models import Nightly, Tally
from jirani.notifications import tasks
from jirani.notifications.actions import BACKOFF, Letter, deliver_due, queue_letter, work_figures, worker_last_seen
from jirani.notifications.enums import Lane
from jirani.notifications.management.commands.worker import until_the_clock_jumps
from jirani.notifications.models import Message
from jirani.server.supervisor import tell_of_worker
from tests import database
from tests.cast import Cast, client_of

from .smtp import Mail, Server

Started = subprocess.Popen[bytes]

WORDS = Letter("Hello", "Hello.\n", "en")


def queue(number: int, kind: str = "events.cancelled") -> None:
    """So many letters, or codes."""
    for one in range(number):
        queue_letter(kind, WORDS, to=f"{kind.partition('.')[0]}{one}@example.org")


def wait_until(come: Callable[[], bool], seconds: float = 30) -> None:
    """Raise unless it comes about in time."""
    deadline = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < deadline, "it has not come about"
        time.sleep(0.05)


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Callable[[], Started]]:
    """Return a function that starts a worker as the supervisor does, in a separate process."""
    environment = os.environ | {
        "DATABASE_URL": database.server().url(str(connection.settings_dict["NAME"])),
        "JIRANI_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "JIRANI_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "jirani.config.settings",
        "PYTHONWARNINGS": "ignore",
    }
    started: list[Started] = []

    def start() -> Started:
        with (tmp_path / "said").open("wb") as said:
            command = [sys.executable, "-m", "django", "worker"]
            started.append(subprocess.Popen(command, env=environment, stderr=said))
        wait_until(lambda: worker_last_seen() is not None, 60)
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


@pytest.fixture
def worker(start: Callable[[], Started]) -> Started:
    """A worker that is at work."""
    return start()


@pytest.mark.django_db(transaction=True)
def test_a_code_is_next_after_the_letter_in_hand(server: Server, worker: Started) -> None:
    """Although three hundred letters wait at a server that takes its time with each, and speaks to one client only."""
    served = threading.Lock()

    def slowly(command: str, mail: Mail) -> None:
        if command == "CONNECT":
            served.acquire()
        elif command == "QUIT":
            served.release()
        elif command == "DATA":
            time.sleep(0.2)

    server.meanwhile = slowly
    with transaction.atomic():
        queue(300)
    wait_until(lambda: len(server.accepted) > 2)
    with transaction.atomic():
        queue(1, "accounts.code")
        before = len(server.accepted)
    wait_until(lambda: any("accounts" in mail.to[0] for mail in server.accepted))
    place = [mail.to[0].startswith("accounts") for mail in server.accepted].index(True)
    assert place - before <= 2, "the letter in hand, and one that was taken at the same moment"

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0, "it ends after the letter in hand"
    assert Message.objects.filter(state="queued").count() > 200


@pytest.mark.django_db(transaction=True)
def test_a_server_that_hangs_with_a_letter_holds_up_no_code(server: Server, worker: Started) -> None:
    hangs, go_on = threading.Event(), threading.Event()

    def hang(command: str, mail: Mail) -> None:
        if command == "DATA" and mail.to == ["events0@example.org"]:
            hangs.set()
            go_on.wait(30)

    server.meanwhile = hang
    with transaction.atomic():
        queue(1)
    assert hangs.wait(30)
    with transaction.atomic():
        queue(1, "accounts.code")
    wait_until(lambda: [mail.to for mail in server.accepted] == [["accounts0@example.org"]], 10)
    go_on.set()


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_it_waits_for_a_database_that_goes_away_and_goes_on(server: Server, worker: Started, tmp_path: Path) -> None:
    """Idle lanes log one line; a task that is cut off may also log where."""
    unfinished = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    # Periodic tasks begin with the minute.
    wait_until(lambda: 5 < time.time() % 60 < 50 and not unfinished.exists(), 90)
    info = connection.connection.info
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(info.dsn, password=info.password, dbname="postgres", autocommit=True) as other:
        other.execute(
            f'ALTER DATABASE "{name}" CONNECTION LIMIT 0'
        )  # superusers may still connect; the worker, once cut off, retries
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        for _ in range(2):
            other.execute(cut, [name, info.backend_pid])
            time.sleep(0.2)
        other.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
    with transaction.atomic():
        queue(1)
    wait_until(lambda: len(server.accepted) == 1, 60)
    assert worker.poll() is None
    said = (tmp_path / "said").read_text()
    assert "Traceback" not in said


@pytest.mark.django_db(transaction=True)
def test_what_a_task_raises_is_counted_and_ends_nothing(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As it was found: a directory with the name of an old message."""
    (folder / "old.eml").mkdir(parents=True)
    os.utime(folder / "old.eml", (0, 0))
    old = folder / "older.eml"
    old.touch()
    os.utime(old, (0, 0))
    folder.chmod(0o700)
    call_command("worker", once=True)
    assert [path.name for path in folder.iterdir()] == ["old.eml"], "what is no message of ours is left alone"

    Nightly.objects.update(on=None)
    with pytest.MonkeyPatch.context() as patched, caplog.at_level(logging.ERROR, "jirani.audit"):
        patched.setattr("pathlib.Path.glob", lambda self, pattern: 1 / 0)
        with transaction.atomic():
            queue(1)
        call_command("worker", once=True)
    assert "notifications.outbox failed and is tried again later: ZeroDivisionError" in caplog.text
    assert Message.objects.get().state == "sent"
    assert dict(Nightly.objects.values_list("name", "failures"))["notifications.outbox"] == 1
    assert Tally.objects.get(name="notifications.outbox").failed == 1


@pytest.mark.django_db(transaction=True)
def test_one_waiting_job_stands_for_a_whole_mailing(server: Server) -> None:
    with transaction.atomic():
        queue(5)
        queue(2, "accounts.code")
        assert ProcrastinateJob.objects.count() == 0
    with transaction.atomic():
        queue(5)
    with transaction.atomic():
        queue(1)
        transaction.set_rollback(True)
    jobs = ProcrastinateJob.objects.order_by("id").values_list("queue_name", "task_name")
    assert list(jobs) == [("letters", "notifications.deliver_letters"), ("codes", "notifications.deliver_codes")]

    call_command("worker", once=True)
    assert (len(server.accepted), ProcrastinateJob.objects.count()) == (12, 0)


@pytest.mark.django_db(transaction=True)
def test_what_whoever_watches_the_network_learns(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(today: object) -> int:
        raise LookupError

    assert worker_last_seen() is None
    monkeypatch.setattr("jirani.notifications.registry._jobs", {"tests.fail": fail})
    refused = {"events0@example.org": "550 unknown"}
    server.answer = lambda command, mail: refused.get(mail.to[-1]) if command == "RCPT" else None
    queue(3)
    Message.objects.filter(to="events0@example.org").update(attempts=len(BACKOFF))
    queue(1, "accounts.code")
    Message.objects.filter(kind="accounts.code").update(state="failed")
    assert work_figures()["letters_waiting"] == 3
    before = timezone.now()
    call_command("worker", once=True)

    figures = work_figures()
    assert (figures["letters_waiting"], figures["letters_given_up"]) == (0, 1)
    done, failed = figures["tasks_done"], figures["tasks_failed"]
    assert isinstance(done, dict)
    assert isinstance(failed, dict)
    assert (done["tests.fail"], failed["tests.fail"], done["audit.alive"], failed["audit.alive"]) == (0, 1, 1, 0)
    seen = worker_last_seen()
    assert seen is not None
    assert before < seen < timezone.now()


@pytest.mark.django_db(transaction=True)
def test_a_lane_of_codes_sends_nothing_else_and_the_other_sends_codes_first(server: Server) -> None:
    queue(2)
    queue(1, "accounts.code")
    assert deliver_due(Lane.CODES) == 1
    queue(1, "accounts.code")
    assert deliver_due() == 3
    first = ["accounts0", "accounts0", "events0", "events1"]
    assert [mail.to for mail in server.accepted] == [[f"{name}@example.org"] for name in first]


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_is_noticed(monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    async def watched() -> tuple[bool, bool]:
        watch = asyncio.create_task(until_the_clock_jumps())
        await asyncio.sleep(1.2)
        before, real = watch.done(), time.time
        monkeypatch.setattr("jirani.notifications.management.commands.worker.time.time", lambda: real() + jump)
        await asyncio.wait_for(watch, 10)
        return before, watch.done()

    assert asyncio.run(watched()) == (False, True)


@pytest.mark.django_db
def test_the_supervisor_tells_of_a_worker_that_ends_again_and_again_until_it_works(cast: Cast) -> None:
    tell_of_worker()
    tell_of_worker()
    page = client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert page.count("Background work keeps stopping") == 1
    letters = Message.objects.filter(kind="notifications.alert", body__contains="keeps stopping")
    assert letters.values_list("to", flat=True).get() == "coordinator@example.org"
    tasks.watch()
    assert "Background work keeps stopping" not in client_of(cast.coordinator).get("/en/desk/").content.decode()


@pytest.mark.django_db
def test_what_fails_each_night_is_told(cast: Cast) -> None:
    def told() -> list[str]:
        tasks.watch()
        page = client_of(cast.coordinator).get("/en/desk/").content.decode()
        return re.findall(r"keeps failing: ([\w.]+)\. ", page)

    Nightly.objects.create(name="tests.night", failures=2)
    assert told() == []
    Nightly.objects.update(failures=3)
    assert told() == ["tests.night"]
    Nightly.objects.update(failures=0)
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_was_at_is_done_again(server: Server, start: Callable[[], Started]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        (killed,) = cursor.fetchone()
        insert = (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) VALUES ('work', %s, 'doing', %s)"
        )
        cursor.execute(insert, ["notifications.remind", killed])
    start()
    wait_until(lambda: not ProcrastinateJob.objects.filter(status="doing", worker_id=killed).exists())
    wait_until(lambda: Tally.objects.filter(name="notifications.remind", done=2).exists())
