"""`jirani backup` and `jirani restore`: a network in one file."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from jirani.cli.options import Commands, add_command, add_data, real_data

BACKUP = """\
Write the database, the uploaded files and the secret key into one file, whether the network runs or not.
The file holds personal data: keep it where only administrators read it. Beside it, erased.jsonl says who was
erased, so that an older backup does not bring them back: keep both together.

  jirani backup /backups/jirani-2026-11-22.tgz
"""
RESTORE = """\
Read a backup into an empty data folder, and into an empty database if DATABASE_URL names one. Every checksum is
compared before anything is written. When it was interrupted, run it again: until it has finished, `up` refuses
the folder.

  jirani restore /backups/jirani-2026-11-22.tgz --data /srv/jirani/data
"""


def add(commands: Commands) -> None:
    """Both commands."""
    for name, help_text, description, run in (
        ("backup", "write a network into one file", BACKUP, back_up),
        ("restore", "read a backup into an empty data folder", RESTORE, restore),
    ):
        parser = add_command(commands, name, help=help_text, description=description)
        parser.add_argument("file", type=Path, metavar="FILE", help="the backup, a .tgz")
        add_data(parser, "var")
        parser.set_defaults(run=run)


def back_up(arguments: argparse.Namespace) -> int:
    """Write a backup, and say what is in it."""
    from jirani.server.backup.writing import write_backup
    from jirani.server.folders import network_folder

    signal.signal(signal.SIGTERM, _leave)
    written = write_backup(network_folder(real_data(arguments)), arguments.file.absolute())
    manifest = written.manifest
    print(
        f"Written to {arguments.file}: {_count(sum(manifest.rows.values()), 'row')} in {_count(len(manifest.rows), 'table')}, "
        f"{_count(manifest.uploads, 'file')}, {written.size / 1e6:,.1f} MB."
    )
    if manifest.missing:
        print(
            f"Missing: {_count(len(manifest.missing), 'upload')} that records name: {_few(manifest.missing)}",
            file=sys.stderr,
        )
    for remark in written.remarks:
        print(remark, file=sys.stderr)
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def restore(arguments: argparse.Namespace) -> int:
    """Read one, and say what comes next."""
    from jirani.server.backup.restoring import restore_backup
    from jirani.server.errors import ServerError
    from jirani.server.folders import Kind

    signal.signal(signal.SIGTERM, _leave)
    if not arguments.file.is_file():
        raise ServerError(f"There is no file {arguments.file}.")
    data = real_data(arguments)
    restored = restore_backup(data, arguments.file.absolute())
    manifest = restored.contents.manifest
    if manifest is None:
        print("This backup was written before backups had checksums: only its compression could be checked.")
    elif manifest.missing:
        print(
            f"Missing: the backup lacks {_count(len(manifest.missing), 'upload')} that records name: {_few(manifest.missing)}"
        )
    if restored.erased.done:
        print(f"Erased again: {_erased(restored.erased.done)} erased after the backup was made.")
    if restored.erased.put_off:
        print(f"The start erases again: {_erased(restored.erased.put_off)} erased after the backup was made.")
    command = "jirani demo" if restored.kind is Kind.DEMO else "jirani up"
    given = f" --data {shlex.quote(str(arguments.data))}" if arguments.data else ""
    print(f"Restored. Start the network with: {command}{given}")
    return 0


def _erased(number: int) -> str:
    return "1 person who was" if number == 1 else f"{number:,} people who were"


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Clean up when asked to stop, as at Ctrl-C."""
    raise KeyboardInterrupt
