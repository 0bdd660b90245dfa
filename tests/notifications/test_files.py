"""Messages that go to files, as good as keys: for their owner only, and no longer kept than in the outbox."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from jirani.members.actions import erase_person
from jirani.notifications.actions import KEPT, Letter, deliver_due, file_of, forget_old, queue_letter
from jirani.notifications.models import Message
from tests import factories as make

pytestmark = pytest.mark.django_db


def send(to: str, kind: str = "events.invitation") -> Path:
    """Queue a message and send it; its file."""
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
        assert forget_old() == 1
    assert set(folder.iterdir()) == {others}


def test_of_a_code_that_was_sent_the_outbox_keeps_nothing(folder: Path) -> None:
    send("somebody@example.org", kind="accounts.code")
    send("somebody@example.org")

    kept = list(Message.objects.order_by("pk").values_list("kind", "subject", "body"))
    assert kept == [("accounts.code", "", ""), ("events.invitation", "The code is 1234", "Your link")]
