"""Who is booked twice at one hour. It is said, and holds nothing up: somebody may walk from one room to the other."""

from itertools import combinations
from typing import Any

from django.db.models import Prefetch

from jirani.events.models import Event, Participation, Session, SessionPart
from jirani.members.models import with_known
from jirani.translation.models import translate_now


def booked_twice(event: Event, user: Any) -> list[tuple[Participation, Session, Session]]:
    """Each person, as the user may know them, with two sessions that meet in which they have a part; two queries."""
    known = with_known(Participation.objects.select_related("person"), user)
    parts = SessionPart.objects.filter(session__event=event, participation__person__isnull=False)
    parts = parts.select_related("session").prefetch_related(Prefetch("participation", known))
    sessions: dict[Participation, dict[int, Session]] = {}
    for part in parts.order_by("participation", "session__held_on", "session__starts_at", "session"):
        part.session.event = event
        sessions.setdefault(part.participation, {})[part.session_id] = part.session
    found = [
        (who, one, other)
        for who, held in sessions.items()
        for one, other in combinations(held.values(), 2)
        if one.hours and other.hours and one.hours.meets(other.hours)
    ]
    if found:
        translate_now([[one, other] for _who, one, other in found])
    return found
