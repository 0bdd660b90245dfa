"""Who may do what with an event."""

from typing import Any

from jirani.core.permissions import pair
from jirani.events.enums import EventState
from jirani.events.models import Event, Participation
from jirani.members.models import standing_of


@pair(Event, "editable_by")
def can_edit_event(user: Any, event: Event) -> bool:
    """Network coordinators and the coordinators of its hub may."""
    standing = standing_of(user)
    return standing.coordinator or (event.hub_id is not None and event.hub_id in standing.hubs)


def belongs_to(user: Any, event: Event) -> bool:
    """Whether the user is one of the event's people."""
    return Participation.objects.of_person(user).filter(event=event).exists()


@pair(Event, "visible_to")
def can_see_event(user: Any, event: Event) -> bool:
    """Tell whether the user may see the event: if it is published, its mode decides, and its own people always may; a
    draft is seen by its editors.
    """
    if can_edit_event(user, event):
        return True
    if event.state == EventState.DRAFT:
        return False
    return event.access in standing_of(user).modes or belongs_to(user, event)
