"""The one exception of this package."""

from __future__ import annotations

import errno
from pathlib import Path


class ServerError(Exception):
    """Something that whoever started us can correct. Its text is a whole sentence or two for the terminal."""


class NotThereYetError(ServerError):
    """A database that does not answer, and may in a while: after a machine starts, or while its server does."""


def explain_os_error(error: OSError, path: Path | str | None = None) -> ServerError:
    """Turn an operating system error about one of our files into a sentence that says what to do."""
    where = path or error.filename or "the data folder"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ServerError(f"The disk that holds {where} is full: make room on it and start again.")
        case errno.EACCES | errno.EPERM:
            return ServerError(f"{where} cannot be written: give yourself the right to, or choose another with --data.")
        case errno.EROFS:
            return ServerError(f"{where} is on a disk mounted read-only: choose another folder with --data.")
        case errno.ENOTDIR | errno.EEXIST:
            return ServerError(f"{where} is a file where a folder should be: choose another folder with --data.")
        case _:
            return ServerError(f"{where} cannot be used: {error.strerror or error}.")
