"""The words of consents, names of countries and of kinds of authority, dates that are known in part, and whether a point lies where
it is said to lie. No model, no query.
"""

from .consents import CONSENTS
from .countries import countries_named, likely_countries
from .dates import read_partial, write_partial
from .kinds import KIND_WORDS
from .places import is_outside_subdivision, kilometres_outside

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
