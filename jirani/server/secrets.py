"""The secret that signs sessions and links: generated once, kept in the data folder, read by its owner only."""

from __future__ import annotations

import os
import secrets

from jirani.server.errors import ServerError
from jirani.server.folders import DataFolder

MINIMUM = 50  # characters; Django's own check asks for as many


def secret_key(folder: DataFolder) -> str:
    """Return the data folder's secret; the first call generates it."""
    path = folder.path / "secret_key"
    if not path.exists():
        _generate(folder)
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < MINIMUM:
        raise ServerError(f"{path} is damaged: restore it from a backup, or delete it, which signs everybody out.")
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return key


def _generate(folder: DataFolder) -> None:
    draft = folder.run / "secret_key"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder.path / "secret_key")
