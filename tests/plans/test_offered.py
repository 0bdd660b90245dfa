"""What the forms of plans, their parts and activities offer, to whom, and what they refuse."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from jirani.core.enums import AccessMode, Precision
from jirani.forums.models import Decision, Meeting, WorkingGroup
from jirani.members.enums import Sector
from jirani.members.models import Grant
from jirani.plans.actions import day_fault
from jirani.plans.forms import (
    ActivityChangeForm,
    ActivityForm,
    ObjectiveChangeForm,
    ObjectiveForm,
    PillarChangeForm,
    PillarForm,
    PlanChangeForm,
    PlanForm,
    ProgressForm,
    objective_choices,
)
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import LANGUAGES, choices, leading, taken, translated

pytestmark = pytest.mark.django_db


def query(sent: dict[str, Any]) -> Any:
    data = QueryDict(mutable=True)
    data.update(sent)
    return data


def new(cast: Cast, by: Any, data: Any = None) -> Any:
    return PlanForm(data, instance=ActionPlan(authority=cast.mombasa), by=user_of(by))


def change(plan: ActionPlan, by: Any, data: Any = None) -> Any:
    return PlanChangeForm(data, instance=ActionPlan.objects.get(pk=plan.pk), by=user_of(by))


def test_a_plan_offers_words_forums_and_earlier_plans(cast: Cast) -> None:
    translated(make.theme("Peace"), "Zuio")
    translated(make.theme("Youth"), "Amani")
    make.theme("Old", retired=True)
    kept = make.theme("Kept", retired=True)
    cast.plan.themes.set([kept])
    translated(cast.forum, "Jukwaa")
    translated(cast.plan, "Mpango", "title")
    other = make.forum(cast.mombasa, name="Another")
    make.forum(cast.kwale, name="Elsewhere")
    make.plan(cast.kwale, title="Of others")
    after = make.plan(cast.mombasa, title="After", supersedes=cast.plan)
    with override("sw"):
        begun, stored = new(cast, cast.mombasa_focal_point), change(cast.plan, cast.mombasa_focal_point)
        second, secretary = change(after, cast.mombasa_focal_point), new(cast, cast.forum_secretary)
        assert [choices(form, "themes") for form in (begun, stored)] == [["Amani", "Zuio"], ["Amani", "Kept", "Zuio"]]
        assert [taken(form, "themes") for form in (begun, stored)] == [{"Peace", "Youth"}, {"Peace", "Youth", "Kept"}]
        assert [choices(form, "forum") for form in (begun, stored, secretary)] == [["Another", "Jukwaa"]] * 2 + [
            ["Jukwaa"]
        ]
        assert [form["language"].value() for form in (begun, stored)] == ["sw", "en"]
        assert [choices(form, "supersedes") for form in (begun, stored, second)] == [["After"], ["After"], ["Mpango"]]
    assert taken(begun, "supersedes") == {cast.plan.title, "After"}
    assert taken(second, "supersedes") == {cast.plan.title}
    assert taken(secretary, "forum") == {str(cast.forum)}
    blank = [[value for value, _label in form.fields["forum"].choices if not value] for form in (begun, secretary)]
    assert ([form.fields["forum"].required for form in (begun, secretary)], blank) == ([False, True], [[""], []])
    assert [form["forum"].value() for form in (begun, secretary, stored)] == [None, cast.forum.pk, cast.forum.pk]
    assert choices(begun, "language") == LANGUAGES
    assert [value for value, _label in begun.fields["access"].choices] == [*AccessMode]
    assert leading(begun) == {"title", "short_name", "summary", "vision", "mission", "theory_of_change"}
    other.delete()
    cast.plan.forum = None
    cast.plan.save()
    assert [form["forum"].value() for form in (new(cast, cast.mombasa_focal_point), change(cast.plan, cast.mombasa_focal_point))] == [
        cast.forum.pk, None,
    ]  # fmt: skip
    bare = PlanForm(instance=ActionPlan(authority=make.authority(hub=cast.hub)), by=user_of(cast.hub_coordinator))
    assert not {"forum", "supersedes"} & set(bare.fields)


def test_a_plan_lasts_at_most_fifty_years_keeps_its_activities_and_gets_a_number(cast: Cast) -> None:
    make.activity(cast.plan, title="Elders", from_on=date(2023, 1, 1), until_on=date(2023, 12, 31))
    sent = {"title": "Plan", "language": "en", "access": "public", "state": "adopted"}

    def faults(stored: ActionPlan | None = None, **more: str) -> dict[str, list[str]]:
        data = query(sent | {"forum": str(cast.forum.pk)} | more)
        form = change(stored, cast.mombasa_focal_point, data) if stored else new(cast, cast.mombasa_focal_point, data)
        return {name: [str(one)[:12] for one in words] for name, words in form.errors.items()}

    assert faults(begins="2020", ends="2019") == {"ends": ["Enter an end"]}
    assert faults(begins="2020", ends="2020") == {}
    assert faults(begins="2020-01", ends="2070-12") == {}
    assert faults(begins="2020-01", ends="2071-01") == {"ends": ["Enter an end"]}
    assert faults(ends="2071") == faults(begins="2020") == faults() == {}
    outside = {"ends": ["Choose days "]}
    days = [
        ("2023", "2023", {}), ("2023-01-02", "", outside), ("", "2023-12-30", outside), ("2022", "2022", outside),
        ("2024", "2024", outside), ("", "2023-12", {}), ("2023-01-01", "", {}),
    ]  # fmt: skip
    for begins, ends, fault in days:
        assert faults(cast.plan, begins=begins, ends=ends) == fault, (begins, ends)
    ActionPlan.objects.filter(pk=cast.plan.pk).update(
        from_on=date(2024, 1, 1),
        until_on=date(2024, 1, 1),
        from_precision=Precision.YEAR,
        until_precision=Precision.YEAR,
    )
    assert faults(cast.plan, begins="2024", ends="2024") == {}, "what is not changed is not looked at"
    make.plan(cast.mombasa, version=7)
    make.plan(cast.kwale, version=20)
    numbers = []
    for stored, number in ((None, ""), (None, "5"), (cast.plan, ""), (cast.plan, "3")):
        data = query(sent | {"number": number, "forum": str(cast.forum.pk), "begins": "2023", "ends": "2023"})
        form = change(stored, cast.mombasa_focal_point, data) if stored else new(cast, cast.mombasa_focal_point, data)
        assert form.is_valid(), form.errors
        numbers.append(form.instance.version)
    assert numbers == [8, 5, 8, 3]
    assert faults(source_url="x", number="7").keys() == {"source_url", "number"}


def test_who_leads_and_supports_is_near_or_has_done_so(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    pillar = activity.objective.pillar
    names = ("Near", "Anywhere", "Seated", "Leads", "Co-leads", "Supports", "Civil", "Governs", "Far")
    at = {"Near": "KE", "Anywhere": ""}
    bodies = {name: make.organisation(name, country=at.get(name, "MA")) for name in names}
    translated(bodies["Near"], "Karibu")
    make.seat(cast.forum, organisation=bodies["Seated"])
    activity.lead, activity.co_lead = bodies["Leads"], bodies["Co-leads"]
    activity.save()
    activity.supporting.set([bodies["Supports"]])
    pillar.lead_civil_society, pillar.lead_government = bodies["Civil"], bodies["Governs"]
    pillar.save()
    make.activity(make.plan(cast.kwale), lead=bodies["Far"])
    near = {"Karibu", *names[1:-1], "Kwale County", "Mombasa County", "Mombasa civil society"}

    with override("sw"):
        form = ActivityForm(instance=Activity(), plan=cast.plan, by=user_of(cast.mombasa_focal_point))
        assert [set(choices(form, name)) for name in ("lead", "co_lead", "supporting")] == [near] * 3
        assert form["language"].value() == "sw"
    blank = [[value for value, _label in form.fields[name].choices if not value] for name in ("lead", "supporting")]  # type: ignore[attr-defined]
    assert (blank, form.fields["lead"].aside.endswith("?country=KE")) == ([[""], []], True)  # type: ignore[attr-defined]
    untended = make.plan(cast.mombasa)
    without = ActivityForm(instance=Activity(), plan=untended, by=user_of(cast.mombasa_focal_point))
    assert set(choices(without, "lead")) == {
        "Near",
        "Anywhere",
        "Kwale County",
        "Mombasa County",
        "Mombasa civil society",
    }
    assert leading(form) == {"title", "description", "funding_source", "means_of_verification"}
    stored = ActivityChangeForm(instance=activity, plan=cast.plan, by=user_of(cast.mombasa_focal_point))
    with override("sw"):
        assert stored["language"].value() == "en"
        assert choices(stored, "language") == LANGUAGES


def test_an_activity_stands_under_an_objective_of_its_plan_and_a_decision_of_its_forum(cast: Cast) -> None:
    objective = make.activity(cast.plan).objective
    elsewhere = make.activity(make.plan(cast.kwale)).objective
    later = Pillar.objects.create(plan=cast.plan, number=2, title="Second")
    Objective.objects.create(pillar=later, number=3, title="Third")
    for record, name in ((objective, "Lengo"), (objective.pillar, "Nguzo"), (cast.plan, "Mpango")):
        translated(record, name, "title")
    by = user_of(cast.mombasa_focal_point)

    def form(plan: ActionPlan = cast.plan) -> Any:
        return ActivityForm(instance=Activity(), plan=plan, by=by)

    with override("sw"):
        assert choices(form(), "objective") == ["1.1. Lengo", "2.3. Third"]
        assert [str(heading) for heading, _rows in form().fields["objective"].choices[1:]] == ["1. Nguzo", "2. Second"]
        several = objective_choices([cast.plan, elsewhere.pillar.plan])
    assert [heading for heading, _rows in several] == [
        "Mpango – 1. Nguzo", "Mpango – 2. Second", f"{elsewhere.pillar.plan.title} – 1. {elsewhere.pillar.title}",
    ]  # fmt: skip
    assert taken(form(), "objective") == {str(objective), str(Objective.objects.get(title="Third"))}

    assert "decided_in" not in form().fields
    meetings = [
        Meeting.objects.create(forum=one, title="Sitting", held_on=date(2023, 5, 1))
        for one in (cast.forum, make.forum(cast.kwale))
    ]
    ours, _theirs = (
        Decision.objects.create(meeting=one, text=name) for one, name in zip(meetings, ("Ours", "Theirs"), strict=True)
    )
    translated(ours, "Yetu", "text")
    with override("sw"):
        assert choices(form(), "decided_in") == ["Yetu"]
    assert list(form().fields["decided_in"].queryset) == [ours]
    assert "decided_in" not in form(make.plan(cast.mombasa)).fields

    donor = make.organisation("Donor")
    assert "grant" not in form().fields
    for name, mode in (("Open", AccessMode.PUBLIC), ("Closed", AccessMode.CLOSED)):
        Grant.objects.create(funder=donor, programme=name, access=mode)
    assert choices(form(), "grant") == ["Open"]


def test_an_activitys_days_are_in_order_and_its_money_has_a_currency(cast: Cast) -> None:
    stored = make.activity(cast.plan, from_on=date(2019, 1, 1))
    cast.plan.from_on, cast.plan.until_on = date(2022, 1, 1), date(2023, 1, 1)
    cast.plan.from_precision = cast.plan.until_precision = Precision.YEAR
    cast.plan.save()
    sent = {"title": "Elders meet", "language": "en", "objective": str(stored.objective_id)}

    def faults(instance: Activity | None = None, **more: str) -> list[str]:
        kind = ActivityChangeForm if instance else ActivityForm
        form = kind(query(sent | more), instance=instance or Activity(), plan=cast.plan, by=user_of(cast.coordinator))
        return sorted(form.errors)

    assert faults() == faults(from_on="2022-05-01") == faults(until_on="2022-05-01") == []
    assert faults(from_on="2022-05-01", until_on="2022-05-01") == []
    assert faults(from_on="2022-05-02", until_on="2022-05-01") == ["until_on"]
    assert faults(from_on="2021-12-31", until_on="2024-01-01") == ["from_on", "until_on"]
    assert faults(from_on="2022-01-01", until_on="2023-12-31") == []
    assert faults(stored, from_on="2019-01-01") == []
    assert faults(stored, from_on="2019-01-02") == ["from_on"]
    assert faults(no_cost="on") == faults(budget="9", currency="KES") == []
    assert faults(budget="9") == ["currency"]
    assert faults(budget="0", no_cost="on") == ["budget"]
    assert faults(budget="9", no_cost="on", currency="KES") == ["budget"]
    progress = {"completion": "limited", "status": "dropped"}
    assert list(ProgressForm(query(progress), activity=stored).errors) == ["dropped_because"]
    assert ProgressForm(query(progress | {"dropped_because": "No money"}), activity=stored).is_valid()
    assert ProgressForm(query(progress | {"status": "done"}), activity=stored).is_valid()
    with override("sw"):
        assert ProgressForm(activity=stored).fields["dropped_because"].widget.attrs["lang"] == "en"


def test_a_day_falls_within_those_of_its_plan_as_far_as_they_are_known() -> None:
    first, last = date(2022, 1, 1), date(2023, 1, 1)
    known: dict[str, Any] = {"from_on": first, "until_on": last, "until_precision": Precision.YEAR}
    before, within, after = date(2021, 12, 31), date(2023, 12, 31), date(2024, 1, 1)
    facts: list[dict[str, Any]] = [known, {"from_on": first}, {**known, "from_on": None}, {}]
    said = "Enter a day within those of the plan: "
    assert [[day_fault(ActionPlan(**one), day) for day in (before, first, within, after, None)] for one in facts] == [
        [f"{said}2022-01-01 to 2023-12-31.", "", "", f"{said}2022-01-01 to 2023-12-31.", ""],
        [f"{said}2022-01-01 to ….", "", "", "", ""],
        ["", "", "", f"{said}… to 2023-12-31.", ""],
        [""] * 5,
    ]


def test_a_pillar_has_leads_of_both_kinds_and_a_group_of_its_forum(cast: Cast) -> None:
    bodies = {
        sector: make.organisation(sector, sector=sector, country="KE")
        for sector in (Sector.SECURITY, Sector.NATIONAL_GOVERNMENT, Sector.FAITH)
    }
    group = WorkingGroup.objects.create(forum=cast.forum, name="Youth")
    translated(group, "Vijana")
    WorkingGroup.objects.create(forum=make.forum(cast.kwale), name="Elsewhere")
    odd = Pillar.objects.create(
        plan=cast.plan,
        number=1,
        title="Odd",
        lead_government=bodies[Sector.FAITH],
        lead_civil_society=bodies[Sector.SECURITY],
    )
    untended = make.plan(cast.mombasa)
    left = Pillar.objects.create(
        plan=make.plan(cast.mombasa, forum=cast.forum), number=1, title="Left", working_group=group
    )
    ActionPlan.objects.filter(pk=left.plan_id).update(forum=None)
    left = Pillar.objects.get(pk=left.pk)
    with override("sw"):
        form, stored = PillarForm(instance=Pillar(), plan=cast.plan), PillarChangeForm(instance=odd, plan=cast.plan)
        bare, kept = PillarForm(instance=Pillar(), plan=untended), PillarChangeForm(instance=left, plan=left.plan)
        assert choices(form, "working_group") == choices(kept, "working_group") == ["Vijana"]
        assert [one["language"].value() for one in (form, stored)] == ["sw", "en"]
    state = {"Kwale County", "Mombasa County", Sector.SECURITY, Sector.NATIONAL_GOVERNMENT}
    civil = {Sector.FAITH, "Mombasa civil society"}
    leads = [[set(choices(one, name)) for name in ("lead_government", "lead_civil_society")] for one in (form, stored)]
    assert leads == [[state, civil], [state | {Sector.FAITH}, civil | {Sector.SECURITY}]]
    assert [{"working_group", "new_group"} & set(one.fields) for one in (form, bare, kept)] == [
        {"working_group", "new_group"}, set(), {"working_group"},
    ]  # fmt: skip
    assert [taken(one, "working_group") for one in (form, kept)] == [{str(group)}] * 2
    assert (form.fields["new_group"].label, leading(form)) == ("Or form a new one", {"title", "summary", "new_group"})
    group.delete()
    first = PillarForm(instance=Pillar(), plan=cast.plan).fields["new_group"]
    assert (first.label, bool(first.help_text)) == ("Working group responsible for it", True)
    objective = Objective.objects.create(pillar=odd, number=1, title="Aim")
    with override("sw"):
        aims = [ObjectiveForm(instance=Objective()), ObjectiveChangeForm(instance=objective)]
        assert [one["language"].value() for one in aims] == ["sw", "en"]
    assert [(choices(one, "language"), leading(one)) for one in aims] == [(LANGUAGES, {"title"})] * 2
