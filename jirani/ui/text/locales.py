"""From a language code of the interface to a CLDR locale.

Digits are Latin everywhere: CLDR's default for Arabic without a country, and for every other language of the interface, so that
what a formatter writes, what a translator types and what a reader enters look the same. See docs/decisions.
"""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils import translation

#: Where a bare language leaves the day-month order or the spelling open: this network writes English as in London and Nairobi.
_PREFERRED = {"en": "en_GB"}
DIGITS = "latn"


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
