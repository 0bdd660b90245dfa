"""Who did what, when, and what has been done already.

An entry has no actor if naming one would link an unattributed note to a person.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jirani.core.registry import PersonalData


class Entry(models.Model):
    """One act on one record. `verb` is an action's name, such as "lessons.publish"."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=80)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    about = GenericForeignKey("content_type", "object_id")
    at = models.DateTimeField(default=timezone.now)
    details = models.JSONField(default=dict, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "actor": PersonalData(
            name=_("who did it"),
            why=_("To tell who changed a record."),
            until=_("Until the account is erased; the entry stays without a name."),
        ),
    }

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id", "-at"], name="audit_entry_about")]

    def __str__(self) -> str:
        return f"{self.verb} {self.content_type_id}:{self.object_id}"


class Submission(models.Model):
    """A form that was sent and what it made, kept for two days so that sending it again makes nothing new.

    The page's form comes with a token that only the page and whoever sent it have. The row holds a digest of the token and one
    of what was typed, made with the token and the secret key: who reads the row can neither find the page nor try what was typed.
    It is written in the transaction that makes the record, so of two that arrive together the second waits for the first and
    then finds what it made. It names nobody and records a day, not a minute.
    """

    key = models.CharField(max_length=120, primary_key=True)
    digest = models.CharField(max_length=64)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, null=True, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    made = GenericForeignKey("content_type", "object_id")
    on = models.DateField(default=timezone.localdate, db_index=True)

    class Meta:
        verbose_name = _("form sent")
        verbose_name_plural = _("forms sent")

    def __str__(self) -> str:
        return self.key


class Forgetting(models.Model):
    """The day on which an app last erased expired data. The row's lock ensures that only one worker does it, once a day."""

    app = models.CharField(max_length=40, unique=True)
    on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.app}: {self.on}"


class Nightly(models.Model):
    """The day on which a daily task was last done (`core.registry.register_nightly`), who is at it, and how often in
    a row it failed since.
    """

    name = models.CharField(max_length=80, unique=True)
    on = models.DateField(null=True)
    #: Since when a worker has been working on it; empty if none is.
    begun_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.on}"


class Clock(models.Model):
    """When a worker was last active, and the last day on which its clock was trusted. There is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seen_at = models.DateTimeField(null=True)
    believed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_once")]

    def __str__(self) -> str:
        return f"{self.seen_at}, {self.believed_on}"


class Tally(models.Model):
    """How often a task of the worker was done, and how often it failed, since the network began."""

    name = models.CharField(max_length=128, unique=True)
    done = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.done}, {self.failed}"


class Backup(models.Model):
    """A backup that was written, so that coordinators hear of it when there has been none for days."""

    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    rows = models.PositiveBigIntegerField()
    files = models.PositiveBigIntegerField()
    #: Uploads that records name and that were not there.
    missing = models.PositiveIntegerField()
    #: Bytes of the whole file.
    size = models.PositiveBigIntegerField()

    class Meta:
        get_latest_by = "made_at"

    def __str__(self) -> str:
        return f"{self.made_at:%F}"
