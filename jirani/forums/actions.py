"""Who sits in a forum, what forums keep about a person, and how it goes. Seats and meetings stay."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.members.actions import named_person, tell_named
from jirani.members.actions.ending import end_held
from jirani.members.models import Organisation, Person, going_on
from jirani.translation.models import attach_translations

from .enums import SeatRole
from .models import Attendance, Forum, Seat
from .permissions import can_edit_seat


@transaction.atomic
def add_seat(
    forum: Forum,
    *,
    by: Any,
    organisation: Organisation | None,
    role: str,
    from_on: date,
    name: str = "",
    email: str = "",
    language: str = "",
    sector: str = "",
) -> Seat:
    """Give a seat to an organisation and, with an address, to a person, who is told."""
    seat = Seat(forum=forum, organisation=organisation, role=role, from_on=from_on, sector=sector)
    require(can_edit_seat(by, seat))
    _require_begun("from_on", from_on)
    if email:
        seat.person = named_person(name=name, email=email, language=language)
        if seat.person.forum_seats.standing().filter(forum=forum, organisation=organisation, role=role).exists():
            raise ValidationError({"email": _("This person holds this role here already.")})
    seat.full_clean()
    seat.save()
    record("forums.add_seat", forum, by=by, seat=seat.pk, role=role)
    if seat.person is not None:
        tell_named(seat.person, kind="forums.named", what=_said(seat, seat.person.language), by=by)
    return seat


@transaction.atomic
def replace_holder(seat: Seat, *, by: Any, from_on: date, **who: Any) -> Seat:
    """Let somebody else sit for the same organisation: the seat ends, and one like it begins."""
    locked = Seat.objects.select_for_update(of=("self",)).select_related("forum__authority").get(pk=seat.pk)
    if locked.until_on is not None:
        raise ValidationError(_("It has ended already."))
    end_seat(locked, by=by, until_on=from_on)
    kept: dict[str, Any] = {"organisation": locked.organisation, "role": locked.role, "sector": locked.sector}
    return add_seat(locked.forum, by=by, from_on=from_on, **kept, **who)


@transaction.atomic
def end_seat(seat: Seat, *, by: Any, until_on: date, version: str = "") -> Seat:
    """Say on which day a seat was given up. Raises ChangedMeanwhile where somebody else did so after `version`."""
    require(can_edit_seat(by, seat))
    _require_begun("until_on", until_on)
    locked = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if end_held(locked, until_on, version):
        record("forums.end_seat", seat.forum, by=by, seat=seat.pk, role=seat.role)
    return locked


def _require_begun(field: str, day: date) -> None:
    """A seat is held or it is not: what counts is today."""
    if day > timezone.localdate():
        raise ValidationError({field: _("Expected today or a day in the past.")})


def _said(seat: Seat, language: str) -> str:
    """The seat and the forum in the language of whoever sits in it."""
    attach_translations(language, seat.forum)
    with override(language):
        return f"{capfirst(SeatRole(seat.role).label)} – {seat.forum.text_in('name', language)[0]}"


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
    seats = Seat.objects.filter(going_on(before))
    return Person.objects.filter(pk__in=seats.values("person"))
