"""What a machine's processes remember together for some minutes, in files (the cache named `noted.MEMORY`)."""

from __future__ import annotations

import pickle
import zlib
from contextlib import suppress
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache

#: What an unreadable file or folder, or one that was cut short, is told by.
_UNREADABLE = (OSError, EOFError, pickle.UnpicklingError, zlib.error)


class Memory(FileBasedCache):
    """Django's cache in files, in which a full disk or a file that cannot be read is nothing remembered.

    Django's own raises then, and no page with counts could be shown until somebody makes room.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with suppress(*_UNREADABLE):
            return super().get(key, default, version)
        return default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with suppress(OSError):
            super().set(key, value, timeout, version)

    def _createdir(self) -> None:
        with suppress(OSError):
            super()._createdir()  # type: ignore[misc]
