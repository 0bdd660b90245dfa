"""Messages written to files are as good as keys: readable by their owner only, and kept no longer than in the outbox."""

import os
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.core.signing import TimestampSigner
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from jirani.events.text import sign_link
from jirani.members.actions import erase_person
from jirani.notifications.actions import (
    CODE_LIFE,
    KEPT,
    Letter,
    delete_messages,
    delete_old_messages,
    deliver_due,
    drop_stale_codes,
    file_of,
    queue_letter,
    without_links,
)
from jirani.notifications.models import Message
from tests import factories as make

from .conftest import CODE, MINUTE, left, queue
from .smtp import Server

pytestmark = pytest.mark.django_db


def send(to: str, kind: str = "events.invitation") -> Path:
    """Queue a message and send it. Returns its file."""
    before = {message.message_id for message in Message.objects.all()}
    queue_letter(kind, Letter("The code is 1234", "Your link", "en"), to=to)
    deliver_due()
    return file_of(Message.objects.exclude(message_id__in=before).get().message_id)


def test_only_their_owner_reads_them(folder: Path) -> None:
    file = send("somebody@example.org")

    assert [path.stat().st_mode & 0o777 for path in (folder, file)] == [0o700, 0o600]
    assert b"Your link" in file.read_bytes()


def test_they_go_with_the_message_and_with_the_person(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    person = make.person(email="their@example.org")
    theirs, old, others = send("THEIR@example.org"), send("old@example.org"), send("other@example.org")
    before = timezone.now() - KEPT - timedelta(days=1)
    Message.objects.filter(to="old@example.org").update(queued_at=before)
    EmailMessage("Wagtail's own", "A link", to=["editor@example.org"], headers={"Message-ID": "<not-ours@x>"}).send()
    foreign = folder / "not-ours@x.eml"
    os.utime(foreign, (before.timestamp(),) * 2)
    assert set(folder.iterdir()) == {theirs, old, others, foreign}

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person, by=person.user)
    assert set(folder.iterdir()) == {old, others, foreign}
    with django_capture_on_commit_callbacks(execute=True):
        delete_old_messages()
    assert set(folder.iterdir()) == {others}


def test_of_a_code_that_was_sent_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send("somebody@example.org")
    queue_letter("accounts.code", Letter("The code is 1234", "1234", "en"), to="somebody@example.org")
    deliver_due()

    assert list(Message.objects.values_list("kind", flat=True)) == ["events.invitation"]
    (code,) = [path for path in folder.iterdir() if b"Expires" in path.read_bytes()]
    delete_old_messages()
    assert code.exists(), "it is of use"
    later = timezone.now() + CODE_LIFE + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    delete_old_messages()
    assert (code.exists(), len(list(folder.iterdir()))) == (False, 1)


def test_codes_that_nobody_could_send_in_time_are_dropped(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = lambda command, mail: "451 come back later" if command == "DATA" else None
    for kind in ("accounts.code", "events.invitation"):
        queue_letter(kind, Letter("Words", "Words", "en"), to="somebody@example.org")
    deliver_due()
    assert set(Message.objects.values_list("kind", "attempts")) == {("accounts.code", 1), ("events.invitation", 1)}

    later = timezone.now() + CODE_LIFE + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    seen = len(server.seen)
    deliver_due()
    assert list(Message.objects.values_list("kind", flat=True)) == ["events.invitation"]
    assert len(server.seen) == seen + 1


#: Links as letters hold them, and what is left of them once they were sent.
LINKS = {
    f"Come: http://x/en/my-programme/{sign_link(7, 'nonce')}/\n": "Come: http://x/en/my-programme/…/\n",
    f"http://x/ar/my-programme/{sign_link(7, 'n')}/notes/ and http://x/en/desk/": "http://x/ar/my-programme/…/notes/ and http://x/en/desk/",
    f"https://x/join?to={signing.dumps([1, 2])}&more=1": "https://x/join?to=…&more=1",
    f"https://x/{TimestampSigner().sign('7')}": "https://x/…",
    "http://x/en/follow-ups/12/ on 12:30, v1.2.3": "http://x/en/follow-ups/12/ on 12:30, v1.2.3",
}


# Signatures tell the second, so they cannot name the tests: two workers that collect them a second apart would not agree.
@pytest.mark.parametrize("body", LINKS, ids=range(len(LINKS)))
def test_of_a_secret_link_that_was_sent_nothing_is_kept_but_where_it_was_delivered(folder: Path, body: str) -> None:
    message = queue_letter("events.invitation", Letter("Come", body, "en"), to="somebody@example.org")
    assert Message.objects.get().body == body
    deliver_due()

    assert Message.objects.get().body == LINKS[body]
    sent = message_from_bytes(file_of(message.message_id).read_bytes(), policy=policy.default)
    assert sent.get_content().strip() == body.strip()


@pytest.mark.parametrize("expires", ["never", "Mon, 30 Nov 2026 04:00:00 -0000", ""])
def test_a_file_of_others_keeps_no_old_letter(folder: Path, expires: str) -> None:
    send("old@example.org")
    Message.objects.update(queued_at=timezone.now() - KEPT - timedelta(days=1))
    (folder / "theirs.eml").write_text(f"Expires: {expires}\n\nText\n")
    delete_old_messages()
    assert list(Message.objects.all()) == []


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


def test_links_that_let_somebody_in_are_not_kept() -> None:
    token = "abc:1rT5x0:" + "a" * 43
    assert without_links(f"See https://x.org/en/p/{token}/ now.") == "See https://x.org/en/p/…/ now."
    assert without_links("See https://x.org/en/lessons/ now.") == "See https://x.org/en/lessons/ now."
