"""What is due once a day and installation, each by itself: what one cannot do is no reason for the others not to do theirs."""

import logging
import traceback
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from jirani.core.registry import nightly_tasks

from .models import Nightly

logger = logging.getLogger(__name__)

#: After this long a task that failed is tried again, and one is taken from a worker that has not come back.
AGAIN = timedelta(hours=1)


def run_nightly(today: date) -> list[str]:
    """Do what was not done today yet and nobody is at; the names of what was done.

    Raises OperationalError where the database is away: then it is not the task that failed.
    """
    return [name for name, run in nightly_tasks().items() if _take(name, today) and _run(name, run, today)]


def _take(name: str, today: date) -> bool:
    """Whether it is ours to do now. It is taken in one statement, so that of several workers one has it."""
    Nightly.objects.get_or_create(name=name)
    now = timezone.now()
    free = Q(begun_at=None) | Q(begun_at__lte=now - AGAIN)
    return bool(Nightly.objects.filter(free, name=name).exclude(on__gte=today).update(begun_at=now))


def _run(name: str, run: Callable[[], None], today: date) -> bool:
    try:
        run()
    except Exception as error:  # noqa: BLE001  whatever it is, it is this task's alone
        place = "".join(traceback.format_tb(error.__traceback__))  # without the message, which may quote a row
        logger.error("%s failed and is tried again later: %s\n%s", name, type(error).__name__, place)  # noqa: TRY400
        connection.close_if_unusable_or_obsolete()
        Nightly.objects.filter(name=name).update(failures=F("failures") + 1)
        return False
    Nightly.objects.filter(name=name).update(on=today, begun_at=None, failures=0)
    return True
