"""Links in invitations, hours on the clocks of a place, and calendars."""

from .hours.text import AFTER, BEFORE, MOST_HOURS, Hours, repeated, skipped, zone_of
from .people.text import read_link, sign_link
from .programme.text import Appointment, calendar

__all__ = [
    "AFTER",
    "BEFORE",
    "MOST_HOURS",
    "Appointment",
    "Hours",
    "calendar",
    "read_link",
    "repeated",
    "sign_link",
    "skipped",
    "zone_of",
]
