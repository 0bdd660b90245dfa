"""The `jirani` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from jirani.cli import backup, bench, demo, imports, manage, up
from jirani.server.errors import ServerError, explain_os_error

DESCRIPTION = """\
Jirani: a platform for networks of cities and local governments that learn from each other.

Start here:
  jirani demo        try it with the demo network, at http://127.0.0.1:8000
  jirani up          serve your own network
"""
EPILOG = """\
`jirani COMMAND --help` explains each command. Settings come from the environment: docs/reference/settings.md lists them.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code. An error that a person can fix is one sentence, without a traceback."""
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except ServerError as error:
        return _fail(str(error))
    except OSError as error:
        if os.environ.get("JIRANI_DEBUG") == "1":
            raise
        return _fail(str(explain_os_error(error)))
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(
        prog="jirani",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (demo, up, imports, manage, backup, bench):
        module.add(commands)
    return whole


def _fail(sentence: str) -> int:
    print(f"jirani: {sentence}", file=sys.stderr, flush=True)
    return 1
