"""The web process: granian with one worker, forked after Django was imported, so that both share its memory."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from jirani.server.errors import ServerError
from jirani.server.health import tells_live, tells_ready
from jirani.server.lanes import PLACES, SPARE, Application, Lanes
from jirani.server.metrics import Requests, serve_metrics
from jirani.server.processes import dying_with_parent

#: Threads that run Django, each with its connection to the database.
THREADS = 4
LEAVE_SECONDS = 8  # what a running request gets to finish when we stop
REDIRECTS = 3


def _check_port(host: str, port: int) -> None:
    """Raise ServerError unless we can listen there. Granian shares a taken port silently, so it is tried before."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError, OverflowError):
        raise ServerError(f"{host}:{port} is not an address to listen on: correct --host and --port.") from None
    with closing(socket.socket(family, kind, protocol)) as probe:
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
    """Hold the port until the socket is closed, and check it. Raises ServerError where another has it.

    Two networks that start at the same moment would both find the port free, and granian lets them share it: so the first
    takes a name in the kernel too (which only Linux has), that goes with the process that holds it.
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
    """Serve until told to stop; returns the exit code. Runs in a process of its own."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    gc.enable()
    # Granian warns of more threads than processors; ours wait for the network (see lanes.py).
    logging.getLogger("_granian").addFilter(lambda entry: "Python threads" not in entry.getMessage())
    multiprocessing.set_start_method("fork", force=True)  # the worker shares the application we have imported
    server = Server(
        "jirani.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=PLACES + SPARE,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=LEAVE_SECONDS,
    )
    server.serve(target_loader=application_loader(), wrap_loader=False)
    return 0


def application_loader() -> Callable[[], Callable[..., Any]]:
    """What granian's worker calls to get the application; from then on it dies with granian's main process."""

    def load() -> Callable[..., Any]:
        on_death()
        return site()

    on_death = dying_with_parent(signal.SIGKILL)
    return load


def site() -> Application:
    """The application as it is served: Django, how it is, its figures, and what keeps slow connections from holding it."""
    from django.conf import settings

    from jirani.config.wsgi import application

    within: Application = tells_ready(application)
    if settings.METRICS_PORT:
        registry = CollectorRegistry()
        serve_metrics(settings.METRICS_PORT, registry)
        within = Requests(within, registry)
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
    return tells_live(Lanes(within, workers=THREADS, behind_proxy=behind_proxy))


def answers(host: str, port: int, *, timeout: float = 20.0) -> int | None:
    """The status of the first page, following redirects within the site; None while nobody answers."""
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
    """Where to reach a server that listens on all addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104


def _known_name(port: int) -> str:
    """A name under which the site answers, behind a proxy too."""
    from django.conf import settings

    names = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    return names[0] if names else f"127.0.0.1:{port}"
