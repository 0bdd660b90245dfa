"""Lists of a hundred and more within pages of one record are split, each with pages of its own."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.cast import Cast, client_of
from tests.lengths import each_once, light, many, walked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known")]


def applied(cast: Cast, activity: Any, number: int) -> tuple[list[Any], list[Any]]:
    """Lessons that were told in a session, and a commitment to each, carried out by an activity."""
    told = many(make.lesson(event=cast.event, session=cast.session), number, title=lambda n: f"Lesson {n}")
    first = make.commitment(cast.mombasa.organisation, lesson=told[0], activity=activity)
    others = many(first, number - 1, title=lambda n: f"Pledge {n}", lesson_id=lambda n: told[n + 1].pk)
    return told, [first, *others]


def test_an_activity_of_many_commitments(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    told, promised = applied(cast, activity, 250)
    address = reverse("public:activity_detail", args=[cast.plan.slug, activity.pk])
    make.evidence(promised[0])  # on the last page
    for client in (Client(), client_of(cast.coordinator)):
        pages = walked(client, address, "commitments")
        keys = [str(each.pk) for each in sorted(promised, key=lambda each: each.pk, reverse=True)]
        assert each_once(pages, r'id="commitment-(\d+)"') == keys
        assert ["250 lessons" in page for page in pages] == [True] * 3
        behind = [
            page.partition('id="lessons"')[2].partition('id="commitments"')[0]
            for page in walked(client, address, "lessons")
        ]
        assert each_once(behind, r'/lessons/(\d+)/"') == [str(each.pk) for each in told]


def test_a_plan_of_many_lessons(cast: Cast) -> None:
    activity = make.activity(cast.plan)
    told, _promised = applied(cast, activity, 250)
    address = reverse("public:plan_detail", args=[cast.plan.slug])
    for client in (Client(), client_of(cast.coordinator)):
        pages = [page.partition('id="lessons"')[2] for page in walked(client, address, "lessons")]
        assert each_once(pages, r'/lessons/(\d+)/"') == [str(each.pk) for each in told]
    assert "and 238 more lessons" in light(Client(), address)
