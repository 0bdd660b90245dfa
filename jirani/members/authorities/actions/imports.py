"""Bring rows of a spreadsheet in that somebody has looked at."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from jirani.audit.actions import record
from jirani.audit.models import Entry
from jirani.core.sheets import Change, Outcome, Row, bring_in_rows, importer


class FaultyImport(Exception):
    """Raised if rows that were correct in the preview no longer are; nothing was imported."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@transaction.atomic
def bring_in(kind: str, rows: Iterable[Row], *, by: Any) -> Entry:
    """Import rows of a kind, all or none. Returns the audit entry, which says how many were added, changed and unchanged. Raises FaultyImport."""
    outcome = bring_in_rows(importer(kind), rows, by=by, dry_run=False)
    if outcome.faults:
        raise FaultyImport(outcome)
    return record(f"{kind}.import", by, by=by, **{change.value: outcome.count(change) for change in Change})
