"""How far the activities of a plan, or of one of its pillars, got: counted in the same way wherever it is shown.

A dropped activity is counted only as dropped; a draft is not counted at all.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext

from jirani.plans.enums import Completion, Status
from jirani.plans.models import ActionPlan, Pillar

from .completion import unsaid
from .pledges import taken_up

#: The way from a plan or a pillar to its activities, and the way back.
_WAYS = {
    ActionPlan: ("pillars__objectives__activities", "objective__pillar__plan"),
    Pillar: ("objectives__activities", "objective__pillar"),
}


def with_progress(records: QuerySet[Any], user: Any) -> Any:
    """Plans or pillars with the counts of their activities, as `how_far` would tell each to this reader; no query more."""
    down, up = _WAYS[records.model]
    proven = proven_activities(user).filter(**{f"activity__{up}__in": records.order_by().values("pk")})
    going = Q(**{f"{down}__status__in": (Status.OPEN, Status.DONE)})
    none = Q(**{f"{down}__completion": Completion.NO_EVIDENCE})
    shown = Q(**{f"{down}__in": proven})
    said = {
        f"got_{word.name.lower()}": Q(**{f"{down}__completion": word})
        for word in Completion
        if word != Completion.NO_EVIDENCE
    }
    got = {**said, "got_no_evidence": none & ~shown, "got_unsaid": none & shown}
    counts = {name: Count(down, filter=going & word) for name, word in got.items()}
    return records.annotate(**counts, got_dropped=Count(down, filter=Q(**{f"{down}__status": Status.DROPPED})))


def proven_activities(user: Any) -> QuerySet[Any, Any]:
    """The keys of activities of which nobody said how far they got, though the reader sees evidence of a commitment tied to them."""
    tied: Any = taken_up(user).order_by().filter(activity__completion=Completion.NO_EVIDENCE)
    found: QuerySet[Any, Any] = tied.with_proof(user).exclude(proof=None).values("activity")
    return found


def progress_of(record: Any) -> list[dict[str, Any]]:
    """The words of completion that occur among a counted record's activities, the furthest first, then what was dropped."""
    found: list[tuple[str, Any, int]] = [
        (word.value, word.label, getattr(record, f"got_{word.name.lower()}")) for word in reversed(Completion)
    ]
    found.append(("unsaid", unsaid(), record.got_unsaid))
    found.append(("dropped", pgettext("state of a commitment", "dropped"), record.got_dropped))
    return [{"code": code, "name": name, "count": count} for code, name, count in found if count]
