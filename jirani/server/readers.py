"""Readers that take nothing of their answer: the kernel ends their connections, which granian has no time limit for."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from jirani.server.lanes import Application, Environ, Start

#: Seconds in which a reader must have taken something. Whoever dribbles takes something.
STALLED = 60


def ends_stalled(application: Application, *, seconds: int = STALLED) -> Application:
    """`application`; connections to its process end when their readers have taken nothing for so long. Linux alone knows how.

    Granian opens the socket on which it listens after it has loaded the application, so the first request sees to it.
    """
    to_do = [seconds] if hasattr(socket, "TCP_USER_TIMEOUT") else []

    def application_with_limit(request: Environ, start_response: Start) -> Iterable[bytes]:
        with suppress(IndexError):
            _limit(to_do.pop())
        return application(request, start_response)

    return application_with_limit


def _limit(seconds: int) -> None:
    """On what this process listens on; accepted connections take it over."""
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError), closing(socket.socket(fileno=os.dup(int(entry.name)))) as held:
            if held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and held.family != socket.AF_UNIX:
                held.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
