"""How a post, a duty or a seat ends."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.audit.actions import ChangedMeanwhile


def version_of(held: Any) -> str:
    """Return the current end of what is held, to detect that somebody else has changed it since."""
    return held.until_on.isoformat() if held.until_on else "open"


def end_fault(held: Any, until_on: date) -> str:
    """What is wrong with a last day: it comes after the first, unless what is held is still to begin."""
    too_early = held.from_on and until_on < min(held.from_on, timezone.localdate()) - timedelta(days=1)
    return _("Enter a day after the one on which it began.") if too_early else ""


def end_held(locked: Any, until_on: date, version: str = "") -> bool:
    """Save the last day, unless it is the same already. Returns whether it was saved.

    What is still to come, or ends with the day before it began, was a mistake: it never holds.
    """
    if locked.until_on == until_on:
        return False
    if locked.until_on and locked.until_on < timezone.localdate():
        raise ValidationError(_("It has ended already."))
    if version and version != version_of(locked):
        raise ChangedMeanwhile(version_of(locked))
    if fault := end_fault(locked, until_on):
        raise ValidationError({"until_on": fault})
    if locked.from_on and until_on < locked.from_on:
        locked.from_on = until_on
    locked.until_on = until_on
    locked.save(update_fields=["from_on", "until_on"])
    return True
