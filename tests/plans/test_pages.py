"""Activities of a plan: who may write them, and how far they got."""

from typing import Any

import pytest
from django.urls import reverse

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.members.models import Grant
from jirani.plans.enums import Completion, PlanState, Status
from jirani.plans.models import Activity, Objective
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db


def new(cast: Cast) -> str:
    return reverse("plans:activity_create", args=[cast.plan.slug])


def fields(activity: Activity, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Train village elders",
        "objective": activity.objective_id,
        "language": "en",
        "once": "k1",
    } | changes


@pytest.mark.parametrize("name", ["activity_create", "activity_edit", "activity_progress"])
def test_focal_points_and_the_forums_secretary_write_in_a_plan(cast: Cast, name: str) -> None:
    activity = make.activity(cast.plan)
    args = [cast.plan.slug] if name == "activity_create" else [cast.plan.slug, activity.pk]
    address = reverse(f"plans:{name}", args=args)
    codes = {part: client_of(person).get(address).status_code for part, person in cast.people().items()}

    may = {"coordinator", "hub_coordinator", "mombasa_focal_point", "forum_secretary"}
    assert codes == {part: 200 if part in may else 404 for part in codes}
    assert client_of(None).get(address).status_code == 302


def test_an_activity_is_added_once_with_the_next_number(cast: Cast) -> None:
    first, client = make.activity(cast.plan), client_of(cast.forum_secretary)

    for _ in range(2):
        client.post(new(cast), fields(first, budget="1000", currency="kes"))

    added = Activity.objects.exclude(pk=first.pk).get()
    assert (added.number, added.currency, added.status) == (2, "KES", Status.OPEN)
    assert Entry.objects.get(verb="plans.add_activity").actor_id == cast.forum_secretary.user_id


def test_a_grant_pays_for_an_activity_and_stays_where_it_is_not_seen(cast: Cast) -> None:
    funder = make.organisation("Donor")
    seen = Grant.objects.create(funder=funder, programme="Open cities", access=AccessMode.PUBLIC)
    hidden = Grant.objects.create(funder=funder, programme="Quiet money", access=AccessMode.CLOSED)
    first, client = make.activity(cast.plan, lead=cast.mombasa.organisation), client_of(cast.forum_secretary)
    source = {"source_url": "https://example.org/plan"}

    refused = client.post(new(cast), fields(first, grant=hidden.pk))
    client.post(new(cast), fields(first, grant=seen.pk, **source))

    added = Activity.objects.exclude(pk=first.pk).get()
    assert (list(refused.context["form"].errors), added.grant, added.source_url) == (
        ["grant"],
        seen,
        source["source_url"],
    )
    Activity.objects.filter(pk=added.pk).update(grant=hidden)
    address = reverse("plans:activity_edit", args=[cast.plan.slug, added.pk])
    form = client.get(address).context["form"]
    assert "grant" not in form.fields
    assert client.post(address, fields(first, version=form["version"].value(), title="Changed")).status_code == 302
    added.refresh_from_db()
    assert (added.title, added.grant) == ("Changed", hidden)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"from_on": "2026-05-01", "until_on": "2026-04-01"}, "until_on"),
        ({"no_cost": "on", "budget": "10", "currency": "KES"}, "budget"),
        ({"budget": "10"}, "currency"),
        ({"objective": "0"}, "objective"),
    ],
)
def test_what_does_not_fit_is_said(cast: Cast, changes: dict[str, Any], fault: str) -> None:
    first = make.activity(cast.plan)

    answer = client_of(cast.forum_secretary).post(new(cast), fields(first, **changes))

    assert list(answer.context["form"].errors) == [fault]
    assert Activity.objects.count() == 1


def test_an_activity_stays_in_its_plan(cast: Cast) -> None:
    activity, elsewhere = make.activity(cast.plan), make.activity(make.plan(cast.kwale))
    address = reverse("plans:activity_edit", args=[cast.plan.slug, activity.pk])

    answer = client_of(cast.forum_secretary).post(address, fields(elsewhere))

    assert list(answer.context["form"].errors) == ["objective"]


