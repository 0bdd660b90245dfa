"""Pages that one process of a machine made, for the others: a file each, in a folder that only we may enter.

A file comes into being whole, or not at all. Whoever writes sees to it that all of them together stay small and that none outlives what it says;
the folder is emptied when the server starts and when it stops.
"""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import threading
import time
from collections.abc import Hashable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

#: Seconds between two looks for what is too old or too much, and bytes after which one looks sooner, as a part of the most that may lie there.
EVERY, SOONER = 5.0, 1 / 32
#: What a file is called while it is written.
PART = ".part"


def emptied(folder: Path) -> Path:
    """The folder, empty and ours alone: a file or link goes and not what it leads to, a mounted folder stays. Raises OSError for another user's."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


class Folder:
    """What is kept under a key, for `lasts` seconds at most, up to a number of bytes in all; the first made go first.

    A disk that is full or gone costs time, no page: nothing is found then.
    """

    def __init__(self, folder: Path, most: float, *, lasts: float) -> None:
        self._folder, self._most, self._lasts = folder, most, lasts
        self._written = 0
        self._lock = threading.Lock()

    def start(self) -> Folder:
        """Remove what is too old, from now on until the process ends."""
        threading.Thread(target=self._tidy_for_ever, name="folder", daemon=True).start()
        return self

    def get(self, key: Hashable) -> Any:
        """Return what is kept under the key, however old; None if there is nothing."""
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            return pickle.loads(self._file(key).read_bytes())  # noqa: S301  (only we may enter the folder)
        return None

    def put(self, key: Hashable, kept: Any, *, made: float) -> None:
        """Keep something that was made at `made` (seconds since 1970), in place of what lay there."""
        body, file = pickle.dumps(kept), self._file(key)
        part = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}{PART}")
        try:
            part.write_bytes(body)
            os.utime(part, (made, made))
            part.replace(file)
        except OSError as error:
            logger.debug("A page is not shared: %s", type(error).__name__)
            with suppress(OSError):
                part.unlink(missing_ok=True)  # half a page on a full disk
            return
        with self._lock:
            self._written += len(body)
            much = self._written > self._most * SOONER
        if much:
            self.tidy()

    def _file(self, key: Hashable) -> Path:
        return self._folder / blake2b(repr(key).encode(), digest_size=20).hexdigest()

    def _tidy_for_ever(self) -> None:
        while True:
            time.sleep(EVERY)
            self.tidy()

    def tidy(self) -> None:
        """Remove what would be too old before the next look, and the first made of what is too much."""
        with self._lock:
            self._written = 0
        oldest, size = time.time() - self._lasts + EVERY, 0
        with suppress(OSError):
            for made, bytes_, file in sorted(self._files(), reverse=True):
                size += bytes_
                if made < oldest or size > self._most:
                    Path(file).unlink(missing_ok=True)

    def _files(self) -> list[tuple[float, int, str]]:
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    told = entry.stat()
                    found.append((told.st_mtime, told.st_size, entry.path))
        return found
