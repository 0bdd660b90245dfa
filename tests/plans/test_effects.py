"""What each action on plans leaves behind: every column, every row that stays or goes."""

from typing import Any

import pytest

from jirani.plans import actions
from jirani.plans.enums import Completion, PlanState, Status
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from tests import factories as make
from tests.cast import Cast, user_of
from tests.refused import refused_at

pytestmark = pytest.mark.django_db


def test_an_activity_is_numbered_in_its_objective_and_keeps_how_far_it_got(cast: Cast) -> None:
    by, first = (
        user_of(cast.forum_secretary),
        make.activity(cast.plan, status=Status.DONE, completion=Completion.COMPLETE),
    )
    helper, objective = make.organisation(), first.objective
    other = Objective.objects.create(pillar=objective.pillar, number=2, title="Other")
    gone = make.activity(cast.plan, status=Status.DROPPED, dropped_because="Why")
    strange = make.activity(make.plan(cast.mombasa)).objective
    added = actions.add_activity(
        Activity(objective=objective, title="New", status=Status.DONE), links={"supporting": [helper]}, by=by
    )
    assert (added.number, added.status, list(added.supporting.all())) == (3, Status.OPEN, [helper])
    assert actions.add_activity(Activity(objective=other, title="New"), by=by).number == 1
    assert list(added.supporting.all()) == [helper]

    def change(which: Activity, **fields: Any) -> tuple[Any, ...]:
        changed = Activity.objects.get(pk=which.pk)
        unread = {"number": 77, "status": Status.OPEN, "completion": Completion.LIMITED, "dropped_because": ""}
        for name, value in (unread | fields).items():
            setattr(changed, name, value)
        actions.edit_activity(changed, links={"supporting": []}, by=by)
        kept = Activity.objects.get(pk=which.pk)
        return kept.title, kept.number, kept.status, kept.completion, kept.dropped_because

    assert change(first, title="Changed") == ("Changed", 1, Status.DONE, Completion.COMPLETE, "")
    assert change(gone, title="Gone") == ("Gone", 2, Status.DROPPED, Completion.NO_EVIDENCE, "Why")
    assert change(added, objective=other)[1:3] == (2, Status.OPEN)
    assert list(added.supporting.all()) == []
    assert refused_at(lambda: change(added, objective=strange)) == ["objective"]


def test_an_activity_is_dropped_with_a_reason_that_goes_when_it_is_taken_up(cast: Cast) -> None:
    by, activity, beside = user_of(cast.forum_secretary), make.activity(cast.plan), make.activity(cast.plan)

    def progress(status: str, completion: str = "limited", because: str = "") -> tuple[str, str, str]:
        actions.set_activity_progress(activity, status=status, completion=completion, dropped_because=because, by=by)
        now = Activity.objects.get(pk=activity.pk)
        return now.status, now.completion, now.dropped_because

    assert progress("dropped", because=" No money ") == (Status.DROPPED, Completion.LIMITED, "No money")
    assert refused_at(lambda: progress("dropped", because=" ")) == ["dropped_because"]
    assert len(refused_at(lambda: progress("draft"))) == len(refused_at(lambda: progress("done", "great"))) == 1
    assert progress("done", "complete", "No money") == (Status.DONE, Completion.COMPLETE, "")
    assert progress("open") == (Status.OPEN, Completion.LIMITED, "")
    beside.refresh_from_db()
    assert beside.completion == Completion.NO_EVIDENCE


