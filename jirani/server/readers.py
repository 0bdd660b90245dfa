"""End connections of readers who take nothing of their answer. The kernel does it, because granian has no time limit for them."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from jirani.server.lanes import Environ, Start

T = TypeVar("T")

#: Seconds within which a reader must take something; a slow trickle counts.
STALLED = 60


def ends_stalled(
    application: Callable[[Environ, Start], T], *, seconds: int = STALLED
) -> Callable[[Environ, Start], T]:
    """Return `application`, and end connections to its process when their readers have taken nothing for `seconds`. Works on Linux only.

    Granian opens its listening socket after it has loaded the application, so the first request sets the limit.
    """
    to_do = [seconds] if hasattr(socket, "TCP_USER_TIMEOUT") else []

    def application_with_limit(request: Environ, start_response: Start) -> T:
        with suppress(IndexError):
            _limit(to_do.pop())
        return application(request, start_response)

    return application_with_limit


def _limit(seconds: int) -> None:
    """Set the limit on this process's listening sockets; accepted connections inherit it."""
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError), closing(socket.socket(fileno=os.dup(int(entry.name)))) as held:
            if held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and held.family != socket.AF_UNIX:
                held.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
