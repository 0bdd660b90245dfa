"""`jirani manage …`: Django's own commands, with the database there while they run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from jirani.cli.options import Commands, add_command, add_data, real_data

DESCRIPTION = """\
Run one of Django's commands on a network's data, whether the network runs or not. For example:
  jirani manage createsuperuser
  jirani manage --data var/demo shell
  jirani manage help                    lists all of them
"""


def add(commands: Commands) -> None:
    parser = add_command(commands, "manage", help="run one of Django's own commands", description=DESCRIPTION)
    add_data(parser, "var")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="Django's command and its arguments")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    return run_django(real_data(arguments), arguments.arguments or ["help"])


def run_django(data: Path, command: Sequence[str]) -> int:
    """Run one of Django's commands on that data folder. Returns its exit code."""
    from jirani.config.environment import BadSetting, text
    from jirani.server.database import database, explain_database_error, put_in_environment
    from jirani.server.errors import ServerError
    from jirani.server.folders import network_folder, open_folder

    folder = open_folder(data) if text("DATABASE_URL") else network_folder(data)
    with database(folder) as url:
        put_in_environment(folder, url)
        from django.core.management import execute_from_command_line
        from django.db import OperationalError

        from jirani.server.prepare import taking_turns

        try:
            with taking_turns(url) if command[0] == "migrate" else nullcontext():
                execute_from_command_line(["jirani manage", *command])
        except BadSetting as error:
            raise ServerError(str(error)) from None
        except OperationalError as error:
            if "--traceback" in command:
                raise
            raise explain_database_error(error) from None
        except SystemExit as leaving:
            return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0
