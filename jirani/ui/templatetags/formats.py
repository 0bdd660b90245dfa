"""Dates, numbers, lists and names in the active language. `{% load formats %}` replaces Django's own `date`."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import pgettext

from jirani.ui import text

register = template.Library()


@register.filter
def date(value: dt.date | None, style: str = "near") -> str:
    """`{{ day|date }}` without this year, `|date:"full"` with it always, `|date:"weekday"` with the day of the week."""
    return text.day(value, style=style) if value else ""


@register.simple_tag
def comma() -> str:
    """`{{ name }}{% comma %}{{ role }}`: what the language writes between two parts of a line."""
    return pgettext("between two parts of a line", ", ")


@register.simple_tag
def date_range(start: dt.date | None, end: dt.date | None = None, style: str = "near") -> str:
    """`{% date_range start end %}`: "24 November to 3 December 2021"."""
    return text.day_range(start, end, style=style) if start else ""


@register.simple_tag
def zone(name: str, on: dt.date | None = None) -> str:
    """`{% zone "Africa/Nairobi" starts_on %}`: "Nairobi (East Africa Time)"."""
    return text.zone_name(name, on=on) if name else ""


@register.simple_tag
def partial_date(value: dt.date | None, precision: str) -> str:
    """`{% partial_date joined joined_precision %}`: as exactly as it is known."""
    return text.partial(value, str(precision))


@register.simple_tag
def span(first: dt.date | None, first_precision: str, last: dt.date | None, last_precision: str = "day") -> str:
    """`{% span post.from_on post.from_precision post.until_on %}`: "since May 2019 or before", "2019 – 3 May 2021"."""
    return text.span(first, str(first_precision), last, str(last_precision))


@register.filter
def number(value: text.Number | str | None, places: int | None = None) -> str:
    """`{{ 12345|number }}`, `{{ 1.234|number:1 }}`."""
    return "" if value is None or isinstance(value, str) else text.number(value, places=places)


@register.filter
def list_join(value: Iterable[object] | None, style: str = "standard") -> str:
    """`{{ names|list_join }}`: "Kwale, Lamu and Isiolo"; `|list_join:"or"` for alternatives."""
    return text.join(value or [], style=style)


@register.filter
def language_name(code: str) -> str:
    """A language's name in the reader's language."""
    return text.language(code) if code else ""


@register.filter
def direction(code: str) -> str:
    """ "rtl" or "ltr" for a language code."""
    return text.locale_of(code).text_direction


@register.filter
def country_name(code: str) -> str:
    """A country's name in the reader's language."""
    return text.country(code) if code else ""


@register.filter
def host(address: str) -> str:
    """The host of an address: "strongcitiesnetwork.org"."""
    return text.host(address) if address else ""


@register.simple_tag
def minutes(count: int) -> str:
    """`{% minutes 4 %}`: "4 minutes" in the reader's language."""
    return text.minutes(count)


@register.filter
def date_iso(value: dt.date | None, precision: str = "day") -> str:
    """The machine's form of a date for `<time datetime>`: as much of it as is known."""
    return text.iso(value, str(precision)) if value else ""


@register.filter
def alone(words: Any) -> str:
    """`{{ choice.choice_label|alone }}`: a word of the interface with a capital, a record's name as it is."""
    return text.alone(words)


@register.filter
def isolated(words: Any) -> Any:
    """`{{ field.help_text|isolated }}`: dates, addresses and codes in a text from right to left run from left to right."""
    return text.isolated(words)


@register.filter
def inserted(words: Any) -> str:
    """`{% blocktranslate with title=title|inserted %}` in a letter's text: a value that runs the other way is set apart."""
    return text.inserted(words)
