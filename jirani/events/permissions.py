"""Who may do what with events."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import standing_of

from .enums import EventState
from .models import Event, Participation, Session


@pair(Event, "editable_by")
def can_edit_event(user: Any, event: Event) -> bool:
    """Network coordinators, and the coordinators of its hub."""
    standing = standing_of(user)
    return standing.coordinator or (event.hub_id is not None and event.hub_id in standing.hubs)


def belongs_to(user: Any, event: Event) -> bool:
    """Whether the user is one of the event's people."""
    return Participation.objects.of_person(user).filter(event=event).exists()


@pair(Event, "visible_to")
def can_see_event(user: Any, event: Event) -> bool:
    """Published ones by mode or as one of its people; drafts for those who may edit them."""
    if can_edit_event(user, event):
        return True
    if event.state == EventState.DRAFT:
        return False
    return event.access in standing_of(user).modes or belongs_to(user, event)


@pair(Session, "visible_to")
def can_see_session(user: Any, session: Session) -> bool:
    """By its mode, and never without the event."""
    if not can_see_event(user, session.event):
        return False
    return (
        session.access in standing_of(user).modes
        or can_edit_event(user, session.event)
        or belongs_to(user, session.event)
    )


@pair(Session, "noted_by")
def can_note_session(user: Any, session: Session) -> bool:
    """Its rapporteurs, and those who may edit the event."""
    if can_edit_event(user, session.event):
        return True
    return Session.objects.kept_by(user).filter(pk=session.pk).exists()


@pair(Participation, "visible_to")
def can_see_participation(user: Any, participation: Participation) -> bool:
    """Those who run the event, and the person themselves."""
    if can_edit_event(user, participation.event):
        return True
    return participation.person_id is not None and participation.person_id == standing_of(user).person


@pair(Participation, "correctable_by")
def can_correct_guest(user: Any, participation: Participation) -> bool:
    """Those who run all events of a guest. Who has an account or a post says themselves what they are called."""
    person = participation.person
    if person is None or person.user_id is not None:
        return False
    if any(held.exists() for held in (person.tenures, person.network_roles, person.forum_seats)):
        return False
    parts = [participation, *person.participations.select_related("event")]
    return all(can_edit_event(user, part.event) for part in parts)


def speaks_alone(participation: Participation) -> bool:
    """Whether a participation's link alone says who somebody is. Who has an account signs in for what outlasts the event."""
    return participation.person is not None and participation.person.user_id is None
