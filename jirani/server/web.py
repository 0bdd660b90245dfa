"""The web processes: granian and its workers, forked after Django was imported, so that all share its memory."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jirani.server.errors import ServerError
from jirani.server.folder import Folder, emptied
from jirani.server.front import Front, install
from jirani.server.health import tells_live, tells_ready
from jirani.server.heard import Heard
from jirani.server.lanes import PLACES, SPARE, Application, Count, Lanes
from jirani.server.processes import dying_with_parent
from jirani.server.readers import ends_stalled

if TYPE_CHECKING:
    from jirani.server.pages import State

#: Threads per process that run Django, each with its own database connection; with many processes each needs fewer.
THREADS, FEWER, MANY = 4, 2, 3
#: Seconds after which a thread that makes a page lets others, who only give kept ones, go before it.
SWITCH = 0.001
LEAVE_SECONDS = 8  # how long a running request may take to finish when we stop
# "/" leads to a language, and perhaps to another host name.
REDIRECTS = 3


def _check_port(host: str, port: int) -> None:
    """Raise ServerError unless we can listen there. Granian silently shares a port that is taken, so we try it first."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError, OverflowError):
        raise ServerError(f"{host}:{port} is not an address to listen on: correct --host and --port.") from None
    with closing(socket.socket(family, kind, protocol)) as probe:
        # As servers listen: connections that have just been closed do not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except PermissionError:
            raise ServerError(f"Port {port} needs special rights: choose one above 1023 with --port.") from None
        except OSError as error:
            if "assign" in str(error):
                raise ServerError(f"This machine has no address {host}: correct --host.") from None
            raise _taken(port) from None


def claim_port(host: str, port: int) -> socket.socket:
    """Check the port and hold it until the socket is closed. Raises ServerError if another process has it.

    Two networks that start at the same moment would both find the port free, and granian lets them share it: so the first
    also takes an abstract socket name (Linux only), which is released when its process ends.
    """
    claim = socket.socket(socket.AF_UNIX)
    try:
        if sys.platform == "linux":
            claim.bind(f"\0jirani at {host}:{port}")
    except OSError:
        claim.close()
        raise _taken(port) from None
    try:
        _check_port(host, port)
    except ServerError:
        claim.close()
        raise
    return claim


def _taken(port: int) -> ServerError:
    return ServerError(f"Port {port} is taken by another program: stop it, or choose another with --port.")


def serve(host: str, port: int) -> int:
    """Serve until told to stop. Returns the exit code. Runs in a separate process."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    gc.enable()
    logging.getLogger("_granian").addFilter(lambda entry: not any(each in entry.getMessage() for each in EXPECTED))
    multiprocessing.set_start_method("fork", force=True)  # the workers share the application we have imported
    processes = settings.WEB_PROCESSES
    if settings.METRICS_PORT:
        begin_figures(settings.DATA / "run" / "metrics")
    # The parent first: whoever could write there would put a folder of theirs in place of one of ours.
    shared = [settings.DATA / "run" / name for name in ("pages", "pages/plain", "pages/queried", "memory")]
    for folder in shared:
        emptied(folder)
    install()
    server = Server(
        "jirani.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        respawn_failed_workers=processes > 1,  # a single one is started again by the supervisor, with us
        blocking_threads=PLACES // processes + SPARE,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=LEAVE_SECONDS,
    )
    try:
        server.serve(target_loader=application_loader(), wrap_loader=False)
    finally:
        for folder in shared:
            emptied(folder)
    return 0


#: Warnings of granian that we silence: more threads than processors (ours wait for the network, see lanes.py), and connections to a worker
#: that has died (the client asks again).
EXPECTED = ("Python threads", "Workers respawn")


def begin_figures(folder: Path) -> None:
    """Start counting afresh, in files that all web processes share. Call it before any of them exists and before prometheus_client is imported."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def application_loader() -> Callable[[], Front]:
    """Return what granian's worker calls to get the application; from then on the worker dies with granian's main process."""

    def load() -> Front:
        on_death()
        sys.setswitchinterval(SWITCH)
        return site()

    on_death = dying_with_parent(signal.SIGKILL)
    return load


