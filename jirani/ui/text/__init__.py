"""Dates, numbers, lists and names as a language writes them; the chain's words; maps. Pure functions, no request, no query."""

from jirani.ui.text.chain import ChainLink, chain_link
from jirani.ui.text.dates import day, day_range, hours, iso, month, partial, zone_city, zone_name
from jirani.ui.text.names import Tongue, alone, country, host, inserted, isolated, language, tongues
from jirani.ui.text.numbers import Number, file_size, join, minutes, number, percent

__all__ = [
    "ChainLink",
    "Number",
    "Tongue",
    "alone",
    "chain_link",
    "country",
    "day",
    "day_range",
    "file_size",
    "host",
    "hours",
    "inserted",
    "iso",
    "isolated",
    "join",
    "language",
    "minutes",
    "month",
    "number",
    "partial",
    "percent",
    "tongues",
    "zone_city",
    "zone_name",
]
