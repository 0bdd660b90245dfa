"""From a language code of the interface to a CLDR locale.

CLDR decides the digits of a locale (`numbering_system="default"`): Arabic without a country writes 2021, Egypt's ٢٠٢١.
See docs/decisions.
"""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils import translation

#: Where a bare language leaves the day-month order or the spelling open: this network writes English as in London and Nairobi.
_PREFERRED = {"en": "en_GB"}
DIGITS = "default"


@lru_cache(maxsize=64)
def locale_of(code: str | None = None) -> Locale:
    """The CLDR locale of a language code; English for a code that CLDR does not know."""
    name = code or "en"
    try:
        return Locale.parse(_PREFERRED.get(name, name.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def active() -> Locale:
    """The locale of the language that is active now."""
    return locale_of(translation.get_language())
