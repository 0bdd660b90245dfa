"""Personal data in events: its export and erasure."""

from datetime import date
from typing import Any

from django.db.models.query import QuerySet

from jirani.events.letters.actions.turns import tell_without
from jirani.events.models import Event, Participation, SessionPart
from jirani.members.models import ENTERED, Person


def export_person(person: Person) -> dict[str, Any]:
    """The events they were on the list of, with what they were there and what they did in sessions."""
    parts = SessionPart.objects.filter(participation__person=person)
    return {
        "participations": list(
            Participation.objects.filter(person=person).values(
                "event__title", "event__starts_on", "role", "sector", "delegation__authority__organisation__name", "state",
                "answered_at", "declined_from", "attended_from", "turned_at", "created_at", *ENTERED,
            )
        ),
        "reports_waived": list(Event.objects.filter(report_waived_by=person).values("title", "report_waived_at")),
        "parts": list(parts.values("session__event__title", "session__title", "role")),
    }  # fmt: skip


def erase_person(person: Person) -> None:
    """Remove the person from events: counts by role, sector and delegation stay; parts in sessions, which could
    identify them, go, and waiting letters no longer mention their answers.
    """
    SessionPart.objects.filter(participation__person=person).delete()
    Event.objects.filter(report_waived_by=person).update(report_waived_by=None)
    events = list(Event.objects.filter(participations__person=person).distinct())
    _let_go(Participation.objects.filter(person=person))
    tell_without(events)


def _let_go(listed: QuerySet[Participation]) -> int:
    return listed.update(
        person=None,
        nonce="",
        answered_at=None,
        declined_from="",
        attended_from="",
        turned_at=None,
        **dict.fromkeys(ENTERED, ""),
    )


def erase_expired(before: date) -> int:
    """Remove everybody from the lists of events that ended before that day, as if each had been erased."""
    parts, _ = SessionPart.objects.filter(session__event__ends_on__lt=before).delete()
    listed = Participation.objects.filter(event__ends_on__lt=before, person__isnull=False)
    return parts + _let_go(listed)


def keep(before: date) -> QuerySet[Person]:
    """Return people on the list of an event that is to come, is under way, or ended on that day or later."""
    listed = Participation.objects.filter(event__ends_on__gte=before)
    return Person.objects.filter(pk__in=listed.values("person"))
