"""The words of consents, dates that are known in part, and whether a point lies where it is said to lie. No model, no query."""

from .consents import CONSENTS
from .dates import read_partial, write_partial
from .places import is_outside_subdivision, kilometres_outside

__all__ = ["CONSENTS", "is_outside_subdivision", "kilometres_outside", "read_partial", "write_partial"]
