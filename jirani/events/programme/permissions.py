"""Who may see a session and keep its record."""

from typing import Any

from jirani.core.permissions import pair
from jirani.events.event.permissions import belongs_to, can_edit_event, can_see_event
from jirani.events.models import Session
from jirani.members.models import standing_of


@pair(Session, "visible_to")
def can_see_session(user: Any, session: Session) -> bool:
    """Its mode decides, and the user must be able to see the event."""
    if not can_see_event(user, session.event):
        return False
    return (
        session.access in standing_of(user).modes
        or can_edit_event(user, session.event)
        or belongs_to(user, session.event)
    )


@pair(Session, "noted_by")
def can_note_session(user: Any, session: Session) -> bool:
    """Its rapporteurs and people who may edit the event may."""
    if can_edit_event(user, session.event):
        return True
    return Session.objects.kept_by(user).filter(pk=session.pk).exists()
