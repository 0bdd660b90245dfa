"""`jirani demo`: the demo network on this machine, for trying things out."""

from __future__ import annotations

import argparse
import os
import signal

from jirani.cli.options import Commands, add_command, add_data, add_port, demo_data

DESCRIPTION = """\
Serve the demo network: real exchanges between cities, with a sign-in that offers each role by one click.
It answers on this machine only and never touches the data of a real network.

The first start sets everything up and takes about a minute; later ones take seconds and keep what you changed.
Delete the folder var/demo to begin afresh.
"""


def add(commands: Commands) -> None:
    parser = add_command(commands, "demo", help="try Jirani with the demo network", description=DESCRIPTION)
    add_port(parser)
    add_data(parser, "var/demo")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from jirani.server.folders import Kind, open_folder
    from jirani.server.processes import dying_with_parent
    from jirani.server.supervisor import Options, Supervisor

    if "MAKELEVEL" in os.environ:  # `make demo`: when make is killed, nothing else would tell us
        dying_with_parent(signal.SIGTERM, parent=os.getppid())()
    folder = open_folder(demo_data(arguments), Kind.DEMO)
    return Supervisor(folder, Options("127.0.0.1", arguments.port)).run()
