"""What is due is sent, in order and each once; a server that says nothing is told from one that refuses; what waits is counted."""

from datetime import timedelta
from email.utils import format_datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from jirani.audit.models import Tally
from jirani.notifications.actions import (
    BACKOFF,
    CODE_LIFE,
    deliver_due,
    work_figures,
)
from jirani.notifications.actions.delivery import _is_silence
from jirani.notifications.enums import Lane
from jirani.notifications.models import Message

from .conftest import CODE, MINUTE, left, queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def memory(settings: Any) -> list[Any]:
    """What is sent is kept in memory."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def test_what_is_due_is_sent_in_order_and_each_once(memory: list[Any]) -> None:
    now = timezone.now()
    beyond = now + BACKOFF[-1] + timedelta(hours=1)
    rows = {
        "second": queue(to="second@example.org", next_attempt_at=now - MINUTE), "first": queue(to="first@example.org", next_attempt_at=now - 2 * MINUTE),
        "later": queue(to="later@example.org", next_attempt_at=now + MINUTE), "lost": queue(to="lost@example.org", next_attempt_at=beyond + MINUTE),
        "longest": queue(to="longest@example.org", next_attempt_at=beyond - MINUTE),
        "sent": queue(to="sent@example.org", state="sent", sent_at=now), "failed": queue(to="failed@example.org", state="failed"),
        "code": queue(CODE, to="code@example.org"),
    }  # fmt: skip
    assert deliver_due(Lane.CODES) == 1
    assert [one.to for one in memory] == [["code@example.org"]]
    assert memory[0].extra_headers["Expires"] == format_datetime(rows["code"].queued_at + CODE_LIFE)
    assert deliver_due(go_on=lambda: False) == 0
    assert deliver_due() == 3
    assert [one.to[0].partition("@")[0] for one in memory[1:]] == ["first", "second", "lost"]
    assert memory[1].extra_headers == {
        "Message-ID": rows["first"].message_id, "Content-Language": "en", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    sent = Message.objects.get(pk=rows["first"].pk)
    assert (sent.state, sent.attempts, sent.last_error, sent.sent_at is not None) == ("sent", 1, "", True)
    assert (rows["code"].pk in left(), deliver_due()) == (False, 0)


def test_which_errors_are_silence() -> None:
    rows = [
        (None, False), (SMTPServerDisconnected("x"), True), (TimeoutError(), True), (ConnectionRefusedError(), True),
        (SMTPDataError(451, b"x"), False), (SMTPRecipientsRefused({}), False), (ValueError(), False),
    ]  # fmt: skip
    assert [_is_silence(error) for error, _said in rows] == [said for _error, said in rows]


def test_figures_count_what_waits_and_was_given_up() -> None:
    for kind, state in [("tests.kind", "queued"), (CODE, "queued"), ("tests.kind", "failed"), (CODE, "failed")]:
        queue(kind, state=state)
    queue(state="sent", sent_at=timezone.now())
    Tally.objects.create(name="b", done=2, failed=1)
    Tally.objects.create(name="a", done=3)
    assert work_figures() == {
        "letters_waiting": 2, "letters_given_up": 1, "tasks_done": {"a": 3, "b": 2}, "tasks_failed": {"a": 0, "b": 1},
    }  # fmt: skip
