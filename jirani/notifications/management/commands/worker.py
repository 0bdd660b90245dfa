"""The worker: does background work, until it is told to stop. Nothing that fails ends it."""

import asyncio
import inspect
import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.periodic import PeriodicRegistry
from procrastinate.psycopg_connector import PsycopgConnector

from jirani.audit.tasks import attempt, counted

from ...actions import deliver_due
from ...enums import Lane

logger = logging.getLogger(__name__)

#: Seconds between two looks at a lane that nothing wakes.
POLL = {Lane.CODES: 1.0, Lane.LETTERS: 2.0, Lane.WORK: 5.0}
#: How many seconds the clock may drift from elapsed time before all lanes restart: procrastinate would make up for
#: every minute of a jump forwards, and after one back do nothing periodic until then.
JUMP = 300.0
#: Seconds before lanes that broke off are opened again: at first, and at most.
PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Command(BaseCommand):
    """`jirani manage worker`."""

    help = "Do background work: send the messages of the outbox, publish pages in time, forget what is kept no longer."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--once`, for tests and cron."""
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        """Work until SIGTERM or SIGINT, and finish what is under way first."""
        if once:
            do_once()
        else:
            asyncio.run(Worker().run())


def do_once() -> None:
    """Do all periodic work that is due, then what waits in the queue."""
    for periodic in app.periodic_registry.periodic_tasks.values():
        task = periodic.task
        if not task.pass_context and not inspect.iscoroutinefunction(task.func):
            attempt(task.name, task.func)
    attempt("notifications.deliver_letters", deliver_due)
    if ProcrastinateJob.objects.filter(status="todo").exists():
        asyncio.run(_drain())


async def _drain() -> None:
    waiting = app.with_connector(_connector())
    waiting.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]  # those have been done
    async with waiting.open_async():
        await waiting.run_worker_async(wait=False, **_options(listen=False, middleware=[_leave, counted]))


def _leave(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Close the connections of a task's thread, which ends with the task."""
    try:
        return call_next()
    finally:
        connections.close_all()


def _connector() -> PsycopgConnector:
    return PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=10.0)


def _options(*, listen: bool, middleware: list[Any]) -> dict[str, Any]:
    return {
        "concurrency": 1,
        "install_signal_handlers": False,
        "listen_notify": listen,
        "delete_jobs": "successful",
        "task_middleware": middleware,
        "abort_job_polling_interval": 60.0,
        "shutdown_graceful_timeout": 0.0,  # tasks see at once that they should come to an end, and are waited for
    }


async def until_the_clock_jumps() -> None:
    """Return once the clock has moved differently from elapsed time, as it also does if the machine was asleep."""
    began = time.time() - time.monotonic()
    while abs(time.time() - time.monotonic() - began) < JUMP:  # noqa: ASYNC110  no event tells of it
        await asyncio.sleep(1)


class Worker:
    """One thread per lane, reopened until we are asked to stop, so that it waits for a database that is away."""

    def __init__(self) -> None:
        self._stop = asyncio.Event()
        self._broken = False

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        pause = PAUSE
        while not self._stop.is_set():
            began = loop.time()
            try:
                await self._serve()
            except Exception as error:  # noqa: BLE001  whatever broke, the worker goes on
                self._say(error)
            pause = PAUSE if loop.time() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await self._wait(pause)

    def _say(self, error: Exception) -> None:
        """Log an error once, not with every attempt, and without its message, which may hold an address."""
        if not self._broken:
            logger.warning("Background work broke off (%s); trying again until it can go on.", type(error).__name__)
        self._broken = True

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    async def _serve(self) -> None:
        """Work in all lanes until we are asked to stop or one breaks off. Raises what broke it off."""
        with app.replace_connector(_connector()):
            async with app.open_async():
                if self._broken:
                    logger.warning("Background work goes on.")
                self._broken = False
                lanes = [asyncio.create_task(self._lane(lane), name=lane) for lane in Lane]
                jump = asyncio.create_task(until_the_clock_jumps())
                asked = asyncio.create_task(self._stop.wait())
                done, _pending = await asyncio.wait([*lanes, jump, asked], return_when=asyncio.FIRST_COMPLETED)
                for task in (*lanes, jump, asked):
                    task.cancel()
                ends = await asyncio.gather(*lanes, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end
        if jump in done:
            logger.warning("The clock has jumped; background work begins anew.")
        elif not self._stop.is_set():
            raise ConnectionError("A lane ended by itself: procrastinate lost its connection.")

    async def _lane(self, lane: Lane) -> None:
        listens = settings.WORKER_LISTENS and lane == Lane.CODES
        options = _options(listen=listens, middleware=[counted])
        poll = 5.0 if listens else POLL[lane]
        await app.run_worker_async(queues=[lane], name=lane, fetch_job_polling_interval=poll, **options)
