"""Write a backup of an existing network, whole or not at all, whether the network is running or not."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from jirani.core.erasures import NAME, Erased, add_erased, read_erased
from jirani.server.backup.archive import DUMP, KEY, MEDIA, Manifest, Writer, uploads
from jirani.server.backup.contents import explained, named_files, one_moment, rows
from jirani.server.backup.dumps import dump
from jirani.server.backup.erasing import beside, erased_in
from jirani.server.database import database, put_in_environment
from jirani.server.errors import ServerError, explain_os_error
from jirani.server.folders import DataFolder

ELSEWHERE = "Uploads are kept in a storage of their own, so they are not in this file: back that up as well."


@dataclass(frozen=True)
class Written:
    """What went into a backup, its size in bytes, and warnings for the administrator."""

    manifest: Manifest
    size: int
    remarks: list[str]


def write_backup(folder: DataFolder, target: Path) -> Written:
    """Write everything into `target`, which only its owner may read. Raises ServerError and leaves no partial file."""
    with explained(), database(folder) as url:
        put_in_environment(folder, url)
        with _drafted(target) as draft:
            remarks = _lay_notes_anew() + ([] if _uploads_are_here() else [ELSEWHERE])
            manifest, erased = _write(folder, url, draft, target)
            remarks += _list_erased(folder, target, erased)
        size = target.stat().st_size
        _keep_account(manifest, size)
    return Written(manifest, size, remarks)


@contextmanager
def _drafted(target: Path) -> Iterator[BinaryIO]:
    """Open a file beside `target` that gets the name `target` once it is complete and on the disk."""
    draft = target.with_name(target.name + ".part")
    try:
        _check_free(target)
        with open(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            _lock(file, target)
            _check_free(target)  # another command may have finished in between, and the file is then its own
            try:
                file.truncate(0)
                yield file
                file.flush()
                os.fsync(file.fileno())
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
        _sync(target.parent)
    except OSError as error:
        raise _explain(error, target) from error


def _check_free(target: Path) -> None:
    if target.exists():
        raise ServerError(f"{target} exists: give a new name.")


def _lock(file: BinaryIO, target: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ServerError(f"Another command is writing {target}: wait for it, or give another name.") from None


def _sync(folder: Path) -> None:
    """Flush a folder's new entry to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _explain(error: OSError, target: Path) -> ServerError:
    if not target.parent.exists():
        return ServerError(f"There is no folder {target.parent}: make it, or give another name.")
    return explain_os_error(error, target, instead="give another name")


def _lay_notes_anew() -> list[str]:
    """Rewrite notes in random order, because a dump would keep the order in which they were typed. Returns what this database's role may not do."""
    import django

    django.setup()
    from django.db import OperationalError, connections

    from jirani.lessons.actions import scatter_notes
    from jirani.server.prepare import pending_migrations

    try:
        return [] if pending_migrations() else scatter_notes()
    except OperationalError:
        return ["A table of notes stayed locked, so the backup holds notes in the order in which they were laid last."]
    finally:
        connections.close_all()


def _write(folder: DataFolder, url: str, draft: BinaryIO, target: Path) -> tuple[Manifest, set[Erased]]:
    media = folder.path / MEDIA
    with tempfile.TemporaryFile(dir=target.parent) as dumped:
        with one_moment(url) as (connection, snapshot):
            counted, named, erased = rows(connection), named_files(connection), erased_in(connection)
            server = str(connection.info.server_version // 10000)
            dump(url, dumped, snapshot=snapshot)
        writer = Writer(draft)
        writer.add(DUMP, dumped)
    _add_file(writer, KEY, folder.path / KEY)
    for name, path in uploads(media):
        _add_file(writer, name, path)
    missing = sorted(name for name in named if f"{MEDIA}/{name}" not in writer.files) if _uploads_are_here() else []
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    files = dict(writer.files)
    manifest = Manifest(folder.kind.value, made_at, version("jirani"), server, counted, missing, files)
    writer.finish(manifest)
    return manifest, erased


def _uploads_are_here() -> bool:
    """Whether uploads are kept in the data folder, not in a storage that other machines share."""
    from django.core.files.storage import FileSystemStorage, storages

    return isinstance(storages["default"], FileSystemStorage)


def _add_file(writer: Writer, name: str, path: Path) -> None:
    """Add a file as it is now, and skip one that was deleted since the folder was listed."""
    try:
        with path.open("rb") as file:
            writer.add(name, file, mode=path.stat().st_mode & 0o777)
    except FileNotFoundError:
        return


def _list_erased(folder: DataFolder, target: Path, erased: set[Erased]) -> list[str]:
    """Keep the lists of who was erased, in the data folder and beside the backups, in step with the database. Returns what is wrong with
    them, since a faulty list is no reason to have no backup.
    """
    try:
        add_erased(folder.path / NAME, erased)
        add_erased(beside(target), read_erased(folder.path / NAME))
    except ValueError as error:
        return [str(error)]
    return []


def _keep_account(manifest: Manifest, size: int) -> None:
    """Record in the database when it was last backed up, if its tables are of the code's version."""
    from django.db import connections

    from jirani.audit.actions import note_backup
    from jirani.server.prepare import pending_migrations

    if not pending_migrations():
        note_backup(rows=sum(manifest.rows.values()), files=manifest.uploads, missing=len(manifest.missing), size=size)
    connections.close_all()
