"""How one can tell that an activity works: its indicators, and what was measured. Corrections keep in the audit what stood there before."""

from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.acting.facts import changed_columns
from jirani.audit.actions import lock_unchanged, record
from jirani.core.models import is_pointed_at
from jirani.core.permissions import require
from jirani.plans.models import Activity, Indicator, Measurement
from jirani.plans.permissions import can_edit_activity, can_edit_indicator, can_edit_measurement

P = TypeVar("P", Indicator, Measurement)


@transaction.atomic
def add_indicator(indicator: Indicator, *, by: Any) -> Indicator:
    """Say how one can tell that an activity works. `indicator` is unsaved."""
    require(can_edit_activity(by, indicator.activity))
    indicator.full_clean()
    indicator.save()
    record("plans.add_indicator", indicator, by=by)
    return indicator


@transaction.atomic
def edit_indicator(indicator: Indicator, *, by: Any, version: str = "") -> Indicator:
    """Save a changed indicator. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    stored = lock_unchanged(indicator, version)
    require(can_edit_indicator(by, stored))
    require(indicator.activity_id == stored.activity_id)
    _correct("plans.edit_indicator", indicator, stored, by)
    return indicator


@transaction.atomic
def remove_indicator(indicator: Indicator, *, by: Any, version: str = "") -> Activity:
    """Delete an indicator of which nothing was measured yet. Returns its activity."""
    locked = lock_unchanged(indicator, version)
    require(can_edit_indicator(by, locked))
    if Indicator.objects.filter(is_pointed_at(Indicator), pk=locked.pk).exists():
        raise ValidationError(_("This indicator cannot be deleted because something was measured. Delete that first."))
    record("plans.remove_indicator", locked.activity, by=by, before=_values(locked, _columns(locked)))
    locked.delete()
    return locked.activity


@transaction.atomic
def add_measurement(measurement: Measurement, *, by: Any) -> Measurement:
    """Record an indicator's value on a day that has come. `measurement` is unsaved."""
    require(can_edit_indicator(by, measurement.indicator))
    _require_measured(measurement)
    measurement.full_clean()
    measurement.save()
    record("plans.add_measurement", measurement, by=by)
    return measurement


@transaction.atomic
def edit_measurement(measurement: Measurement, *, by: Any, version: str = "") -> Measurement:
    """Save a corrected measurement. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    stored = lock_unchanged(measurement, version)
    require(can_edit_measurement(by, stored))
    require(measurement.indicator_id == stored.indicator_id)
    if measurement.measured_on != stored.measured_on:
        _require_measured(measurement)
    _correct("plans.edit_measurement", measurement, stored, by)
    return measurement


@transaction.atomic
def remove_measurement(measurement: Measurement, *, by: Any, version: str = "") -> Activity:
    """Delete a measurement; the audit keeps what it said. Returns the activity of its indicator."""
    locked = lock_unchanged(measurement, version)
    require(can_edit_measurement(by, locked))
    record("plans.remove_measurement", locked.indicator, by=by, before=_values(locked, _columns(locked)))
    locked.delete()
    return locked.indicator.activity


def _require_measured(measurement: Measurement) -> None:
    if measurement.measured_on > timezone.localdate():
        raise ValidationError({"measured_on": _("Enter today or a day in the past.")})


def _correct(verb: str, changed: P, stored: P, by: Any) -> None:
    """Save a record, and write down what stood in the columns that differ."""
    columns = [name for name in changed_columns(changed, stored) if name in _columns(stored)]
    changed.full_clean()
    changed.save()
    record(verb, changed, by=by, before=_values(stored, columns), after=_values(changed, columns))


def _columns(part: Indicator | Measurement) -> list[str]:
    """The columns that hold what was typed."""
    return [
        field.name
        for field in part._meta.concrete_fields
        if field.editable and not field.is_relation and not field.primary_key
    ]


def _values(part: Indicator | Measurement, columns: list[str]) -> dict[str, str]:
    """What these columns hold, as it is written, without those that hold nothing."""
    held = {name: getattr(part, name) for name in columns}
    return {name: _written(value) for name, value in held.items() if value not in (None, "", False)}


def _written(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
