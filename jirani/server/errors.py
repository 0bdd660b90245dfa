"""The one exception of this package."""

from __future__ import annotations

import errno
from pathlib import Path


class ServerError(Exception):
    """Something that whoever started us can correct. Its text is a whole sentence or two for the terminal."""


class NotThereYetError(ServerError):
    """A database that does not answer, and may in a while: after a machine starts, or while its server does."""


def explain_os_error(
    error: OSError, path: Path | str | None = None, *, instead: str = "choose another folder with --data"
) -> ServerError:
    """Turn an operating system error into a sentence that says what to do.

    `path` is what we were busy with, and `instead` how to name another. The sentence is about it, unless what failed lies elsewhere.
    """
    failed = error.filename if isinstance(error.filename, str) else None
    elsewhere = failed is not None and (path is None or not _of_one_line(Path(failed), Path(path)))
    where = failed if elsewhere else path or "the data folder"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ServerError(f"The disk that holds {where} is full: make room on it and start again.")
        case errno.EACCES | errno.EPERM:
            if elsewhere:
                return ServerError(f"{where} cannot be read or written: give yourself the right to.")
            return ServerError(f"{where} cannot be written: give yourself the right to, or {instead}.")
        case errno.EROFS:
            way_out = "mount it writable" if elsewhere else instead
            return ServerError(f"{where} is on a disk mounted read-only: {way_out}.")
        case errno.ENOTDIR | errno.EEXIST:
            way_out = "move it away" if elsewhere else instead
            return ServerError(f"{where} is a file where a folder should be: {way_out}.")
        case errno.ENOENT if failed is None:  # as Python says if no folder takes temporary files
            return ServerError("No folder takes temporary files: set TMPDIR to one that you may write.")
        case _:
            return ServerError(f"{where} cannot be used: {error.strerror or error}.")


def _of_one_line(one: Path, other: Path) -> bool:
    """Whether one path is the other, or lies in it."""
    one, other = one.absolute(), other.absolute()
    return one.is_relative_to(other) or other.is_relative_to(one)
