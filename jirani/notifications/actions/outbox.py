"""Queue messages, and send what is due.

A message is a row written in the transaction that causes it, so it exists exactly where its cause does. The worker claims a due
row (its next attempt moves into the future and is committed), then sends it while holding the row's lock, then records that it
was sent. A crash can repeat a message only between the server's acceptance and that record, under the same Message-ID.
"""

import logging
import re
import traceback
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from jirani.notifications.enums import MessageState
from jirani.notifications.models import Message
from jirani.notifications.registry import jobs

logger = logging.getLogger(__name__)

#: Waiting times after the first, second, … failed attempt; after the last one we give up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
#: How long a message waits whose place a later one may take.
PATIENCE = timedelta(minutes=5)
#: How long sent messages are kept (the register of personal data says so too).
KEPT = timedelta(days=90)
#: Kinds whose text is a secret: it is forgotten as soon as it was sent.
SECRET_KINDS = frozenset({"accounts.code"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A message's subject and text in one language, before anyone is written to."""

    subject: str
    body: str
    language: str


def write_letter(template: str, context: Mapping[str, Any], language: str) -> Letter:
    """Render `<template>.subject.txt` and `<template>.body.txt` in a language, for a preview or for the outbox.

    Values in the text are set apart where they run the other way (`inserted`). In a subject they are not: it is one short line
    whose Arabic begins with an Arabic word, or with the code that is looked for; lists of messages and old telephones may show
    the signs that set apart as boxes.
    """
    known = {"base_url": settings.BASE_URL, "network_name": settings.NETWORK_NAME, **context}
    with translation.override(language):
        subject = " ".join(render_to_string(f"{template}.subject.txt", known).split())
        body = render_to_string(f"{template}.body.txt", known).strip() + "\n"
    return Letter(subject[:300], body, language)


def queue_message(
    kind: str,
    *,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    recipient: Any = None,
    about: str = "",
) -> Message:
    """Put one message into the outbox, within the caller's transaction."""
    letter = write_letter(template, context, language)
    return queue_letter(kind, letter, to=to, recipient=recipient, about=about)


def queue_letter(kind: str, letter: Letter, *, to: str, recipient: Any = None, about: str = "") -> Message:
    """Put a letter that is already written into the outbox. Raises ValidationError where `to` is not one address."""
    validate_email(to)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    return Message.objects.create(
        kind=kind,
        about=about,
        to=to,
        recipient=recipient,
        language=letter.language,
        subject=letter.subject,
        body=letter.body,
        message_id=f"<{uuid.uuid4().hex}@{host}>",
    )


def queue_latest(kind: str, letter: Letter, *, to: str, about: str, recipient: Any = None) -> Message:
    """Queue a letter that says how `about` stands now. It waits a while, and a later one of its kind takes its place.

    One that a worker has taken already is left to it: a message that was sent never changes.
    """
    waiting = _waiting(kind, about).filter(to=to).first()
    message = waiting or queue_letter(kind, letter, to=to, recipient=recipient)
    message.about, message.next_attempt_at = about, timezone.now() + PATIENCE
    message.language, message.subject, message.body = letter.language, letter.subject, letter.body
    message.save(update_fields=["about", "next_attempt_at", "language", "subject", "body"])
    return message


def is_waiting(kind: str, *, about: str) -> bool:
    """Whether something queued with `queue_latest` is still to be sent, and may yet say something else."""
    return Message.objects.filter(kind=kind, about=about, state=MessageState.QUEUED, attempts=0).exists()


def drop_waiting(kind: str, *, about: str) -> int:
    """Leave unsent what was queued with `queue_latest` and that nobody has taken yet; how many."""
    dropped, _ = Message.objects.filter(pk__in=[message.pk for message in _waiting(kind, about)]).delete()
    return dropped


def _waiting(kind: str, about: str) -> QuerySet[Message]:
    """Locked, so that no worker takes them before the transaction ends; those that one is taking are left out."""
    return Message.objects.select_for_update(skip_locked=True).filter(
        kind=kind, about=about, state=MessageState.QUEUED, attempts=0
    )


def deliver_due() -> int:
    """Send every message that is due; how many were sent."""
    sent = 0
    while (message := _claim()) is not None:
        sent += _deliver(message)
    return sent


def _claim() -> Message | None:
    """Take the message that has waited longest, out of the reach of other workers until its next attempt."""
    now = timezone.now()
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=MessageState.QUEUED, next_attempt_at__lte=now)
            .order_by("next_attempt_at", "id")
            .first()
        )
        if message is None:
            return None
        wait = BACKOFF[min(message.attempts, len(BACKOFF) - 1)]
        Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1, next_attempt_at=now + wait)
    return message


