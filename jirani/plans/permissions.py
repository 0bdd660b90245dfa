"""Who may do what with plans."""

from typing import Any

from jirani.core.permissions import pair
from jirani.forums.permissions import can_edit_forum, writes_for
from jirani.members.models import LocalAuthority
from jirani.members.permissions import can_edit_authority

from .models import ActionPlan, Activity, Indicator, Measurement


@pair(ActionPlan, "editable_by")
def can_edit_plan(user: Any, plan: ActionPlan) -> bool:
    """Focal points of its authority, the forum's secretary and the coordinators may."""
    return can_edit_authority(user, plan.authority) or (plan.forum is not None and can_edit_forum(user, plan.forum))


def can_add_plan(user: Any, authority: LocalAuthority) -> bool:
    """People who speak for the authority may, and the secretary of one of its forums, which is then responsible for the plan."""
    return writes_for(user, authority)


@pair(Activity, "editable_by")
def can_edit_activity(user: Any, activity: Activity) -> bool:
    return can_edit_plan(user, activity.objective.pillar.plan)


@pair(Indicator, "editable_by")
def can_edit_indicator(user: Any, indicator: Indicator) -> bool:
    """People who may say how far its activity got may say how one can tell."""
    return can_edit_activity(user, indicator.activity)


@pair(Measurement, "editable_by")
def can_edit_measurement(user: Any, measurement: Measurement) -> bool:
    return can_edit_indicator(user, measurement.indicator)