def test_moved_to_another_objective_it_takes_the_next_number_there(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    other = Objective.objects.create(pillar=activity.objective.pillar, number=2, title="Another")
    Activity.objects.create(objective=other, number=1, title="There before")
    address = reverse("plans:activity_edit", args=[cast.plan.slug, activity.pk])

    client_of(cast.forum_secretary).post(address, fields(activity, objective=other.pk))

    activity.refresh_from_db()
    assert (activity.objective, activity.number) == (other, 2)


def test_an_activity_is_dropped_with_a_reason_and_taken_up_again(cast: Cast) -> None:
    activity, client = make.activity(cast.plan), client_of(cast.mombasa_focal_point)
    address = reverse("plans:activity_progress", args=[cast.plan.slug, activity.pk])

    silent = client.post(address, {"completion": "limited", "status": "dropped"})
    assert list(silent.context["form"].errors) == ["dropped_because"]
    client.post(address, {"completion": "limited", "status": "dropped", "dropped_because": "No budget"})
    activity.refresh_from_db()
    assert (activity.status, activity.dropped_because) == (Status.DROPPED, "No budget")

    client.post(address, {"completion": "complete", "status": "done", "dropped_because": "No budget"})
    activity.refresh_from_db()
    assert (activity.status, activity.completion, activity.dropped_because) == (Status.DONE, Completion.COMPLETE, "")


def test_changing_an_activity_leaves_how_far_it_got(cast: Cast) -> None:
    activity = make.activity(cast.plan, completion=Completion.LIMITED, status=Status.DONE)
    address = reverse("plans:activity_edit", args=[cast.plan.slug, activity.pk])
    opened = client_of(cast.forum_secretary).get(address).context["form"]["version"].value()

    client_of(cast.forum_secretary).post(address, fields(activity, title="Changed", version=opened))
    late = client_of(cast.mombasa_focal_point).post(address, fields(activity, title="Late", version=opened))

    activity.refresh_from_db()
    assert (activity.title, activity.completion, activity.status) == ("Changed", Completion.LIMITED, Status.DONE)
    assert late.context["form"].non_field_errors()


def test_an_activity_says_that_its_plan_is_a_draft_and_leads_back_to_where_it_is_edited(cast: Cast) -> None:
    activity = make.activity(make.plan(cast.kwale, state=PlanState.DRAFT))
    plan = activity.objective.pillar.plan
    address = reverse("public:activity_detail", args=[plan.slug, activity.pk])
    back = f'href="{reverse("plans:plan_edit", args=[plan.slug])}"'

    def shown() -> tuple[bool, bool]:
        page = client_of(cast.kwale_focal_point).get(address).content.decode()
        return "<span>Draft</span>" in page, back in page

    drafted, hidden = shown(), client_of(None).get(address).status_code
    form = client_of(cast.kwale_focal_point).get(reverse("plans:activity_create", args=[plan.slug])).content.decode()
    type(plan).objects.filter(pk=plan.pk).update(state=PlanState.ADOPTED)
    assert (drafted, hidden, back in form) == ((True, True), 404, True)
    assert shown() == (False, True)
    assert back not in client_of(None).get(address).content.decode()


def test_a_plan_is_called_by_its_short_name_where_there_is_little_room(cast: Cast) -> None:
    focal, activity = client_of(cast.mombasa_focal_point), make.activity(cast.plan)
    address = reverse("plans:detail_edit", args=[cast.plan.slug])
    form = focal.get(address).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, "", [])}
    focal.post(address, {**sent, "begins": "2021", "ends": "", "short_name": "MCAP"})

    cast.plan.refresh_from_db()
    assert cast.plan.short_name == "MCAP"
    page = reverse("public:activity_detail", args=[cast.plan.slug, activity.pk])
    crumbs = [focal.get(each).content.decode().split("</ol>")[0] for each in (page, page.replace("/en/", "/fr/"))]
    assert [("<bdi>MCAP</bdi>" in each, cast.plan.title in each) for each in crumbs] == [(True, False), (False, True)]
    shown = [focal.get(each).content.decode() for each in (f"/fr/plans/{cast.plan.slug}/", "/en/plans/")]
    assert ["<bdi>MCAP</bdi>" in each for each in shown] == [True, True]
    links = focal.get(reverse("plans:indicator_create", args=[cast.plan.slug, activity.pk])).context["links"]
    assert links[0]["name"] == "MCAP"
