"""A file goes with the record that shows it."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from jirani.changes.registry import Change, Kind
from jirani.commitments.models import Evidence


def follow(changes: Sequence[Change]) -> None:
    """Delete the files of evidence that went or shows another one, once that is committed."""
    for change in changes:
        name = change.before.get("file")
        if name and (change.kind == Kind.GONE or "file" in change.fields):
            transaction.on_commit(partial(_delete, name), robust=True)


def _delete(name: str) -> None:
    """Delete what was stored, unless another record shows it."""
    if not Evidence.objects.filter(file=name).exists():
        Evidence._meta.get_field("file").storage.delete(name)
