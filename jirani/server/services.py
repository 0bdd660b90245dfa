"""A supervised child: started, watched, restarted with growing pauses, and given up after too many quick ends if everything depends on it."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from jirani.server.errors import ServerError
from jirani.server.processes import Child, end, kill_group

QUICK_SECONDS = 10.0  # an end this soon after the start counts as a failed start
# After so many quick ends in a row another start would not help either.
QUICK_ENDS = 6
# A child that keeps failing must not keep the processor busy, yet be back soon after its cause is gone.
LONGEST_PAUSE = 15.0
LONGEST_PAUSE_ALONE = 300.0  # for a child that the others can do without

logger = logging.getLogger(__name__)


@dataclass
class Service:
    """One child: its name (as in "the {name} ended"), how to start it and how to ask it to end.

    If `vital` is false, it is restarted forever, and its failures end nothing else.
    """

    name: str
    start: Callable[[], Child]
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    vital: bool = True
    child: Child | None = None
    quick_ends: int = 0
    due: float = 0.0
    _since: float = field(default=0.0)

    def launch(self) -> None:
        self._since = time.monotonic()
        self.child = self.start()

    def tend(self) -> bool:
        """Notice its end and restart it once its pause is over. Returns whether it was restarted.

        Raises ServerError if it is vital and ends too quickly too often.
        """
        now = time.monotonic()
        if self.child is not None:
            code = self.child.poll()
            if code is None:
                return False
            kill_group(self.child.pid)
            self.child = None
            self._count_end(now, _describe(code))
        if now < self.due:
            return False
        try:
            self.launch()
        except ServerError as error:
            self._count_end(time.monotonic(), str(error))
            return False
        return True

    def _count_end(self, now: float, reason: str) -> None:
        self.quick_ends = self.quick_ends + 1 if now - self._since < QUICK_SECONDS else 1
        if self.vital and self.quick_ends >= QUICK_ENDS:
            raise ServerError(f"The {self.name} ended {QUICK_ENDS} times right after its start ({reason}); giving up.")
        longest = LONGEST_PAUSE if self.vital else LONGEST_PAUSE_ALONE
        pause = min(longest, 0.25 * 2 ** min(self.quick_ends, 16))
        self.due = now + pause
        logger.warning("The %s ended (%s); it starts again in %.1f s.", self.name, reason, pause)

    def stop(self, *, hurry: bool = False) -> None:
        """End it and everything it started."""
        if self.child is not None:
            end(self.child, self.stop_signal, grace=0.5 if hurry else self.grace)
            self.child = None


def _describe(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
