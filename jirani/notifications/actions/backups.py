"""Tell coordinators when a network has not been backed up for days, or when uploads were missing."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jirani.accounts.models import User
from jirani.audit.models import Backup
from jirani.ui.text import number

from .alerts import clear_alert, raise_alert

OVERDUE = "notifications.backup_overdue"
INCOMPLETE = "notifications.backup_incomplete"


def check_backups() -> None:
    """Raise or clear both alerts according to the latest backup. The demo needs none, nor does a network whose setting is 0 days."""
    days = 0 if settings.DEMO else settings.BACKUP_DAYS
    last = Backup.objects.order_by("-made_at").first()
    since = last.made_at if last else User.objects.order_by("date_joined").values_list("date_joined", flat=True).first()
    if days and since and since < timezone.now() - timedelta(days=days):
        raise_alert(OVERDUE, facts={"days": (timezone.now() - since).days, "ever": last is not None})
    else:
        clear_alert(OVERDUE)
    if days and last and last.missing:
        raise_alert(INCOMPLETE, facts={"count": last.missing})
    else:
        clear_alert(INCOMPLETE)


def say_overdue(facts: dict[str, Any]) -> str:
    """Say how long ago the last backup was made."""
    if not facts["ever"]:
        return _("This network has never been backed up. Ask whoever runs the server to set up a backup every night.")
    return ngettext(
        "The last backup was made %(days)s day ago. Ask whoever runs the server why there is no newer one.",
        "The last backup was made %(days)s days ago. Ask whoever runs the server why there is no newer one.",
        facts["days"],
    ) % {"days": number(facts["days"])}


def say_incomplete(facts: dict[str, Any]) -> str:
    """Say how many uploads the last backup lacks."""
    return ngettext(
        "%(count)s uploaded file is not where it should be, so the last backup lacks it. Ask whoever runs the server to look for it.",
        "%(count)s uploaded files are not where they should be, so the last backup lacks them. Ask whoever runs the server to look "
        "for them.",
        facts["count"],
    ) % {"count": number(facts["count"])}
