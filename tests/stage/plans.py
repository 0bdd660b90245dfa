"""Action plans, which forums tend."""

from datetime import date

from jirani.forums.models import Decision, WorkingGroup
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Indicator, Measurement
from tests.oracles import can_see_activity, can_see_plan

from .. import factories as make
from .tokens import Stage


def fill(stage: Stage) -> None:
    """Add, in each mode, a plan in every state with one of everything, in the care of the forum of that mode."""
    cast = stage.cast
    stage.records.append(cast.plan)
    for mode in stage.modes:
        group = WorkingGroup.objects.get(forum__access=mode)
        forum = group.forum
        begun = ActionPlan(
            authority=cast.mombasa, forum=forum, access=mode, slug=f"begun-{mode}", version=100 + len(stage.records)
        )
        stage.begin(begun, "vision", may=can_see_plan)
        for state in PlanState:
            plan = make.plan(cast.mombasa, forum=forum, access=mode, state=state)
            stage.keep(plan, may=can_see_plan)
            activity = make.activity(plan, decided_in=Decision.objects.filter(meeting__forum=forum).last())
            stage.keep(activity, may=can_see_activity)
            objective = activity.objective
            objective.pillar.working_group = group
            stage.keep(objective.pillar, may=lambda user, found: can_see_plan(user, found.plan))
            stage.keep(objective, may=lambda user, found: can_see_plan(user, found.pillar.plan))
            indicator = Indicator.objects.create(activity=activity, kind="qualitative", title="Indicator")
            stage.keep(indicator, may=lambda user, found: can_see_activity(user, found.activity))
            measured = Measurement.objects.create(indicator=indicator, measured_on=date(2024, 1, 1), words="Found")
            stage.keep(measured, may=lambda user, found: can_see_activity(user, found.indicator.activity))
