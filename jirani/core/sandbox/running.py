"""Starting the child, waiting for it, and how many there may be."""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore

from .bounds import REFUSED, SECONDS

#: A process of the web has four threads. Two may be reading and one waiting to read, so that one always serves pages.
_RUNNING = BoundedSemaphore(2)
_PRESENT = BoundedSemaphore(3)
_WAIT = 5.0
_ROOT = Path(__file__).resolve().parents[3]


class Task(StrEnum):
    """What the child does with a file."""

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
    """A file that was not read; `code` says why: "busy", "limit", "damaged", or one of the task's own."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_apart(task: Task, content: bytes) -> bytes:
    """What the child makes of the file. Raises NotRead."""
    if not _PRESENT.acquire(blocking=False):
        raise NotRead("busy")
    try:
        if not _RUNNING.acquire(timeout=_WAIT):
            raise NotRead("busy")
        try:
            return _run(task, content)
        finally:
            _RUNNING.release()
    finally:
        _PRESENT.release()


def _run(task: Task, content: bytes) -> bytes:
    # The environment holds nothing of ours: neither the key nor the address of the database.
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
