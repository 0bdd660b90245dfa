"""Lessons in a list."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from jirani.lessons.models import Lesson

from .origins import origins
from .reach import Reach, reach_by_lesson


def lesson_rows(lessons: QuerySet[Lesson] | Sequence[Lesson], user: Any) -> list[dict[str, Any]]:
    """Rows of lessons for a list: who shared it, and how far it went; two queries and the list's own."""
    found = list(lessons)
    reach = reach_by_lesson(found, user)
    return [{"lesson": each, "origins": origins(each), "reach": reach.get(each.pk, Reach())} for each in found]
