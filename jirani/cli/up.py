"""`jirani up`: a network for real use."""

from __future__ import annotations

import argparse

from jirani.cli.options import Commands, add_command, add_data, add_port, real_data

DESCRIPTION = """\
Serve a network for real use: web, worker and database in one command. Ctrl-C or SIGTERM stops all of it.

Everything is kept in one folder, var by default. The database is an embedded PostgreSQL unless DATABASE_URL names one
of your own. docs/how-to/install.md explains how to run it behind a proxy, docs/how-to/back-up.md how to keep it safe.
"""


def add(commands: Commands) -> None:
    parser = add_command(commands, "up", help="serve a network for real use", description=DESCRIPTION)
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen at; 0.0.0.0 for all (default: 127.0.0.1)"
    )
    add_port(parser)
    add_data(parser, "var")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from jirani.server.folders import Kind, open_folder
    from jirani.server.supervisor import Options, Supervisor

    folder = open_folder(real_data(arguments), Kind.REAL)
    return Supervisor(folder, Options(arguments.host, arguments.port)).run()