def site() -> Front:
    """Build what is served: Django inside health checks, metrics, the lanes that slow connections wait in, and visitors' kept pages."""
    from django.conf import settings

    from jirani.config.wsgi import application
    from jirani.server.asking import notes_and_asks
    from jirani.server.pages import MOST_BYTES, SHARED_OUT, Pages, Site

    within: Application = tells_ready(application)
    count: Count | None = None
    if settings.METRICS_PORT:
        from jirani.server.metrics import figures

        requests = figures(settings.METRICS_PORT, settings.DATA / "run" / "metrics")
        within, count = requests.counting(within), requests.count
    processes, behind_proxy = settings.WEB_PROCESSES, settings.SECURE_PROXY_SSL_HEADER is not None
    threads = THREADS if processes < MANY else FEWER
    lanes = Lanes(notes_and_asks(within), workers=threads, behind_proxy=behind_proxy, processes=processes)
    own = MOST_BYTES * (1 - SHARED_OUT) / processes
    pages = Pages(lanes, Site.ours(), state(), most_bytes=own, folders=shared_pages(), count=count)
    return Front(pages, ends_stalled(tells_live(pages.at_once)))


def shared_pages() -> tuple[Folder, Folder]:
    """The folders in which processes find one another's pages: those without and those with a query."""
    from django.conf import settings

    from jirani.server.pages import LONGEST, MOST_BYTES, SHARED_OUT, WITH_QUERY

    most, place = MOST_BYTES * SHARED_OUT, settings.DATA / "run" / "pages"
    parts = (("plain", most * (1 - WITH_QUERY)), ("queried", most * WITH_QUERY))
    plain, queried = (Folder(place / name, part, lasts=LONGEST).start() for name, part in parts)
    return plain, queried


def state() -> Callable[[], State | None]:
    """Return a function for what visitors' pages depend on besides their address: the generation that this process last heard, and the day."""
    from django.conf import settings

    from jirani.changes.generation import CHANNEL, generation
    from jirani.server.pages import State

    heard, today = Heard(generation, "" if settings.PGBOUNCER else CHANNEL).start(), Today()

    def now() -> State | None:
        known = heard()
        return None if known is None else State(known, today())

    return now


class Today:
    """The day in the network's time zone, looked up once a second."""

    def __init__(self) -> None:
        self._at = (-1, date.min)

    def __call__(self) -> date:
        from django.utils import timezone

        second, day = self._at
        now = int(time.time())
        if now != second:
            day = timezone.localdate()
            self._at = (now, day)
        return day


def answers(host: str, port: int, *, timeout: float = 20.0) -> int | None:
    """Return the status of the first page, following redirects within the site; None while nobody answers."""
    path = "/"
    status: int | None = None
    for _ in range(REDIRECTS + 1):
        try:
            status, location = _get(host, port, path, timeout)
        except (OSError, HTTPException):
            return None
        target = urlsplit(location)
        if status not in (301, 302, 307, 308) or target.scheme or not target.path:
            return status
        path = target.path
    return status


def _get(host: str, port: int, path: str, timeout: float) -> tuple[int, str]:
    with closing(HTTPConnection(_reachable(host), port, timeout=timeout)) as connection:
        connection.request("GET", path, headers={"Host": _known_name(port), "Accept-Language": "en"})
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location") or ""


def _reachable(host: str) -> str:
    """Return an address at which to reach a server that listens on all addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  (compared, not listened on)


def _known_name(port: int) -> str:
    """Return a host name to which the site answers, even behind a proxy."""
    from django.conf import settings

    names = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    return names[0] if names else f"127.0.0.1:{port}"
