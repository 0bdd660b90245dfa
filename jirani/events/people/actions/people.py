"""Who comes: put people on the list, invite them, mark who was there."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record
from jirani.core.permissions import require
from jirani.events.enums import EventState, ParticipationState
from jirani.events.letters.actions.letters import to_participants
from jirani.events.models import Delegation, Event, Participation, ParticipationQuerySet
from jirani.events.permissions import can_edit_event
from jirani.members.actions import entered, held_person_at
from jirani.notifications.actions import Mailing
from jirani.ui.text import day


@transaction.atomic
def add_participant(
    event: Event,
    *,
    by: Any,
    name: str,
    email: str = "",
    language: str = "",
    role: str,
    sector: str = "",
    delegation: Delegation | None = None,
) -> tuple[Participation, bool]:
    """Put somebody on the list: (their participation, whether it is new). Who is known by the address stays as they are, and
    what is kept of them is not told to whoever entered it.
    """
    require(can_edit_event(by, event))
    event.require_days()
    if delegation is not None and delegation.event_id != event.pk:
        raise ValidationError({"delegation": _("This delegation is another event’s.")})
    person = held_person_at(email, name=name, language=language, sector=sector)
    typed = entered(person, name=name, email=email, language=language)
    facts = {"role": role, "sector": sector, "delegation": delegation, **typed}
    participation, new = Participation.objects.get_or_create(event=event, person=person, defaults=facts)
    if new:
        record("events.add_participant", event, by=by, participation=participation.pk, role=role)
    return participation, new


@transaction.atomic
def add_participants(event: Event, *, people: Iterable[Mapping[str, Any]], by: Any) -> int:
    """Put several people on the list, all or none; each mapping holds what `add_participant` takes of one. Returns how many are new."""
    # In one order, so that two who paste the same people at the same moment wait for each other and not in a ring.
    in_order = sorted(people, key=lambda facts: str(facts.get("email")))
    return sum(add_participant(event, by=by, **facts)[1] for facts in in_order)


@transaction.atomic
def change_participation(participation: Participation, *, by: Any, version: str = "", **facts: Any) -> Participation:
    """Change role, sector, delegation or state. Name and address are for the person to change.

    A state set here is not the person's own answer, so they cannot take back a refusal. Raises ChangedMeanwhile if
    somebody else saved, or the person answered, since `version`.
    """
    require(can_edit_event(by, participation.event))
    event = _held_still(participation.event)
    locked = lock_unchanged(participation, version)
    if facts.get("state", locked.state) != locked.state:
        facts |= _settled(locked, event, facts["state"])
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["event", "person"])
    locked.save(update_fields=[*facts, "updated_at"])
    record("events.change_participation", locked, by=by, fields=sorted(facts))
    return locked


def _held_still(event: Event) -> Event:
    """Lock and return the event, so that nobody cancels it meanwhile."""
    return Event.objects.select_for_update(of=("self",)).get(pk=event.pk)


def _settled(participation: Participation, event: Event, state: str) -> dict[str, Any]:
    """Return the fields to set together with a state that organisers set."""
    if state == ParticipationState.ATTENDED:
        _require_takes_place(event)
        return {"attended_from": participation.standing}
    return {"declined_from": "", "attended_from": "", "turned_at": None}


def _require_takes_place(event: Event) -> None:
    if event.state == EventState.CANCELLED:
        raise ValidationError(
            _("First say that this event is held after all: nobody can have been at a cancelled one.")
        )
    if not event.has_begun:
        words = _("Attendance can be entered from the first day, %(day)s.")
        raise ValidationError(words % {"day": day(event.starts_on, style="full")})


def to_be_invited(event: Event) -> ParticipationQuerySet:
    """Return people on the list who have an address and have not been invited."""
    return (
        Participation.objects.filter(event=event, state=ParticipationState.INVITED, nonce="", person__isnull=False)
        .exclude(person__email="")
        .select_related("event", "person__user", "delegation__authority__organisation")
        .order_by("pk")
    )


def invitations(event: Event, participations: Iterable[Participation]) -> Mailing:
    """The invitation to these of the list."""
    return to_participants(event, "events.invitation", participations)


@transaction.atomic
def invite(event: Event, *, participations: Iterable[int], by: Any, shown: Collection[str] | None = None) -> int:
    """Send invitations to those of the list who have not been invited. Returns how many. Repeating it writes to nobody twice.

    Raises NotShown if they were not `shown`.
    """
    require(can_edit_event(by, event))
    event = _held_still(event)
    if event.state != EventState.PUBLISHED:
        raise ValidationError(_("Publish the event before you invite people: the invitation leads to it."))
    waiting = list(to_be_invited(event).filter(pk__in=list(participations)).select_for_update(of=("self",)))
    for participation in waiting:
        participation.nonce = secrets.token_urlsafe(24)
        participation.save(update_fields=["nonce", "updated_at"])
    sent = invitations(event, waiting).send(shown)
    if waiting:
        record("events.invite", event, by=by, participations=[one.pk for one in waiting])
    return sent


@transaction.atomic
def renew_invitation(participation: Participation, *, by: Any) -> Participation:
    """Send the invitation again with a new link; the old one no longer works. Somebody who was removed is first put back on the list."""
    require(can_edit_event(by, participation.event))
    if not participation.nonce:
        raise ValidationError(_("No invitation has gone out."))
    person = participation.person
    if person is None or not person.email:
        raise ValidationError(_("There is no e-mail address to write to."))
    if participation.event.state != EventState.PUBLISHED:
        raise ValidationError(_("Publish the event before you invite people: the invitation leads to it."))
    participation.nonce = secrets.token_urlsafe(24)
    participation.save(update_fields=["nonce", "updated_at"])
    invitations(participation.event, [participation]).send()
    record("events.renew_invitation", participation, by=by)
    return participation


@transaction.atomic
def cancel_participation(participation: Participation, *, by: Any) -> Participation:
    """Take somebody off: their link no longer works and they no longer belong to the event. Their parts in sessions go."""
    require(can_edit_event(by, participation.event))
    participation.state = ParticipationState.CANCELLED
    participation.nonce = participation.declined_from = participation.attended_from = ""
    participation.turned_at = None
    participation.save(update_fields=["state", "nonce", "declined_from", "attended_from", "turned_at", "updated_at"])
    participation.session_parts.all().delete()
    record("events.cancel_participation", participation, by=by)
    return participation


@transaction.atomic
def mark_attended(event: Event, *, shown: Iterable[int], present: Iterable[int], by: Any) -> int:
    """Record who attended: of the people `shown` on the page, those `present` did and the others did not. Returns how
    many did. Somebody marked by mistake gets their former state back. Raises ValidationError if somebody is newly
    marked before the first day or at a cancelled event.
    """
    require(can_edit_event(by, event))
    event = _held_still(event)
    were_there = set(present)
    count = 0
    rows = Participation.objects.filter(event=event, pk__in=list(shown)).select_for_update(of=("self",))
    for participation in rows.exclude(state=ParticipationState.CANCELLED):
        there = participation.pk in were_there
        count += there
        if there != (participation.state == ParticipationState.ATTENDED):
            _mark(participation, event, there=there)
    record("events.mark_attended", event, by=by, present=sorted(were_there))
    return count


def _mark(participation: Participation, event: Event, *, there: bool) -> None:
    if there:
        _require_takes_place(event)
        participation.attended_from, participation.state = participation.state, ParticipationState.ATTENDED
    else:
        participation.state, participation.attended_from = participation.standing, ""
    participation.save(update_fields=["state", "attended_from", "updated_at"])
