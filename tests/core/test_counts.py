"""Counts: all of a page in one query, a visitor's remembered for a while."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jirani.core.counts import SECONDS, count_for
from jirani.lessons.models import Lesson
from jirani.members.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_all_questions_are_asked_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for kind in ("lesson", "lesson", "challenge"):
        make.lesson("50 % of it", kind=kind)
    questions = {
        "all": Lesson.objects.all(),
        "some": Lesson.objects.filter(kind="lesson", title__contains="%").order_by("-id"),
        "none": Lesson.objects.none(),
        "bodies": Organisation.objects.all(),
    }

    with django_assert_num_queries(1):
        counts = count_for(VISITOR, "place", lambda: questions)

    assert counts.of == {"all": 3, "some": 2, "none": 0, "bodies": 0}
    assert counts["some"] == 2


def test_nothing_to_ask_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert count_for(VISITOR, "place", lambda: {"none": Lesson.objects.none()}).of == {"none": 0}


def test_a_visitors_are_remembered_by_place_and_say_when_they_are_old(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = {"all": Lesson.objects.all()}
    fresh = count_for(VISITOR, "here", lambda: questions)
    make.lesson()
    with django_assert_num_queries(0):
        remembered = count_for(VISITOR, "here", lambda: questions)
    elsewhere = count_for(VISITOR, "there", lambda: questions)
    later = timezone.now() + timedelta(seconds=SECONDS - 1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert [each["all"] for each in (fresh, remembered, elsewhere)] == [0, 0, 1]
    assert remembered.old


def test_what_a_signed_in_person_may_see_is_never_remembered_for_others() -> None:
    reader, questions = make.user(), {"all": Lesson.objects.all()}
    visitors = count_for(VISITOR, "here", lambda: {"all": Lesson.objects.none()})
    make.lesson()

    assert [
        count_for(reader, "here", lambda: questions)["all"],
        count_for(VISITOR, "here", lambda: questions)["all"],
    ] == [1, 0]
    assert visitors["all"] == 0
