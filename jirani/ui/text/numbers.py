"""Numbers, shares, sizes and lists."""

from collections.abc import Iterable
from decimal import Decimal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from django.utils.translation import ngettext, override

from jirani.ui.text.locales import DIGITS, active

Number = int | float | Decimal


def number(value: Number, *, places: int | None = None, locale: Locale | None = None) -> str:
    """`value` with the locale's digits and separators; `places` decimal places at most (CLDR's three if not given)."""
    pattern = None if places is None else "#,##0" + ("." + "#" * places if places else "")
    return format_decimal(value, format=pattern, locale=locale or active(), numbering_system=DIGITS)


def percent(share: Number, *, places: int = 0, locale: Locale | None = None) -> str:
    """`share` (0.5 for a half) as a percentage."""
    chosen = locale or active()
    pattern = chosen.percent_formats[None].pattern
    if places:
        pattern = pattern.replace("0", "0." + "#" * places, 1)
    return format_percent(share, format=pattern, locale=chosen, numbering_system=DIGITS)


def join(words: Iterable[object], *, style: str = "standard", locale: Locale | None = None) -> str:
    """Words as a list in a sentence ("Kwale, Lamu and Isiolo"); style "or" for alternatives."""
    items = [str(word) for word in words]
    if not items:
        return ""
    return format_list(items, style="or" if style == "or" else "standard", locale=locale or active())


def file_size(count: int, *, locale: Locale | None = None) -> str:
    """A size in bytes in the unit people read it in (1 kB is 1,000 bytes, and the least that is said)."""
    size = max(count / 1000, 1)
    unit = "kilobyte"
    for larger in ("megabyte", "gigabyte"):
        if round(size, 1) >= 1000:
            size, unit = size / 1000, larger
    rounded = round(size, 1) if size < 10 else round(size)
    return format_unit(rounded, f"digital-{unit}", length="short", locale=locale or active(), numbering_system=DIGITS)


def minutes(count: int, *, locale: Locale | None = None) -> str:
    """A length of time in minutes, in words. (CLDR has no words for it in Swahili.)"""
    chosen = locale or active()
    with override(str(chosen.language)):
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": number(count, locale=chosen)}
