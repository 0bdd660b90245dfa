"""The public pages of commitments and outcomes."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jirani.commitments.enums import Side
from jirani.commitments.models import Adaptation, FollowUp, Milestone
from jirani.core.enums import AccessMode
from jirani.lessons.enums import Publication
from jirani.plans.enums import Completion, Status
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def found(client: Client, query: str = "") -> list[str]:
    """Return the titles in the list, in order."""
    return [row.commitment.title for row in client.get(f"/en/commitments/?{query}").context["rows"]]


def one_with_everything(cast: Cast, number: int) -> None:
    for _ in range(number):
        authority = make.authority()
        lesson = make.lesson(authorities=[authority], event=cast.event, session=cast.session)
        activity = make.activity(make.plan(authority))
        made = make.commitment(authority.organisation, lesson=lesson, activity=activity)
        make.evidence(made, outcome=make.outcome(made, substantiated_by=make.organisation()))


@pytest.mark.parametrize("number", [1, 30])
def test_the_lists_cost_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    one_with_everything(cast, number)

    with django_assert_num_queries(4):
        commitments = client.get("/ar/commitments/").context["page"]
    with django_assert_num_queries(3):
        outcomes = client.get("/ar/outcomes/").context["page"]

    assert (len(commitments.rows), len(outcomes.rows)) == (min(number, 20), min(number, 20))


@pytest.mark.parametrize("number", [1, 30])
def test_a_page_costs_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    lesson = make.lesson(event=cast.event, session=cast.session)
    activity = make.activity(cast.plan)
    made = make.commitment(cast.mombasa.organisation, lesson=lesson, activity=activity, event=cast.event)
    for n in range(number):
        outcome = make.outcome(made, substantiated_by=make.organisation())
        make.evidence(made, outcome=outcome)
        make.evidence(made)
        made.supporting.add(make.organisation())
        Adaptation.objects.create(commitment=made, why="It is smaller")
        Milestone.objects.create(commitment=made, title=f"Step {n}")

    with django_assert_num_queries(11):
        page = client.get(f"/ar/commitments/{made.pk}/")
    with django_assert_num_queries(6):
        client.get(f"/ar/outcomes/{outcome.pk}/")

    assert len(page.context["outcomes"]) == number


def test_filters_narrow_the_list_to_what_other_pages_count(client: Client, cast: Cast) -> None:
    norway = make.organisation(country="NO")
    lesson = make.lesson(event=cast.event, session=cast.session, authorities=[cast.mombasa])
    now = timezone.now()
    applied = make.commitment(
        cast.kwale.organisation, title="Applied", lesson=lesson, status=Status.DONE, completion=Completion.LIMITED,
        published_at=now,
    )  # fmt: skip
    make.evidence(applied)
    make.commitment(
        norway, title="Dropped", status=Status.DROPPED, dropped_because="No money", event=cast.event,
        published_at=now - timedelta(days=1),
    )  # fmt: skip
    make.commitment(norway, title="Unproved", completion=Completion.COMPLETE, published_at=now - timedelta(days=2))
    make.commitment(norway, title="Draft", status=Status.DRAFT)
    everything = ["Applied", "Dropped", "Unproved"]

    assert {
        query: found(client, query)
        for query in (
            "", "state=taken-up", "state=applied", "state=dropped", "status=done", "status=draft", "completion=complete", "country=NO",
            "authority=kwale", "organisation=kwale", "from=mombasa", "from=kwale", f"lesson={lesson.pk}", "lesson=999999",
            f"session={cast.session.pk}", f"event={cast.event.slug}",
        )
    } == {
        "": everything, "state=taken-up": everything, "state=applied": ["Applied"], "state=dropped": ["Dropped"],
        "status=done": ["Applied"], "status=draft": everything, "completion=complete": ["Unproved"],
        "country=NO": ["Dropped", "Unproved"], "authority=kwale": ["Applied"], "organisation=kwale": ["Applied"],
        "from=mombasa": ["Applied"], "from=kwale": [], f"lesson={lesson.pk}": ["Applied"], "lesson=999999": [],
        f"session={cast.session.pk}": ["Applied"], f"event={cast.event.slug}": ["Applied", "Dropped"],
    }  # fmt: skip
    counts = client.get("/en/commitments/").context["counts"]
    assert counts.of == {"taken-up": 3, "applied": 1, "dropped": 1}


def test_a_commitment_shows_neither_a_lesson_nor_an_activity_that_the_reader_may_not_see(
    client: Client, cast: Cast
) -> None:
    lesson = make.lesson("Secret lesson")
    activity = make.activity(make.plan(cast.kwale, access=AccessMode.NETWORK), title="Secret activity")
    made = make.commitment(cast.kwale.organisation, lesson=lesson, activity=activity)
    make.narrowed_alone(lesson, AccessMode.NETWORK)
    make.outcome(made, change="Secret change", access=AccessMode.NETWORK)
    make.evidence(made, title="Secret evidence", access=AccessMode.NETWORK)
    pages = ["commitments/", f"commitments/{made.pk}/", "outcomes/"]

    visitor = [client.get(f"/en/{page}").content.decode().count("Secret") for page in pages]
    client.force_login(cast.editor.user)  # type: ignore[arg-type]
    editor = [client.get(f"/en/{page}").content.decode().count("Secret") > 0 for page in pages]

    assert (visitor, editor) == ([0, 0, 0], [True, True, True])
    assert client.get(f"/en/lessons/{lesson.pk}/").status_code == 200


def test_its_own_completion_and_the_activitys_stand_side_by_side(client: Client, cast: Cast) -> None:
    activity = make.activity(cast.plan, completion=Completion.NOT_STARTED)
    made = make.commitment(cast.mombasa.organisation, activity=activity, completion=Completion.SUBSTANTIAL)

    page = client.get(f"/en/commitments/{made.pk}/").content.decode()
    other = client.get(f"/en/plans/{cast.plan.slug}/activities/{activity.pk}/").content.decode()

    assert [[word in text for word in ("Substantial", "Not started")] for text in (page, other)] == [[True, True]] * 2


def test_follow_ups_are_told_by_both_sides(client: Client, cast: Cast) -> None:
    made = make.commitment(cast.kwale.organisation)
    FollowUp.objects.create(
        commitment=made, months=3, side=Side.GOVERNMENT, due_on=date(2022, 3, 1), answered_on=date(2022, 3, 2),
        completion=Completion.LIMITED, words="Two pillars have begun.",
    )  # fmt: skip
    FollowUp.objects.create(commitment=made, months=3, side=Side.CIVIL_SOCIETY, due_on=date(2022, 3, 1))

    page = client.get(f"/en/commitments/{made.pk}/").content.decode()

    assert [
        words in page
        for words in (
            "After 3 months, government", "Two pillars have begun.", "After 3 months, civil society", "asked for by 1 March 2022",
        )
    ] == [True] * 4  # fmt: skip


def test_what_one_who_speaks_for_it_can_do_is_offered_to_them_alone(client: Client, cast: Cast) -> None:
    made = make.commitment(cast.kwale.organisation)
    address = f"/en/commitments/{made.pk}/"

    offered = {"visitor": client.get(address).context["edit_links"]}
    for name, person in (("other", cast.mombasa_focal_point), ("own", cast.kwale_focal_point)):
        client.force_login(person.user)  # type: ignore[arg-type]
        offered[name] = client.get(address).context["edit_links"]

    assert (offered["visitor"], offered["other"]) == ([], [])
    assert [words for words, _ in offered["own"]] == [
        "Change it",
        "Say how far it got",
        "Say what was adapted",
        "Record an outcome",
        "Add evidence",
    ]


def test_outcomes_stand_by_their_day_and_those_without_one_last(client: Client, cast: Cast) -> None:
    made = make.commitment(cast.kwale.organisation)
    days = [date(2022, 5, 1), None, date(2024, 1, 31), date(2019, 12, 24)]
    for day in days:
        make.outcome(made, change=str(day), observed_on=day)

    page = client.get("/en/outcomes/").context["page"]

    assert [outcome.change for outcome in page.rows] == ["2024-01-31", "2022-05-01", "2019-12-24", "None"]


def test_a_lesson_that_was_withdrawn_takes_nothing_of_its_commitments_with_it(client: Client, cast: Cast) -> None:
    lesson = make.lesson("Gone", state=Publication.WITHDRAWN)
    made = make.commitment(cast.kwale.organisation, lesson=lesson)

    page = client.get(f"/en/commitments/{made.pk}/")

    assert (page.status_code, page.context["lesson"], "Gone" in page.content.decode()) == (200, None, False)
