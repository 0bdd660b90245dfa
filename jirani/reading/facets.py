"""The facets of the library: for every value, how many of the lessons in front of the reader have it.

All are counted in one statement over the matching lessons; for visitors they are remembered as in `core.counts`.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model

from jirani.commitments.models import Commitment
from jirani.core.counts import Counts, counted
from jirani.events.models import Event
from jirani.lessons.models import Lesson, LessonQuerySet
from jirani.members.models import LocalAuthority
from jirani.taxonomy.models import Driver, Theme


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _counting() -> str:
    """One row (facet, value, number of lessons) for each value.

    `found` are the lessons that match and `named` those of them that may say where they come from; `seen` are the events that the
    reader may see, `taken` and `applied` the commitments.
    """
    return f"""
SELECT 'all', '', COUNT(*) FROM found
UNION ALL SELECT 'kind', kind, COUNT(*) FROM found GROUP BY kind
UNION ALL SELECT 'level', review_level, COUNT(*) FROM found GROUP BY review_level
UNION ALL SELECT 'addressee', whom, COUNT(*) FROM found, unnest(addressees) whom GROUP BY whom
UNION ALL SELECT 'theme', slug, COUNT(*) FROM found JOIN {_table(Lesson.themes.through)} t ON t.lesson_id = found.id
    JOIN {_table(Theme)} x ON x.id = t.theme_id GROUP BY slug
UNION ALL SELECT 'driver', slug, COUNT(*) FROM found JOIN {_table(Lesson.drivers.through)} d ON d.lesson_id = found.id
    JOIN {_table(Driver)} x ON x.id = d.driver_id GROUP BY slug
UNION ALL SELECT 'country', country, COUNT(*) FROM (
    SELECT DISTINCT found.id, a.country FROM found JOIN {_table(Lesson.authorities.through)} o ON o.lesson_id = found.id
    JOIN {_table(LocalAuthority)} a ON a.id = o.localauthority_id WHERE found.named) places GROUP BY country
UNION ALL SELECT 'event_kind', seen.kind, COUNT(*) FROM found JOIN seen ON seen.id = found.event_id GROUP BY seen.kind
UNION ALL SELECT 'state', 'taken-up', COUNT(*) FROM found WHERE id IN (SELECT lesson_id FROM taken)
UNION ALL SELECT 'state', 'applied', COUNT(*) FROM found WHERE id IN (SELECT lesson_id FROM applied)
UNION ALL SELECT 'state', 'dropped', COUNT(*) FROM found WHERE id IN (SELECT lesson_id FROM dropped)
"""  # noqa: S608  names of our own tables, nothing that anybody typed


def facet_counts(user: Any, lessons: LessonQuerySet, wanted: Mapping[str, Any]) -> Counts:
    """Return how many of `lessons` have each value, by "facet:value"; "all:" is the number of all.

    `lessons` must be what the reader may see, and `wanted` all that made them what they are.
    """
    digest = sha256(urlencode(sorted(wanted.items())).encode()).hexdigest()
    return counted(user, f"facets:{digest}", lambda: _count(user, lessons))


def _count(user: Any, lessons: LessonQuerySet) -> dict[str, int]:
    taken = Commitment.objects.visible_to(user).taken_up().filter(lesson__isnull=False)
    found: Any = lessons.order_by().with_named()
    asked = {
        "found": found.values("id", "kind", "review_level", "addressees", "event_id", "named"),
        "seen": Event.objects.visible_to(user).values("id", "kind"),
        "taken": taken.values("lesson_id"),
        "applied": taken.applied(user).values("lesson_id"),
        "dropped": taken.dropped().values("lesson_id"),
    }
    tables: list[str] = []
    values: list[Any] = []
    try:
        for name, queryset in asked.items():
            sql, parameters = queryset.query.sql_with_params()
            tables.append(f"{name} AS {'MATERIALIZED ' if name == 'found' else ''}({sql})")
            values += parameters
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)}{_counting()}", values)
        return {f"{facet}:{value}": count for facet, value, count in cursor.fetchall()}
