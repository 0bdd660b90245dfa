"""A plan made in the browser: the plan itself, its pillars, objectives and the order of all."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.enums import AccessMode, Precision
from jirani.forums.enums import SeatRole
from jirani.forums.models import WorkingGroup
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from jirani.plans.actions import change_plan, move_part, remove_part
from jirani.plans.enums import PlanState, Status
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

#: Who may write in the plan of the cast: Mombasa's, tended by its forum.
MAY = {"coordinator", "hub_coordinator", "mombasa_focal_point", "forum_secretary"}


def new(cast: Cast) -> str:
    return reverse("plans:plan_create", args=[cast.mombasa.organisation.slug])


def way(plan: ActionPlan, name: str, *more: int) -> str:
    return reverse(f"plans:{name}", args=[plan.slug, *more])


def typed(**changed: Any) -> dict[str, Any]:
    """Return what the form of a plan sends."""
    return {"title": "Mombasa County Action Plan", "language": "en", "access": "public", "once": "k"} | changed


def chapter(plan: ActionPlan, number: int = 1) -> Objective:
    """A pillar with an objective."""
    pillar = Pillar.objects.create(plan=plan, number=number, title=f"Pillar {number}")
    return Objective.objects.create(pillar=pillar, number=1, title=f"Objective {number}")


def version(client: Client, address: str) -> str:
    return str(client.get(address).context["form"]["version"].value())


def test_who_may_make_a_plan_and_who_may_edit_it(cast: Cast) -> None:
    objective = chapter(cast.plan)
    addresses = [
        new(cast),
        way(cast.plan, "plan_edit"),
        way(cast.plan, "detail_edit"),
        way(cast.plan, "pillar_create"),
        way(cast.plan, "pillar_edit", objective.pillar_id),
        way(cast.plan, "objective_create", objective.pillar_id),
        way(cast.plan, "objective_edit", objective.pk),
    ]
    for part, person in cast.people().items():
        client = client_of(person)
        codes = {client.get(address).status_code for address in addresses}
        assert codes == ({200} if part in MAY else {404}), part
    assert {Client().get(address).status_code for address in addresses} == {302}


@pytest.mark.parametrize("noun", ["pillar", "objective", "activity"])
@pytest.mark.parametrize("verb", ["move", "delete"])
def test_only_they_put_parts_in_order_and_take_them_away(cast: Cast, noun: str, verb: str) -> None:
    activity = make.activity(cast.plan)
    part: Any = {"activity": activity, "objective": activity.objective, "pillar": activity.objective.pillar}[noun]
    address = way(cast.plan, f"{noun}_{verb}", part.pk)

    codes = {name: client_of(person).post(address, {"to": "7"}).status_code for name, person in cast.people().items()}

    first = "coordinator" if verb == "delete" and noun == "activity" else ""  # it is gone for those who come later
    answer = 422 if verb == "delete" and noun != "activity" else 302  # others depend on it
    assert codes == {name: answer if name in MAY and first in ("", name) else 404 for name in codes}


def test_a_plan_is_made_once_as_a_draft_with_its_period(cast: Cast) -> None:
    theme = make.theme()
    facts = typed(
        begins="2022-05", ends="by 2024-12-31", vision="Peace", mission="Together", themes=[theme.pk],
        access="network", forum=cast.forum.pk, supersedes=cast.plan.pk, source_url="https://example.org/plan",
    )  # fmt: skip

    client = client_of(cast.mombasa_focal_point)
    answers = [client.post(new(cast), facts) for _ in range(2)]

    plan = ActionPlan.objects.exclude(pk=cast.plan.pk).get()
    assert [answer["Location"] for answer in answers] == [way(plan, "plan_edit")] * 2
    assert (plan.state, plan.slug[:-6], plan.version, plan.supersedes, plan.forum, plan.access) == (
        PlanState.DRAFT, "mombasa-county-action-plan", 2, cast.plan, cast.forum, AccessMode.NETWORK,
    )  # fmt: skip
    assert (plan.from_on, plan.from_precision) == (date(2022, 5, 1), Precision.MONTH)
    assert (plan.until_on, plan.until_precision) == (date(2024, 12, 31), Precision.BY)
    assert (plan.vision, plan.mission, list(plan.themes.all())) == ("Peace", "Together", [theme])
    assert Entry.objects.get(verb="plans.create_plan").actor_id == cast.mombasa_focal_point.user_id


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": ""}, "title"),
        ({"begins": "2024", "ends": "2023"}, "ends"),
        ({"begins": "soon"}, "begins"),
        ({"access": "secret"}, "access"),
        ({"number": "0"}, "number"),
        ({"supersedes": "0"}, "supersedes"),
    ],
)
def test_what_does_not_fit_is_said(cast: Cast, changed: dict[str, Any], fault: str) -> None:
    answer = client_of(cast.mombasa_focal_point).post(new(cast), typed(**changed))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [fault])
    assert ActionPlan.objects.count() == 1


def test_the_themes_of_a_plan_are_chosen_anew(cast: Cast) -> None:
    before, after = make.theme(), make.theme()
    cast.plan.themes.set([before])

    change_plan(cast.plan, by=User.objects.get(person=cast.mombasa_focal_point), links={"themes": [after]})

    assert list(cast.plan.themes.all()) == [after]


@pytest.mark.parametrize(
    ("days", "faults"),
    [
        ({"from_on": date(2024, 6, 1)}, ["ends"]),
        ({"until_on": date(2024, 6, 1)}, ["ends"]),
        ({"until_on": date(2021, 6, 1)}, ["ends"]),
        ({"from_on": date(2021, 6, 1)}, ["ends"]),
        ({"from_on": date(2023, 12, 31)}, []),
    ],
)
def test_a_plan_is_not_shortened_past_what_stands_in_it(cast: Cast, days: dict[str, date], faults: list[str]) -> None:
    make.activity(cast.plan, **days)
    client, address = client_of(cast.mombasa_focal_point), way(cast.plan, "detail_edit")
    sent = typed(state="adopted", begins="2022", ends="2023", forum=cast.forum.pk, version=version(client, address))

    answer = client.post(address, sent)

    assert (list(answer.context["form"].errors) if answer.context else []) == faults
    cast.plan.refresh_from_db()
    assert (cast.plan.until_on is None) == bool(faults)


def test_a_secretary_makes_plans_that_their_forum_tends_and_keeps_them_there(cast: Cast) -> None:
    other = make.forum(cast.mombasa)
    client = client_of(cast.forum_secretary)

    for forum in ("", other.pk):
        assert list(client.post(new(cast), typed(forum=forum)).context["form"].errors) == ["forum"]
    client.post(new(cast), typed(forum=cast.forum.pk))
    plan = ActionPlan.objects.exclude(pk=cast.plan.pk).get()
    assert plan.forum == cast.forum

    plan.forum = other
    with pytest.raises(PermissionDenied):
        change_plan(plan, by=User.objects.get(person=cast.forum_secretary), links={})
    change_plan(plan, by=User.objects.get(person=cast.mombasa_focal_point), links={})
    assert client.get(way(plan, "plan_edit")).status_code == 404
    make.seat(other, cast.forum_secretary, SeatRole.SECRETARY)
    assert client.get(way(plan, "plan_edit")).status_code == 200


def test_a_draft_is_for_its_writers_until_it_is_adopted(cast: Cast) -> None:
    plan = make.plan(cast.mombasa, forum=cast.forum, state=PlanState.DRAFT, title="Coming")
    client, address = client_of(cast.mombasa_focal_point), way(plan, "detail_edit")
    page = reverse("public:plan_detail", args=[plan.slug])
    assert (client.get(page).status_code, Client().get(page).status_code) == (200, 404)

    opened = version(client, address)
    client.post(address, typed(title="Adopted", state="adopted", version=opened, forum=cast.forum.pk))
    late = client.post(address, typed(title="Late", state="closed", version=opened, forum=cast.forum.pk))

    plan.refresh_from_db()
    assert (plan.title, plan.state, Client().get(page).status_code) == ("Adopted", PlanState.ADOPTED, 200)
    assert late.context["form"].non_field_errors()


def test_a_plan_never_takes_its_own_place(cast: Cast) -> None:
    after = make.plan(cast.mombasa, supersedes=cast.plan)
    elsewhere = make.plan(cast.kwale)
    client, address = client_of(cast.mombasa_focal_point), way(cast.plan, "detail_edit")

    for wrong in (after.pk, cast.plan.pk, elsewhere.pk):
        answer = client.post(address, typed(state="adopted", supersedes=wrong, version=version(client, address)))
        assert list(answer.context["form"].errors) == ["supersedes"]


def test_an_empty_plan_can_be_deleted_and_no_other(cast: Cast) -> None:
    empty, client = make.plan(cast.mombasa), client_of(cast.mombasa_focal_point)
    chapter(cast.plan)

    codes = [client_of(cast.kwale_focal_point).post(way(empty, "plan_delete")).status_code]
    codes += [client.post(way(plan, "plan_delete")).status_code for plan in (cast.plan, empty)]

    assert (codes, list(ActionPlan.objects.all())) == ([404, 422, 302], [cast.plan])


def test_a_pillar_has_two_leads_and_a_working_group(cast: Cast) -> None:
    county, civil = cast.mombasa.organisation, Organisation.objects.get(forum_seats__forum=cast.forum)
    make.organisation("Kenyan clinic", country="KE", sector=Sector.HEALTH)
    facts = {"title": "Security", "language": "en", "lead_government": county.pk, "lead_civil_society": civil.pk}
    client, address = client_of(cast.forum_secretary), way(cast.plan, "pillar_create")
    offered = client.get(address).context["form"].fields

    for key in ("a", "a", "b"):
        client.post(address, facts | {"new_group": f"Group {key}", "once": key})

    first, second = cast.plan.pillars.all()
    assert (first.number, second.number, str(first.working_group)) == (1, 2, "Group a")
    assert (first.lead_government, first.lead_civil_society) == (county, civil)
    assert WorkingGroup.objects.filter(forum=cast.forum).count() == 2
    names = {
        name: {str(label) for _, label in offered[name].choices} for name in ("lead_government", "lead_civil_society")
    }
    assert names == {
        "lead_government": {"None", "Mombasa County", "Kwale County"},
        "lead_civil_society": {"None", "Mombasa civil society", "Kenyan clinic"},
    }


def test_a_group_is_chosen_or_formed_and_is_of_the_plans_forum(cast: Cast) -> None:
    group = WorkingGroup.objects.create(forum=cast.forum, name="Youth")
    strange = WorkingGroup.objects.create(forum=make.forum(cast.kwale), name="Elsewhere")
    client, address = client_of(cast.forum_secretary), way(cast.plan, "pillar_create")

    def faults(**facts: Any) -> list[str]:
        return list(client.post(address, {"title": "Youth", "language": "en"} | facts).context["form"].errors)

    assert faults(working_group=strange.pk) == ["working_group"]
    assert faults(working_group=group.pk, new_group="Another") == ["new_group"]
    client.post(address, {"title": "Youth", "language": "en", "working_group": group.pk})
    assert Pillar.objects.get().working_group == group


def test_a_pillar_and_an_objective_are_changed_in_their_place(cast: Cast) -> None:
    objective, client = chapter(cast.plan, number=3), client_of(cast.forum_secretary)
    pillar = objective.pillar
    for name, part in (("pillar_edit", pillar), ("objective_edit", objective)):
        address = way(cast.plan, name, part.pk)
        opened = version(client, address)
        client.post(address, {"title": "Changed", "language": "en", "version": opened})
        late = client.post(address, {"title": "Late", "language": "en", "version": opened})
        assert late.context["form"].non_field_errors()
        again = version(client, address)
        client.post(address, {"title": "Changed twice", "language": "sw", "version": again})

    pillar.refresh_from_db()
    objective.refresh_from_db()
    assert (pillar.title, pillar.number, pillar.language) == ("Changed twice", 3, "sw")
    assert (objective.title, objective.number, objective.pillar) == ("Changed twice", 1, pillar)


def test_an_objective_is_added_to_its_pillar(cast: Cast) -> None:
    pillar, client = chapter(cast.plan).pillar, client_of(cast.forum_secretary)
    elsewhere = chapter(make.plan(cast.kwale)).pillar
    facts = {"title": "Elders are trained", "language": "en", "once": "k"}

    refused = client.post(way(cast.plan, "objective_create", elsewhere.pk), facts)
    for _ in range(2):
        client.post(way(cast.plan, "objective_create", pillar.pk), facts)

    assert refused.status_code == 404
    assert [(o.number, o.title) for o in pillar.objectives.all()] == [(1, "Objective 1"), (2, "Elders are trained")]


def test_parts_change_places_once_however_often_they_are_sent(cast: Cast) -> None:
    pillars = [chapter(cast.plan, number=n).pillar for n in (1, 2, 4)]
    client = client_of(cast.forum_secretary)

    for _ in range(2):
        client.post(way(cast.plan, "pillar_move", pillars[2].pk), {"to": "2"})
    for wrong in ("9", "x", "-1", ""):
        client.post(way(cast.plan, "pillar_move", pillars[0].pk), {"to": wrong})

    assert list(cast.plan.pillars.values_list("title", "number")) == [("Pillar 1", 1), ("Pillar 4", 2), ("Pillar 2", 4)]


def test_what_something_hangs_on_stays(cast: Cast) -> None:
    held, free = make.activity(cast.plan), make.activity(cast.plan)
    make.commitment(cast.mombasa.organisation, activity=held)
    client = client_of(cast.forum_secretary)

    client.post(way(cast.plan, "pillar_delete", held.objective.pillar_id))
    client.post(way(cast.plan, "objective_delete", held.objective_id))
    for activity in (held, free):
        client.post(way(cast.plan, "activity_delete", activity.pk))

    assert list(Activity.objects.all()) == [held]
    assert (Pillar.objects.count(), Objective.objects.count()) == (1, 1)
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="plans.remove")] == ["plans.remove_activity"]


def test_what_somebody_else_changed_meanwhile_is_not_deleted_unseen(cast: Cast) -> None:
    activity, empty = make.activity(cast.plan), make.plan(cast.mombasa)
    client = client_of(cast.mombasa_focal_point)
    pages: dict[str, Any] = {
        way(cast.plan, "activity_delete", activity.pk): activity,
        reverse("plans:plan_delete", args=[empty.slug]): empty,
    }
    for address, record in pages.items():
        asked = client.get(address).context["form"]["version"].value()
        type(record).objects.filter(pk=record.pk).update(title="Meanwhile", updated_at=timezone.now())
        refused = client_of(cast.coordinator).post(address, {"version": asked})
        assert (refused.status_code, type(record).objects.filter(pk=record.pk).exists()) == (422, True)
        assert "Meanwhile" in refused.content.decode()
        knowing = refused.context["form"]["version"].value()
        assert client_of(cast.coordinator).post(address, {"version": knowing}).status_code == 302
        assert not type(record).objects.filter(pk=record.pk).exists()


def test_actions_ask_for_themselves(cast: Cast) -> None:
    pillar, stranger = chapter(cast.plan).pillar, User.objects.get(person=cast.kwale_focal_point)
    for act in (lambda: move_part(pillar, to=2, by=stranger), lambda: remove_part(pillar, by=stranger)):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("number", [1, 30])
def test_the_plan_on_one_page_costs_the_same_with_one_and_with_thirty(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    client = client_of(cast.forum_secretary)
    for n in range(number):
        objective = chapter(cast.plan, number=n + 1)
        body = make.organisation(country="KE")
        Pillar.objects.filter(pk=objective.pillar_id).update(
            lead_government=body, working_group=WorkingGroup.objects.create(forum=cast.forum, name=f"Group {n}")
        )
        Activity.objects.create(objective=objective, number=1, title=f"Activity {n}", lead=body, status=Status.DONE)
    address = way(cast.plan, "plan_edit").replace("/en/", "/ar/")
    client.get(address)  # which kinds of records there are is remembered in the process

    with django_assert_num_queries(15):
        page = client.get(address)

    assert len(page.context["chapters"]) == number
