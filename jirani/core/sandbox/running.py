"""Starting the child, waiting for it, and how many there may be."""

import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore, Lock

from .bounds import REFUSED, SECONDS

#: A process of the web has four threads. Two may be reading and one waiting to read, so that one always serves pages.
_RUNNING = BoundedSemaphore(2)
_PRESENT = BoundedSemaphore(3)
_WAIT = 5.0
#: Of these, one person's: one that is read and one that waits, as after a double click, so that somebody else always finds a place.
_MOST_OWN = 2
#: Says whose file it is, if that is known; asked only if there is a file.
_OWNER: ContextVar[Callable[[], Hashable]] = ContextVar("owner", default=lambda: None)
_ROOT = Path(__file__).resolve().parents[3]


class Task(StrEnum):
    #: Cells of a spreadsheet, as JSON.
    SHEETS = "sheets"
    #: The same PDF without the names of those who wrote it.
    PDF = "pdf"
    #: The same of an office document, behind its kind and a line end.
    PACKAGE = "package"
    #: The same image, upright and without metadata.
    IMAGE = "image"
    #: The same, no larger than screens show it.
    PAGE_IMAGE = "page-image"


class NotRead(Exception):
    """A file that was not read; `code` says why: "busy", "own", "limit", "damaged", or one of the task's own."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@contextmanager
def reading_for(owner: Callable[[], Hashable]) -> Iterator[None]:
    """Attribute files that are read inside the block to whomever `owner` returns; None means nobody known."""
    token = _OWNER.set(owner)
    try:
        yield
    finally:
        _OWNER.reset(token)


def read_apart(task: Task, content: bytes) -> bytes:
    """Return what the child makes of the file. Raises NotRead."""
    with _own_turn(_OWNER.get()()) as own, _place(_PRESENT, "busy", 0), _place(own, "own"), _place(_RUNNING, "busy"):
        return _run(task, content)


class _Own:
    """One person's readings under way."""

    def __init__(self) -> None:
        self.present = 0
        self.running = BoundedSemaphore(1)


_LOCK = Lock()
_OWN: dict[Hashable, _Own] = {}


@contextmanager
def _own_turn(owner: Hashable) -> Iterator[BoundedSemaphore]:
    """The one place in which a file of this person may be read. Raises NotRead if enough of theirs wait for it."""
    if owner is None:
        yield BoundedSemaphore(1)
        return
    with _LOCK:
        own = _OWN.setdefault(owner, _Own())
        if own.present >= _MOST_OWN:
            raise NotRead("own")
        own.present += 1
    try:
        yield own.running
    finally:
        with _LOCK:
            own.present -= 1
            if not own.present:
                del _OWN[owner]


@contextmanager
def _place(places: BoundedSemaphore, otherwise: str, seconds: float = _WAIT) -> Iterator[None]:
    """One of these places, waited for. Raises NotRead with that code if none becomes free."""
    if not places.acquire(timeout=seconds):
        raise NotRead(otherwise)
    try:
        yield
    finally:
        places.release()


def _run(task: Task, content: bytes) -> bytes:
    # Pass an empty environment: the child must have neither the secret key nor the database's address.
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-m", "jirani.core.sandbox", task.value]
    with subprocess.Popen(  # noqa: S603  (our own command)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    ) as child:
        try:
            answer, _none = child.communicate(content, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise NotRead("limit") from None
        finally:
            child.kill()
    if child.returncode == REFUSED:
        raise NotRead(answer.decode("ascii", "replace"))
    if child.returncode:
        raise NotRead("limit")  # killed by the kernel, or by itself when there was no memory left
    return answer
