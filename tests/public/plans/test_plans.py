"""The public pages of plans and their activities."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from jirani.core.enums import AccessMode, Precision
from jirani.forums.models import Decision, Meeting, WorkingGroup
from jirani.members.models import Grant
from jirani.plans.enums import Completion, IndicatorKind, PlanState, Status
from jirani.plans.models import ActionPlan, Activity, Indicator, Measurement, Objective, Pillar
from jirani.public.plans.text import budget_words
from tests import factories as make
from tests.cast import Cast
from tests.reader import tight

pytestmark = pytest.mark.django_db


def chapters(plan: ActionPlan, number: int) -> None:
    """Create pillars, each with an objective, an activity, a lesson behind it, leads and a working group."""
    for n in range(1, number + 1):
        group = WorkingGroup.objects.create(forum=plan.forum, name=f"Group {n}") if plan.forum else None
        pillar = Pillar.objects.create(
            plan=plan, number=n, title=f"Pillar {n}", lead_government=make.organisation(),
            lead_civil_society=make.organisation(), working_group=group,
        )  # fmt: skip
        objective = Objective.objects.create(pillar=pillar, number=1, title=f"Objective {n}")
        activity = Activity.objects.create(
            objective=objective, number=1, title=f"Activity {n}", lead=make.organisation(), co_lead=make.organisation()
        )
        make.commitment(make.organisation(), lesson=make.lesson(f"Lesson {n}"), activity=activity)
        plan.themes.add(make.theme())


@pytest.mark.parametrize("number", [1, 30])
def test_pages_cost_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    chapters(cast.plan, number)
    for _ in range(number - 1):
        make.activity(make.plan(make.authority()))

    with django_assert_num_queries(4):
        plans = client.get("/ar/plans/").context["page"]
    with django_assert_num_queries(11):
        plan = client.get(f"/ar/plans/{cast.plan.slug}/")

    assert (len(plans.rows), len(plan.context["chapters"])) == (min(number, 20), number)


@pytest.mark.parametrize("number", [1, 30])
def test_an_activity_costs_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    activity = make.activity(cast.plan, lead=make.organisation())
    for _ in range(number):
        lesson = make.lesson(event=make.event())
        make.outcome(make.commitment(make.organisation(), lesson=lesson, activity=activity))
        activity.supporting.add(make.organisation())
        indicator = Indicator.objects.create(activity=activity, kind=IndicatorKind.QUANTITATIVE, title="Trained")
        Measurement.objects.create(indicator=indicator, measured_on=date(2022, 9, 1), value=84)

    with django_assert_num_queries(10):
        page = client.get(f"/ar/plans/{cast.plan.slug}/activities/{activity.pk}/")

    assert len(page.context["lessons"]) == number


def test_plans_are_listed_by_what_the_reader_may_see(client: Client, cast: Cast) -> None:
    norway = make.authority(country="NO")
    make.plan(norway, title="Norwegian", state=PlanState.CLOSED)
    make.plan(cast.kwale, title="Network", access=AccessMode.NETWORK)
    make.plan(cast.kwale, title="Draft", state=PlanState.DRAFT)

    def found(query: str = "") -> set[str]:
        return {plan.title for plan in client.get(f"/en/plans/?{query}").context["page"].rows}

    own = cast.plan.title
    assert [found(), found("country=NO"), found("state=adopted"), found("state=draft")] == [
        {own, "Norwegian"}, {"Norwegian"}, {own}, {own, "Norwegian"},
    ]  # fmt: skip
    client.force_login(cast.kwale_focal_point.user)  # type: ignore[arg-type]
    assert found() == {own, "Norwegian", "Network"}


def test_a_plan_names_the_one_before_and_the_one_after(client: Client, cast: Cast) -> None:
    cast.plan.version = 2
    cast.plan.save()
    old = cast.plan.supersedes = make.plan(cast.mombasa, title="Old", version=1)
    cast.plan.save()
    make.plan(cast.mombasa, title="Draft of the next", version=3, supersedes=cast.plan, state=PlanState.DRAFT)

    first, second = (client.get(f"/en/plans/{slug}/").context for slug in (old.slug, cast.plan.slug))

    assert [(each["before"], each["after"]) for each in (first, second)] == [(None, cast.plan), (old, None)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {
                "from_on": date(2022, 5, 1), "from_precision": Precision.MONTH,
                "until_on": date(2023, 4, 30), "until_precision": Precision.DAY,
            },
            "From May 2022 until 30 April 2023",
        ),
        ({"from_on": date(2017, 1, 1), "from_precision": Precision.YEAR}, "From 2017"),
        ({"until_on": date(2019, 6, 30), "until_precision": Precision.BY}, "Until 30 June 2019 at the latest"),
        ({}, "Period not known"),
    ],
)  # fmt: skip
def test_a_period_is_told_no_finer_than_it_is_known(client: Client, fields: dict[str, Any], words: str) -> None:
    plan = make.plan(make.authority(), **fields)

    assert f"<span>{words}</span>" in client.get(f"/en/plans/{plan.slug}/").content.decode()


def test_the_lessons_behind_an_activity_stand_in_its_margin(client: Client, cast: Cast) -> None:
    chapters(cast.plan, 2)
    activity, county = Activity.objects.get(title="Activity 2"), cast.mombasa.organisation
    hidden = make.lesson("Hidden")
    make.commitment(county, lesson=hidden, activity=activity)
    make.narrowed_alone(hidden, AccessMode.CLOSED)
    make.commitment(county, lesson=make.lesson("Draft"), activity=activity, status=Status.DRAFT)

    page = client.get(f"/en/plans/{cast.plan.slug}/")

    rows = [
        (row, behind)
        for chapter in page.context["chapters"]
        for _, rows, _ in chapter["objectives"]
        for row, _, behind in rows
    ]
    assert [(row.title, [lesson.title for lesson in behind.lessons], behind.commitments) for row, behind in rows] == [
        ("Activity 1", ["Lesson 1"], 1),
        ("Activity 2", ["Lesson 2"], 2),
    ]
    margins = re.findall(r'<li id="activity-(\d+)">.*?<div class="margin">(.*?)</div>', tight(page.content.decode()))
    assert [(int(pk), strip_tags(words)) for pk, words in margins] == [
        (row.pk, f"Because of{behind.lessons[0].title}") for row, behind in rows
    ]


def test_the_chain_of_a_plan_counts_and_each_count_leads_to_its_records(client: Client, cast: Cast) -> None:
    chapters(cast.plan, 2)
    lesson = make.lesson("Told", event=cast.event, session=cast.session)
    secret = make.lesson("Secret", event=make.event(access=AccessMode.CLOSED))
    activity = Activity.objects.get(title="Activity 1")
    for told in (lesson, secret):
        made = make.commitment(cast.mombasa.organisation, lesson=told, activity=activity)
    outcomes = [make.outcome(made), make.outcome(made, access=AccessMode.CLOSED)]
    make.outcome(make.commitment(cast.kwale.organisation, activity=make.activity(make.plan(cast.kwale))))
    page = client.get(f"/en/plans/{cast.plan.slug}/")

    links = {link.kind: (str(link.words), link.url) for link in page.context["chain"]()}

    slug, listed = cast.plan.slug, page.content.decode().partition('id="lessons"')[2].partition("</section>")[0]
    counted = {"event": "1 event", "session": "1 session", "lesson": "4 lessons"}
    assert {kind: links[kind] for kind in counted} == {kind: (words, "#lessons") for kind, words in counted.items()}
    assert listed.count("/en/lessons/") == 4
    assert listed.count(f'href="/en/events/{cast.event.slug}/"') == 1
    assert listed.count(f'href="/en/events/{cast.event.slug}/sessions/{cast.session.pk}/"') == 1
    assert listed.count("/en/events/") == 2
    assert links["commitments"] == ("taken up by 1 city and 2 other organisations", f"/en/commitments/?plan={slug}")
    assert links["outcomes"] == ("1 outcome", f"/en/outcomes/?plan={slug}")
    assert len(client.get(links["commitments"][1]).context["rows"]) == 4
    assert client.get(links["outcomes"][1]).context["page"].rows == outcomes[:1]


def test_what_led_from_a_plan_is_listed_for_those_who_may_see_the_plan(client: Client, cast: Cast) -> None:
    plan = make.plan(cast.kwale, access=AccessMode.CLOSED, title="Closed plan")
    make.outcome(make.commitment(cast.kwale.organisation, activity=make.activity(plan)))
    lists = [f"/en/{name}/?plan={plan.slug}" for name in ("commitments", "outcomes")]

    def found() -> list[tuple[int, bool]]:
        pages = [client.get(address) for address in lists]
        return [(len(page.context["page"].rows), "Closed plan" in page.content.decode()) for page in pages]

    assert found() == [(0, False), (0, False)]
    client.force_login(cast.kwale_focal_point.user)  # type: ignore[arg-type]
    assert found() == [(1, True), (1, True)]


def test_an_activity_names_its_decision_and_its_grant_where_the_reader_may_see_them(client: Client, cast: Cast) -> None:
    grant = Grant.objects.create(funder=make.organisation(), programme="Secret programme", access=AccessMode.CLOSED)
    meeting = Meeting.objects.create(forum=cast.forum, title="Secret meeting", held_on=date(2022, 6, 14))
    decision = Decision.objects.create(meeting=meeting, text="Secret decision")
    activity = make.activity(cast.plan, grant=grant, decided_in=decision)
    address = f"/en/plans/{cast.plan.slug}/activities/{activity.pk}/"

    visitor = client.get(address)
    Meeting.objects.update(access=AccessMode.PUBLIC)
    Grant.objects.update(access=AccessMode.PUBLIC)
    later = client.get(address)

    assert [(page.context["decision"], page.context["grant"]) for page in (visitor, later)] == [
        (None, None),
        (decision, grant),
    ]
    assert ("Secret" in visitor.content.decode(), later.content.decode().count("Secret")) == (False, 3)


def test_an_activity_is_found_only_under_its_own_plan(client: Client, cast: Cast) -> None:
    activity, other = make.activity(cast.plan), make.plan(cast.kwale)

    assert client.get(f"/en/plans/{other.slug}/activities/{activity.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"no_cost": True}, "no cost"),
        ({}, "not stated"),
        ({"budget": Decimal("250000.00"), "currency": "KES"}, "250,000 Kenyan shillings"),
        ({"budget": Decimal("99.50"), "currency": "EUR"}, "99.50 euros"),
    ],
)
def test_a_budget_is_written_as_the_language_writes_money(fields: dict[str, object], words: str) -> None:
    with translation.override("en"):
        assert budget_words(Activity(**fields)) == words


def test_what_was_dropped_is_counted_once_and_alike_on_every_page(client: Client, cast: Cast) -> None:
    for completion in (Completion.LIMITED, Completion.COMPLETE, Completion.LIMITED):
        make.activity(cast.plan, completion=completion)
    make.activity(cast.plan, completion=Completion.COMPLETE, status=Status.DROPPED, dropped_because="No money")
    make.activity(cast.plan, status=Status.DRAFT)

    plan = client.get(f"/en/plans/{cast.plan.slug}/").context["progress"]
    [listed] = [row["done"] for row in client.get("/en/plans/").context["rows"]]
    [(_, place)] = client.get("/en/local-authorities/mombasa/").context["completions"]()

    assert [(row["code"], row["count"]) for row in plan] == [("complete", 1), ("limited", 2), ("dropped", 1)]
    assert plan == listed == place


def test_an_activity_that_was_dropped_says_so_and_why(client: Client, cast: Cast) -> None:
    make.activity(
        cast.plan, completion=Completion.LIMITED, status=Status.DROPPED, dropped_because="The hall burnt down"
    )

    words = strip_tags(client.get(f"/en/plans/{cast.plan.slug}/").content.decode().partition("<h3>")[2])

    assert (words.count("Dropped"), words.count("Limited"), words.count("The hall burnt down")) == (1, 0, 1)


def test_the_ways_to_write_stand_where_one_may_take_them(client: Client, cast: Cast) -> None:
    plan, place = f"/en/plans/{cast.plan.slug}/", "/en/local-authorities/mombasa/"
    edit, new = f"{plan}edit/", f"{place}plans/new/"

    def ways(address: str) -> list[bool]:
        words = client.get(address).content.decode()
        return [f'href="{way}"' in words for way in (edit, new)]

    answers = {}
    for part in ("outsider", "kwale_focal_point", "mombasa_focal_point", "forum_secretary", "coordinator"):
        client.force_login(getattr(cast, part).user)
        answers[part] = (ways(plan), ways(place))
    writes = ([True, False], [True, True])
    nothing = ([False, False], [False, False])
    strangers = {"outsider", "kwale_focal_point"}
    assert answers == {part: nothing if part in strangers else writes for part in answers}


def test_from_an_activity_one_goes_on_to_the_next_of_its_objective(client: Client, cast: Cast) -> None:
    activity = make.activity(cast.plan)
    address = f"/en/plans/{cast.plan.slug}/activities/{activity.pk}/"
    further = f'href="/en/plans/{cast.plan.slug}/activities/new/?objective={activity.objective_id}"'

    visitor = client.get(address).content.decode()
    client.force_login(cast.coordinator.user)  # type: ignore[arg-type]

    assert (further in visitor, further in client.get(address).content.decode()) == (False, True)
