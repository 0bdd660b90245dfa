"""How far the activities of a plan, or of one of its pillars, got: counted in one way wherever it is told.

What was dropped is counted as dropped and nothing else; a draft is not counted at all.
"""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import pgettext

from jirani.core.enums import Completion, Status


def with_progress(records: Any, way: str) -> Any:
    """Plans or pillars with the counts of the activities to which `way` leads from them; no query more."""
    status, completion = f"{way}__status", f"{way}__completion"
    counts = {
        f"got_{word.name.lower()}": Count(
            way, filter=Q(**{completion: word, f"{status}__in": (Status.OPEN, Status.DONE)})
        )
        for word in Completion
    }
    return records.annotate(**counts, got_dropped=Count(way, filter=Q(**{status: Status.DROPPED})))


def progress_of(record: Any) -> list[dict[str, Any]]:
    """The words of completion that occur among a counted record's activities, the furthest first, then what was dropped."""
    found: list[tuple[str, Any, int]] = [
        (word.value, word.label, getattr(record, f"got_{word.name.lower()}")) for word in reversed(Completion)
    ]
    found.append(("dropped", pgettext("state of a commitment", "dropped"), record.got_dropped))
    return [{"code": code, "name": name, "count": count} for code, name, count in found if count]
