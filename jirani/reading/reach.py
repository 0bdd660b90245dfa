"""How far a lesson, or what was told somewhere, went: who took it up, applied it, dropped it, in numbers and in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from jirani.commitments.models import Commitment, CommitmentQuerySet, Outcome
from jirani.core.compiled import totals
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector
from jirani.plans.enums import Status
from jirani.plans.models import Activity
from jirani.ui.text import number

from .figures import counted
from .seen import seen


@dataclass(frozen=True, slots=True)
class Reach:
    """How far something went: organisations that took it up, applied it, dropped it; those of them with a commitment that was not
    dropped (they may have dropped another); those of them that are not cities; and the records counted."""

    organisations: int = 0
    applied: int = 0
    dropped: int = 0
    standing: int = 0
    others: int = 0
    commitments: int = 0
    activities: int = 0
    outcomes: int = 0

    @property
    def words(self) -> str:
        """ "taken up by 6 cities, applied by 4"."""
        return reach_words(self)


def reach_words(reach: Reach) -> str:
    """How many took it up and applied it, cities and others by their kind: "taken up by 6 cities and 1 other organisation, applied
    by 4 of them".
    """
    if not reach.organisations:
        return ""
    if reach.dropped == reach.organisations and not reach.standing:
        return _counted_by_kind(_DROPPED, reach)
    if reach.dropped:
        kept = replace(reach, dropped=0)
        return _part_of(reach, reach.dropped, _DROPPED_BY) % {
            "words": reach_words(kept),
            "count": number(reach.dropped),
        }
    if reach.applied == reach.organisations:
        return _counted_by_kind(_APPLIED, reach)
    words = _counted_by_kind(_TAKEN_UP, reach)
    if not reach.applied:
        return words
    return _part_of(reach, reach.applied, _APPLIED_BY) % {"words": words, "count": number(reach.applied)}


_type_count = Callable[[int], str]
#: What was done, by how many cities and how many other organisations.
_TAKEN_UP: tuple[_type_count, _type_count] = (
    lambda n: ngettext("taken up by %(count)s city", "taken up by %(count)s cities", n),
    lambda n: ngettext("taken up by %(count)s organisation", "taken up by %(count)s organisations", n),
)
_APPLIED: tuple[_type_count, _type_count] = (
    lambda n: ngettext("applied by %(count)s city", "applied by %(count)s cities", n),
    lambda n: ngettext("applied by %(count)s organisation", "applied by %(count)s organisations", n),
)
_DROPPED: tuple[_type_count, _type_count] = (
    lambda n: ngettext("dropped by %(count)s city", "dropped by %(count)s cities", n),
    lambda n: ngettext("dropped by %(count)s organisation", "dropped by %(count)s organisations", n),
)
#: What some of those counted before did: if all are of one kind, and if they are of both.
_APPLIED_BY: tuple[_type_count, _type_count] = (
    # Translators: %(words)s is such as "taken up by 6 cities"; %(count)s of these
    lambda n: ngettext("%(words)s, applied by %(count)s", "%(words)s, applied by %(count)s", n),
    # Translators: %(words)s is such as "taken up by 6 cities and 1 other organisation"; %(count)s of all these
    lambda n: ngettext("%(words)s, applied by %(count)s of them", "%(words)s, applied by %(count)s of them", n),
)
_DROPPED_BY: tuple[_type_count, _type_count] = (
    lambda n: ngettext("%(words)s, dropped by %(count)s", "%(words)s, dropped by %(count)s", n),
    lambda n: ngettext("%(words)s, dropped by %(count)s of them", "%(words)s, dropped by %(count)s of them", n),
)


def _counted_by_kind(words: tuple[_type_count, _type_count], reach: Reach) -> str:
    cities = reach.organisations - reach.others
    if not cities:
        return counted(words[1](reach.others), reach.others)
    said = counted(words[0](cities), cities)
    if not reach.others:
        return said
    # Translators: %(words)s is such as "taken up by 6 cities" or "applied by 1 city"
    both = ngettext(
        "%(words)s and %(count)s other organisation", "%(words)s and %(count)s other organisations", reach.others
    )
    return both % {"words": said, "count": number(reach.others)}


def _part_of(reach: Reach, count: int, words: tuple[_type_count, _type_count]) -> str:
    return words[0 < reach.others < reach.organisations](count)


_NO_CITY = ~Q(organisation__sector=Sector.LOCAL_GOVERNMENT)


def reach_of(commitments: CommitmentQuerySet, user: Any) -> Reach:
    """Return how far these records went, in one query."""
    return reach_in(with_reach(commitments, user))


def reach_in(rows: Iterable[dict[str, Any]]) -> Reach:
    """Return the reach that a query of `with_reach` found."""
    return next((Reach(**row) for row in rows), Reach())


def with_reach(commitments: CommitmentQuerySet, user: Any) -> QuerySet[Any, dict[str, Any]]:
    """A query of one row, or of none, with how far commitments went."""
    outcomes = Outcome.objects.visible_to(user).filter(commitment=OuterRef("pk")).order_by()
    rows = commitments.with_applied(user).annotate(
        activity_seen=seen(Activity.objects.visible_to(user), "activity_id"),
        outcomes_seen=Subquery(outcomes.values("commitment").annotate(found=Count("pk")).values("found")),
    )
    return totals(
        rows,
        organisations=Count("organisation", distinct=True),
        applied=Count("organisation", filter=Q(is_applied=True), distinct=True),
        dropped=Count("organisation", filter=Q(status=Status.DROPPED), distinct=True),
        standing=Count("organisation", filter=~Q(status=Status.DROPPED), distinct=True),
        others=Count("organisation", filter=_NO_CITY, distinct=True),
        commitments=Count("pk"),
        activities=Count("activity_seen", distinct=True),
        outcomes=Coalesce(Sum("outcomes_seen"), 0),
    )


def reach_by_lesson(lessons: Iterable[Lesson], user: Any) -> dict[int, Reach]:
    """Return how far each lesson of a list went, in one query."""
    rows = (
        Commitment.objects.visible_to(user)
        .taken_up()
        .filter(lesson__in=[lesson.pk for lesson in lessons])
        .order_by()
        .with_applied(user)
        .values("lesson")
        .annotate(
            organisations=Count("organisation", distinct=True),
            applied=Count("organisation", filter=Q(is_applied=True), distinct=True),
            dropped=Count("organisation", filter=Q(status=Status.DROPPED), distinct=True),
            standing=Count("organisation", filter=~Q(status=Status.DROPPED), distinct=True),
            others=Count("organisation", filter=_NO_CITY, distinct=True),
        )
    )
    return {
        row["lesson"]: Reach(row["organisations"], row["applied"], row["dropped"], row["standing"], row["others"])
        for row in rows
        if row["lesson"]
    }
