"""Send what is due in the outbox.

The worker claims a due row (its next attempt moves into the future and is committed), then sends it while holding the row's lock,
then records that it was sent. A crash can repeat a message only between the server's acceptance and that record, under the same
Message-ID.

Codes go first. They also have a separate lane, so that no letter to a hanging server holds one up; a row is claimed
only once the server has answered, so that a waiting lane blocks no message from the other.
"""

import logging
import re
import select
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from jirani.notifications.enums import Lane, MessageState
from jirani.notifications.models import Message

from .outbox import CODE_KINDS, CODE_LIFE, letter_of
from .withdrawal import is_over

logger = logging.getLogger(__name__)

#: Waiting times after the first, second, … failed attempt; after the last one we give up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
#: Letters over one connection; many servers take no more.
MOST = 50
#: After this many letters in a row without an answer from the server, the rest wait for the next round.
PATIENT = 3
#: A signed token of `django.core.signing` in an address: it lets anybody who has it in.
SIGNED = re.compile(r"(?<=[/=])[^/\s?&=]*[.:][A-Za-z0-9_-]{27,}")
#: The server's answer, or what cannot be written as an e-mail.
FAILURES = (OSError, SMTPException, ValueError)


class Line:
    """A connection to the mail server that is used for many letters and reopened if it is lost."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._used = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether there is one that can be used, as far as is known without asking the server."""
        return self._connection is not None and self._used < MOST and not self._ended()

    def _ended(self) -> bool:
        """Whether the server has said something unasked: that it closes the connection, or nothing any more."""
        if not hasattr(self._connection, "connection"):
            return False  # it goes into files
        socket = getattr(self._connection.connection, "sock", None)
        # Something to read although we asked nothing: a goodbye, or the end of the connection.
        return socket is None or bool(select.select([socket], [], [], 0)[0])

    def open(self) -> None:
        """Connect to the server unless we are connected. Raises OSError or SMTPException."""
        if not self.is_open:
            self.close()
            connection = get_connection()
            connection.open()
            self._connection, self._used = connection, 0

    def send(self, mail: EmailMessage) -> None:
        """Send over the open connection. Raises OSError, SMTPException, or ValueError for what is no e-mail."""
        self._used += 1
        self._connection.send_messages([mail])

    def close(self) -> None:
        """Take leave of the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, SMTPException):
                connection.close()

    def drop(self) -> None:
        """Close the connection without saying goodbye: the server hangs, or it is uncertain what it would be answering."""
        server = getattr(self._connection, "connection", None)
        self._connection = None
        if server is not None:
            server.close()


def deliver_due(lane: Lane = Lane.LETTERS, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Send every message that is due, codes first. Returns how many were sent. The lane of codes sends nothing else.

    `go_on` is asked before each. Where the server cannot be reached, one message is charged with it, and the others wait for the next
    round.
    """
    drop_stale_codes()
    sent = silent = 0
    with Line() as line:
        while silent < PATIENT and go_on() and _due(lane).exists():
            try:
                line.open()
            except FAILURES as error:
                unreachable: Exception | None = error
            else:
                unreachable = None
            message = _claim(lane)
            if message is None:
                break
            answer = _deliver(message, line, unreachable)
            sent += answer is None
            silent = silent + 1 if _is_silence(answer) else 0
            if unreachable is not None:
                break  # or an outage would use up an attempt of every message
    return sent


def _is_silence(answer: Exception | None) -> bool:
    """Whether the server did not answer. Of a time-out while a letter is sent, smtplib says that the server is disconnected."""
    return isinstance(answer, SMTPServerDisconnected) or (
        isinstance(answer, OSError) and not isinstance(answer, SMTPException)
    )


def _due(lane: Lane) -> QuerySet[Message]:
    now = timezone.now()
    # No wait is longer than the longest: what is due later than that was tried while the clock was wrong.
    passed = Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + BACKOFF[-1] + timedelta(hours=1))
    due = Message.objects.filter(passed, state=MessageState.QUEUED)
    return due.filter(kind__in=CODE_KINDS) if lane == Lane.CODES else due


def _claim(lane: Lane) -> Message | None:
    """Take the message that has waited longest, a code before all others, out of the reach of other workers until its next attempt."""
    urgent = Case(When(kind__in=CODE_KINDS, then=Value(True)), default=Value(False), output_field=BooleanField())
    with transaction.atomic():
        message = (
            _due(lane).select_for_update(skip_locked=True).order_by(urgent.desc(), "next_attempt_at", "id").first()
        )
        if message is None:
            return None
        # Commit the next attempt before sending: if this worker dies, the message comes again then and not at once.
        wait = BACKOFF[0 if message.kind in CODE_KINDS else min(message.attempts, len(BACKOFF) - 1)]
        Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1, next_attempt_at=timezone.now() + wait)
    return message


def _deliver(message: Message, line: Line, unreachable: Exception | None) -> Exception | None:
    """Send under the row's lock and record it; a failure is recorded too, and after the last attempt we give up. Returns what went wrong,
    or None.
    """
    with transaction.atomic():
        # Wait: a worker that looks for its next message also locks, for a moment, those that another took since its look began.
        locked = Message.objects.select_for_update().filter(pk=message.pk, state=MessageState.QUEUED).first()
        if locked is None or is_over(locked):
            return ValueError("It is no longer to be sent.")
        try:
            if unreachable is not None:
                raise unreachable
            line.send(_written(locked))
        except FAILURES as error:
            _record_failure(locked, error)
            if not isinstance(error, ValueError | SMTPRecipientsRefused):
                line.drop()  # after any other error, the server's next words might belong to this letter
            return error
        _record_sent(locked)
    return None


def _written(message: Message) -> EmailMessage:
    headers = {
        "Message-ID": message.message_id,
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
    }
    if message.kind in CODE_KINDS:
        headers["Expires"] = format_datetime(message.queued_at + CODE_LIFE)
    letter = letter_of(message)
    return EmailMessage(subject=letter.subject, body=letter.body, to=[message.to], headers=headers)


def _record_sent(message: Message) -> None:
    """Record that it was sent; nothing is kept of a code, nor a letter's secret link."""
    if message.kind in CODE_KINDS:
        message.delete()
        return
    message.state, message.sent_at, message.last_error = MessageState.SENT, timezone.now(), ""
    message.body = without_links(message.body)
    message.save(update_fields=["state", "sent_at", "last_error", "body"])


def without_links(body: str) -> str:
    """A letter's text without what is signed in its addresses."""
    return SIGNED.sub("…", body)


def _record_failure(message: Message, error: Exception) -> None:
    message.last_error = f"{type(error).__name__}: {error}"[:300]
    if message.attempts > len(BACKOFF):
        message.state = MessageState.FAILED
    message.save(update_fields=["last_error", "state"])
    # Leave out the error's text, which may hold an address; the SMTP status says enough.
    code = getattr(error, "smtp_code", "") or getattr(error, "errno", "") or ""
    reason = f"{type(error).__name__} {code}".strip()
    logger.warning("Message %s was not sent (attempt %s): %s", message.message_id, message.attempts, reason)


def drop_stale_codes() -> None:
    """Delete codes that are of no use any more, sent or not."""
    stale = Message.objects.filter(kind__in=CODE_KINDS, queued_at__lt=timezone.now() - CODE_LIFE)
    with transaction.atomic():  # a code that a worker is sending just now is locked, and left to it
        stale.filter(pk__in=list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True))).delete()
