"""Who may do what with events."""

from .event.permissions import belongs_to, can_edit_event, can_see_event
from .people.permissions import can_correct_guest, speaks_alone
from .programme.permissions import can_note_session, can_see_session

__all__ = [
    "belongs_to",
    "can_correct_guest",
    "can_edit_event",
    "can_note_session",
    "can_see_event",
    "can_see_session",
    "speaks_alone",
]
