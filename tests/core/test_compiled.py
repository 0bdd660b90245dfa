"""Reads whose SQL is put together once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from jirani.commitments.models import FollowUp
from jirani.core.compiled import NotForAllError, compiled_once, totals
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority, Membership, Organisation
from jirani.taxonomy.models import Theme
from tests import factories as make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_each_call_asks_with_its_own_values_and_the_queryset_is_made_twice_only(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made: list[dict[str, Any]] = []

    @compiled_once
    def shown(user: Any, *, kind: str, before: date, keys: tuple[int, ...]) -> QuerySet[Lesson]:
        made.append({"kind": kind, "before": before, "keys": keys})
        found = Lesson.objects.visible_to(user).filter(kind=kind, published_at__date__lt=before, pk__in=keys)
        return found.select_related("event").annotate(twice=F("id") * 2).prefetch_related("themes").order_by("id")

    first, second = make.lesson("one", kind="lesson"), make.lesson("two", kind="challenge")
    keys, tomorrow = (first.pk, second.pk), date(2999, 1, 1)

    with django_assert_num_queries(4):
        lessons = shown(VISITOR, kind="lesson", before=tomorrow, keys=keys)
        others = shown(VISITOR, kind="challenge", before=tomorrow, keys=keys)

    assert (lessons, others) == ([first], [second])
    assert [each.twice for each in [*lessons, *others]] == [2 * first.pk, 2 * second.pk]  # type: ignore[attr-defined]
    assert shown(VISITOR, kind="lesson", before=date(2000, 1, 1), keys=keys) == []
    assert shown(VISITOR, kind="lesson", before=tomorrow, keys=(second.pk, first.pk)) == [first]
    assert len(made) == 2
    assert shown(VISITOR, kind="lesson", before=tomorrow, keys=(second.pk,)) == []
    assert len(made) == 4  # for another number of values another statement


def test_a_signed_in_person_gets_what_they_may_see_themselves() -> None:
    @compiled_once
    def shown(user: Any) -> QuerySet[Lesson]:
        return Lesson.objects.visible_to(user)

    draft = make.lesson(state="draft")

    assert shown(VISITOR) == []
    assert shown(make.user(is_superuser=True)) == [draft]
    assert shown(VISITOR) == []


def test_tuples_dictionaries_and_totals_come_as_the_queryset_gives_them() -> None:
    @compiled_once
    def named(_user: Any, *, kind: str) -> QuerySet[Lesson, tuple[Any, ...]]:
        return Lesson.objects.filter(kind=kind).values_list("title", "kind")

    @compiled_once
    def counted(_user: Any, *, kind: str) -> QuerySet[Any, dict[str, Any]]:
        challenges = Count("pk", filter=Q(kind="challenge"))
        return totals(Lesson.objects.filter(kind=kind), lessons=Count("pk"), challenges=challenges)

    make.lesson("one", kind="challenge")
    make.lesson("two", kind="challenge")

    assert sorted(named(VISITOR, kind="challenge")) == [("one", "challenge"), ("two", "challenge")]
    assert counted(VISITOR, kind="challenge") == [{"lessons": 2, "challenges": 2}]
    assert [each["lessons"] for each in counted(VISITOR, kind="lesson")] in ([], [0])


def test_nothing_is_asked_for_what_never_finds_anything(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    @compiled_once
    def none(_user: Any, *, key: int) -> QuerySet[Lesson]:
        return Lesson.objects.none().filter(pk=key)

    with django_assert_num_queries(0):
        assert none(VISITOR, key=1) == []


@compiled_once
def _decides(_user: Any, *, name: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(name=name) if name.startswith("first") else Organisation.objects.all()


@compiled_once
def _changes(_user: Any, *, name: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(name__startswith=name)


@compiled_once
def _looks_at_the_clock(_user: Any, *, name: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(name=name, authority__memberships__joined_on__lt=timezone.localdate())


@compiled_once
def _speaks(_user: Any, *, name: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(name=name, slug=translation.get_language() or "")


@compiled_once
def _fetches_by_the_clock(_user: Any, *, name: str) -> QuerySet[Lesson]:
    joined = LocalAuthority.objects.filter(memberships__joined_on=timezone.localdate())
    return Lesson.objects.filter(title=name).prefetch_related(Prefetch("authorities", joined))


@compiled_once
def _fetches_by_a_value(_user: Any, *, name: str) -> QuerySet[Lesson]:
    return Lesson.objects.filter(title=name).prefetch_related(Prefetch("themes", Theme.objects.filter(slug=name)))


@compiled_once
def _counts_on(_user: Any, *, name: str, key: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(name=name, pk=key + 1)


@compiled_once
def _forgets(_user: Any, *, name: str) -> QuerySet[Organisation]:
    return Organisation.objects.exclude(slug="")[: len(name) and 5]


@compiled_once
def _fetches_deeper_by_the_clock(_user: Any, *, name: str) -> QuerySet[Lesson]:
    joined = Membership.objects.filter(joined_on=timezone.localdate())
    authorities = LocalAuthority.objects.prefetch_related(Prefetch("memberships", joined))
    return Lesson.objects.filter(title=name).prefetch_related(Prefetch("authorities", authorities))


@compiled_once
def _counts_up_to_the_next(_user: Any, *, one: int, other: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(Q(pk=one + 1) | Q(pk=one) | Q(pk=other))


@compiled_once
def _goes_to_the_next_day(_user: Any, *, one: date, other: date) -> QuerySet[Event]:
    return Event.objects.filter(Q(starts_on=one + timedelta(days=1)) | Q(starts_on=one) | Q(starts_on=other))


@compiled_once
def _asks_a_small_column(_user: Any, *, months: int) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(months=months)


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (_decides, {"name": "x"}),
        (_changes, {"name": "x"}),
        (_looks_at_the_clock, {"name": "x"}),
        (_speaks, {"name": "x"}),
        (_fetches_by_the_clock, {"name": "x"}),
        (_fetches_by_a_value, {"name": "x"}),
        (_counts_on, {"name": "x", "key": 1}),
        (_forgets, {"name": "x"}),
        (_fetches_deeper_by_the_clock, {"name": "x"}),
        (_counts_up_to_the_next, {"one": 1, "other": 2}),
        (_goes_to_the_next_day, {"one": date(2026, 1, 1), "other": date(2026, 1, 2)}),
        (_asks_a_small_column, {"months": 3}),
    ],
)
def test_what_depends_on_more_than_its_values_is_refused(read: Any, values: dict[str, Any]) -> None:
    with pytest.raises(NotForAllError):
        read(VISITOR, **values)
