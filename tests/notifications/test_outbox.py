"""The outbox, through the worker and to a server that speaks SMTP: queued with its cause, in the recipient's language, retried,
and repeated by nothing but a crash between the server's acceptance and our record of it.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone, translation

from jirani.events import actions
from jirani.events.models import Event
from jirani.members.models import Person
from jirani.notifications.actions import (
    BACKOFF,
    delete_messages,
    deliver_due,
    given_up,
    queue_letter,
    send_again,
)
from jirani.notifications.actions.delivery import PATIENT
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast

from .conftest import HELLO, LANGUAGES, Workers
from .smtp import Mail, Server


def queue(*names: str) -> list[str]:
    """Queue a message to each person. Returns their Message-IDs."""
    return [queue_letter("events.cancelled", HELLO, to=f"{name}@example.org").message_id for name in names]


def due() -> None:
    """Let the time pass until everything that waits is due."""
    Message.objects.filter(state=MessageState.QUEUED).update(next_attempt_at=timezone.now())


def keys(mails: list[Mail]) -> list[str]:
    return [mail.key for mail in mails]


# ── Queued with its cause ────────────────────────────────────────────────────────────────────────────────────────────────


def run_worker() -> None:
    """One turn of the worker: it closes connections, so not in a test's own transaction."""
    call_command("worker", once=True)


