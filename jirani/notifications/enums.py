"""Words of the outbox."""

from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy


class MessageState(models.TextChoices):
    """The state of a message in the outbox."""

    QUEUED = "queued", pgettext_lazy("message", "queued")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "given up")


class Lane(StrEnum):
    """Queues of the worker. Work in one never waits for work in another."""

    CODES = "codes"
    LETTERS = "letters"
    WORK = "work"
