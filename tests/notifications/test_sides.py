"""The outbox and its alerts on both sides of each condition: what waits, what is dropped, withdrawn, given up, told and shown."""

import os
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.audit.actions import note_backup
from jirani.audit.models import Backup, Tally
from jirani.changes.registry import Change, Kind
from jirani.events.models import Event
from jirani.members.enums import NetworkDuty
from jirani.notifications.actions import (
    BACKOFF,
    CODE_LIFE,
    INCOMPLETE,
    KEPT,
    OVERDUE,
    PATIENCE,
    UNDELIVERED,
    Letter,
    Mailing,
    NotShown,
    Recipient,
    check_backups,
    clear_alert,
    delete_alerts,
    delete_messages,
    delete_old_messages,
    deliver_due,
    drop_stale_codes,
    drop_waiting,
    file_of,
    given_up,
    is_waiting,
    key_of,
    letter_of,
    number_in,
    queue_latest,
    queue_letter,
    queue_message,
    raise_alert,
    raise_alerts,
    say_incomplete,
    say_overdue,
    send_again,
    tell_undelivered,
    told_alerts,
    withdraw,
    without_links,
    work_figures,
)
from jirani.notifications.actions.alerts import QUIET
from jirani.notifications.actions.delivery import _is_silence
from jirani.notifications.actions.withdrawal import is_over
from jirani.notifications.enums import Lane
from jirani.notifications.forms import MailingForm
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import register_alert, register_letters
from tests import factories as make

pytestmark = pytest.mark.django_db

HELLO, CODE = Letter("Hello", "Hello.\n", "en"), "accounts.code"
MINUTE = timedelta(minutes=1)


def queue(kind: str = "tests.kind", to: str = "a@example.org", **facts: Any) -> Message:
    message = queue_letter(kind, HELLO, to=to)
    Message.objects.filter(pk=message.pk).update(**facts)
    return Message.objects.get(pk=message.pk)


def left() -> set[int]:
    return set(Message.objects.values_list("pk", flat=True))


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