def elsewhere(act: Callable[[], None]) -> None:
    """Call `act` as another process would: in a thread with its own connections."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_message_exists_exactly_where_its_cause_does(cast: Cast, event: Event, server: Server) -> None:
    coordinator = cast.users()["coordinator"]
    with transaction.atomic():
        actions.cancel_event(event, by=coordinator)
        assert Message.objects.count() == 4
        transaction.set_rollback(True)  # something fails after all
    elsewhere(run_worker)
    event.refresh_from_db()
    assert (event.state, Message.objects.count(), server.seen) == ("published", 0, [])

    with transaction.atomic():
        actions.cancel_event(event, by=coordinator)
        elsewhere(run_worker)
        assert server.seen == [], "what is not committed yet is nobody's to send"
    elsewhere(run_worker)
    assert sorted(mail.to for mail in server.accepted) == [[f"{code}@example.org"] for code in sorted(LANGUAGES)]
    assert set(Message.objects.values_list("state", "attempts", "last_error")) == {(MessageState.SENT, 1, "")}


@pytest.mark.django_db
def test_each_is_written_to_in_their_own_language(cast: Cast, event: Event, server: Server) -> None:
    Person.objects.filter(email="sw@example.org").update(name="بدرو")
    actions.cancel_event(event, by=cast.users()["coordinator"])
    deliver_due()

    written = {mail.to[0].partition("@")[0]: mail.content for mail in server.accepted}
    begins = {}
    for code in LANGUAGES:
        with translation.override(code):
            begins[code] = translation.gettext("Cancelled: %(title)s, %(dates)s").partition(":")[0].strip()
    assert {code: str(mail["Subject"]).partition(":")[0].strip() for code, mail in written.items()} == begins
    assert len(set(begins.values())) == 4
    for code, mail in written.items():
        assert mail["Content-Language"] == code
        assert re.findall(r"http://127\.0\.0\.1:8000/(\w\w)/my-programme/", mail.get_content()) == [code]
        assert mail["Message-ID"] == Message.objects.get(to=f"{code}@example.org").message_id
    apart = {code: re.findall("\u2068(.*?)\u2069", mail.get_content()) for code, mail in written.items()}
    assert apart == {"en": [], "fr": [], "ar": ["Person ar", "Exchange on youth"], "sw": ["بدرو"]}
    assert [code for code, mail in written.items() if re.search("[\u2066-\u2069]", str(mail["Subject"]))] == []


# ── Retried ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_what_is_refused_is_tried_again_after_growing_waits_and_then_given_up(server: Server) -> None:
    (key,) = queue("asha")
    server.answer = lambda command, mail: "451 come back later" if command == "DATA" else None
    waits = []
    for _attempt in range(len(BACKOFF) + 1):
        before = timezone.now()
        deliver_due()
        deliver_due()  # nothing is due
        message = Message.objects.get()
        waits.append(message.next_attempt_at - before)
        due()

    expected = [*BACKOFF, BACKOFF[-1]]
    assert [timedelta(minutes=round(wait / timedelta(minutes=1))) for wait in waits] == expected
    assert list(BACKOFF) == sorted(set(BACKOFF)), "each wait is longer than the one before"
    assert (message.state, message.attempts) == (MessageState.FAILED, len(BACKOFF) + 1)
    assert "come back later" in message.last_error

    deliver_due()
    assert (keys(server.seen), server.accepted) == ([key] * len(expected), []), "given up is given up"
    server.answer = lambda command, mail: None
    assert send_again(given_up()) == 1
    deliver_due()
    assert keys(server.accepted) == [key]


@pytest.mark.django_db
def test_a_repeated_attempt_is_the_same_message(server: Server) -> None:
    (key,) = queue("asha")
    refusals = iter(["421 closing", "452 no room", "554 no", None])
    server.answer = lambda command, mail: next(refusals) if command == "DATA" else None
    for _ in range(5):
        deliver_due()
        due()

    assert (keys(server.seen), keys(server.accepted)) == ([key] * 4, [key])
    assert {str(mail.content["Subject"]) + mail.content.get_content() for mail in server.seen} == {"HelloHello.\r\n"}
    assert Message.objects.get().state == MessageState.SENT


@pytest.mark.django_db
def test_one_that_is_refused_holds_up_nobody(server: Server, settings: Any) -> None:
    first, second, third = queue("asha", "badru", "chege")
    server.answer = lambda command, mail: "550 unknown" if command == "RCPT" and "badru" in mail.to[0] else None
    deliver_due()
    assert keys(server.accepted) == [first, third]
    assert Message.objects.get(message_id=second).state == MessageState.QUEUED

    due()
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nobody answers there
    deliver_due()
    settings.EMAIL_PORT, server.answer = right, lambda command, mail: None
    due()
    deliver_due()
    assert keys(server.accepted) == [first, third, second]
    assert Message.objects.get(message_id=second).attempts == 3


@pytest.mark.django_db
def test_what_was_tried_while_the_clock_was_wrong_does_not_wait_for_years(server: Server) -> None:
    keys_of = queue("asha", "badru")
    now = timezone.now()
    Message.objects.filter(message_id=keys_of[0]).update(next_attempt_at=now + timedelta(days=3652))
    Message.objects.filter(message_id=keys_of[1]).update(next_attempt_at=now + BACKOFF[-1])
    assert deliver_due() == 1
    assert keys(server.accepted) == keys_of[:1]


@pytest.mark.django_db
def test_a_code_is_tried_again_while_it_is_of_use(server: Server) -> None:
    message = queue_letter("accounts.code", HELLO, to="asha@example.org")
    server.answer = lambda command, mail: "451 come back later" if command == "DATA" else None
    for _attempt in range(3):
        before = timezone.now()
        deliver_due()
        message.refresh_from_db()
        assert timedelta(0) < message.next_attempt_at - before < BACKOFF[1]
        due()
    assert message.attempts == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("command", "connections_made"), [("DATA", 2), ("RCPT", 1)])
def test_after_an_answer_that_leaves_doubt_the_next_letter_goes_over_a_new_connection(
    server: Server, command: str, connections_made: int
) -> None:
    queue("asha")
    (second,) = queue("badru")
    seen: list[str] = []
    server.meanwhile = lambda came, mail: seen.append(came)
    server.answer = lambda came, mail: "451 later" if came == command and mail.to == ["asha@example.org"] else None
    assert deliver_due() == 1
    assert (keys(server.accepted), seen.count("CONNECT")) == ([second], connections_made)


def _wait(released: threading.Event) -> None:
    released.wait(30)


@pytest.mark.django_db
def test_a_server_that_hangs_with_every_letter_is_left_alone_after_a_few(server: Server, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    queue(*(f"guest{number}" for number in range(PATIENT + 2)))
    released = threading.Event()
    server.meanwhile = lambda command, mail: _wait(released) if command == "DATA" else None
    try:
        assert deliver_due() == 0
    finally:
        released.set()
    assert Message.objects.filter(attempts=1).count() == PATIENT


# ── Killed ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: The message of three and the moment at which the worker is killed; how many it has recorded as sent; how often each then arrives.
KILLED = [
    (1, "CONNECT", 0, [1, 1, 1]),
    (2, "MAIL", 1, [1, 1, 1]),
    (2, "DATA", 1, [1, 1, 1]),
    (2, "ACCEPTED", 1, [1, 2, 1]),  # the server has accepted it, and the worker does not know
    (3, "MAIL", 2, [1, 1, 1]),
    (1, "QUIT", 3, [1, 1, 1]),
]


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_a_crash_repeats_a_message_only_between_acceptance_and_record(server: Server, workers: Workers) -> None:
    for number, moment, recorded, times in KILLED:
        wanted = queue("asha", "badru", "chege")
        _kill(server, workers, number, moment)
        sent = Message.objects.filter(message_id__in=wanted, state=MessageState.SENT)
        assert (moment, sent.count()) == (moment, recorded)

        due()
        deliver_due()
        assert (moment, [keys(server.accepted).count(key) for key in wanted]) == (moment, times)
        assert sent.count() == 3


def _kill(server: Server, workers: Workers, number: int, moment: str) -> None:
    """Start a worker and kill it when it reaches this point of its nth message."""
    met = count(1)

    def meanwhile(command: str, mail: Mail) -> None:
        if command == moment and next(met) == number:
            os.kill(worker, signal.SIGKILL)

    server.meanwhile = meanwhile
    worker = workers.start()
    assert workers.wait(worker) == -signal.SIGKILL
    server.meanwhile = lambda command, mail: None


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_send_nothing_twice(server: Server, workers: Workers) -> None:
    wanted = queue(*(f"person{number}" for number in range(150)))
    both, connections_made = threading.Barrier(2), count()

    def meet(command: str, mail: Mail) -> None:
        if command == "CONNECT" and next(connections_made) < 2:
            both.wait(60)  # neither goes on before the other is there

    server.meanwhile = meet
    started = [workers.start(), workers.start()]
    assert [workers.wait(worker) for worker in started] == [0, 0]
    assert sorted(keys(server.accepted)) == sorted(wanted)
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_one_that_a_slow_worker_still_sends_is_left_to_it(server: Server, workers: Workers) -> None:
    """Also when it takes longer than the wait after which it would be tried again, here none at all."""
    queue("asha")
    going, go_on = threading.Event(), threading.Event()

    def stall(command: str, mail: Mail) -> None:
        if command == "MAIL":
            going.set()
            assert go_on.wait(60)

    server.meanwhile = stall
    slow = workers.start(0)
    assert going.wait(60)
    assert Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lte=timezone.now()).exists(), "it is due"
    server.meanwhile = lambda command, mail: None
    deliver_due()
    assert server.seen == []
    go_on.set()
    assert workers.wait(slow) == 0
    assert len(server.accepted) == 1
    assert Message.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_again_at_that_moment_is_not_deleted_as_given_up() -> None:
    queue("asha", "badru")
    Message.objects.update(state=MessageState.FAILED)
    left: list[int] = []

    def leave() -> None:
        with transaction.atomic():
            left.append(delete_messages(given_up()))
        connections.close_all()

    other = threading.Thread(target=leave)
    with transaction.atomic():
        send_again(Message.objects.filter(to="asha@example.org"))
        other.start()
        until_one_waits()
    other.join(30)
    assert (left, list(Message.objects.values_list("to", "state"))) == ([1], [("asha@example.org", "queued")])


def until_one_waits() -> None:
    """Until some connection waits for a lock of another one."""
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


# ── What an address or a title may smuggle in ────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    "to", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "a@example.org\r\n", ""]
)
def test_what_is_not_one_address_is_not_queued(server: Server, to: str) -> None:
    with pytest.raises(ValidationError):
        queue_letter("events.cancelled", HELLO, to=to)
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_line_breaks_add_no_header_and_no_recipient(cast: Cast, event: Event, server: Server) -> None:
    """In a title they become spaces; a message whose address bypassed our checks is not sent, and the others are."""
    evil = "evil@example.org"
    event.participations.exclude(person__language="en").delete()
    Person.objects.filter(email="en@example.org").update(name=f"Amina\r\n\r\nWrite to {evil}")
    Event.objects.filter(pk=event.pk).update(title=f"Exchange\r\nBcc: {evil}\n\nHello")
    make.person(f"Asha\nBcc: {evil}")
    actions.cancel_event(Event.objects.get(pk=event.pk), by=cast.users()["coordinator"])
    (past_us,) = queue("asha")
    Message.objects.filter(message_id=past_us).update(to=f"asha@example.org\nBcc: {evil}", queued_at=timezone.now())
    (last,) = queue("badru")
    deliver_due()

    sent = server.accepted
    assert [mail.to for mail in sent] == [["en@example.org"], ["badru@example.org"]]
    assert [mail.content["Bcc"] for mail in sent] == [None, None]
    assert f"Exchange Bcc: {evil} Hello" in str(sent[0].content["Subject"])
    assert f"Dear Amina Write to {evil}," in sent[0].content.get_content().splitlines()
    assert keys(sent)[1] == last
    stuck = Message.objects.get(message_id=past_us)
    assert (stuck.state, stuck.attempts, stuck.last_error != "") == (MessageState.QUEUED, 1, True)
