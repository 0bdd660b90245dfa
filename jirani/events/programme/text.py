"""Calendars (RFC 5545) of what somebody takes part in.

Times are in UTC, which every calendar understands and none mistakes: short names of zones once moved people's appointments by hours
on macOS. What was called off stays in as cancelled, under the same UID and a higher SEQUENCE, so that calendars take it out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar, from a moment to another (UTC; None if the end is not known) or on whole days, both included.

    `sequence` rises with each change; `changed_at` is the last one's moment. Whole days are not taken up by it: nobody is busy from
    midnight to midnight because an hour is not yet known.
    """

    key: str
    title: str
    begins: datetime | date
    ends: datetime | date | None
    sequence: int
    changed_at: datetime
    cancelled: bool = False
    place: str = ""
    link: str = ""
    about: str = ""


def calendar(name: str, appointments: Iterable[Appointment], *, host: str, made_at: datetime) -> str:
    """An iCalendar file. UIDs are of `host`; `made_at` is the moment at which it is written."""
    made = icalendar.Calendar()
    properties = {"VERSION": "2.0", "PRODID": "-//Jirani//Programme//EN", "CALSCALE": "GREGORIAN", "METHOD": "PUBLISH"}
    for key, value in (properties | {"X-WR-CALNAME": _plain(name)}).items():
        made.add(key, value)
    for appointment in appointments:
        made.add_component(_entry(appointment, host, made_at))
    return str(made.to_ical(), "utf-8")


def _entry(appointment: Appointment, host: str, made_at: datetime) -> icalendar.Event:
    ends = appointment.ends
    if ends is not None and not isinstance(ends, datetime):
        ends += timedelta(days=1)  # RFC 5545, 3.6.1: the end is not included
    link = "" if appointment.cancelled else appointment.link
    values: dict[str, Any] = {
        "UID": f"{appointment.key}@{host}",
        "DTSTAMP": made_at.astimezone(UTC),
        "LAST-MODIFIED": appointment.changed_at.astimezone(UTC),
        "SEQUENCE": appointment.sequence,
        "STATUS": "CANCELLED" if appointment.cancelled else "CONFIRMED",
        "TRANSP": "TRANSPARENT" if appointment.cancelled or not isinstance(appointment.begins, datetime) else "OPAQUE",
        "DTSTART": appointment.begins,
        "DTEND": ends,
        "SUMMARY": _plain(appointment.title),
        "LOCATION": _plain(appointment.place),
        "DESCRIPTION": _plain(appointment.about),
        "URL": link,
    }
    entry = icalendar.Event()
    for key, value in values.items():
        if value not in ("", None):
            entry.add(key, value)
    return entry


def _plain(text: str) -> str:
    """Text without characters that a calendar may not hold."""
    return "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char >= " " or char == "\n")
