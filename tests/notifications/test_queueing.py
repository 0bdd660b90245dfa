"""Letters are queued as they were written, each once; a later one takes the place of one that waits."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import timezone

from jirani.notifications.actions import (
    PATIENCE,
    Letter,
    drop_waiting,
    given_up,
    is_waiting,
    letter_of,
    queue_latest,
    queue_letter,
    queue_message,
    send_again,
)
from jirani.notifications.models import Message
from tests import factories as make

from .conftest import CODE, HELLO, left, queue

pytestmark = pytest.mark.django_db


def test_a_letter_is_queued_as_it_was_written_and_a_code_is_sealed() -> None:
    user = make.user("a@example.org")
    letter = queue_letter("tests.kind", HELLO, to="a@example.org", recipient=user, about="x:1", records=["x:1"])
    stored = Message.objects.get(pk=letter.pk)
    names = ("kind", "to", "recipient", "language", "subject", "body", "about", "records", "state", "attempts")
    assert [getattr(stored, name) for name in names] == [
        "tests.kind", "a@example.org", user, "en", "Hello", "Hello.\n", "x:1", ["x:1"], "queued", 0,
    ]  # fmt: skip
    assert stored.message_id.startswith("<")
    assert stored.message_id.endswith(f"@{configured.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('> ')}>")
    assert letter_of(stored) == HELLO
    code = queue(CODE)
    assert (code.subject, "Hello" in code.body, letter_of(code)) == ("", False, HELLO)
    context = {"sentence": "It is so.", "address": "/x/"}
    written = queue_message(
        "tests.kind",
        to="b@example.org",
        language="en",
        template="notifications/mail/alert",
        context=context,
        about="y:2",
    )
    assert (written.to, written.about, "It is so." in written.body, written.body.endswith("\n")) == (
        "b@example.org",
        "y:2",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("sender", "host"), [("Net <net@example.org>", "example.org"), ("net", "net"), ("", "localhost")]
)
def test_the_host_of_a_message_is_the_senders(settings: Any, sender: str, host: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert queue().message_id.partition("@")[2] == f"{host}>"


def test_a_later_letter_takes_the_place_of_one_that_nobody_has_taken() -> None:
    first = queue_latest("tests.kind", HELLO, to="a@example.org", about="x:1")
    assert timedelta() < first.next_attempt_at - timezone.now() <= PATIENCE
    later = Letter("Later", "Later.\n", "fr")
    rows = {
        "same": queue_latest("tests.kind", later, to="a@example.org", about="x:1"),
        "another reader": queue_latest("tests.kind", later, to="b@example.org", about="x:1"),
        "another record": queue_latest("tests.kind", later, to="a@example.org", about="x:2"),
        "another kind": queue_latest("tests.other", later, to="a@example.org", about="x:1"),
    }
    assert {name: row.pk == first.pk for name, row in rows.items()} == {
        "same": True, "another reader": False, "another record": False, "another kind": False,
    }  # fmt: skip
    first.refresh_from_db()
    assert (first.subject, first.body, first.language) == ("Later", "Later.\n", "fr")
    for facts in ({"attempts": 1}, {"state": "failed"}):
        Message.objects.filter(pk=first.pk).update(**({"attempts": 0, "state": "queued"} | facts))
        assert is_waiting("tests.kind", about="x:3") is False
        assert queue_latest("tests.kind", later, to="a@example.org", about="x:1").pk != first.pk
    assert [is_waiting("tests.kind", about=about) for about in ("x:1", "x:3")] == [True, False]
    taken = queue(about="x:9", attempts=1)
    assert (is_waiting("tests.kind", about="x:9"), drop_waiting("tests.kind", about="x:9")) == (False, 0)
    assert drop_waiting("tests.kind", about="x:2") == 1
    assert {taken.pk, rows["another kind"].pk} <= left()
    assert rows["another record"].pk not in left()


def test_what_was_given_up_is_sent_again_and_nothing_else() -> None:
    failed, code, queued = (
        queue(state="failed", attempts=8, last_error="x"),
        queue(CODE, state="failed"),
        queue(attempts=3),
    )
    assert list(given_up()) == [failed]
    assert send_again(Message.objects.exclude(pk=code.pk)) == 1
    for one in (failed, queued):
        one.refresh_from_db()
    assert (failed.state, failed.attempts, failed.last_error, queued.attempts) == ("queued", 0, "", 3)
    assert failed.next_attempt_at <= timezone.now()
