"""The public page of a forum."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jirani.core.enums import AccessMode
from jirani.forums.enums import PriorityMethod, SeatRole
from jirani.forums.models import Attendance, Decision, Meeting, Priority, WorkingGroup
from jirani.members.enums import Sector
from jirani.plans.models import Pillar
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 30])
def test_a_page_costs_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for n in range(number):
        make.seat(cast.forum, organisation=make.organisation())
        group = WorkingGroup.objects.create(forum=cast.forum, name=f"Group {n}")
        group.organisations.add(make.organisation())
        Pillar.objects.create(plan=cast.plan, number=n, title=f"Pillar {n}", working_group=group)
        meeting = Meeting.objects.create(
            forum=cast.forum, title="Meeting", held_on=date(2022, 6, 14), access=AccessMode.PUBLIC
        )
        decision = Decision.objects.create(meeting=meeting, text="Decision")
        make.activity(cast.plan, decided_in=decision)
        Priority.objects.create(
            authority=cast.mombasa, forum=cast.forum, theme=make.theme(), method=PriorityMethod.VOTE
        )

    with django_assert_num_queries(11):
        page = client.get(f"/ar/forums/{cast.forum.slug}/")

    assert (len(page.context["groups"]), len(page.context["meetings"])) == (number, min(number, 12))


def test_seats_are_counted_by_sector_and_nobody_is_named(client: Client, cast: Cast) -> None:
    make.seat(cast.forum, role=SeatRole.CO_CHAIR, organisation=cast.mombasa.organisation)
    make.seat(cast.forum, make.person("Zainab Somebody"), sector=Sector.FAITH)
    make.seat(cast.forum, organisation=make.organisation("Gone"), until_on=date(2020, 1, 1))

    page = client.get(f"/en/forums/{cast.forum.slug}/")

    assert [(row["name"], row["count"]) for row in page.context["by_sector"]] == [
        ("Civil society", 1),
        ("Local government", 1),
        ("Faith", 1),
    ]
    seated = [(words, [each.name for each in holders]) for words, holders, _sources, _made_up in page.context["seated"]]
    assert seated == [("Chair", ["Mombasa County"]), ("Secretariat", ["Mombasa civil society"])]
    assert "Zainab" not in page.content.decode()


def test_meetings_and_decisions_are_those_that_the_reader_may_see(client: Client, cast: Cast) -> None:
    for title, access in (("Open", AccessMode.PUBLIC), ("Closed", AccessMode.CLOSED)):
        meeting = Meeting.objects.create(forum=cast.forum, title=title, held_on=date(2022, 6, 14), access=access)
        Decision.objects.create(meeting=meeting, text=f"{title} decision")
        Attendance.objects.create(meeting=meeting, sector=Sector.YOUTH)
    address = f"/en/forums/{cast.forum.slug}/"

    def seen() -> list[tuple[str, list[str], int]]:
        meetings = client.get(address).context["meetings"]
        return [(each.title, [decision.text for decision in each.shown_decisions], each.present) for each in meetings]

    visitor = seen()
    client.force_login(cast.forum_secretary.user)  # type: ignore[arg-type]

    assert visitor == [("Open", ["Open decision"], 1)]
    assert seen() == [("Closed", ["Closed decision"], 1), ("Open", ["Open decision"], 1)]


def test_a_closed_forum_is_for_those_who_sit_in_it(client: Client, cast: Cast) -> None:
    cast.forum.access = AccessMode.CLOSED
    cast.forum.save()
    address, plan = f"/en/forums/{cast.forum.slug}/", f"/en/plans/{cast.plan.slug}/"

    visitor = client.get(address).status_code, client.get(plan).context["forum"]
    client.force_login(cast.forum_secretary.user)  # type: ignore[arg-type]
    secretary = client.get(address).status_code, client.get(plan).context["forum"]

    assert (visitor, secretary) == ((404, None), (200, cast.forum))
