"""Forums, their seats, meetings and decisions; and the export and erasure of personal data in them, which leave seats and meetings."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.audit.actions import lock_unchanged, record, take_turns
from jirani.core.models import is_pointed_at
from jirani.core.permissions import require
from jirani.core.text import random_slug
from jirani.members.actions import entered, known_at, named_person, tell_named
from jirani.members.models import ENTERED, LocalAuthority, Organisation, Person, going_on
from jirani.members.permissions import can_edit_authority
from jirani.members.standing.actions import end_fault, end_held
from jirani.translation.models import attach_translations

from .enums import SeatRole
from .models import Attendance, Decision, Forum, Meeting, Priority, Seat, WorkingGroup
from .permissions import can_edit_forum, can_edit_priority, can_edit_seat

Links = Mapping[str, Iterable[models.Model]]


@transaction.atomic
def create_forum(forum: Forum, *, by: Any) -> Forum:
    """Create a forum of a local authority and give it an address. `forum` is unsaved."""
    require(can_edit_authority(by, forum.authority))
    forum.slug = random_slug(forum.name, fallback="forum")
    forum.full_clean()
    forum.save()
    record("forums.create_forum", forum, by=by)
    return forum


@transaction.atomic
def change_forum(forum: Forum, *, by: Any, version: str = "") -> Forum:
    """Save a changed forum. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    stored = lock_unchanged(forum, version)
    require(can_edit_forum(by, stored))
    require(forum.authority_id == stored.authority_id)
    forum.full_clean()
    forum.save()
    record("forums.change_forum", forum, by=by, before=stored.access, after=forum.access)
    return forum


@transaction.atomic
def save_meeting(
    meeting: Meeting,
    *,
    by: Any,
    seats: Iterable[Seat],
    others: int,
    decided: Mapping[int, str],
    also_decided: Iterable[str] = (),
    version: str = "",
) -> Meeting:
    """Record a meeting, or change what is recorded: which seats were taken, how many others came, what was decided.

    `decided` are the texts of existing decisions by key; an empty one deletes the decision. Raises ValidationError if
    a plan activity is tied to it, ChangedMeanwhile if somebody else has saved since `version`.
    """
    require(can_edit_forum(by, meeting.forum))
    new = meeting.pk is None
    if not new:
        require(lock_unchanged(meeting, version).forum_id == meeting.forum_id)
    meeting.full_clean()
    meeting.save()
    _seat(meeting, list(seats), others)
    _decide(meeting, decided, also_decided)
    record("forums.record_meeting" if new else "forums.change_meeting", meeting, by=by)
    return meeting


def _seat(meeting: Meeting, seats: list[Seat], others: int) -> None:
    """Write down who was there, each seat once; of the others only how many."""
    present = meeting.attendances
    present.exclude(seat=None).exclude(seat__in=seats).delete()
    known = set(present.exclude(seat=None).values_list("seat", flat=True))
    rows = [Attendance(meeting=meeting, seat=seat, sector=seat.sector) for seat in seats if seat.pk not in known]
    anonymous = list(present.filter(seat=None).order_by("pk").values_list("pk", flat=True))
    present.filter(pk__in=anonymous[others:]).delete()
    rows += [Attendance(meeting=meeting) for _none in range(others - len(anonymous))]
    Attendance.objects.bulk_create(rows)


def _decide(meeting: Meeting, decided: Mapping[int, str], also_decided: Iterable[str]) -> None:
    for decision in meeting.decisions.all():
        _say(decision, decided.get(decision.pk, decision.text).strip())
    for words in also_decided:
        Decision.objects.create(meeting=meeting, text=words, language=meeting.language)


def _say(decision: Decision, words: str) -> None:
    if words == decision.text:
        return
    if words:
        decision.text = words
        decision.save(update_fields=["text"])
        return
    if Decision.objects.filter(is_pointed_at(Decision), pk=decision.pk).exists():
        raise ValidationError(_("A plan activity is tied to the decision you cleared, so we kept it."))
    decision.delete()


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
    source_url: str = "",
) -> Seat:
    """Give a seat to an organisation and, with an address, to a person, who is told; what is known about that person is revealed to nobody."""
    seat = Seat(
        forum=forum, organisation=organisation, role=role, from_on=from_on, sector=sector, source_url=source_url
    )
    require(can_edit_seat(by, seat))
    if faults := seat_faults(seat, email):
        raise ValidationError(faults)
    if email:
        _let_hold(seat, name=name, email=email, language=language)
    else:
        _require_no_nameless(seat)
    seat.full_clean()
    seat.save()
    record("forums.add_seat", forum, by=by, seat=seat.pk, role=role)
    if seat.person is not None:
        tell_named(seat.person, kind="forums.named", what=_in_words(seat, seat.person.language), by=by, to_what=seat)
    return seat


