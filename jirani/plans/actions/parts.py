"""The parts of a plan: pillars, their objectives, the activities of these. Each is numbered within its whole."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record
from jirani.core.models import is_pointed_at
from jirani.core.permissions import require
from jirani.forums.actions import add_working_group
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.plans.permissions import can_edit_plan

Part = Pillar | Objective | Activity
P = TypeVar("P", Pillar, Objective)


def next_number(part: Part) -> int:
    """Return the number for a new part, and lock the whole: two people who add at once must not get the same number."""
    whole = getattr(part, part.whole)
    type(whole)._default_manager.select_for_update(of=("self",)).get(pk=whole.pk)
    last: int | None = _beside(part).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _beside(part: Part) -> Any:
    """Return all parts of the same whole."""
    return type(part)._default_manager.filter(**{part.whole: getattr(part, f"{part.whole}_id")})


@transaction.atomic
def add_part(part: P, *, by: Any, new_group: str = "") -> P:
    """Add a pillar to its plan, or an objective to its pillar, as the last one. `new_group` names the working group to be formed
    for a pillar."""
    require(can_edit_plan(by, part.plan_of))
    part.number = next_number(part)
    _form_group(part, new_group, by)
    part.save()
    record(f"plans.add_{part._meta.model_name}", part, by=by)
    return part


@transaction.atomic
def edit_part(part: P, *, by: Any, version: str = "", new_group: str = "") -> P:
    """Save a changed pillar or objective in its place. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    stored = lock_unchanged(part, version)
    require(can_edit_plan(by, stored.plan_of))
    part.number = stored.number
    _form_group(part, new_group, by)
    part.save()
    record(f"plans.edit_{part._meta.model_name}", part, by=by)
    return part


def _form_group(part: Part, name: str, by: Any) -> None:
    if name and isinstance(part, Pillar) and part.plan.forum:
        part.working_group = add_working_group(part.plan.forum, by=by, name=name, language=part.language)


@transaction.atomic
def move_part(part: Part, *, to: int, by: Any) -> Part:
    """Swap a part with the one that has the number `to`; if none has it, nothing moves."""
    require(can_edit_plan(by, part.plan_of))
    next_number(part)  # for its lock
    rows = _beside(part)
    now = rows.values_list("number", flat=True).get(pk=part.pk)
    other = rows.exclude(pk=part.pk).filter(number=to).first()
    if other is not None:
        for pk, number in ((part.pk, 0), (other.pk, now), (part.pk, to)):  # no two may have a number at once
            rows.filter(pk=pk).update(number=number)
        record(f"plans.move_{part._meta.model_name}", part, by=by, before=now, after=to)
    return part


@transaction.atomic
def remove_part(part: Part, *, by: Any, version: str = "") -> ActionPlan:
    """Delete a part. Raises ValidationError if other records depend on it: such a part is dropped, with a reason; ChangedMeanwhile if
    somebody else has saved since `version`. Returns its plan.
    """
    plan = part.plan_of
    require(can_edit_plan(by, plan))
    locked = lock_unchanged(part, version)
    if type(part)._default_manager.filter(is_pointed_at(type(part)), pk=part.pk).exists():
        raise ValidationError(
            _("This cannot be deleted because other records depend on it. You can drop it and give a reason.")
        )
    record(f"plans.remove_{part._meta.model_name}", plan, by=by, number=part.number)
    locked.delete()
    return plan
