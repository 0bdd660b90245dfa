"""Each action on plans asks for itself who may, and says in the audit what was done."""

from datetime import date
from typing import Any

import pytest

from jirani import plans as app
from jirani.plans import actions
from jirani.plans.models import ActionPlan, Activity, Indicator, Measurement, Objective, Pillar
from tests import factories as make
from tests.cast import Cast
from tests.straight import Call, itself, not_called, outcomes_amiss, refusals_missing

pytestmark = pytest.mark.django_db


def wholes(cast: Cast) -> list[Call]:
    """Calls about plans of Mombasa. The secretary of its forum tends the forum's own, and takes none from another forum or to one."""
    may, secretary = cast.mombasa_focal_point, cast.forum_secretary
    others = (cast.kwale_focal_point, cast.editor, cast.participant, cast.outsider)
    empty, untended, elsewhere = make.plan(cast.mombasa), make.plan(cast.mombasa), make.forum(cast.mombasa)

    def change(plan: ActionPlan, **fields: Any) -> Any:
        def run(by: Any) -> ActionPlan:
            changed = ActionPlan.objects.get(pk=plan.pk)
            for name, value in fields.items():
                setattr(changed, name, value)
            return actions.change_plan(changed, by=by, links={})

        return run

    changed = (("plans.change_plan", untended),)
    return [
        Call(actions.create_plan, lambda by: actions.create_plan(
            ActionPlan(authority=cast.mombasa, title="Next", version=9), by=by, links={}),
            may, (secretary, *others), (("plans.create_plan", itself),)),
        Call(actions.change_plan, change(untended), may, (secretary, *others), changed),
        Call(actions.change_plan, change(untended, forum=cast.forum), may, (secretary, *others), changed),
        Call(actions.change_plan, change(cast.plan, forum=elsewhere), may, (secretary, *others), (("plans.change_plan", cast.plan),)),
        Call(actions.change_plan, change(untended, authority=cast.kwale), None, (may, cast.coordinator, cast.hub_coordinator)),
        Call(actions.remove_plan, lambda by: actions.remove_plan(empty, by=by), may, (secretary, *others),
             (("plans.remove_plan", cast.mombasa),)),
    ]  # fmt: skip


def parts(cast: Cast) -> list[Call]:
    """Calls about the parts of the plan that the forum tends."""
    may, others = cast.forum_secretary, (cast.kwale_focal_point, cast.editor, cast.participant, cast.outsider)
    first = make.activity(cast.plan)
    make.activity(cast.plan)
    held, plan = first.objective, cast.plan
    Pillar.objects.create(plan=plan, number=2, title="Second")
    Objective.objects.create(pillar=held.pillar, number=2, title="Second")
    free = Pillar.objects.create(plan=plan, number=3, title="Third")
    bare = Objective.objects.create(pillar=held.pillar, number=3, title="Third")
    rows: list[tuple[Any, Any, str, Any]] = [
        (actions.add_part, lambda by: actions.add_part(Pillar(plan=plan, title="New"), by=by), "add_pillar", itself),
        (actions.add_part, lambda by: actions.add_part(Objective(pillar=free, title="New"), by=by), "add_objective", itself),
        (actions.edit_part, lambda by: actions.edit_part(free, by=by), "edit_pillar", free),
        (actions.edit_part, lambda by: actions.edit_part(bare, by=by), "edit_objective", bare),
        (actions.move_part, lambda by: actions.move_part(free, to=2, by=by), "move_pillar", free),
        (actions.move_part, lambda by: actions.move_part(bare, to=2, by=by), "move_objective", bare),
        (actions.move_part, lambda by: actions.move_part(first, to=2, by=by), "move_activity", first),
        (actions.remove_part, lambda by: actions.remove_part(free, by=by), "remove_pillar", plan),
        (actions.remove_part, lambda by: actions.remove_part(bare, by=by), "remove_objective", plan),
        (actions.remove_part, lambda by: actions.remove_part(first, by=by), "remove_activity", plan),
        (actions.add_activity, lambda by: actions.add_activity(Activity(objective=bare, title="New"), by=by),
         "add_activity", itself),
        (actions.edit_activity, lambda by: actions.edit_activity(first, by=by), "edit_activity", first),
        (actions.set_activity_progress, lambda by: actions.set_activity_progress(
            first, status="done", completion="complete", by=by), "set_activity_progress", first),
    ]  # fmt: skip
    return [Call(action, run, may, others, ((f"plans.{verb}", about),)) for action, run, verb, about in rows]


def indicators(cast: Cast) -> list[Call]:
    """Calls about how one can tell that an activity of that plan works: whoever may say how far it got may say this."""
    may, others = cast.forum_secretary, (cast.kwale_focal_point, cast.editor, cast.participant, cast.outsider)
    activity = make.activity(cast.plan)
    free, held = (Indicator.objects.create(activity=activity, kind="qualitative", title=title) for title in "AB")
    found = Measurement.objects.create(indicator=held, measured_on=date(2024, 1, 1), words="Found")
    new = {"kind": "qualitative", "title": "New", "language": "en"}
    rows: list[tuple[Any, Any, Any]] = [
        (actions.add_indicator, lambda by: actions.add_indicator(Indicator(activity=activity, **new), by=by), itself),
        (actions.edit_indicator, lambda by: actions.edit_indicator(free, by=by), free),
        (actions.remove_indicator, lambda by: actions.remove_indicator(free, by=by), activity),
        (actions.add_measurement, lambda by: actions.add_measurement(
            Measurement(indicator=held, measured_on=date(2024, 2, 1), words="New"), by=by), itself),
        (actions.edit_measurement, lambda by: actions.edit_measurement(found, by=by), found),
        (actions.remove_measurement, lambda by: actions.remove_measurement(found, by=by), held),
    ]  # fmt: skip
    return [Call(action, run, may, others, ((f"plans.{action.__name__}", about),)) for action, run, about in rows]


def test_every_action_refuses_those_who_may_not_and_records_what_others_do(cast: Cast) -> None:
    calls = [*wholes(cast), *parts(cast), *indicators(cast)]

    assert not_called(app, calls) == set()
    assert refusals_missing(calls) == []
    assert outcomes_amiss(calls) == {}