def seat_faults(seat: Seat, email: str) -> dict[str, str]:
    """Return, by field, why a seat cannot be given: it would begin later, the person with this address has one already or, if no address is entered,
    its organisation has a seat of which nobody knows the holder.
    """
    faults = _day_fault(seat.from_on)
    same = Seat.objects.standing().filter(forum=seat.forum, organisation=seat.organisation, role=seat.role)
    same = same.exclude(pk=seat.pk)
    if email:
        holder = known_at(email)
        if holder and same.filter(person=holder).exists():
            faults["email"] = _("This person holds this role here already.")
    elif seat.organisation and same.filter(person=None, entered_name="").exists():
        faults["organisation"] = _("This organisation already has such a seat. Enter who holds this one.")
    return faults


def holder_faults(seat: Seat, *, email: str, from_on: date | None) -> dict[str, str]:
    """Return by field why this person can't take over the seat: the faults of any seat, and that its last holder sat
    for less than a day.
    """
    after = Seat(pk=seat.pk, forum=seat.forum, organisation=seat.organisation, role=seat.role, from_on=from_on)
    faults = seat_faults(after, email) if email else _day_fault(from_on)
    if from_on and (fault := end_fault(seat, from_on)):
        faults.setdefault("from_on", fault)
    return faults


def _day_fault(day: date | None) -> dict[str, str]:
    return {"from_on": _("Enter today or a day in the past.")} if day and day > timezone.localdate() else {}


def _require_no_nameless(seat: Seat) -> None:
    """Refuse a second nameless seat of one organisation; if two are entered at once, the second is refused."""
    take_turns("forums.seat")
    if faults := seat_faults(seat, ""):
        raise ValidationError(faults)


def _let_hold(seat: Seat, **who: str) -> None:
    """Give the seat to a person, under the name that was typed. Raises ValidationError if they have such a seat."""
    seat.person = named_person(**who)
    for field, typed in entered(seat.person, **who).items():
        setattr(seat, field, typed)
    same = {"forum": seat.forum, "organisation": seat.organisation, "role": seat.role}
    if seat.person.forum_seats.standing().filter(**same).exists():
        raise ValidationError({"email": _("This person holds this role here already.")})


@transaction.atomic
def replace_holder(seat: Seat, *, by: Any, from_on: date, **who: Any) -> Seat:
    """Let somebody else sit for the same organisation: the seat ends, and one like it begins."""
    locked = Seat.objects.select_for_update(of=("self",)).select_related("forum__authority").get(pk=seat.pk)
    require(can_edit_seat(by, locked))  # first: the faults say whether the person with this address holds such a seat
    if locked.until_on is not None:
        raise ValidationError(_("It has ended already."))
    if faults := holder_faults(locked, email=who.get("email", ""), from_on=from_on):
        raise ValidationError(faults)
    end_seat(locked, by=by, until_on=from_on)
    kept: dict[str, Any] = {"organisation": locked.organisation, "role": locked.role, "sector": locked.sector}
    return add_seat(locked.forum, by=by, from_on=from_on, **kept, **who)


@transaction.atomic
def change_seat(seat: Seat, *, by: Any, version: str = "") -> Seat:
    """Correct what is said of a seat: its sector and its source. Who holds it, as what and since when stays; for that it ends and another
    begins. Raises ChangedMeanwhile if somebody else has saved since `version`.
    """
    stored = lock_unchanged(seat, version)
    require(can_edit_seat(by, stored))
    before = {name: getattr(stored, name) for name in ("sector", "source_url")}
    stored.sector, stored.source_url = seat.sector, seat.source_url
    stored.full_clean()
    stored.save(update_fields=["sector", "source_url"])
    record("forums.change_seat", stored.forum, by=by, seat=stored.pk, before=before)
    return stored


@transaction.atomic
def end_seat(seat: Seat, *, by: Any, until_on: date, version: str = "") -> Seat:
    """Say on which day a seat was given up. Raises ChangedMeanwhile if somebody else did so after `version`."""
    require(can_edit_seat(by, seat))
    _require_begun("until_on", until_on)
    locked = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if end_held(locked, until_on, version):
        record("forums.end_seat", seat.forum, by=by, seat=seat.pk, role=seat.role)
    return locked


