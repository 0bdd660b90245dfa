"""What is done with messages: written, shown beforehand, queued, delivered."""

from .alerts import UNDELIVERED, clear_alert, raise_alert, tell_undelivered, told_alerts
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
    "UNDELIVERED",
    "Letter",
    "Mailing",
    "NotShown",
    "Recipient",
    "clear_alert",
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
    "raise_alert",
    "send_again",
    "tell_undelivered",
    "told_alerts",
    "write_letter",
]
