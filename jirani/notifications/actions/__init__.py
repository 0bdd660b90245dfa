"""What is done with messages: written, shown beforehand, queued, delivered."""

from .mailings import Mailing, NotShown, Recipient
from .outbox import (
    BACKOFF,
    KEPT,
    PATIENCE,
    Letter,
    delete_messages,
    deliver_due,
    drop_waiting,
    file_of,
    forget_old,
    given_up,
    queue_due,
    queue_latest,
    queue_letter,
    queue_message,
    send_again,
    write_letter,
)

__all__ = [
    "BACKOFF",
    "KEPT",
    "PATIENCE",
    "Letter",
    "Mailing",
    "NotShown",
    "Recipient",
    "delete_messages",
    "deliver_due",
    "drop_waiting",
    "file_of",
    "forget_old",
    "given_up",
    "queue_due",
    "queue_latest",
    "queue_letter",
    "queue_message",
    "send_again",
    "write_letter",
]
