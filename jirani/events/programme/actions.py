"""The sessions of an event and who does what in them."""

from collections.abc import Collection, Iterable
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record
from jirani.core.enums import narrower_than
from jirani.core.permissions import require
from jirani.events.enums import EventState, SessionKind
from jirani.events.hours.actions import SIDES, hour_faults, settle_sides
from jirani.events.letters.actions.changes import OF_SESSION, arrangements
from jirani.events.letters.actions.letters import tell_changes
from jirani.events.models import Event, Participation, RemovedSession, Session, SessionPart
from jirani.events.permissions import can_edit_event
from jirani.events.registry import narrow_what_follows


@transaction.atomic
def add_session(event: Event, *, by: Any, **facts: Any) -> Session:
    """Add a session. `facts` are fields of Session. Raises ValidationError if one is wrong or missing."""
    require(can_edit_event(by, event))
    # As it is stored: what a session needs depends on the event's days and on whether people read of it.
    session = Session(event=Event.objects.select_for_update(of=("self",)).get(pk=event.pk), **facts)
    session.event.require_days()
    _check(session)
    session.save()
    record("events.add_session", session, by=by)
    return session


@transaction.atomic
def change_session(
    session: Session, *, by: Any, version: str = "", shown: Collection[str] | None = None, **facts: Any
) -> Session:
    """Change a session, narrow whatever was made of it, and tell the event's people of another time or place.

    Raises ChangedMeanwhile if somebody saved after `version`, NotShown if those people were not `shown`.
    """
    require(can_edit_event(by, session.event))
    # The event before its sessions, as change_event does.
    event = Event.objects.select_for_update(of=("self",)).get(pk=session.event_id)
    locked = lock_unchanged(session, version)
    locked.event = event
    before, stood = copy(locked), arrangements(event)
    for name, value in facts.items():
        setattr(locked, name, value)
    _check(locked)
    locked.sequence += _differ(locked, before, facts)
    locked.save(update_fields=[*{*facts, *SIDES}, "sequence", "updated_at"])
    record("events.change_session", locked, by=by, fields=sorted(facts))
    if locked.access in narrower_than(before.access):
        narrow_what_follows(locked, by=by)
    if _differ(locked, before, OF_SESSION):
        tell_changes(event, stood, shown=shown)
    return locked


def _differ(session: Session, before: Session, names: Iterable[str]) -> bool:
    return any(getattr(session, name) != getattr(before, name) for name in names)


@transaction.atomic
def delete_session(session: Session, *, by: Any, version: str = "", shown: Collection[str] | None = None) -> Event:
    """Take a session out of the programme and tell the event's people. Returns the event. Raises ValidationError if something was learned
    in it, ChangedMeanwhile if somebody saved it after `version`, NotShown if those people were not `shown`.
    """
    require(can_edit_event(by, session.event))
    event = Event.objects.select_for_update(of=("self",)).get(pk=session.event_id)
    lock_unchanged(session, version)
    stood = arrangements(event)
    # An entry about the event: the session's row is about to go.
    record("events.delete_session", session.event, by=by, session=session.pk)
    # Asked before deleting, because some of these would be deleted with the session instead of protecting it.
    if any(related.exists() for related in _dependents(session)):
        raise ValidationError(_("This session has notes or lessons, so it cannot be removed."))
    try:
        _remember(session)
        session.delete()
    except ProtectedError:
        raise ValidationError(_("Other records depend on this session, so it cannot be removed.")) from None
    tell_changes(event, stood, shown=shown)
    return event


def _remember(session: Session) -> None:
    """Keep what calendars need to take the session out of themselves, if anybody's may hold it."""
    if session.held_on is None or session.event.state == EventState.DRAFT:
        return
    kept = ("held_on", "starts_at", "ends_at", *SIDES, "title", "access")
    RemovedSession.objects.create(
        event=session.event,
        number=session.pk,
        sequence=session.sequence + 1,
        **{name: getattr(session, name) for name in kept},
    )


def _dependents(session: Session) -> list[Any]:
    """Records of higher apps that would go with the session, without knowing these apps: all that point at it but its parts."""
    return [
        relation.related_model._default_manager.filter(**{relation.field.name: session})
        for relation in session._meta.related_objects
        if relation.related_model is not SessionPart
    ]


@transaction.atomic
def add_part(session: Session, *, participation: Participation, role: str, by: Any) -> SessionPart:
    """Let a participant speak, moderate or keep the record in a session; repeating it changes nothing."""
    require(can_edit_event(by, session.event))
    if participation.event_id != session.event_id:
        raise ValidationError({"participation": _("Choose somebody who takes part in this event.")})
    part, new = SessionPart.objects.get_or_create(session=session, participation=participation, role=role)
    if new:
        record("events.add_part", session, by=by, participation=participation.pk, role=role)
    return part


@transaction.atomic
def remove_part(part: SessionPart, *, by: Any) -> None:
    """Take somebody's part in a session back."""
    require(can_edit_event(by, part.session.event))
    record("events.remove_part", part.session, by=by, participation=part.participation_id, role=part.role)
    part.delete()


def _check(session: Session) -> None:
    problems: dict[str, Any] = {}
    try:
        session.full_clean()
    except ValidationError as error:
        problems |= error.error_dict
    if faults := session_faults(session):
        problems.pop("__all__", None)
        problems |= faults
    if problems:
        raise ValidationError(problems)


def session_faults(session: Session) -> dict[str, list[str]]:
    """Return, by field, what is wrong with the day, the hours and the place of a session."""
    faults, event = {}, session.event
    if session.held_on and not event.starts_on <= session.held_on <= event.ends_on:
        faults["held_on"] = [_("Choose one of the event’s days.")]
    settle_sides(session)
    faults |= hour_faults(session)
    if session.starts_at and not session.held_on:
        faults["held_on"] = [_("Choose a day as well as a time.")]
    shown = event.state == EventState.PUBLISHED and not event.is_over
    if shown and session.kind == SessionKind.SITE_VISIT and not session.place:
        faults["place"] = [_("Say what is visited and where.")]
    return faults
