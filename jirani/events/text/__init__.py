"""Links in invitations, hours on the clocks of a place, and calendars."""

from .calendars import Appointment, calendar
from .hours import AFTER, BEFORE, MOST_HOURS, Hours, repeated, skipped, zone_of
from .links import read_link, sign_link

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
