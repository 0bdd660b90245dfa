"""What forums keep about a person, and how it goes. Forums are kept by their secretaries; seats and meetings stay."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.query import QuerySet
from django.utils import timezone

from jirani.members.models import Person

from .models import Attendance, Seat


def export_person(person: Person) -> dict[str, Any]:
    """The seats they hold or held, and the meetings at which those were taken."""
    attended = Attendance.objects.filter(seat__person=person)
    return {
        "seats": list(
            Seat.objects.filter(person=person).values(
                "forum__name", "organisation__name", "role", "sector", "from_on", "until_on"
            )
        ),
        "attendances": list(attended.values("meeting__forum__name", "meeting__title", "meeting__held_on", "sector")),
    }


def erase_person(person: Person) -> None:
    """The seat stays with its organisation; one that was the person's alone is given up."""
    seats = Seat.objects.filter(person=person)
    seats.filter(organisation=None, until_on=None).update(until_on=timezone.localdate())
    seats.update(person=None)


def forget(before: date) -> int:
    """Seats given up before that day lose their person, meetings held before it their list; what is counted stays."""
    seats = Seat.objects.filter(until_on__lt=before, person__isnull=False).update(person=None)
    lists = Attendance.objects.filter(meeting__held_on__lt=before, seat__isnull=False)
    sector = Seat.objects.filter(pk=OuterRef("seat")).values("sector")[:1]
    lists.filter(sector="").update(sector=Subquery(sector))
    return seats + lists.update(seat=None)


def keep(before: date) -> QuerySet[Person]:
    """Those with a seat that they still hold or gave up on that day or later."""
    seats = Seat.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=before))
    return Person.objects.filter(pk__in=seats.values("person"))