def test_old_messages_and_files_go_and_others_stay(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    now = timezone.now()
    kept, old = queue(queued_at=now - KEPT + MINUTE), queue(queued_at=now - KEPT - MINUTE)
    files: dict[str, tuple[timedelta, str]] = {
        "new.eml": (timedelta(), ""), "old.eml": (KEPT + MINUTE, ""), "almost.eml": (KEPT - MINUTE, ""), "old.txt": (KEPT + MINUTE, ""),
        "expired.eml": (timedelta(), f"Expires: {format_datetime(now - MINUTE)}\n"),
        "useful.eml": (timedelta(), f"Expires: {format_datetime(now + MINUTE)}\n"),
        "naive.eml": (timedelta(), "Expires: Mon, 01 Jan 2024 10:00:00 -0000\n"), "odd.eml": (timedelta(), "Expires: never\n"),
    }  # fmt: skip
    for name, (age, head) in files.items():
        (tmp_path / name).write_text(f"{head}\nHello")
        at = (now - age).timestamp()
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "folder.eml").mkdir()
    file_of(old.message_id).write_text("\nHello")
    with django_capture_on_commit_callbacks(execute=True):
        delete_old_messages()
    assert left() == {kept.pk}
    assert {path.name for path in tmp_path.iterdir()} == {
        "new.eml", "almost.eml", "old.txt", "useful.eml", "odd.eml", "folder.eml",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert (delete_messages(Message.objects.all()), left()) == (1, set())


def test_codes_go_when_they_are_of_no_use() -> None:
    now = timezone.now()
    fresh, stale = queue(CODE, queued_at=now - CODE_LIFE + MINUTE), queue(CODE, queued_at=now - CODE_LIFE - MINUTE)
    letter = queue(queued_at=now - KEPT)
    drop_stale_codes()
    assert left() == {fresh.pk, letter.pk}
    assert stale.pk not in left()


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


def test_links_that_let_somebody_in_are_not_kept() -> None:
    token = "abc:1rT5x0:" + "a" * 43
    assert without_links(f"See https://x.org/en/p/{token}/ now.") == "See https://x.org/en/p/…/ now."
    assert without_links("See https://x.org/en/lessons/ now.") == "See https://x.org/en/lessons/ now."


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


# ── Withdrawn ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def change(event: Event, kind: Kind) -> Change:
    return Change(model=Event, pk=event.pk, kind=kind, before={}, after={}, fields=frozenset({"state"}))


def test_what_tells_of_a_record_that_goes_or_must_not_be_told_is_not_sent() -> None:
    unsent: list[int] = []
    stands = {"tests.kind": lambda message: message.subject == "Hello", "tests.other": lambda message: True}
    register_letters(stands, unsent=lambda messages: unsent.extend(one.pk for one in messages))
    event, other = make.event(), make.event()
    about, elsewhere = [key_of(event)], [key_of(other)]

    def rows() -> dict[str, Message]:
        Message.objects.all().delete()
        unsent.clear()
        return {
            "stands": queue(records=about), "fell": queue(records=about, subject="Old"), "failed": queue(records=about, subject="Old", state="failed"),
            "sent": queue(records=about, subject="Old", state="sent", sent_at=timezone.now()), "of another": queue(records=elsewhere, subject="Old"),
            "another kind": queue("tests.other", records=about, subject="Old"),
        }  # fmt: skip

    def gone(made: dict[str, Message]) -> set[str]:
        here = left()
        return {name for name, one in made.items() if one.pk not in here}

    for kind, expected in [
        (Kind.MADE, set()),
        (Kind.CHANGED, {"fell", "failed"}),
        (Kind.GONE, {"stands", "fell", "failed"}),
    ]:
        made = rows()
        tell_undelivered()
        withdraw([change(event, kind)], "tests.kind")
        assert gone(made) == expected, kind
        assert {made[name].pk for name in expected} == set(unsent)
        assert Alert.objects.open().filter(kind=UNDELIVERED).exists() is ("failed" not in expected)
    made = rows()
    assert {name: is_over(one) for name, one in made.items() if name in ("stands", "fell", "another kind")} == {
        "stands": False, "fell": True, "another kind": False,
    }  # fmt: skip
    assert (gone(made), unsent) == ({"fell"}, [made["fell"].pk])
    assert is_over(queue(subject="Old")) is False, "it tells of no record"
    assert is_over(queue("tests.unknown", records=about)) is False
    keys = [(number_in(made["stands"], label)) for label in ("events.event", "events.even", "events.session")]
    assert keys == [event.pk, 0, 0]


# ── Alerts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reader() -> Any:
    person = make.person("Coordinator", email="coordinator@example.org", language="fr")
    make.duty(person, NetworkDuty.COORDINATOR)
    return person


def kinds(*, many: bool) -> None:
    register_alert(
        "tests.full", sentence=lambda facts: f"{facts['full']}%", link=lambda facts: f"/{facts['full']}/",
        together=(lambda count: f"{count} disks") if many else None,
        records=lambda facts: [(f"disk {one['full']}", "") for one in facts],
    )  # fmt: skip


def test_alerts_of_one_kind_are_told_apart_or_together(reader: Any) -> None:
    kinds(many=False)
    raise_alerts("tests.full", {"b": {"full": 2}, "a": {"full": 1}})
    bodies = list(Message.objects.order_by("pk").values_list("body", flat=True))
    assert [("1%" in body, "2%" in body) for body in bodies] == [(True, False), (False, True)]
    first, second = Alert.objects.order_by("pk")
    told = [(one.since, one.sentence, one.address, one.records) for one in told_alerts()]
    assert told == [(first.opened_at, "1%", "/1/", [("disk 1", "")]), (second.opened_at, "2%", "/2/", [("disk 2", "")])]
    kinds(many=True)
    (one,) = told_alerts()
    assert (one.since, one.sentence, one.address, one.records) == (
        first.opened_at,
        "2 disks",
        "",
        [("disk 1", ""), ("disk 2", "")],
    )
    clear_alert("tests.full", about="a")
    assert [one.sentence for one in told_alerts()] == ["2%"]
    closed = Alert.objects.get(about="a").closed_at
    clear_alert("tests.full", about="a")
    assert Alert.objects.get(about="a").closed_at == closed, "it was over before"
    Message.objects.all().delete()
    raise_alerts("tests.full", {name: {"full": 3} for name in ("c", "d")})
    letter = Message.objects.get()
    assert ("2 disks" in letter.body, letter.to, letter.language, letter.recipient) == (
        True,
        "coordinator@example.org",
        "fr",
        reader.user,
    )
    delete_alerts("tests.full", ["c", "x"])
    delete_alerts("tests.other", ["d"])
    assert set(Alert.objects.values_list("about", flat=True)) == {"a", "b", "d"}


def test_a_letter_goes_when_an_alert_opens_after_a_day_of_quiet(reader: Any) -> None:
    kinds(many=False)

    def raised(full: int) -> int:
        Message.objects.all().delete()
        raise_alert("tests.full", facts={"full": full})
        return Message.objects.count()

    assert [raised(1), raised(2)] == [1, 0]
    opened = Alert.objects.get().opened_at
    assert Alert.objects.get().facts == {"full": 2}
    clear_alert("tests.full")
    assert (raised(3), Alert.objects.get().closed_at, Alert.objects.get().opened_at > opened) == (0, None, True)
    for age, letters in [(QUIET - MINUTE, 0), (QUIET + MINUTE, 1)]:
        clear_alert("tests.full")
        Alert.objects.update(told_at=timezone.now() - age)
        assert raised(4) == letters
    Alert.objects.update(told_at=timezone.now() - 2 * QUIET)
    assert raised(5) == 0, "it is open"


def test_that_nobody_is_there_to_be_told_is_logged(caplog: pytest.LogCaptureFixture, reader: Any) -> None:
    kinds(many=False)
    raise_alert("tests.full", about="a", facts={"full": 1})
    assert "no coordinator" not in caplog.text
    reader.network_roles.all().delete()
    raise_alert("tests.full", about="b", facts={"full": 1})
    assert ("no coordinator" in caplog.text, Alert.objects.count()) == (True, 2)


def test_backups_on_both_sides_of_their_days(settings: Any, reader: Any) -> None:
    settings.DEMO, settings.BACKUP_DAYS = False, 3
    now = timezone.now()

    def told(**backup: Any) -> dict[str, Any]:
        Backup.objects.all().delete()
        if backup:
            made = note_backup(rows=1, files=1, missing=backup.get("missing", 0), size=1)
            Backup.objects.filter(pk=made.pk).update(made_at=now - backup["age"])
        check_backups()
        return {one.kind: one.facts for one in Alert.objects.open()}

    days = timedelta(days=1)
    assert told(age=3 * days - MINUTE) == {}
    assert told(age=3 * days + MINUTE) == {OVERDUE: {"days": 3, "ever": True}}
    assert told(age=days, missing=2) == {INCOMPLETE: {"count": 2}}
    assert told(age=5 * days, missing=1) == {OVERDUE: {"days": 5, "ever": True}, INCOMPLETE: {"count": 1}}
    assert told() == {}, "the network is new"
    type(reader.user).objects.update(date_joined=now - 4 * days)
    assert told() == {OVERDUE: {"days": 4, "ever": False}}
    settings.BACKUP_DAYS = 0
    assert told(age=5 * days, missing=1) == {}
    settings.DEMO, settings.BACKUP_DAYS = True, 3
    assert told(age=5 * days, missing=1) == {}
    assert say_overdue({"days": 4, "ever": False}).startswith("This network has never been backed up.")
    assert [say_overdue({"days": count, "ever": True})[:35] for count in (1, 2)] == [
        "The last backup was made 1 day ago.", "The last backup was made 2 days ago",
    ]  # fmt: skip
    assert [say_incomplete({"count": count})[:16] for count in (1, 2)] == ["1 uploaded file ", "2 uploaded files"]
    newest, older = (note_backup(rows=4, files=3, missing=2, size=1) for _ in range(2))
    assert (newest.rows, newest.files, newest.missing, newest.size, older.pk > newest.pk) == (4, 3, 2, 1, True)


# ── Mailings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mailing_is_sent_as_it_was_shown_and_to_nobody_else() -> None:
    people = [Recipient(key, name, f"{name}@example.org", code, to=f"{name}@example.org") for key, name, code in
              [(1, "asha", "fr"), (2, "badru", "en"), (3, "chege", "fr")]]  # fmt: skip

    def mailing(about: str = "", greeting: str = "Hello") -> Mailing:
        def write(to: Recipient) -> Letter:
            return Letter(greeting, f"{greeting} {to.name}", to.language)

        return Mailing(
            "tests.kind", people, write=write, sample=write, about=about, records=lambda to: [f"x.y:{to.key}"]
        )

    shown = [stamp for stamp, _one, _letter in mailing().samples]
    assert [(letter.body, count) for letter, count in mailing().letters] == [("Hello asha", 2), ("Hello badru", 1)]
    assert len(set(shown)) == 3
    for seen in ([], shown[:2]):
        with pytest.raises(NotShown):
            mailing().send(seen)
    with pytest.raises(NotShown):
        mailing(greeting="Bye").send(shown)
    assert left() == set()
    assert mailing().send([*shown, "more"]) == 3
    sent = Message.objects.order_by("to").values_list("to", "language", "records", "about")
    assert list(sent) == [
        ("asha@example.org", "fr", ["x.y:1"], ""), ("badru@example.org", "en", ["x.y:2"], ""), ("chege@example.org", "fr", ["x.y:3"], ""),
    ]  # fmt: skip
    assert (mailing("x.y:1").send(), mailing("x.y:1", "Again").send(), Message.objects.count()) == (3, 3, 6)
    assert set(Message.objects.filter(about="x.y:1").values_list("subject", flat=True)) == {"Again"}
    form = MailingForm({"shown": [*shown, "x-1", "-2", "1" * 19 + "-3"]}, mailing=mailing())
    assert (form.is_valid(), form.chosen) == (True, [1, 2, 3])
    other = mailing()
    form.refuse(NotShown(other))
    assert form.mailing is other
    form.refuse(ValidationError("No."))
    assert form.mailing is other
