"""A network in one file: the database's dump, the uploaded files and the secret key, and back again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from jirani.server.binaries import programs
from jirani.server.database import database
from jirani.server.errors import ServerError
from jirani.server.folders import DataFolder

DUMP = "database.dump"
FILES = ("media", "secret_key")


def write_backup(folder: DataFolder, target: Path) -> None:
    """Write everything into `target` (a gzipped tar), which only its owner may read. Raises ServerError; leaves no half file."""
    if target.exists():
        raise ServerError(f"{target} exists: give a new name.")
    draft = target.with_name(target.name + ".part")
    with database(folder) as url, tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", url)
        try:
            private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(private, "wb") as file:
                with tarfile.open(fileobj=file, mode="w:gz") as archive:
                    archive.add(dump, arcname=DUMP)
                    for name in FILES:
                        if (folder.path / name).exists():
                            archive.add(folder.path / name, arcname=name)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def read_backup(folder: DataFolder, source: Path) -> None:
    """Read a backup into an empty network. Raises ServerError where the database or the folder holds anything."""
    with tempfile.TemporaryDirectory() as scratch:
        found = _unpack(source, Path(scratch))
        with database(folder) as url:
            _check_empty(folder, url)
            _run(
                "pg_restore",
                "--exit-on-error",
                "--single-transaction",
                "--no-owner",
                f"--dbname={url}",
                str(found / DUMP),
            )
        for name in FILES:
            if (found / name).exists():
                _place(found / name, folder.path / name)


def _place(source: Path, target: Path) -> None:
    """Move a file or a folder over what an empty network has there."""
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    shutil.move(source, target)


def _unpack(source: Path, target: Path) -> Path:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(target, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise ServerError(f"{source} is not a backup that can be read.") from error
    if not (target / DUMP).exists():
        raise ServerError(f"{source} is not a backup of Jirani.")
    return target


def _check_empty(folder: DataFolder, url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if tables and tables[0]:
        raise ServerError("The database holds tables already: restore into an empty one.")
    if (folder.path / "media").exists() and any((folder.path / "media").iterdir()):
        raise ServerError(f"{folder.path / 'media'} holds files already: restore into an empty folder.")


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([programs() / program, *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise ServerError(
            f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr else 'no reason given'}"
        )