def _deliver(message: Message) -> bool:
    """Send under the row's lock and record it; a failure is recorded too, and after the last attempt we give up."""
    with transaction.atomic():
        locked = (
            Message.objects.select_for_update(skip_locked=True).filter(pk=message.pk, state=MessageState.QUEUED).first()
        )
        if locked is None:
            return False
        try:
            _send(locked)
        except (
            OSError,
            SMTPException,
            ValueError,
        ) as error:  # the server's answer, or what cannot be written as an e-mail
            _record_failure(locked, error)
            return False
        locked.state = MessageState.SENT
        locked.sent_at = timezone.now()
        locked.last_error = ""
        if locked.kind in SECRET_KINDS:
            locked.subject = locked.body = ""
        locked.save(update_fields=["state", "sent_at", "last_error", "subject", "body"])
    return True


def _send(message: Message) -> None:
    EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    ).send()


def _record_failure(message: Message, error: Exception) -> None:
    message.last_error = f"{type(error).__name__}: {error}"[:300]
    if message.attempts > len(BACKOFF):
        message.state = MessageState.FAILED
    message.save(update_fields=["last_error", "state"])
    logger.warning("Message %s was not sent (attempt %s)", message.message_id, message.attempts)


def given_up() -> QuerySet[Message]:
    """Messages that no server took, however often we tried; not codes, which are of no use any more."""
    return Message.objects.filter(state=MessageState.FAILED).exclude(kind__in=SECRET_KINDS)


def send_again(messages: QuerySet[Message]) -> int:
    """Give messages that we had given up a new start; how many."""
    again = messages.filter(state=MessageState.FAILED)
    return again.update(state=MessageState.QUEUED, attempts=0, next_attempt_at=timezone.now(), last_error="")


def queue_due(today: date) -> None:
    """Let every app queue what the day brings about; where one cannot, the others still do."""
    for name, job in jobs().items():
        try:
            job(today)
        except OperationalError:  # the database is away: the worker waits for it
            raise
        except Exception as error:  # noqa: BLE001  what one app cannot do is no reason for the others not to
            place = "".join(traceback.format_tb(error.__traceback__))  # without the message, which may quote a row
            logger.error("%s could not queue what is due today: %s\n%s", name, type(error).__name__, place)  # noqa: TRY400


def file_of(message_id: str) -> Path:
    """Where a message is written where no SMTP server is set."""
    return Path(settings.EMAIL_FILE_PATH) / f"{re.sub(r'[^A-Za-z0-9.@-]', '_', message_id.strip('<>'))}.eml"


def forget_old() -> int:
    """Delete messages older than they may be kept, and files as old whatever wrote them; how many messages."""
    before = timezone.now() - KEPT
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.eml"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    with transaction.atomic():
        return delete_messages(Message.objects.filter(queued_at__lt=before))


def delete_messages(messages: QuerySet[Message]) -> int:
    """Delete messages and their files; how many messages. Waits for one that is being sent."""
    names = list(messages.select_for_update(of=("self",)).values_list("message_id", flat=True))
    deleted, _ = Message.objects.filter(message_id__in=names).delete()
    transaction.on_commit(lambda: _delete_files(names))
    return deleted


def _delete_files(message_ids: list[str]) -> None:
    for message_id in message_ids:
        file_of(message_id).unlink(missing_ok=True)
