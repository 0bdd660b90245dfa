"""Dates, numbers, lists and names as a language writes them; maps. Pure functions, no request, no query."""

from jirani.ui.text.dates import (
    day,
    day_range,
    days,
    first_day,
    hours,
    iso,
    last_day,
    month,
    partial,
    span,
    to_the_day,
    zone_city,
    zone_name,
)
from jirani.ui.text.names import Tongue, alone, country, host, inserted, isolated, language, one_line, tongues
from jirani.ui.text.numbers import Number, currencies, join, minutes, number

__all__ = [
    "Number",
    "Tongue",
    "alone",
    "country",
    "currencies",
    "day",
    "day_range",
    "days",
    "first_day",
    "host",
    "hours",
    "inserted",
    "iso",
    "isolated",
    "join",
    "language",
    "last_day",
    "minutes",
    "month",
    "number",
    "one_line",
    "partial",
    "span",
    "to_the_day",
    "tongues",
    "zone_city",
    "zone_name",
]
