"""Who shared a lesson: the local authorities from which it comes, unless it was told in a session in which nobody may be named."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, QuerySet

from jirani.core.compiled import compiled_once
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority, Organisation


def with_origins(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Load the authorities they come from and the session they were told in, in one more query."""
    authorities = LocalAuthority.objects.select_related("organisation").order_by("pk")
    return lessons.select_related("event", "session__event").prefetch_related(Prefetch("authorities", authorities))


def origins(lesson: Lesson) -> list[Organisation]:
    """Return who shared a lesson, if it may say so."""
    return [authority.organisation for authority in lesson.authorities.all()] if lesson.names_origin else []


def origins_by_lesson(lessons: Collection[int], user: Any) -> dict[int, list[Organisation]]:
    """Return, by lesson, the organisations of the authorities it comes from, if it may say so. The reader must be
    allowed to see the lessons.
    """
    found: dict[int, list[Organisation]] = defaultdict(list)
    for link in _origins_of(user, lessons=tuple(sorted(lessons))) if lessons else ():
        found[link.lesson_id].append(link.localauthority.organisation)
    return found


@compiled_once
def _origins_of(_user: Any, *, lessons: tuple[int, ...]) -> QuerySet[Any]:
    named = Lesson.objects.filter(pk__in=lessons).naming_origin()
    links = Lesson.authorities.through.objects.filter(lesson__in=named.values("pk"))
    return links.select_related("localauthority__organisation").order_by("pk")
