"""Figures of the worker, for whoever watches the network."""

from django.db.models import Count, Q

from jirani.audit.actions import worker_last_seen
from jirani.audit.models import Tally
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Message

from .outbox import CODE_KINDS

__all__ = ["work_figures", "worker_last_seen"]


def work_figures() -> dict[str, int | dict[str, int]]:
    """How many letters wait and were given up now, and how often each task was done and failed since the network began."""
    waiting = Q(state=MessageState.QUEUED)
    lost = Q(state=MessageState.FAILED) & ~Q(kind__in=CODE_KINDS)
    letters = Message.objects.aggregate(waiting=Count("pk", filter=waiting), lost=Count("pk", filter=lost))
    tallies = list(Tally.objects.order_by("name"))
    return {
        "letters_waiting": letters["waiting"],
        "letters_given_up": letters["lost"],
        "tasks_done": {one.name: one.done for one in tallies},
        "tasks_failed": {one.name: one.failed for one in tallies},
    }
