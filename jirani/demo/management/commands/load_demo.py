"""`load_demo`: fill an empty database with the demo network."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jirani.demo.actions import BadData, is_current, is_loaded, load

OUTGROWN = (
    "The demo network is loaded, from the files of a former version, and stays as it is. "
    "Delete its data folder to begin afresh, with what this version shows."
)


class Command(BaseCommand):
    """Load the demo network, unless there is one already."""

    help = "Load the demo network, unless it was loaded before: what was changed in it stays."
    requires_system_checks: tuple[str, ...] = ()  # they take longer than finding that there is nothing to do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="bring records back to what the files say, over what was changed in the browser",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        current = is_current()
        if not options["again"] and (current or is_loaded()):
            self.stdout.write("The demo network is loaded." if current else OUTGROWN)
            return
        try:
            counts = load()
        except BadData as problem:
            raise CommandError(str(problem)) from problem
        if options["verbosity"] > 1:
            for name, count in sorted(counts.items()):
                self.stdout.write(f"{count:6} {name}")
        self.stdout.write(f"Loaded the demo network: {sum(counts.values())} records and translations.")
