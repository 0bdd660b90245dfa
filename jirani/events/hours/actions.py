"""Whether the hours of sessions are hours that their day has, once."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jirani.events.enums import ClockSide
from jirani.events.hours.text import type_change
from jirani.events.models import Event, Session
from jirani.events.text import AFTER, MOST_HOURS, Hours, repeated, skipped
from jirani.ui.text import day, zone_name
from jirani.ui.text import hours as clock

#: Fields that say which of two equal clock hours is meant, stored beside the hours.
SIDES = ("starts_side", "ends_side")


def settle_sides(session: Session) -> None:
    """Clear which of two hours is meant if the hour comes only once."""
    hours = session.hours
    for side, (_name, change) in zip(SIDES, _ends(hours, repeated) if hours else [], strict=False):
        if change is None:
            setattr(session, side, "")
    if hours is None:
        session.starts_side = session.ends_side = ""


def hour_faults(session: Session) -> dict[str, list[str]]:
    """Return, by field, what is wrong with a session's hours, in sentences that say which hours exist."""
    if session.ends_at and not session.starts_at:
        return {"starts_at": [_("Enter a start time too.")]}
    hours = session.hours
    if hours is None:
        return {}
    missing = {name: [_missing(hours, change)] for name, change in _ends(hours, skipped) if change}
    if missing:
        return missing
    twice = zip(SIDES, _ends(hours, repeated), strict=True)
    unsaid = {side: [_twice(hours, change)] for side, (_n, change) in twice if change and not getattr(session, side)}
    if (
        unsaid
        or hours.ends_at is None
        or hours.ends_on == hours.on
        or hours.on_the_clock <= timedelta(hours=MOST_HOURS)
    ):
        return unsaid
    words = _("Choose an earlier end: until %(hour)s on %(day)s it would last more than %(most)s hours.")
    return {"ends_at": [words % {"hour": clock(hours.ends_at), "day": day(hours.ends_on), "most": MOST_HOURS}]}


def _ends(hours: Hours, touches: Any) -> list[tuple[str, type_change | None]]:
    """Beginning and end, each with the change of the clocks that touches it. What ends as clocks go forward ends in time."""
    if hours.zone is None:
        return [("starts_at", None), ("ends_at", None)]
    end = touches(hours.ends_on, hours.ends_at, hours.zone) if hours.ends_at else None
    if end and touches is skipped and end[0].time() == hours.ends_at:
        end = None
    return [("starts_at", touches(hours.on, hours.starts_at, hours.zone)), ("ends_at", end)]


def _missing(hours: Hours, change: type_change) -> str:
    said = _named_hour(hours, change)
    if change[1] - change[0] >= timedelta(days=1):
        return _("Choose another day: the clocks of %(zone)s leave out %(day)s.") % said
    if change[0].time() == change[0].time().min:
        words = _(
            "Choose an hour from %(until)s on: on %(day)s the clocks of %(zone)s go forward from %(from)s to %(until)s."
        )
    else:
        words = _(
            "Choose an hour before %(from)s or from %(until)s on: "
            "on %(day)s the clocks of %(zone)s go forward from %(from)s to %(until)s."
        )
    return words % said


def _twice(hours: Hours, change: type_change) -> str:
    words = _(
        "Choose which is meant: on %(day)s the clocks of %(zone)s go back from %(from)s to %(until)s, "
        "so that this hour comes twice."
    )
    return words % _named_hour(hours, change)


def _named_hour(hours: Hours, change: type_change) -> dict[str, str]:
    zone = hours.zone.key if hours.zone else ""
    clocks = {"from": clock(change[0].time()), "until": clock(change[1].time())}
    return clocks | {"day": day(change[1].date(), style="full"), "zone": zone_name(zone, on=change[1].date())}


def hours_in_words(session: Session, *, zone: bool = False) -> str:
    """Write from when until when a session lasts, with the name of the time zone on request and if it is known; "" without an hour."""
    if session.starts_at is None:
        return ""
    known = session.hours
    said = clock(session.starts_at, session.ends_at)
    if known is None:
        return said
    if zone and known.zone:
        fold = int(session.starts_side == AFTER)
        begins = datetime.combine(known.on, known.starts_at, known.zone).replace(fold=fold)
        ends = datetime.combine(known.ends_on, known.ends_at, known.zone) if known.ends_at else None
        said = clock(begins, ends, zone=known.zone.key)
    if known.ends_on > known.on:
        said = _("%(hours)s (until the day after)") % {"hours": said}
    for side in dict.fromkeys(side for side in (session.starts_side, session.ends_side) if side):
        said = _("%(hours)s (%(side)s)") % {"hours": said, "side": ClockSide(side).label}
    return said


def settle_programme(event: Event) -> None:
    """Check the programme after an event's days or time zone have changed. Raises ValidationError if a session's hours do not exist on its day."""
    for session in event.sessions.exclude(starts_at=None).exclude(held_on=None):
        session.event = event
        sides = [getattr(session, side) for side in SIDES]
        settle_sides(session)
        if hour_faults(session):
            words = _(
                "“%(session)s” would begin or end at an hour that its day does not have, or has twice. "
                "Change its hours first, or choose another day or time zone."
            )
            raise ValidationError({"starts_on": words % {"session": session.title}})
        if sides != [getattr(session, side) for side in SIDES]:
            session.save(update_fields=[*SIDES])
