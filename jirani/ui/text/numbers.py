"""Numbers, lengths of time and lists."""

from collections.abc import Iterable
from decimal import Decimal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import ngettext, override

from jirani.ui.text.locales import DIGITS, active

Number = int | float | Decimal


def number(value: Number, *, places: int | None = None, locale: Locale | None = None) -> str:
    """`value` with the locale's digits and separators; `places` decimal places at most (CLDR's three if not given)."""
    pattern = None if places is None else "#,##0" + ("." + "#" * places if places else "")
    return format_decimal(value, format=pattern, locale=locale or active(), numbering_system=DIGITS)


def join(words: Iterable[object], *, style: str = "standard", locale: Locale | None = None) -> str:
    """Words as a list in a sentence ("Kwale, Lamu and Isiolo"); style "or" for alternatives."""
    items = [str(word) for word in words]
    if not items:
        return ""
    return format_list(items, style="or" if style == "or" else "standard", locale=locale or active())


def minutes(count: int, *, locale: Locale | None = None) -> str:
    """A length of time in minutes, in words. (CLDR has no words for it in Swahili.)"""
    chosen = locale or active()
    with override(str(chosen.language)):
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": number(count, locale=chosen)}
