"""What is due once a day: done once, by one worker; what fails harms nothing else and is tried again."""

import logging
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from jirani.audit import tasks
from jirani.audit.models import Nightly
from jirani.core import registry
from jirani.core.registry import register_nightly

TODAY = timezone.localdate()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the names of tasks that ran; no others are due."""
    monkeypatch.setattr(registry, "_nightly", {})
    return []


def later() -> None:
    """Let the pause after a failure pass."""
    Nightly.objects.exclude(begun_at=None).update(begun_at=timezone.now() - tasks.AGAIN - timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_harms_no_other_and_is_tried_again(done: list[str], caplog: pytest.LogCaptureFixture) -> None:
    broken, file = True, "old.eml of asha@example.org"

    def fail() -> None:
        done.append("tests.failing")
        if broken:
            raise IsADirectoryError(file)

    register_nightly("tests.failing", fail)
    register_nightly("tests.sound", lambda: done.append("tests.sound"))
    with caplog.at_level(logging.ERROR, "jirani.audit"):
        assert tasks.run_nightly(TODAY) == ["tests.sound"]
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith("tests.failing failed and is tried again later: IsADirectoryError")
    assert "asha" not in said, "a message may quote a row"

    assert (tasks.run_nightly(TODAY), done) == ([], ["tests.failing", "tests.sound"]), "not at once"
    later()
    tasks.run_nightly(TODAY)
    assert dict(Nightly.objects.values_list("name", "failures")) == {"tests.failing": 2, "tests.sound": 0}
    broken = False
    later()
    assert tasks.run_nightly(TODAY) == ["tests.failing"]
    assert set(Nightly.objects.values_list("on", "begun_at", "failures")) == {(TODAY, None, 0)}

    later()
    assert tasks.run_nightly(TODAY) == []
    assert tasks.run_nightly(TODAY + timedelta(days=1)) == ["tests.failing", "tests.sound"]


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_does_it_and_outside_of_a_transaction(done: list[str]) -> None:
    going, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        done.append("tests.slow")
        with connections["default"].cursor() as cursor:
            cursor.execute("VACUUM audit_nightly")
        going.set()
        assert go_on.wait(60)

    register_nightly("tests.slow", wait)
    found: list[list[str]] = []

    def work() -> None:
        found.append(tasks.run_nightly(TODAY))
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert going.wait(60)
    assert tasks.run_nightly(TODAY) == []
    go_on.set()
    worker.join(60)
    assert (found, done) == ([["tests.slow"]], ["tests.slow"])


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_called_once_does_it_too(done: list[str]) -> None:
    register_nightly("tests.once", lambda: done.append("tests.once"))
    for _ in range(2):
        call_command("worker", once=True)
    assert done == ["tests.once"]


def test_a_nights_work_keeps_no_sign_of_life_waiting() -> None:
    assert tasks.alive.queue != tasks.nightly.queue
