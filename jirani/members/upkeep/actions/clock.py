"""What coordinators do about a clock that has jumped."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.audit.actions import believe_clock
from jirani.audit.models import Clock
from jirani.core.permissions import require
from jirani.members.permissions import coordinates_network
from jirani.notifications.actions import CLOCK, clear_alert


@transaction.atomic
def confirm_clock(*, day: Any, by: Any) -> Clock:
    """Somebody says that it is `day`, as they were shown. What goes by the calendar goes on."""
    require(coordinates_network(by))
    if day != timezone.localdate():
        raise ValidationError(_("The clock now shows another day. Check it again."))
    clear_alert(CLOCK)
    return believe_clock(day, by=by)
