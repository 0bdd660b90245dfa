"""`jirani bench`: the figures that Jirani promises, measured on this machine."""

from __future__ import annotations

import argparse
import importlib

from jirani.cli.options import Commands, add_command

DESCRIPTION = """\
Measure one of the figures that Jirani promises. Benches work on a database of their own and leave your data alone.

  first-view   bytes until a reader sees a page (needs Chromium and `make setup`)
  sheets       how long a visitor waits for a page while hostile spreadsheets are sent
  letters      how long a sign-in code takes while a mailing of 300 letters is sent
  pages        what a page costs that has to be made, beside an earlier commit's
  visitors     how many visitors a network bears, beside nginx with files (needs nginx and wrk)
  growth       how server time grows from 1,000 to 100,000 lessons
  start        seconds from `make demo` to the first page, and memory at rest

A bench exits with 1 where a figure misses its limit. With --json it prints one object a line, the last one its figure.
"""
BENCHES = ("first-view", "growth", "letters", "pages", "sheets", "start", "visitors")


def add(commands: Commands) -> None:
    parser = add_command(commands, "bench", help="measure what Jirani promises", description=DESCRIPTION)
    parser.add_argument("name", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    parser.add_argument("--writes", type=int, metavar="N", help="visitors: how often something is written (1,000)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    module = importlib.import_module(f"jirani.bench.{arguments.name.replace('-', '_')}")
    told = ["--json"] if arguments.json else []
    code: int = module.run([*told, "--writes", str(arguments.writes)] if arguments.writes else told)
    return code
