"""`jirani manage renew_sort_keys [--all]`: run at every start; does something if ICU's collation has another version than it had."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ...actions import renew_sort_keys


class Command(BaseCommand):
    help = (
        "Make the keys anew by which lists of names are sorted, if an upgrade brought another version of the collation."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every key, whatever made it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, and say of how many records if there were any."""
        if count := renew_sort_keys(every=options["all"]):
            self.stdout.write(f"Sort keys made anew: {count}.")
