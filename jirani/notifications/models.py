"""The e-mail outbox: a message is queued in the transaction that causes it and sent by the worker. Alerts: what coordinators must know."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jirani.core.models import AddressField
from jirani.core.registry import PersonalData

from .enums import MessageState


class Message(models.Model):
    """One e-mail to one recipient, written in their language when it is queued.

    `message_id` is made with the row and never changes, so that a repeated delivery can be recognised. `about` names the record that
    a message reports the state of, if a later one may replace it while it waits. `records` names those that it tells of
    ("events.event:5"): if one of them goes, or is no longer its reader's to know, what still waits is not sent (`actions.withdraw`).
    """

    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    records = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    to = AddressField(_("to"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=12)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        field: PersonalData(
            name=name, why=_("To send you an e-mail and to show that it was sent."), until=_("90 days.")
        )
        for field, name in {
            "to": _("address it goes to"),
            "recipient": _("account it goes to"),
            "language": _("language"),
            "subject": _("subject"),
            "body": _("text"),
        }.items()
    }

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False), name="message_sent_has_time"
            ),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(state=MessageState.QUEUED), name="message_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        """Alerts that still hold, the oldest first."""
        return self.filter(closed_at__isnull=True).order_by("opened_at", "pk")


class Alert(models.Model):
    """Something that the network's coordinators must know until it is over, such as a backup that is old.

    `kind` is registered with `registry.register_alert`, which makes a sentence of `facts`: what the sentence names, never people.
    `about` tells several of one kind apart. There is one row for both; `closed_at` says since when it no longer holds.
    """

    kind = models.CharField(max_length=60, editable=False)
    about = models.CharField(max_length=100, blank=True, editable=False)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    #: When coordinators were last written to of it.
    told_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="alert_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
