"""A mail server, workers that send to it, and an event whose people are written to."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jirani.audit.models import Nightly
from jirani.core.registry import nightly_tasks
from jirani.events.enums import ParticipationState
from jirani.events.models import Event
from jirani.members.enums import NetworkDuty
from jirani.members.models import Person
from jirani.notifications.actions import Letter, queue_letter
from jirani.notifications.models import Message
from tests import database
from tests import factories as make

from . import smtp

LANGUAGES = ("en", "fr", "ar", "sw")
HELLO, CODE = Letter("Hello", "Hello.\n", "en"), "accounts.code"
MINUTE = timedelta(minutes=1)


def queue(kind: str = "tests.kind", to: str = "a@example.org", **facts: Any) -> Message:
    """Queue a letter, and then put in the outbox what the facts say of it."""
    message = queue_letter(kind, HELLO, to=to)
    Message.objects.filter(pk=message.pk).update(**facts)
    return Message.objects.get(pk=message.pk)


def left() -> set[int]:
    """Return which messages are in the outbox."""
    return set(Message.objects.values_list("pk", flat=True))


@pytest.fixture
def server(settings: Any) -> Iterator[smtp.Server]:
    """The mail server to which this process, and the workers it starts, send."""
    with smtp.running() as started:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started.port
        yield started


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return the folder to which messages are written if no mail server is set."""
    settings.EMAIL_BACKEND = "jirani.notifications.backends.FilesAndConsole"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture
def reader() -> Person:
    """The coordinator who reads alerts, in French."""
    person = make.person("Coordinator", email="coordinator@example.org", language="fr")
    make.duty(person, NetworkDuty.COORDINATOR)
    return person


@pytest.fixture
def event() -> Event:
    """An event in a month to which one person of each language was invited."""
    soon = timezone.localdate() + timedelta(days=30)
    made = make.event("Exchange on youth", slug="youth", place="Kwale", starts_on=soon, ends_on=soon)
    for code in LANGUAGES:
        person = make.person(f"Person {code}", email=f"{code}@example.org", language=code, account=False)
        make.participation(made, person, state=ParticipationState.INVITED, nonce=f"nonce-of-{code}")
    return made


#: Imports Django once and then forks workers, as the supervisor does. A line "port wait wait …" starts one that sends to this
#: port and waits so many minutes after a failed attempt (none given: as long as usual); "wait pid" waits for its end.
NURSERY = """
import os, sys, django
django.setup()
from datetime import timedelta
from django.conf import settings
from django.core.management import call_command
from jirani.notifications.actions import delivery
from jirani.notifications.management.commands import worker
for line in sys.stdin:
    word, *more = line.split()
    if word == "wait":
        print(os.waitstatus_to_exitcode(os.waitpid(int(more[0]), 0)[1]), flush=True)
    elif pid := os.fork():
        print(pid, flush=True)
    else:
        settings.EMAIL_PORT = int(word)
        delivery.BACKOFF = [timedelta(minutes=int(minutes)) for minutes in more] or delivery.BACKOFF
        call_command(worker.Command(), once=True)
        os._exit(0)
"""


class Workers:
    """Workers in separate processes, which do what is due and end."""

    def __init__(self, nursery: "subprocess.Popen[str]", port: int) -> None:
        self.nursery, self.port = nursery, port

    def start(self, *waits: int) -> int:
        """Start one. Returns its process id."""
        return self._ask(self.port, *waits)

    def wait(self, pid: int) -> int:
        """Wait for the end of one. Returns its exit code, negative if a signal ended it."""
        return self._ask("wait", pid)

    def _ask(self, *words: str | int) -> int:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        print(*words, file=self.nursery.stdin, flush=True)
        assert select.select([self.nursery.stdout], [], [], 120)[0], f"no answer to {words}"
        return int(self.nursery.stdout.readline())


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator["subprocess.Popen[str]"]:
    """The process from which workers are forked."""
    environment = os.environ | {
        "DATABASE_URL": database.server().url(str(connection.settings_dict["NAME"])),
        "JIRANI_SMTP_URL": "smtp://127.0.0.1:25",
        "PYTHONWARNINGS": "ignore",
    }
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
    ) as started:
        yield started
        os.killpg(started.pid, signal.SIGKILL)


@pytest.fixture
def workers(nursery: "subprocess.Popen[str]", server: smtp.Server, transactional_db: None) -> Workers:
    """Workers that send to the test's server. The night's work is done: it would keep one of them from its messages."""
    Nightly.objects.bulk_create(Nightly(name=name, on=timezone.localdate()) for name in nightly_tasks())
    return Workers(nursery, server.port)