def test_parts_are_numbered_moved_and_deleted_within_their_whole(cast: Cast) -> None:
    by, elsewhere = user_of(cast.coordinator), make.plan(cast.kwale)
    for number in (1, 2, 5):
        Pillar.objects.create(plan=elsewhere, number=number, title=f"Elsewhere {number}")
    first, second = (actions.add_part(Pillar(plan=cast.plan, title=name), by=by) for name in ("First", "Second"))
    assert [first.number, second.number] == [1, 2]
    assert actions.add_part(Pillar(plan=elsewhere, title="New"), by=by).number == 6
    aim = actions.add_part(Objective(pillar=second, title="Aim"), by=by)
    assert aim.number == 1

    def order() -> dict[str, int]:
        return dict(cast.plan.pillars.values_list("title", "number"))

    untouched = list(elsewhere.pillars.values_list("title", "number"))
    actions.move_part(first, to=2, by=by)
    assert order() == {"First": 2, "Second": 1}
    for to in (2, 5, 0):
        actions.move_part(Pillar.objects.get(pk=first.pk), to=to, by=by)
    assert order() == {"First": 2, "Second": 1}
    changed = Pillar.objects.get(pk=first.pk)
    changed.title, changed.number = "Renamed", 9
    actions.edit_part(changed, by=by, new_group="Youth")
    assert (order(), str(Pillar.objects.get(pk=first.pk).working_group)) == ({"Renamed": 2, "Second": 1}, "Youth")
    assert len(refused_at(lambda: actions.remove_part(second, by=by))) == 1
    actions.remove_part(aim, by=by)
    actions.remove_part(second, by=by)
    assert (order(), Objective.objects.count()) == ({"Renamed": 2}, 0)
    assert list(elsewhere.pillars.values_list("title", "number")) == untouched
    untended = make.plan(cast.mombasa)
    assert actions.add_part(Pillar(plan=untended, title="Alone"), by=by, new_group="Nobody's").working_group is None


def test_a_plan_takes_its_own_place_among_those_of_its_authority(cast: Cast) -> None:
    by, theme = user_of(cast.coordinator), make.theme()
    before = make.plan(cast.mombasa, supersedes=cast.plan)
    foreign, foreign_forum = make.plan(cast.kwale, version=1), make.forum(cast.kwale)
    version = before.version

    def faults(**fields: Any) -> list[str]:
        plan = ActionPlan(**{"title": "New", "authority": cast.mombasa, "version": 90} | fields)
        return sorted(actions.plan_faults(plan))

    assert faults() == faults(forum=cast.forum) == faults(supersedes=before) == []
    assert faults(version=version) == ["number"]
    assert faults(version=version, authority=cast.kwale) == []
    assert faults(forum=foreign_forum) == ["forum"]
    assert faults(supersedes=cast.plan) == faults(supersedes=foreign) == ["supersedes"]
    assert faults(supersedes=cast.plan, forum=foreign_forum, version=version) == ["forum", "number", "supersedes"]
    assert actions.plan_faults(before) == actions.plan_faults(cast.plan) == {}
    cast.plan.supersedes = before
    assert list(actions.plan_faults(cast.plan)) == ["supersedes"]
    cast.plan.refresh_from_db()

    plan = ActionPlan(authority=cast.mombasa, title="Plan of peace", version=91)
    made = ActionPlan.objects.get(pk=actions.create_plan(plan, links={"themes": [theme]}, by=by).pk)
    assert (made.state, made.slug[:-6], list(made.themes.all())) == (PlanState.DRAFT, "plan-of-peace", [theme])
    made.title, made.state, made.forum = "Renamed", PlanState.ADOPTED, cast.forum
    actions.change_plan(made, links={}, by=by)
    kept = ActionPlan.objects.get(pk=made.pk)
    assert (kept.title, kept.state, kept.forum, list(kept.themes.all())) == (
        "Renamed",
        PlanState.ADOPTED,
        cast.forum,
        [theme],
    )
    made.version = version
    assert refused_at(lambda: actions.change_plan(made, links={}, by=by)) == ["number"]
    make.activity(made)
    assert len(refused_at(lambda: actions.remove_plan(made, by=by))) == 1
    actions.remove_plan(before, by=by)
    assert set(ActionPlan.objects.all()) == {cast.plan, foreign, made}
