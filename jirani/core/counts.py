"""Counts of records, all those of a page in one query.

A visitor's counts are remembered for up to five minutes, so that a page costs the same however much there is to count; a page that
shows them says when they are not fresh. They are remembered beside the database, not in it, since reading a page writes nothing, and for all
processes of a machine together, since these share their pages.
Counts for a signed-in person include what only they may see, so they are never remembered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from .noted import MEMORY, apart, remembered

#: How old a remembered count may be.
SECONDS = 300
#: From this age on a page says that its counts are not fresh.
_FRESH = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers by name (`counts.of.lessons` in a template, `counts["lessons"]` in code) and the moment they were taken."""

    of: Mapping[str, int]
    taken_at: datetime

    def __getitem__(self, name: str) -> int:
        return self.of[name]

    @property
    def old(self) -> bool:
        """Whether the page must say that these were counted some minutes ago."""
        return timezone.now() - self.taken_at > _FRESH


def count_for(user: Any, place: str, questions: Callable[[], Mapping[str, QuerySet[Any]]]) -> Counts:
    """How many records each queryset that `questions` gives holds, for a reader at `place`.

    The querysets must already be `visible_to(user)`. `place` names what is counted, with everything in the address that changes it
    ("authority:7"); two pages that use the same place must ask the same questions. These are put together only if they are asked.
    """
    return counted(user, place, lambda: _count(questions()))


def counted(user: Any, key: str, take: Callable[[], Mapping[str, int]]) -> Counts:
    """Numbers that `take` gives: for a visitor those remembered under `key`, for anybody else new ones."""
    if getattr(user, "is_authenticated", False):
        return Counts(take(), timezone.now())
    memory, place = caches[MEMORY], f"counts:{key}"
    known: Counts | None = memory.get(place)
    if known is None:
        with apart():
            known = Counts(take(), timezone.now())
        memory.set(place, known, SECONDS)
    lasts = timedelta(seconds=SECONDS) if known.old else _FRESH
    remembered(place, known, until=(known.taken_at + lasts).timestamp())
    return known


def _count(questions: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    columns: list[str] = []
    values: list[Any] = []
    asked: list[str] = []
    counts = dict.fromkeys(questions, 0)
    for name, queryset in questions.items():
        try:
            sql, parameters = queryset.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue  # Django knows without asking that it is 0
        asked.append(name)
        columns.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608  (Django's own SQL; values stay parameters)
        values += parameters
    if asked:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(columns), values)
            counts |= dict(zip(asked, cursor.fetchone() or (), strict=True))
    return counts
