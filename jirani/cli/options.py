"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from jirani.config.environment import data_folder, text

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

PORT = 8000


def add_command(commands: Commands, name: str, *, help: str, description: str) -> argparse.ArgumentParser:
    """A subcommand whose help shows its description as it is written."""
    return commands.add_parser(
        name, help=help, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_data(parser: argparse.ArgumentParser, default: str) -> None:
    """The option --data."""
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=f"the folder that holds everything (default: {default})"
    )


def add_port(parser: argparse.ArgumentParser) -> None:
    """The option --port."""
    parser.add_argument(
        "--port", type=port, default=PORT, metavar="PORT", help=f"the port to serve at (default: {PORT})"
    )


def port(value: str) -> int:
    """A TCP port out of the command line."""
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port: give a number from 1 to 65535")
    return int(value)


def real_data(arguments: argparse.Namespace) -> Path:
    """The data folder of a command on a real network: --data, JIRANI_DATA or var."""
    chosen: Path | None = arguments.data
    return chosen or data_folder()


def demo_data(arguments: argparse.Namespace) -> Path:
    """The data folder of the demo: --data, JIRANI_DATA or var/demo."""
    chosen: Path | None = arguments.data
    return chosen or (data_folder() if text("JIRANI_DATA") else data_folder() / "demo")
