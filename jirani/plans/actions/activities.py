"""Activities of a plan: added, changed, and how far they got."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record
from jirani.core.enums import last_day
from jirani.core.permissions import require
from jirani.plans.enums import Completion, Status
from jirani.plans.models import ActionPlan, Activity
from jirani.plans.permissions import can_edit_activity, can_edit_plan

from .parts import next_number

Links = Mapping[str, Iterable[models.Model]]


def add_activity(activity: Activity, *, by: User, links: Links | None = None) -> Activity:
    """Add an activity to its objective, with the next number there. `activity` is unsaved; `links` holds those who support it."""
    require(can_edit_plan(by, activity.objective.pillar.plan))
    with transaction.atomic():
        _keep_in_plan(activity)
        activity.number = next_number(activity)
        activity.status = Status.OPEN
        activity.save()
        link(activity, links or {})
        record("plans.add_activity", activity, by=by)
    return activity


def edit_activity(activity: Activity, *, by: User, links: Links | None = None, version: str = "") -> Activity:
    """Save a changed activity without touching its progress. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    with transaction.atomic():
        stored = lock_unchanged(activity, version)
        require(can_edit_activity(by, stored))
        if activity.objective.pillar.plan_id != stored.objective.pillar.plan_id:
            raise ValidationError({"objective": _("An activity stays in its plan.")})
        _keep_in_plan(activity, stored)
        if activity.objective_id != stored.objective_id:
            activity.number = next_number(activity)
        else:
            activity.number = stored.number
        activity.status, activity.completion = stored.status, stored.completion
        activity.dropped_because = stored.dropped_because
        activity.save()
        link(activity, links or {})
        record("plans.edit_activity", activity, by=by)
    return activity


def day_fault(plan: ActionPlan, day: date | None) -> str:
    """Return what is wrong with a day of something in the plan: it must fall within the plan's days, as far as these are known."""
    first, last = plan.from_on, plan.until_on and last_day(plan.until_on, plan.until_precision)
    if day is None or ((not first or day >= first) and (not last or day <= last)):
        return ""
    days = {"first": first.isoformat() if first else "…", "last": last.isoformat() if last else "…"}
    return _("Enter a day within those of the plan: %(first)s to %(last)s.") % days


def _keep_in_plan(activity: Activity, stored: Activity | None = None) -> None:
    """Raise ValidationError if a day that differs from `stored` falls outside the plan's days."""
    plan = activity.objective.pillar.plan
    days = {name: getattr(activity, name) for name in ("from_on", "until_on")}
    changed = {name: day for name, day in days.items() if stored is None or day != getattr(stored, name)}
    faults = {name: fault for name, day in changed.items() if (fault := day_fault(plan, day))}
    if faults:
        raise ValidationError(faults)


def set_activity_progress(
    activity: Activity, *, status: str, completion: str, dropped_because: str = "", by: User, version: str = ""
) -> Activity:
    """Set an activity's status and completion. This does not change what a commitment tied to it says.

    Raises ValidationError if it is dropped without a reason.
    """
    with transaction.atomic():
        activity = lock_unchanged(activity, version)
        require(can_edit_activity(by, activity))
        if status not in {Status.OPEN, Status.DONE, Status.DROPPED} or completion not in Completion.values:
            raise ValidationError(_("Choose one of the statuses of an activity."))
        reason = dropped_because.strip() if status == Status.DROPPED else ""
        if status == Status.DROPPED and not reason:
            raise ValidationError({"dropped_because": _("Say why it was dropped: the next city wants to know.")})
        before = {"status": activity.status, "completion": activity.completion}
        activity.status, activity.completion, activity.dropped_because = Status(status), Completion(completion), reason
        activity.save(update_fields=["status", "completion", "dropped_because", "updated_at"])
        record("plans.set_activity_progress", activity, by=by, before=before)
    return activity


def link(saved: models.Model, links: Links) -> None:
    """Set a record's many-to-many fields by name."""
    for name, records in links.items():
        getattr(saved, name).set(records)
