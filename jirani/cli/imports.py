"""`jirani import`: records out of a spreadsheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from jirani.cli.options import Commands, add_command, add_data, real_data

DESCRIPTION = """\
Bring records in from a spreadsheet, all or nothing. Each cell that cannot be read is named with its row, its column,
its value and what was expected. Begin with --dry-run, which changes nothing.

  jirani import members members.xlsx --dry-run
"""
# What can be imported, and the Django command that does it.
KINDS = {"members": "import_members"}


def add(commands: Commands) -> None:
    parser = add_command(commands, "import", help="bring in records from a spreadsheet", description=DESCRIPTION)
    parser.add_argument(
        "kind", choices=sorted(KINDS), metavar="members", help="local authorities and their memberships"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a spreadsheet: .xlsx, .ods or .csv")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    add_data(parser, "var")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from jirani.cli.manage import run_django
    from jirani.server.errors import ServerError

    if not arguments.file.is_file():
        raise ServerError(f"There is no file {arguments.file}.")
    command = [KINDS[arguments.kind], str(arguments.file.absolute())]
    return run_django(real_data(arguments), command + (["--dry-run"] if arguments.dry_run else []))
