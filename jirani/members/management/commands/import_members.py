"""`import_members FILE [--dry-run]`: local authorities and memberships out of a spreadsheet, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jirani.core.sheets import MOST_BYTES, MOST_FAULTS, BadSheet, Change, bring_in, importer


class Command(BaseCommand):
    help = "Bring local authorities and their memberships in from a spreadsheet (.xlsx, .ods or .csv), all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a spreadsheet: .xlsx, .ods or .csv")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, bring it in, say what it came to. Bad cells end in an error and change nothing."""
        path: Path = options["file"]
        try:
            if path.stat().st_size > MOST_BYTES:
                raise CommandError(f"{path} is larger than 10 MB. Split it into several.")
            outcome = bring_in(importer("members"), path.read_bytes(), by=None, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except BadSheet as error:
            raise CommandError(str(error)) from error
        if outcome.faults:
            for fault in outcome.faults:
                self.stderr.write(str(fault))
            stopped = " The rest was not looked at." if len(outcome.faults) >= MOST_FAULTS else ""
            raise CommandError(f"{len(outcome.faults)} bad cells. Nothing was changed.{stopped}")
        for result in outcome.results:
            if result.change != Change.UNCHANGED:
                details = f" ({', '.join(result.details)})" if result.details else ""
                self.stdout.write(f"Row {result.number}: {result.name}: {result.change}{details}")
        counts = ", ".join(f"{outcome.count(change)} {change}" for change in Change)
        self.stdout.write(f"{'Would be' if options['dry_run'] else 'Done'}: {counts}.")
