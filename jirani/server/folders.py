"""The data folder: everything one network keeps on disk, in one place to back up.

jirani.json   what kind of data this is, `demo` or `real`; `up` and `demo` each refuse the other's. While a backup is read into
              the folder, which one; every command but `restore` refuses it then
secret_key    the generated secret, readable by its owner only
postgres/     the embedded database (absent when DATABASE_URL names another)
media/        uploaded files
mail/         a copy of each e-mail when no SMTP server is set, for 90 days; readable by its owner only
erased.jsonl  who was erased, so that an older backup does not bring them back; see jirani/core/erasures.py
restoring/    an unpacked backup; can be deleted if no restore is running
postgres.restoring/  the database made from it; can be deleted likewise
static/       style sheets and scripts, gathered at each start; can be deleted
run/          locks and process ids; can be deleted if nothing is running
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from jirani.config import environment
from jirani.core.erasures import NAME as ERASED
from jirani.server.errors import ServerError, explain_os_error

MARKER = "jirani.json"
STAGE = "restoring"
HALF = "postgres.restoring"  # the cluster into which a backup is being read
# Below these no database starts, or it starts and stops in the middle of a write.
FREE_BYTES_FIRST = 300 * 1024 * 1024
FREE_BYTES_LATER = 24 * 1024 * 1024
# What may lie in a folder that we make our own: our folders, the demo's inside `var/`, and files of git and of disks.
OURS = frozenset(
    {"postgres", "media", "mail", "static", "run", "secret_key", "postgres.log", "demo", STAGE, HALF, ERASED}
)
HARMLESS = frozenset({"lost+found"})


class Kind(StrEnum):
    """What a data folder is for."""

    DEMO = "demo"
    REAL = "real"


@dataclass(frozen=True)
class DataFolder:
    """A data folder that exists, is ours and can be written."""

    path: Path
    kind: Kind

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def half(self) -> Path:
        return self.path / HALF

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @contextmanager
    def supervised(self) -> Iterator[BinaryIO]:
        """Lock the folder for one supervisor; a second one gets a ServerError. Yields the lock file."""
        with open(self.run / "supervisor.lock", "a+b") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ServerError(f"Jirani already runs on {self.path}{_holder(lock)}: stop it first.") from None
            lock.truncate(0)
            lock.write(str(os.getpid()).encode())
            lock.flush()
            yield lock


def open_folder(path: Path, kind: Kind | None = None, *, restore: bool = False) -> DataFolder:
    """The data folder at `path`, made if it isn't there.

    `kind` is what the command wants it to be; None takes what it is (and makes a real one). `restore` takes one that an
    interrupted restore left, and leaves it to the caller to mark a new one. Raises ServerError when it holds the other kind,
    holds somebody else's files, or cannot be written.
    """
    path = path.expanduser().resolve()  # a folder has one name, however a command spells it
    try:
        path.mkdir(parents=True, exist_ok=True)
        found = _read_kind(path)
        if found is not None and kind is not None and found != kind:
            raise ServerError(_refusal(path, found))
        if not restore:
            _check_restored(path)
        folder = DataFolder(path, found or kind or Kind.REAL)
        _check_room(folder)
        for part in (folder.run, path / "media", path / "mail"):
            part.mkdir(mode=0o750, exist_ok=True)  # whoever has no business with the network lists no uploads
            _close_to_others(part)
        (path / "mail").chmod(0o700)  # its messages are as good as keys
        _try_writing(folder)
        if found is None and not restore:
            put_mark(path, folder.kind)
    except OSError as error:
        raise explain_os_error(error, path) from error
    return folder


def network_folder(path: Path) -> DataFolder:
    """Return the data folder of an existing network. Creates nothing; raises ServerError if there is none."""
    path = path.expanduser().resolve()
    found = _read_kind(path) if (path / MARKER).exists() else None
    if found is None:
        raise ServerError(f"There is no network in {path}: name its folder with --data or JIRANI_DATA.")
    _check_restored(path)
    if not environment.text("DATABASE_URL") and not (path / "postgres" / "PG_VERSION").exists():
        raise ServerError(f"{path} holds no database: if its network uses DATABASE_URL, set it here too.")
    return DataFolder(path, found)


def restoring(path: Path) -> str | None:
    """Return the backup that is being restored into the folder, or was when that was interrupted. Raises ServerError
    for other people's folders.
    """
    if _read_kind(path) is None:
        return None
    held: str | None = json.loads((path / MARKER).read_text(encoding="utf-8")).get("restoring")
    return held


def _check_restored(path: Path) -> None:
    if restoring(path) is not None:
        raise ServerError(
            f"{path} holds half of a backup: run `jirani restore FILE --data {path}` again, which finishes it."
        )


def _read_kind(path: Path) -> Kind | None:
    marker = path / MARKER
    try:
        return Kind(json.loads(marker.read_text(encoding="utf-8"))["kind"])
    except FileNotFoundError:
        _check_claimable(path)
        return None
    except (ValueError, KeyError, TypeError):
        raise ServerError(
            f'{marker} is damaged: write {{"kind": "real"}} or {{"kind": "demo"}} into it, or restore a backup.'
        ) from None


def _check_claimable(path: Path) -> None:
    names = {entry.name for entry in path.iterdir()}
    if "postgres" in names:
        raise ServerError(
            f'{path} holds a database but its {MARKER} is missing: write {{"kind": "real"}} or {{"kind": "demo"}} into '
            "it, or restore a backup."
        )
    if any(name not in OURS | HARMLESS and not name.startswith(".git") for name in names):
        raise ServerError(f"{path} holds files that are not Jirani's: choose an empty folder with --data.")


def put_mark(path: Path, kind: Kind, *, restoring: str | None = None) -> None:
    """Write what the folder holds; `restoring` is the backup that is being read into it."""
    draft = path / "run" / MARKER
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"kind": kind.value} | ({"restoring": restoring} if restoring else {})) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / MARKER)


def _refusal(path: Path, found: Kind) -> str:
    if found is Kind.DEMO:
        return f"{path} holds the demo network, which `jirani up` never serves: choose another folder with --data."
    return f"{path} holds a real network, which `jirani demo` never touches: choose another folder with --data."


def _check_room(folder: DataFolder) -> None:
    free = shutil.disk_usage(folder.path).free
    needed = FREE_BYTES_LATER if (folder.postgres / "PG_VERSION").exists() else FREE_BYTES_FIRST
    if free < needed:
        raise ServerError(
            f"The disk that holds {folder.path} is full: {free // 1024**2} MB are free and {needed // 1024**2} MB are "
            "needed; make room on it and start again."
        )


def _close_to_others(part: Path) -> None:
    """Remove everybody else's access that an earlier version left. The permissions of a folder that we don't own, such
    as a mounted one, stay as they are.
    """
    mode = stat.S_IMODE(part.stat().st_mode)
    if mode & 0o007:
        with suppress(PermissionError):
            part.chmod(mode & ~0o007)


def _try_writing(folder: DataFolder) -> None:
    probe = folder.run / "probe"
    probe.write_bytes(b"\0" * 4096)
    probe.unlink()


def _holder(lock: BinaryIO) -> str:
    lock.seek(0)
    pid = lock.read().decode(errors="replace").strip()
    return f" (process {pid})" if pid.isdigit() else ""