@transaction.atomic
def add_working_group(forum: Forum, *, by: Any, name: str, language: str) -> WorkingGroup:
    """Form a working group."""
    return save_working_group(WorkingGroup(forum=forum, name=name, language=language), by=by)


@transaction.atomic
def save_working_group(group: WorkingGroup, *, by: Any, links: Links | None = None, version: str = "") -> WorkingGroup:
    """Form a working group, or change one; `links` holds the organisations in it. Raises ChangedMeanwhile if somebody else has saved
    since `version`.
    """
    require(can_edit_forum(by, group.forum))
    new = group.pk is None
    if not new:
        require(lock_unchanged(group, version).forum_id == group.forum_id)
    group.full_clean()
    group.save()
    for name, records in (links or {}).items():
        getattr(group, name).set(records)
    record("forums.add_working_group" if new else "forums.change_working_group", group, by=by)
    return group


@transaction.atomic
def remove_working_group(group: WorkingGroup, *, by: Any, version: str = "") -> Forum:
    """Delete a working group that tends no pillar and never met. Raises ValidationError otherwise. Returns its forum."""
    locked = lock_unchanged(group, version)
    require(can_edit_forum(by, locked.forum))
    if WorkingGroup.objects.filter(is_pointed_at(WorkingGroup), pk=locked.pk).exists():
        raise ValidationError(_("This group cannot be deleted because pillars or meetings are tied to it."))
    record("forums.remove_working_group", locked.forum, by=by, name=locked.name)
    locked.delete()
    return locked.forum


@transaction.atomic
def save_priority(priority: Priority, *, by: Any, version: str = "") -> Priority:
    """Say what matters most to an authority, or change it. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    new = priority.pk is None
    if not new:
        stored = lock_unchanged(priority, version)
        require(can_edit_priority(by, stored))
        require(priority.authority_id == stored.authority_id)
    require(can_edit_priority(by, priority), _("Choose a forum of which you are the secretary."))
    if priority.forum and priority.forum.authority_id != priority.authority_id:
        raise ValidationError({"forum": _("Choose a forum of the same local authority.")})
    priority.full_clean()
    priority.save()
    record("forums.add_priority" if new else "forums.change_priority", priority, by=by)
    return priority


@transaction.atomic
def remove_priority(priority: Priority, *, by: Any, version: str = "") -> LocalAuthority:
    """Take a priority back; the audit keeps what it was about. Returns the authority."""
    locked = lock_unchanged(priority, version)
    require(can_edit_priority(by, locked))
    about = {"theme": locked.theme_id, "driver": locked.driver_id, "words": locked.words}
    record("forums.remove_priority", locked.authority, by=by, before=about)
    locked.delete()
    return locked.authority


def _require_begun(field: str, day: date) -> None:
    """Refuse a day to come: a seat is held or not, as of today."""
    if day > timezone.localdate():
        raise ValidationError({field: _("Enter today or a day in the past.")})


def _in_words(seat: Seat, language: str) -> str:
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
                "forum__name", "organisation__name", "role", "sector", "from_on", "until_on", *ENTERED
            )
        ),
        "attendances": list(attended.values("meeting__forum__name", "meeting__title", "meeting__held_on", "sector")),
    }


def erase_person(person: Person) -> None:
    """Remove the person from seats, which stay with their organisations; a seat that was the person's alone is given up."""
    seats = Seat.objects.filter(person=person)
    seats.filter(organisation=None, until_on=None).update(until_on=timezone.localdate())
    _let_go(seats)


def _let_go(seats: QuerySet[Seat]) -> int:
    return seats.update(person=None, **dict.fromkeys(ENTERED, ""))


def erase_expired(before: date) -> int:
    """Remove the person from seats given up before that day, and the list from meetings held before it; counts stay."""
    seats = _let_go(Seat.objects.filter(until_on__lt=before, person__isnull=False))
    lists = Attendance.objects.filter(meeting__held_on__lt=before, seat__isnull=False)
    sector = Seat.objects.filter(pk=OuterRef("seat")).values("sector")[:1]
    lists.filter(sector="").update(sector=Subquery(sector))
    return seats + lists.update(seat=None)


def keep(before: date) -> QuerySet[Person]:
    """Return people with a seat that they still hold or gave up on that day or later."""
    seats = Seat.objects.filter(going_on(before))
    return Person.objects.filter(pk__in=seats.values("person"))
