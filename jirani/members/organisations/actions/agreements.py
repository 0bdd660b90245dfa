"""Record what organisations signed with each other."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record
from jirani.core.permissions import require
from jirani.members.models import Agreement, Organisation
from jirani.members.permissions import can_edit_agreement


@transaction.atomic
def create_agreement(agreement: Agreement, *, parties: Sequence[Organisation], by: Any) -> Agreement:
    """Record an agreement. `agreement` is unsaved. Raises ValidationError if it has fewer than two parties."""
    require(can_edit_agreement(by, agreement))
    _require_two(parties)
    agreement.save()
    agreement.parties.set(parties)
    record("members.create_agreement", agreement, by=by)
    return agreement


@transaction.atomic
def change_agreement(agreement: Agreement, *, parties: Sequence[Organisation], by: Any, version: str = "") -> Agreement:
    """Save a changed agreement and its parties. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    require(can_edit_agreement(by, lock_unchanged(agreement, version)))
    _require_two(parties)
    agreement.save()
    agreement.parties.set(parties)
    record("members.change_agreement", agreement, by=by)
    return agreement


def _require_two(parties: Sequence[Organisation]) -> None:
    if len(parties) < 2:
        raise ValidationError({"parties": _("Choose at least two organisations.")})
