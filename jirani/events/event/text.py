"""The place of an event in words."""

from typing import Any

from jirani.core.text import active_language
from jirani.language.folding import fold
from jirani.ui.text import country
from jirani.ui.text.locales import locale_of


def country_beside_place(event: Any) -> str:
    """Return the country's name to show beside the event's place, or "" if the place ends with it: "Kenya", "Ukunda, Kenya",
    "Ukunda (Kenya)".
    """
    if not event.country:
        return ""
    here = active_language()
    place, language = event.text_in("place", here)
    names = (fold(country(event.country, locale=locale_of(code))) for code in (here, language))
    known = fold(place).rstrip(" .)]")
    said = any(known == name or known.endswith((f" {name}", f",{name}", f"({name}", f"[{name}")) for name in names)
    return "" if said else country(event.country)
