"""Queue messages. A message is a row written in the transaction that causes it, so it exists exactly if its cause does.
Once that is committed, the worker is woken.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from jirani.core.security import seal, unseal
from jirani.notifications.enums import Lane, MessageState
from jirani.notifications.models import Message
from jirani.ui.text import one_line

#: The tasks that send what is due (`notifications.tasks`).
DELIVERY = {Lane.CODES: "notifications.deliver_codes", Lane.LETTERS: "notifications.deliver_letters"}
#: How long a message waits whose place a later one may take.
PATIENCE = timedelta(minutes=5)
#: How long sent messages are kept (the register of personal data says so too).
KEPT = timedelta(days=90)
#: Kinds that somebody waits for at this moment: they go ahead of all others, and nothing is kept of them once they were sent.
CODE_KINDS = frozenset({"accounts.code"})
#: How long they are of use; later they are dropped unsent.
CODE_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message's subject and text in one language, before anyone is written to."""

    subject: str
    body: str
    language: str


def write_letter(template: str, context: Mapping[str, Any], language: str) -> Letter:
    """Render `<template>.subject.txt` and `<template>.body.txt` in a language, for a preview or for the outbox.

    Values in the text are isolated if they run in the other direction (`inserted`). In a subject they are not: it is one short line
    whose Arabic begins with an Arabic word, or with the code that is looked for; lists of messages and old telephones may show
    the signs that set apart as boxes.
    """
    known = {"base_url": settings.BASE_URL, "network_name": settings.NETWORK_NAME, **context}
    with translation.override(language):
        subject = one_line(render_to_string(f"{template}.subject.txt", known))
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
    records: Iterable[str] = (),
) -> Message:
    """Put one message into the outbox, within the caller's transaction."""
    letter = write_letter(template, context, language)
    return queue_letter(kind, letter, to=to, recipient=recipient, about=about, records=records)


def queue_letter(
    kind: str, letter: Letter, *, to: str, recipient: Any = None, about: str = "", records: Iterable[str] = ()
) -> Message:
    """Put a letter that is already written into the outbox. Raises ValidationError if `to` is not a single address."""
    validate_email(to)
    wake(Lane.CODES if kind in CODE_KINDS else Lane.LETTERS)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    message_id = f"<{uuid.uuid4().hex}@{host}>"
    if kind in CODE_KINDS:  # a copy of the database must not sign anybody in
        letter = Letter("", seal(f"{letter.subject}\n{letter.body}", purpose=message_id), letter.language)
    return Message.objects.create(
        kind=kind,
        about=about,
        records=list(records),
        to=to,
        recipient=recipient,
        language=letter.language,
        subject=letter.subject,
        body=letter.body,
        message_id=message_id,
    )


def letter_of(message: Message) -> Letter:
    """Return a message's text, which is sealed while a code waits. Raises ValueError if the secret key has changed since."""
    if message.kind not in CODE_KINDS:
        return Letter(message.subject, message.body, message.language)
    subject, _, body = unseal(message.body, purpose=message.message_id).partition("\n")
    return Letter(subject, body, message.language)


def wake(lane: Lane) -> None:
    """Let a worker look at a lane once the transaction is committed. If it cannot be told, it looks within a minute anyhow."""
    look = _LOOK[lane]
    if not any(waiting is look for _, waiting, *_ in connection.run_on_commit):  # one look sees all of a mailing
        transaction.on_commit(look, robust=True)


def _look(lane: Lane) -> None:
    """Put the task into the queue, unless it waits there. Not in the message's own transaction: whoever queues a letter at the same
    time would wait for its end, since only one may wait.
    """
    name = DELIVERY[lane]
    if not ProcrastinateJob.objects.filter(queueing_lock=name, status="todo").exists():
        with suppress(AlreadyEnqueued):
            app.configure_task(name, queue=lane, queueing_lock=name).defer()


_LOOK = {lane: partial(_look, lane) for lane in DELIVERY}


def queue_latest(
    kind: str, letter: Letter, *, to: str, about: str, recipient: Any = None, records: Iterable[str] = ()
) -> Message:
    """Queue a letter about the current state of `about`. It waits for a while, and a later one of its kind replaces it.

    One that a worker has taken already is left to it: a message that was sent never changes.
    """
    waiting = _waiting(kind, about).filter(to=to).first()
    message = waiting or queue_letter(kind, letter, to=to, recipient=recipient, records=records)
    message.about, message.next_attempt_at = about, timezone.now() + PATIENCE
    message.language, message.subject, message.body = letter.language, letter.subject, letter.body
    message.save(update_fields=["about", "next_attempt_at", "language", "subject", "body"])
    return message


def is_waiting(kind: str, *, about: str) -> bool:
    """Whether something queued with `queue_latest` is still to be sent, and may yet say something else."""
    return Message.objects.filter(kind=kind, about=about, state=MessageState.QUEUED, attempts=0).exists()


def drop_waiting(kind: str, *, about: str) -> int:
    """Delete letters queued with `queue_latest` that no worker has taken yet. Returns how many."""
    dropped, _ = Message.objects.filter(pk__in=[message.pk for message in _waiting(kind, about)]).delete()
    return dropped


def _waiting(kind: str, about: str) -> QuerySet[Message]:
    """Return the waiting letters, locked so that no worker takes them before the transaction ends; those being sent are left out."""
    return Message.objects.select_for_update(skip_locked=True).filter(
        kind=kind, about=about, state=MessageState.QUEUED, attempts=0
    )


def given_up() -> QuerySet[Message]:
    """Return messages that no server accepted, however often we tried; not codes, which are of no use any more."""
    return Message.objects.filter(state=MessageState.FAILED).exclude(kind__in=CODE_KINDS)


def send_again(messages: QuerySet[Message]) -> int:
    """Try again to send messages that were given up. Returns how many."""
    again = messages.filter(state=MessageState.FAILED)
    wake(Lane.LETTERS)
    return again.update(state=MessageState.QUEUED, attempts=0, next_attempt_at=timezone.now(), last_error="")


def file_of(message_id: str) -> Path:
    """Return the file to which a message is written if no SMTP server is set."""
    return Path(settings.EMAIL_FILE_PATH) / f"{re.sub(r'[^A-Za-z0-9.@-]', '_', message_id.strip('<>'))}.eml"


def delete_old_messages() -> None:
    """Delete messages older than they may be kept, and files as old whatever wrote them, those of codes once they have expired. What
    is there but is not our file is left alone.
    """
    now = timezone.now()
    with transaction.atomic():
        delete_messages(Message.objects.filter(queued_at__lt=now - KEPT))
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.eml"):
        if path.is_file() and (path.stat().st_mtime < (now - KEPT).timestamp() or _has_expired(path, now)):
            path.unlink(missing_ok=True)


def _has_expired(path: Path, now: datetime) -> bool:
    with path.open("rb") as file:
        expires = BytesHeaderParser().parse(file)["Expires"]
    with suppress(ValueError):  # what is no day was not written by us
        day = parsedate_to_datetime(str(expires))
        return (day if day.tzinfo else day.replace(tzinfo=UTC)) < now
    return False


def delete_messages(messages: QuerySet[Message]) -> int:
    """Delete messages and their files. Returns how many messages. Waits for one that is being sent."""
    names = list(messages.select_for_update(of=("self",)).values_list("message_id", flat=True))
    deleted, _ = Message.objects.filter(message_id__in=names).delete()
    transaction.on_commit(lambda: _delete_files(names))
    return deleted


def _delete_files(message_ids: list[str]) -> None:
    for message_id in message_ids:
        file_of(message_id).unlink(missing_ok=True)
