"""`jirani backup` and `jirani restore`: a network in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from jirani.cli.options import Commands, add_command, add_data, real_data

BACKUP = """\
Write the database, the uploaded files and the secret key into one file, whether the network runs or not.
The file holds personal data: keep it where only administrators read it.

  jirani backup /backups/jirani-2026-11-22.tgz
"""
RESTORE = """\
Read a backup into an empty data folder. It refuses a network that holds anything.

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
    """Write a backup."""
    from jirani.server.backup import write_backup
    from jirani.server.folders import open_folder

    write_backup(open_folder(real_data(arguments)), arguments.file.absolute())
    print(f"Written to {arguments.file}.")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Read one."""
    from jirani.server.backup import read_backup
    from jirani.server.errors import ServerError
    from jirani.server.folders import Kind, open_folder

    if not arguments.file.is_file():
        raise ServerError(f"There is no file {arguments.file}.")
    read_backup(open_folder(real_data(arguments), Kind.REAL), arguments.file.absolute())
    print("Restored. Start the network with: jirani up")
    return 0
