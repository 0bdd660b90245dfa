"""How hours of a programme and the place of an event are said. `{% load programme %}`."""

from datetime import datetime

from django import template
from django.utils.translation import gettext

from jirani.events.enums import ClockSide
from jirani.events.models import Session
from jirani.events.text import AFTER
from jirani.events.text.places import country_beside_place
from jirani.ui.text import hours

register = template.Library()
register.filter(country_beside_place)


@register.simple_tag
def session_hours(session: Session, *, zone: bool = False) -> str:
    """`{% session_hours session zone=True %}`: "23:00–1:00 (until the day after)", with the name of the time zone if that is known."""
    known = session.hours
    if session.starts_at is None or known is None:
        return hours(session.starts_at, session.ends_at) if session.starts_at else ""
    said = hours(session.starts_at, session.ends_at)
    if zone and known.zone:
        fold = int(session.starts_side == AFTER)
        begins = datetime.combine(known.on, known.starts_at, known.zone).replace(fold=fold)
        ends = datetime.combine(known.ends_on, known.ends_at, known.zone) if known.ends_at else None
        said = hours(begins, ends, zone=known.zone.key)
    if known.ends_on > known.on:
        said = gettext("%(hours)s (until the day after)") % {"hours": said}
    sides = dict.fromkeys(side for side in (session.starts_side, session.ends_side) if side)
    for side in sides:
        said = gettext("%(hours)s (%(side)s)") % {"hours": said, "side": ClockSide(side).label}
    return said
