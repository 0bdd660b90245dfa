"""The worker: runs background tasks, sends what is due in the outbox and forgets in time, until it is told to stop."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from jirani.accounts.actions import forget_sessions
from jirani.audit.actions import forget_due
from jirani.audit.tasks import run_nightly

from ...actions import deliver_due, forget_old, queue_due, tell_undelivered

logger = logging.getLogger(__name__)

#: Seconds between two looks at the queue, and between two clean-ups.
PAUSE = 1.0
CLEAN_UP = 3600.0


class Command(BaseCommand):
    """`jirani manage worker`."""

    help = "Run background tasks, send the messages of the outbox, forget what is kept no longer."
    running = True
    #: Whether the database was away at the last look: said once, not every second.
    waiting = False

    def add_arguments(self, parser: CommandParser) -> None:
        """`--once` for tests and cron."""
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        """Work until SIGTERM or SIGINT; what is under way is finished first."""
        if once:
            self.clean_up()
            self.work()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        cleaned = float("-inf")
        while self.running:
            cleaned = self.turn(cleaned)
            if self.running:
                time.sleep(PAUSE)

    def turn(self, cleaned: float) -> float:
        """One look at the queues; a database that is away is waited for."""
        try:
            close_old_connections()
            if time.monotonic() - cleaned > CLEAN_UP:
                self.clean_up()
                cleaned = time.monotonic()
            self.work()
        except (OperationalError, InterfaceError):
            if not self.waiting:
                logger.warning("The database does not answer; waiting for it.")
            self.waiting = True
        else:
            if self.waiting:
                logger.warning("The database answers again.")
            self.waiting = False
        return cleaned

    def clean_up(self) -> None:
        """Old messages and sessions each time, and what falls due today; what else the register of personal data says goes, once a day and
        installation.

        Not the demo's: its story happens in 2021, and its people would be gone before anybody had met them.
        """
        forget_old()
        tell_undelivered()
        forget_sessions()
        today = timezone.localdate()
        queue_due(today)
        if not settings.DEMO:
            forget_due(today)
        run_nightly(today)

    def work(self) -> None:
        """Tasks that are ready, then messages that are due."""
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="jirani",
            excluded_queue_names=[],
        ).run()
        deliver_due()

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the present turn, then end."""
        self.running = False
