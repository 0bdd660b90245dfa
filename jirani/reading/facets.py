"""The facets of the library: for every value, how many of the lessons in front of the reader have it.

All are counted in one statement over the matching lessons; for visitors they are remembered as in `core.counts`.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection

from jirani.commitments.models import Commitment
from jirani.core.counts import Counts, counted
from jirani.events.models import Event
from jirani.lessons.models import LessonQuerySet

#: One row (facet, value, number of lessons) for each value. `found` are the lessons that match and `named` those of them that may
#: say where they come from; `seen` are the events that the reader may see, `taken` and `applied` the commitments.
_COUNTED = """
SELECT 'all', '', COUNT(*) FROM found
UNION ALL SELECT 'kind', kind, COUNT(*) FROM found GROUP BY kind
UNION ALL SELECT 'level', review_level, COUNT(*) FROM found GROUP BY review_level
UNION ALL SELECT 'addressee', whom, COUNT(*) FROM found, unnest(addressees) whom GROUP BY whom
UNION ALL SELECT 'theme', slug, COUNT(*) FROM found JOIN lessons_lesson_themes t ON t.lesson_id = found.id
    JOIN taxonomy_theme x ON x.id = t.theme_id GROUP BY slug
UNION ALL SELECT 'driver', slug, COUNT(*) FROM found JOIN lessons_lesson_drivers d ON d.lesson_id = found.id
    JOIN taxonomy_driver x ON x.id = d.driver_id GROUP BY slug
UNION ALL SELECT 'country', country, COUNT(*) FROM (
    SELECT DISTINCT found.id, a.country FROM found JOIN lessons_lesson_authorities o ON o.lesson_id = found.id
    JOIN members_localauthority a ON a.id = o.localauthority_id WHERE found.named) places GROUP BY country
UNION ALL SELECT 'event_kind', seen.kind, COUNT(*) FROM found JOIN seen ON seen.id = found.event_id GROUP BY seen.kind
UNION ALL SELECT 'state', 'taken-up', COUNT(*) FROM found WHERE id IN (SELECT lesson_id FROM taken)
UNION ALL SELECT 'state', 'applied', COUNT(*) FROM found WHERE id IN (SELECT lesson_id FROM applied)
UNION ALL SELECT 'state', 'dropped', COUNT(*) FROM found WHERE id IN (SELECT lesson_id FROM dropped)
"""


def facet_counts(user: Any, lessons: LessonQuerySet, wanted: Mapping[str, Any]) -> Counts:
    """How many of `lessons` have each value, by "facet:value"; "all:" is how many there are.

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
        cursor.execute(f"WITH {', '.join(tables)}{_COUNTED}", values)
        return {f"{facet}:{value}": count for facet, value, count in cursor.fetchall()}
