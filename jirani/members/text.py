"""Consent texts, names of countries and of kinds of authority, partial dates, and whether a point lies in the country
it should. No model, no query.
"""

from .authorities.text.kinds import KIND_WORDS
from .authorities.text.places import is_outside_subdivision, kilometres_outside
from .entry.text.countries import countries_named, likely_countries
from .entry.text.dates import read_partial, write_partial
from .people.text import CONSENTS

__all__ = [
    "CONSENTS",
    "KIND_WORDS",
    "countries_named",
    "is_outside_subdivision",
    "kilometres_outside",
    "likely_countries",
    "read_partial",
    "write_partial",
]
