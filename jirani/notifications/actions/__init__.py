"""What is done with messages: written, shown beforehand, queued, delivered."""

from .mailings import Mailing, NotShown, Recipient
from .outbox import (
    BACKOFF,
    PATIENCE,
    Letter,
    deliver_due,
    drop_waiting,
    forget_old,
    queue_due,
    queue_latest,
    queue_letter,
    queue_message,
    send_again,
    write_letter,
)

__all__ = [
    "BACKOFF",
    "PATIENCE",
    "Letter",
    "Mailing",
    "NotShown",
    "Recipient",
    "deliver_due",
    "drop_waiting",
    "forget_old",
    "queue_due",
    "queue_latest",
    "queue_letter",
    "queue_message",
    "send_again",
    "write_letter",
]
