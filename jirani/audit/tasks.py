"""Background work of the installation itself, and what all tasks share: each is counted, and what one cannot do harms no other.

A task runs in a worker (`jirani manage worker`), in a lane of `procrastinate`; defer one within a transaction or when it
is committed. Work due at certain times is periodic; work due once a day is registered with `core.registry.register_nightly`.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import F, Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from jirani.core.registry import nightly_tasks

from .actions import erase_expired_data, look_at_clock, note_alive
from .models import Forgetting, Nightly, Tally

logger = logging.getLogger(__name__)

#: After this long a task that failed is tried again, and one is taken from a worker that has not come back.
AGAIN = timedelta(hours=1)
#: For how many hours jobs that failed can be looked at.
KEPT_HOURS = 30 * 24
#: Where tasks wait that nobody waits for.
WORK = "work"
#: Where codes to sign in go out, so that nothing there takes long.
CODES = "codes"


class ErasureFailed(Exception):
    """Raised if some apps could not erase expired data; which ones, and why, is in the log."""


def run_nightly(today: date) -> list[str]:
    """Run daily tasks that were not done today and that nobody is working on. Returns the names of those done.

    Raises OperationalError if the database is away: then it is not the task that failed.
    """
    return [name for name, run in nightly_tasks().items() if _take(name, today) and _run(name, run, today)]


def _take(name: str, today: date) -> bool:
    """Claim a task. Returns whether we got it; it is claimed in one statement, so that only one of several workers does."""
    Nightly.objects.get_or_create(name=name)
    now = timezone.now()
    free = Q(begun_at=None) | Q(begun_at__lte=now - AGAIN) | Q(begun_at__gt=now)  # the clock was put back
    return bool(Nightly.objects.filter(free, name=name).exclude(on=today).update(begun_at=now))


def _run(name: str, run: Callable[[], None], today: date) -> bool:
    if not attempt(name, run):
        Nightly.objects.filter(name=name).update(failures=F("failures") + 1)
        return False
    Nightly.objects.filter(name=name).update(on=today, begun_at=None, failures=0)
    return True


def attempt(name: str, run: Callable[[], Any]) -> bool:
    """Call `run`. Returns whether it succeeded. A failure is logged and counted, and affects no other task.

    Raises OperationalError if the database is away: then it cannot even be counted.
    """
    try:
        run()
    except Exception as error:  # noqa: BLE001  whatever it is, it is this task's alone
        _log(name, error)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        count(name, failed=1)
        return False
    count(name, done=1)
    return True


def counted(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """The worker's middleware around every task: `attempt`, but procrastinate learns of the failure too."""
    name = context.job.task_name
    try:
        result = call_next()
    except Exception as error:
        _log(name, error)
        connection.close_if_unusable_or_obsolete()
        count(name, failed=1)
        raise
    count(name, done=1)
    return result


def _log(name: str, error: Exception) -> None:
    if isinstance(error, OperationalError) and (connection.connection is None or connection.connection.closed):
        logger.error("%s failed and is tried again later: the database went away", name)
        return
    place = "".join(traceback.format_tb(error.__traceback__))  # without the message, which may quote a row
    logger.error("%s failed and is tried again later: %s\n%s", name, type(error).__name__, place)


def count(name: str, *, done: int = 0, failed: int = 0) -> None:
    """Add to a task's tally."""
    Tally.objects.get_or_create(name=name)
    Tally.objects.filter(name=name).update(done=F("done") + done, failed=F("failed") + failed)


def erase_expired() -> None:
    """Let every app erase expired data. Raises ErasureFailed if one could not, so that it is tried again today.

    Not the demo's: its story happens in 2021, and its people would be gone before anybody had met them.
    """
    if settings.DEMO:
        return
    today = timezone.localdate()
    erase_expired_data(today)
    if Forgetting.objects.exclude(on=today).exists():
        raise ErasureFailed


@app.periodic(cron="* * * * *")
@app.task(name="audit.alive", queue=CODES, queueing_lock="audit.alive")
def alive(timestamp: int = 0) -> None:
    """Say every minute that tasks are done here. Not behind a night's work, which may take longer than anybody would wait for a sign."""
    note_alive()


@app.periodic(cron="*/10 * * * *")
@app.task(name="audit.nightly", queue=WORK, queueing_lock="audit.nightly")
def nightly(timestamp: int = 0) -> None:
    """Run the daily tasks, unless the date is in doubt."""
    today = timezone.localdate()
    if not look_at_clock(today):
        run_nightly(today)


@app.periodic(cron="* * * * *")
@app.task(name="audit.retake", queue=WORK, queueing_lock="audit.retake")
async def retake(timestamp: int = 0) -> None:
    """Retry jobs of a worker that was killed, and delete jobs that failed long ago."""
    for job in await app.job_manager.get_stalled_jobs():
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # it waits to be done anyhow
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True, include_aborted=True)
