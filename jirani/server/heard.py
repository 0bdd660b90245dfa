"""What a process has last heard of the network's generation, which every write that a visitor could see raises.

A thread listens on its own connection and also polls, because a connection that is cut silently brings no notification. Behind a pool in
transaction mode, which passes on no notifications, it only polls. While it cannot, the generation is unknown.

What is written elsewhere is heard within a second in any case: at once by a notification, at the next poll without one, and if polls hang,
the last answer stops to count a second after it was asked for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error, connection
from psycopg import Error as DriverError
from psycopg import sql

logger = logging.getLogger(__name__)

#: Seconds between two polls, and after an error.
ASKING, PAUSE = 0.4, 1.0
#: Seconds from when it was asked for until a value no longer counts, because the connection hangs.
HOLDS = 1.0


class Heard:
    """Remembers the generation that `ask`, a query, returns. `channel` announces changes; it is "" if the database cannot."""

    def __init__(self, ask: Callable[[], int], channel: str) -> None:
        self._ask, self._channel = ask, channel
        self._known: tuple[int | None, float] = (None, 0.0)

    def __call__(self) -> int | None:
        """Return the latest generation; None if it is unknown."""
        generation, asked_at = self._known
        return generation if time.monotonic() - asked_at < HOLDS else None

    def start(self) -> Heard:
        """Listen from now on until the process ends."""
        threading.Thread(target=self._listen, name="heard", daemon=True).start()
        return self

    def _listen(self) -> None:
        while True:
            try:
                self._follow()
            except (Error, DriverError) as error:
                self._known = (None, 0.0)
                logger.debug("Visitors' pages are made anew until the database answers: %s", type(error).__name__)
            connection.close()
            time.sleep(PAUSE)

    def _follow(self) -> None:
        """Listen and poll in a loop. Raises the database driver's errors."""
        if self._channel:
            connection.ensure_connection()
            connection.connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
        while True:
            asked_at = time.monotonic()  # what is committed while the answer is on its way is not in it
            self._known = (self._ask(), asked_at)
            if self._channel:
                for _ in connection.connection.notifies(timeout=ASKING, stop_after=1):
                    pass
            else:
                time.sleep(ASKING)
