"""The calendar of one event, showing what its people may see."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from jirani.core.enums import Precision
from jirani.events.enums import EventState
from jirani.events.models import Event, RemovedSession, Session
from jirani.events.text import Appointment, Hours, calendar, zone_of
from jirani.translation.forms import named


def programme_of(event: Event, sessions: Iterable[Session], removed: Iterable[RemovedSession], *, link: str) -> str:
    """An iCalendar file: the event's days, each session whose day is known, and as cancelled what was taken out. `link` is that to
    join, "" for who does not learn it. Texts are attached to event and sessions.

    Sequences add the event's, so that what concerns the whole event raises every entry's.
    """
    entries = [_session(session, link) for session in sessions if session.held_on]
    entries += [_removed(event, one) for one in removed]
    if event.date_precision == Precision.DAY:
        entries.insert(0, _event(event, link))
    host = urlsplit(settings.BASE_URL).hostname or "jirani"
    return calendar(named(event, "title"), entries, host=host, made_at=timezone.now())


def _event(event: Event, link: str) -> Appointment:
    return Appointment(
        key=f"event-{event.pk}", title=named(event, "title"), begins=event.starts_on, ends=event.ends_on,
        sequence=event.sequence, changed_at=event.updated_at, cancelled=event.state == EventState.CANCELLED,
        place=named(event, "place"), link=link, about=named(event, "summary"),
    )  # fmt: skip


def _session(session: Session, link: str) -> Appointment:
    assert session.held_on is not None
    event = session.event
    begins, ends = (session.hours.moments() if session.hours else None) or (session.held_on, session.held_on)
    return Appointment(
        key=f"session-{session.pk}", title=named(session, "title"), begins=begins, ends=ends,
        sequence=event.sequence + session.sequence, changed_at=max(event.updated_at, session.updated_at),
        cancelled=event.state == EventState.CANCELLED, place=named(session, "place"), link=link,
        about=named(session, "summary"),
    )  # fmt: skip


def _removed(event: Event, one: RemovedSession) -> Appointment:
    zone = zone_of(event.time_zone)
    known = one.starts_at and Hours(one.held_on, one.starts_at, one.ends_at, zone, one.starts_side, one.ends_side)
    begins, ends = (known.moments() if known else None) or (one.held_on, one.held_on)
    return Appointment(
        key=f"session-{one.number}", title=one.title, begins=begins, ends=ends, sequence=event.sequence + one.sequence,
        changed_at=max(event.updated_at, one.removed_at), cancelled=True,
    )  # fmt: skip
