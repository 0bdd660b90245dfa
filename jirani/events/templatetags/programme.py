"""When events and sessions take place, in words. `{% load programme %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jirani.core.enums import Precision
from jirani.events.actions import hours_in_words
from jirani.events.event.text import country_beside_place
from jirani.events.models import Event, Session
from jirani.ui.text import days, iso

register = template.Library()
register.filter(country_beside_place)


@register.simple_tag
def session_hours(session: Session, *, zone: bool = False) -> str:
    """`{% session_hours session zone=True %}`: "23:00–1:00 (until the day after)", with the name of the time zone if that is known."""
    return hours_in_words(session, zone=zone)


@register.simple_tag
def event_when(event: Event) -> SafeString:
    """`{% event_when event %}`: its dates as exactly as they are known, for machines too."""
    said = event_dates(event)
    if event.date_precision == Precision.UNKNOWN or event.starts_on is None:
        return format_html("<span>{}</span>", said)
    return format_html('<time datetime="{}">{}</time>', iso(event.starts_on, event.date_precision), said)


@register.simple_tag
def event_dates(event: Event, style: str = "near") -> str:
    """`{% event_dates event "full" %}`: "24 November to 3 December 2021", "December 2021"."""
    if event.starts_on is None:
        return gettext("No days yet")
    return days(event.starts_on, event.ends_on, event.date_precision, style=style)
