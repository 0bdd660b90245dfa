"""`load_demo`: fill an empty database with the demo network."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jirani.demo.actions import BadData, is_loaded, load


class Command(BaseCommand):
    """Load the demo network, unless it is loaded already."""

    help = "Load the demo network. Loading it again changes nothing."
    requires_system_checks: tuple[str, ...] = ()  # they take longer than finding that there is nothing to do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="read the files even if they have been loaded")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_loaded() and not options["again"]:
            self.stdout.write("The demo network is loaded.")
            return
        try:
            counts = load()
        except BadData as problem:
            raise CommandError(str(problem)) from problem
        if options["verbosity"] > 1:
            for name, count in sorted(counts.items()):
                self.stdout.write(f"{count:6} {name}")
        self.stdout.write(f"Loaded the demo network: {sum(counts.values())} records and translations.")
