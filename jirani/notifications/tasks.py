"""Background work of the outbox: what is due is sent, what the day brings about is queued, and coordinators learn what is amiss.

Letters are no jobs of the queue: a message's row is the one record of it, and one waiting job a lane says that there is something to
send.
"""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from jirani.audit.actions import last_believed, look_at_clock
from jirani.audit.models import Nightly
from jirani.audit.tasks import attempt

from .actions import (
    CLOCK,
    DELIVERY,
    FAILING,
    WORKER,
    check_backups,
    clear_alert,
    deliver_due,
    raise_alert,
    tell_undelivered,
)
from .enums import Lane
from .registry import jobs

#: After this many failures in a row, an hour apart, coordinators are told about a daily task.
FAILED_OFTEN = 3


@app.periodic(cron="* * * * *")
@app.task(name=DELIVERY[Lane.CODES], queue=Lane.CODES, queueing_lock=DELIVERY[Lane.CODES], pass_context=True)
def deliver_codes(context: JobContext, timestamp: int = 0) -> None:
    """Send codes, for which somebody waits."""
    deliver_due(Lane.CODES, go_on=lambda: not context.should_abort())


@app.periodic(cron="* * * * *")
@app.task(name=DELIVERY[Lane.LETTERS], queue=Lane.LETTERS, queueing_lock=DELIVERY[Lane.LETTERS], pass_context=True)
def deliver_letters(context: JobContext, timestamp: int = 0) -> None:
    """Send all that is due, until the worker is asked to stop."""
    deliver_due(Lane.LETTERS, go_on=lambda: not context.should_abort())


@app.periodic(cron="*/10 * * * *")
@app.task(name="notifications.watch", queue=Lane.WORK, queueing_lock="notifications.watch")
def watch(timestamp: int = 0) -> None:
    """Tell coordinators of letters that were given up, of what fails each night, of backups that are not made and of a clock that has
    jumped. Whoever does this is a worker that works.
    """
    tell_undelivered()
    clear_alert(WORKER)
    failing = list(Nightly.objects.filter(failures__gte=FAILED_OFTEN).order_by("name").values_list("name", flat=True))
    if failing:
        raise_alert(FAILING, facts={"names": failing})
    else:
        clear_alert(FAILING)
    today, last = timezone.localdate(), last_believed()
    if look_at_clock(today) and last is not None:
        raise_alert(CLOCK, facts={"today": today.isoformat(), "last": last.isoformat()})
    else:
        clear_alert(CLOCK)
        check_backups()


@app.periodic(cron="*/10 * * * *")
@app.task(name="notifications.remind", queue=Lane.WORK, queueing_lock="notifications.remind")
def remind(timestamp: int = 0) -> None:
    """Let every app queue its reminders for the day, unless the date is in doubt; if one fails, the others still run."""
    today = timezone.localdate()
    if not look_at_clock(today):
        for name, job in jobs().items():
            attempt(name, lambda job=job: job(today))  # type: ignore[misc]
