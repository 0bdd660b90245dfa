"""Metrics for Prometheus, on a separate port that only this machine can reach (JIRANI_METRICS_PORT).

Requests by view, method, status and time; background work that is waiting, done and failed; how long ago the worker was
seen and the last backup made. Never an address, a person or a search: all labels are names from our own code.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from jirani.server.lanes import VIEW, Application, Environ, Start

logger = logging.getLogger(__name__)

SECONDS = (0.001, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Requests:
    """Counts requests that were answered, and the time it took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counted = Counter(
            "jirani_requests", "Requests answered.", ["view", "method", "status"], registry=registry
        )
        self._timed = Histogram(
            "jirani_request_seconds", "Time to make an answer.", ["view"], buckets=SECONDS, registry=registry
        )

    def count(self, view: str, method: str, status: str, seconds: float) -> None:
        self._counted.labels(view, _known(method), status).inc()
        self._timed.labels(view).observe(seconds)

    def counting(self, application: Application) -> Application:
        """Wrap `application` to count and time its answers."""

        def counted(request: Environ, start_response: Start) -> Iterable[bytes]:
            began, statuses = time.perf_counter(), ["500"]

            def started(status: str, *rest: Any) -> Any:
                statuses.append(status.partition(" ")[0])
                return start_response(status, *rest)

            try:
                return application(request, started)
            finally:
                taken = time.perf_counter() - began
                self.count(request.get(VIEW, "none"), request.get("REQUEST_METHOD", ""), statuses[-1], taken)

        return counted


def _known(method: str) -> str:
    """Return the method, or one common name for methods that nobody should use, so that a stranger cannot create labels."""
    return method if method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"} else "other"


class Work(Collector):
    """What the database knows of background work, queried each time that Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        """Yield the current figures; if the database does not answer, only that one."""
        from django.db import DatabaseError, connection

        up = GaugeMetricFamily("jirani_database_up", "Whether the database answers.")
        try:
            yield from _figures()
        except DatabaseError:
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
        finally:
            if not connection.in_atomic_block:
                connection.close()  # each scrape runs in a new thread, which would leave it open
        yield up


def _figures() -> Iterator[Metric]:
    from jirani.audit.models import Backup
    from jirani.notifications.actions import work_figures, worker_last_seen

    for name, value in work_figures().items():
        yield _gauge(name, value)
    yield _gauge("worker_seen_seconds", _since(worker_last_seen()))
    made = Backup.objects.order_by("-made_at").values_list("made_at", flat=True)
    yield _gauge("backup_age_seconds", _since(made.first()))


def _gauge(name: str, value: float | dict[str, int] | None) -> Metric:
    """Make one figure, or one for each task; none if nothing is known."""
    labels = ["task"] if isinstance(value, dict) else []
    family = GaugeMetricFamily(f"jirani_{name}", name.replace("_", " ").capitalize() + ".", labels=labels)
    rows = value.items() if isinstance(value, dict) else [] if value is None else [("", value)]
    for task, figure in rows:
        family.add_metric([task] if labels else [], figure)
    return family


def _since(moment: datetime | None) -> float | None:
    from django.utils import timezone

    return None if moment is None else (timezone.now() - moment).total_seconds()


def figures(port: int, folder: Path) -> Requests:
    """Return the counts of this process, kept in `folder`, and serve the figures of all processes on the loopback: one process answers, and if it ends, the
    next. If the port is taken, only the figures are missing; the site runs.
    """

    def answer() -> None:
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # held until this process ends
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
            registry.register(Work())
            try:
                _server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
            except OSError as error:
                logger.warning("No metrics: port %s of 127.0.0.1 is not to be had (%s).", port, error.strerror)
                threading.Event().wait()
            thread.join()

    threading.Thread(target=answer, name="metrics", daemon=True).start()
    return Requests(CollectorRegistry())
