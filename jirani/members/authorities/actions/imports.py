"""Bring rows of a spreadsheet in that somebody has looked at."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from jirani.audit.actions import record
from jirani.audit.models import Entry
from jirani.core.sheets import Change, Outcome, Row, bring_in_rows, importer


class FaultyImport(Exception):
    """Rows that were fine when they were looked at and no longer are; nothing was brought in."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@transaction.atomic
def bring_in(kind: str, rows: Iterable[Row], *, by: Any) -> Entry:
    """Bring rows of a kind in, all or none; the entry says how many it added, changed and left. Raises FaultyImport."""
    outcome = bring_in_rows(importer(kind), rows, by=by, dry_run=False)
    if outcome.faults:
        raise FaultyImport(outcome)
    return record(f"{kind}.import", by, by=by, **{change.value: outcome.count(change) for change in Change})
