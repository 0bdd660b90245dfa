"""What is done with messages: written, shown beforehand, queued, delivered. Alerts to coordinators."""

from .alerts import CLOCK, UNDELIVERED, WORKER, clear_alert, raise_alert, tell_undelivered, told_alerts
from .delivery import BACKOFF, deliver_due, drop_stale_codes, without_links
from .figures import work_figures, worker_last_seen
from .mailings import Mailing, NotShown, Recipient
from .outbox import (
    CODE_KINDS,
    CODE_LIFE,
    DELIVERY,
    KEPT,
    PATIENCE,
    Letter,
    delete_messages,
    drop_waiting,
    file_of,
    forget_old,
    given_up,
    queue_latest,
    queue_letter,
    queue_message,
    send_again,
    write_letter,
)

__all__ = [
    "BACKOFF",
    "CLOCK",
    "CODE_KINDS",
    "CODE_LIFE",
    "DELIVERY",
    "KEPT",
    "PATIENCE",
    "UNDELIVERED",
    "WORKER",
    "Letter",
    "Mailing",
    "NotShown",
    "Recipient",
    "clear_alert",
    "delete_messages",
    "deliver_due",
    "drop_stale_codes",
    "drop_waiting",
    "file_of",
    "forget_old",
    "given_up",
    "queue_latest",
    "queue_letter",
    "queue_message",
    "raise_alert",
    "send_again",
    "tell_undelivered",
    "told_alerts",
    "without_links",
    "work_figures",
    "worker_last_seen",
    "write_letter",
]
